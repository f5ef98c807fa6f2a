"""Greeting cards: the occasions of a year, the card of a mailing, and who has got which."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.models import Contact, Segment

from ..states import NOT_LEFT, CardDesign, OccasionKind
from .delivery import Delivery
from .mailing import Mailing, MailingVersion

LANGUAGES = ["ru", "tg", "en"]


class OccasionQuerySet(models.QuerySet):
    def coming(self, since: date, days: int = 366) -> list["Coming"]:
        """The days of all occasions in force from `since` on, the next one first. Two queries."""
        found = [
            Coming(occasion, moment, is_certain)
            for occasion in self.filter(is_active=True).prefetch_related("dates")
            for moment, is_certain in occasion.days(since, since + timedelta(days=days))
        ]
        return sorted(found, key=lambda coming: (coming.on, coming.occasion.pk))

    def naming(self, segments: set[int]):
        return self.filter(segment__in=segments)


class Occasion(models.Model):
    """Why people are greeted: a day of every year, one whose date is known from year to year, or their birthdays."""

    name_ru = models.CharField(_("in Russian"), max_length=120)
    name_tg = models.CharField(_("in Tajik"), max_length=120, blank=True)
    name_en = models.CharField(_("in English"), max_length=120, blank=True)
    # What a new card of this occasion says at first.
    wish_ru = models.CharField(_("in Russian"), max_length=120, blank=True)
    wish_tg = models.CharField(_("in Tajik"), max_length=120, blank=True)
    wish_en = models.CharField(_("in English"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=OccasionKind, default=OccasionKind.OFFICIAL)
    month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True)
    day = models.PositiveSmallIntegerField(_("day"), null=True, blank=True)
    segment = models.ForeignKey(
        Segment, models.SET_NULL, verbose_name=_("who is greeted"), null=True, blank=True, related_name="+"
    )
    design = models.CharField(_("picture"), max_length=10, choices=CardDesign, default=CardDesign.PAGE)
    is_active = models.BooleanField(_("we greet on this day"), default=True)

    objects = OccasionQuerySet.as_manager()

    class Meta:
        verbose_name = _("occasion")
        verbose_name_plural = _("occasions")
        ordering = ["month", "day", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name_ru=""), name="mailings_occasion_has_a_name"),
            models.CheckConstraint(condition=Q(kind__in=OccasionKind.values), name="mailings_occasion_kind"),
            models.CheckConstraint(condition=Q(design__in=CardDesign.values), name="mailings_occasion_design"),
            models.CheckConstraint(
                condition=Q(month=None, day=None) | Q(month__range=(1, 12), day__range=(1, 31)),
                name="mailings_occasion_is_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(kind="birthday") | Q(month=None, day=None), name="mailings_birthdays_have_no_day"
            ),
        ]

    def __str__(self):
        return self.name_in(get_language() or "ru")

    def name_in(self, language: str) -> str:
        return getattr(self, f"name_{language}", "") or self.name_ru

    def wish_in(self, language: str) -> str:
        return getattr(self, f"wish_{language}", "") or self.name_in(language)

    @property
    def is_birthday(self) -> bool:
        return self.kind == OccasionKind.BIRTHDAY

    @property
    def moves(self) -> bool:
        """Whether its date is told for each year."""
        return self.month is None and not self.is_birthday

    def days(self, first: date, last: date) -> list[tuple[date, bool]]:
        """Its days in a span, and whether each is certain."""
        if self.moves:
            return [(one.on, one.is_certain) for one in self.dates.all() if first <= one.on <= last]
        years = range(first.year, last.year + 1)
        found = [_day(year, self.month, self.day) for year in years] if self.month else []
        return [(one, True) for one in found if first <= one <= last]

    def day_in(self, year: int) -> date | None:
        """Its day in a year, if there is one and it is known."""
        return next((one for one, _certain in self.days(date(year, 1, 1), date(year, 12, 31))), None)


def _day(year: int, month: int, day: int) -> date:
    """29 February is kept on the last day of February in other years."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, 28)


class OccasionDate(models.Model):
    """The day of a moving feast in one year: known for certain only days before."""

    occasion = models.ForeignKey(Occasion, models.CASCADE, related_name="dates")
    on = models.DateField(_("day"))
    year = models.PositiveSmallIntegerField(_("year"))
    is_certain = models.BooleanField(_("announced"), default=False)

    class Meta:
        verbose_name = _("date of a moving occasion")
        verbose_name_plural = _("dates of moving occasions")
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["occasion", "year"], name="mailings_occasion_once_a_year"),
        ]

    def __str__(self):
        return f"{self.occasion_id}: {self.on}"


class Coming:
    """An occasion on one of its days."""

    def __init__(self, occasion: Occasion, on: date, is_certain: bool = True):
        self.occasion, self.on, self.is_certain = occasion, on, is_certain

    @property
    def days_left(self) -> int:
        return (self.on - timezone.localdate()).days


class Card(models.Model):
    """What makes a greeting a card: the occasion and its year, the picture, and whether a name is written into it."""

    mailing = models.OneToOneField(Mailing, models.CASCADE, related_name="card")
    occasion = models.ForeignKey(Occasion, models.PROTECT, verbose_name=_("occasion"), related_name="cards")
    year = models.PositiveSmallIntegerField(_("year"))
    design = models.CharField(_("picture"), max_length=10, choices=CardDesign, default=CardDesign.PAGE)
    # Over the words stands this instead of the drawing.
    upload = models.FileField(_("picture of your own"), upload_to="cards/", blank=True)
    upload_sha256 = models.CharField(max_length=64, blank=True)
    with_name = models.BooleanField(_("write the form of address into the picture"), default=True)

    class Meta:
        verbose_name = _("greeting card")
        verbose_name_plural = _("greeting cards")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(design__in=CardDesign.values), name="mailings_card_design"),
            models.CheckConstraint(
                condition=Q(upload="", upload_sha256="") | ~Q(upload="") & ~Q(upload_sha256=""),
                name="mailings_card_upload_has_a_sum",
            ),
        ]

    def __str__(self):
        return f"{self.occasion} {self.year}"

    def content(self) -> dict[str, object]:
        """All of it that a reader sees: a part of what an approval stands for."""
        texts = sorted(self.texts.values_list("language", "wish", "signature"))
        picture = [self.design, self.upload_sha256, self.with_name]
        return {"occasion": self.occasion_id, "year": self.year, "picture": picture, "texts": list(map(list, texts))}

    def read_upload(self) -> bytes:
        return Path(self.upload.path).read_bytes() if self.upload else b""

    def greeted(self) -> set[int]:
        """Whoever has got a card of this occasion this year, may have, or is about to."""
        others = Greeting.objects.of(self.occasion_id, self.year).in_force()
        return set(others.exclude(delivery__mailing=self.mailing_id).values_list("contact", flat=True))

    def record(self, deliveries: Iterable[Delivery]) -> None:
        """Write down who gets it, a card to a post is one to its holder; the database refuses a second one.

        What never left makes room.
        """
        of_year = Greeting.objects.of(self.occasion_id, self.year)
        of_year.void().delete()
        # Of a post that several hold, the first may have one already.
        have = set(of_year.values_list("contact", flat=True))
        letters = {one.holder_id: one for one in deliveries if one.holder_id and one.holder_id not in have}
        letters |= {one.contact_id: one for one in deliveries}
        Greeting.objects.bulk_create(
            (
                Greeting(contact_id=contact, occasion_id=self.occasion_id, year=self.year, delivery=delivery)
                for contact, delivery in letters.items()
            ),
            batch_size=1000,
        )


class CardText(models.Model):
    """The words of a card in one language: the large ones in the picture, and who signs."""

    card = models.ForeignKey(Card, models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=2, choices=MailingVersion.Language)
    wish = models.CharField(_("words in the picture"), max_length=120, blank=True)
    signature = models.TextField(_("signature"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("words of a card")
        verbose_name_plural = _("words of cards")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["card", "language"], name="mailings_card_text_once_per_language"),
            models.CheckConstraint(condition=Q(language__in=LANGUAGES), name="mailings_card_text_language"),
        ]

    def __str__(self):
        return f"{self.card_id} ({self.language})"


class GreetingQuerySet(models.QuerySet):
    def of(self, occasion: int, year: int):
        return self.filter(occasion=occasion, year=year)

    def void(self):
        """Cards that were meant to leave and did not."""
        return self.filter(delivery__status__in=NOT_LEFT)

    def in_force(self):
        return self.exclude(delivery__status__in=NOT_LEFT)


class Greeting(models.Model):
    """Somebody has got the card of an occasion in a year, as a letter or out of somebody's hand. There is one."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="greetings")
    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="greetings")
    year = models.PositiveSmallIntegerField()
    delivery = models.ForeignKey(Delivery, models.CASCADE, null=True, related_name="greetings")
    handover = models.ForeignKey("mailings.Handover", models.CASCADE, null=True, related_name="greetings")

    objects = GreetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("card that somebody got")
        verbose_name_plural = _("cards that people got")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "occasion", "year"], name="mailings_one_card_a_person_a_year"),
            models.CheckConstraint(
                condition=Q(delivery__isnull=True, handover__isnull=False)
                | Q(delivery__isnull=False, handover__isnull=True),
                name="mailings_greeting_came_in_one_way",
            ),
        ]
        indexes = [models.Index(fields=["occasion", "year"], name="mailings_greeting_of_year")]

    def __str__(self):
        return f"{self.contact_id}: {self.occasion_id} {self.year}"
