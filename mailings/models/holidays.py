"""Official days off, on which nobody in a press room reads letters. Kept by staff: the state moves them."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_SATURDAY = 5
_ON_THAT_DAY = _("There is a holiday on that day already.")


class HolidayQuerySet(models.QuerySet):
    def on(self, day: date) -> "Holiday | None":
        """The holiday that this day is, or is off for. One query."""
        return next((holiday for holiday in self if day in holiday.days_off(day.year)), None)


class Holiday(models.Model):
    """A day of every year, or, with a year, of that year alone: feasts by the moon, days moved by decree."""

    name = models.CharField(pgettext_lazy("holiday", "name"), max_length=100)
    name_tg = models.CharField(_("name in Tajik"), max_length=100, blank=True)
    month = models.PositiveSmallIntegerField(_("month"))
    day = models.PositiveSmallIntegerField(_("day"))
    year = models.PositiveSmallIntegerField(_("only in the year"), null=True, blank=True)
    length = models.PositiveSmallIntegerField(_("how many days"), default=1)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = _("official holiday")
        verbose_name_plural = _("official holidays")
        ordering = ["month", "day", "year"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="mailings_holiday_has_a_name"),
            models.CheckConstraint(
                condition=Q(month__range=(1, 12), day__range=(1, 31), length__range=(1, 10)),
                name="mailings_holiday_is_a_day",
            ),
            models.UniqueConstraint(
                fields=["month", "day", "year"],
                name="mailings_holiday_once_a_year",
                violation_error_message=_ON_THAT_DAY,
            ),
            models.UniqueConstraint(
                fields=["month", "day"],
                condition=Q(year__isnull=True),
                name="mailings_holiday_of_every_year_once",
                violation_error_message=_ON_THAT_DAY,
            ),
        ]

    def __str__(self):
        return self.name

    def days_off(self, year: int) -> list[date]:
        """Its days in that year, and the next working day after each that falls on a weekend."""
        if self.year not in {None, year}:
            return []
        try:
            first = date(year, self.month, self.day)
        except ValueError:  # 29 February
            return []
        days = [first + timedelta(days=number) for number in range(self.length)]
        return days + _made_up_for(days)


def _made_up_for(days: list[date]) -> list[date]:
    found: list[date] = []
    for _lost in (day for day in days if day.weekday() >= _SATURDAY):
        instead = max([*days, *found]) + timedelta(days=1)
        while instead.weekday() >= _SATURDAY:
            instead += timedelta(days=1)
        found.append(instead)
    return found
