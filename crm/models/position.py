"""Who works where, since when, and in which post."""

import re

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .organisation import Organisation

# A day, a month or a year, as much as is known: ISO 8601 with reduced precision. Texts of it compare as the days do.
PARTIAL_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def _today() -> str:
    return timezone.localdate().isoformat()


class PositionQuerySet(models.QuerySet):
    def current(self):
        return self.filter(Q(ended_on="") | Q(ended_on__gt=_today()))


class Position(models.Model):
    """A person's time at an organisation, perhaps as the holder of a post; or the place of a post's own card."""

    contact = models.ForeignKey("crm.Contact", models.CASCADE, related_name="positions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="positions")
    title = models.CharField(_("position"), max_length=200, blank=True)
    # The card of the post that the person holds.
    post = models.ForeignKey("crm.Contact", models.SET_NULL, null=True, blank=True, related_name="holders")
    started_on = models.CharField(_("since"), max_length=10, blank=True)
    ended_on = models.CharField(_("until"), max_length=10, blank=True)

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "organisation"], condition=Q(ended_on=""), name="crm_position_once_per_organisation"
            ),
            models.CheckConstraint(
                # "2024-03" to "2024" is in order: the year goes on after March.
                condition=Q(ended_on="")
                | Q(started_on__lte=models.F("ended_on"))
                | Q(started_on__startswith=models.F("ended_on")),
                name="crm_position_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=~Q(post=models.F("contact")), name="crm_post_is_not_its_own_holder"),
        ]

    def __str__(self):
        return f"{self.title}, {self.organisation}" if self.title else str(self.organisation)

    @property
    def is_current(self) -> bool:
        return not self.ended_on or self.ended_on > _today()


def restricted_people() -> models.QuerySet:
    """The keys of contacts who work at organisations that a court has banned."""
    return Position.objects.current().filter(organisation__restricted_on__isnull=False).order_by().values("contact")
