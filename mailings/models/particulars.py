"""What a mailing of its kind has beside its text: number, urgency, embargo, and what is written around each version."""

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models import Organisation
from crm.states import Region

from ..layouts import PARTICULARS

LANGUAGES = ["ru", "tg", "en"]


class Particulars(models.Model):
    """Columns of a mailing that only some kinds use."""

    number = models.PositiveIntegerField(
        pgettext_lazy("mailing", "Number"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    # Numbers begin anew each year.
    year = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    embargo_until = models.DateTimeField(_("embargo until"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def has(self) -> frozenset[str]:
        """What a mailing of this kind has."""
        return PARTICULARS[self.kind]

    def keep_own_particulars(self) -> None:
        """A mailing that became one of another kind gives up what that kind does not have."""
        if "number" not in self.has:
            self.number = self.year = None
        self.is_urgent = self.is_urgent and "is_urgent" in self.has
        if "embargo_until" not in self.has:
            self.embargo_until = None

    @classmethod
    def next_number(cls, kind: str, year: int) -> int:
        last = cls.objects.filter(kind=kind, year=year).aggregate(models.Max("number"))["number__max"]
        return (last or 0) + 1


PARTICULARS_CONSTRAINTS = [
    models.UniqueConstraint(fields=["kind", "year", "number"], name="mailings_number_once_a_year"),
    models.CheckConstraint(
        condition=Q(number__isnull=True, year__isnull=True)
        | Q(number__gte=1, year__isnull=False, kind__in=["statement", "review", "official"]),
        name="mailings_number_has_a_year",
    ),
    models.CheckConstraint(condition=Q(is_urgent=False) | Q(kind="statement"), name="mailings_statements_are_urgent"),
    models.CheckConstraint(
        condition=Q(embargo_until__isnull=True) | Q(kind__in=["statement", "press_release"]),
        name="mailings_embargo_is_for_the_press",
    ),
]


class FrameText(models.Model):
    """What is written around one language version: press contact, «Справка», addressee of an official letter."""

    mailing = models.ForeignKey("mailings.Mailing", models.CASCADE, related_name="frames")
    language = models.CharField(_("language"), max_length=2)
    contact = models.CharField(_("press contact"), max_length=200, blank=True)
    about = models.TextField(_("background"), max_length=2000, blank=True)
    addressee = models.TextField(_("addressee of the letter"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("text around a version")
        verbose_name_plural = _("texts around versions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["mailing", "language"], name="mailings_frame_once_per_language"),
            models.CheckConstraint(condition=Q(language__in=LANGUAGES), name="mailings_frame_language"),
        ]

    def __str__(self):
        return f"{self.mailing_id} ({self.language})"


class Signatory(models.Model):
    """An organisation under a joint statement, and who of it said yes."""

    mailing = models.ForeignKey("mailings.Mailing", models.CASCADE, related_name="signatories")
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, verbose_name=_("organisation"), null=True, related_name="+"
    )
    # As it signs: what it is called later changes no statement.
    name = models.CharField(_("name under the text"), max_length=200)
    logo = models.ForeignKey("mailings.Attachment", models.SET_NULL, null=True, blank=True, related_name="+")
    agreed_by = models.CharField(_("who said yes"), max_length=200, blank=True)
    agreed_on = models.DateField(_("on what day"), null=True, blank=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["mailing", "organisation"], name="mailings_signs_once"),
            models.CheckConstraint(
                condition=Q(agreed_by="", agreed_on__isnull=True, noted_by__isnull=True)
                | ~Q(agreed_by="") & Q(agreed_on__isnull=False, noted_by__isnull=False),
                name="mailings_agreed_is_whole",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def has_agreed(self) -> bool:
        return self.agreed_on is not None


class Hotline(models.Model):
    """Whom to call for help: a line of text for each region and language; without a region, for everybody else."""

    region = models.CharField(_("region"), max_length=12, choices=Region, blank=True)
    language = models.CharField(_("language"), max_length=2)
    # It stands inside a merge field, whose grammar it must not break.
    text = models.CharField(
        _("telephone and hours"),
        max_length=100,
        validators=[RegexValidator(r"^[^{}<>|\n]*$", _("Without braces, bars and angle brackets."))],
    )

    class Meta:
        verbose_name = _("hotline")
        verbose_name_plural = _("hotlines")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["region", "language"], name="mailings_one_hotline_per_region"),
            models.CheckConstraint(condition=Q(language__in=LANGUAGES), name="mailings_hotline_language"),
            models.CheckConstraint(condition=Q(region__in=["", *Region.values]), name="mailings_hotline_region"),
            models.CheckConstraint(condition=~Q(text=""), name="mailings_hotline_says_something"),
        ]

    def __str__(self):
        return f"{self.region or '*'} ({self.language}): {self.text}"
