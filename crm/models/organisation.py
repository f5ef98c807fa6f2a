from functools import lru_cache

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Right
from core.text import clean, fold, sort_key

from ..states import Frequency, OrganisationKind, OrganisationStatus, Ownership, Region, Weekday


@lru_cache(maxsize=8_192)
def organisation_key(name: str) -> str:
    """What all spellings of a name fold to; "" for a name without a letter or a digit, which names nothing."""
    key = fold(name)[:400]
    return key if any(map(str.isalnum, key)) else ""


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who may not see restricted organisations does not learn that there are any."""
        return self if user.may(Right.CONTACTS_RESTRICTED) else self.filter(restricted_on=None)


class OrganisationManager(models.Manager.from_queryset(OrganisationQuerySet)):
    def called(self, name: str) -> "Organisation | None":
        """The organisation that has, or had, this name, in whatever spelling it folds to."""
        key = organisation_key(clean(name))
        renamed = self.filter(former_names__name_key=key).exclude(name_key=key)
        # One that was merged hands its former names on.
        renamed = renamed.order_by(models.F("successor").asc(nulls_first=True), "pk").first()
        return renamed or self.filter(name_key=key).first()

    def named(self, name: str) -> "Organisation":
        """The organisation that is called so, made if there is none.

        Raises ValueError for a name that names nothing.
        """
        name = clean(name)
        key = organisation_key(name)
        if not key:
            raise ValueError("an organisation has a name")
        return self.called(name) or self.get_or_create(name_key=key, defaults={"name": name[:200]})[0]


class Organisation(models.Model):
    """An outlet, a state body or a partner."""

    name = models.CharField(pgettext_lazy("organisation", "name"), max_length=200)
    name_key = models.CharField(max_length=400, editable=False, unique=True)
    sort_key = models.CharField(max_length=400, editable=False, default="", db_index=True)
    kind = models.CharField(_("what it is"), max_length=15, choices=OrganisationKind, blank=True)
    ownership = models.CharField(_("whose it is"), max_length=8, choices=Ownership, blank=True)
    # Codes of the languages it publishes in, among them some that we do not write in: "tg ru uz".
    languages = models.CharField(_("languages"), max_length=30, blank=True)
    frequency = models.CharField(_("how often it comes out"), max_length=10, choices=Frequency, blank=True)
    press_day = models.PositiveSmallIntegerField(_("day it comes out"), choices=Weekday, null=True, blank=True)
    region = models.CharField(_("region"), max_length=12, choices=Region, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    postal_address = models.TextField(_("postal address"), max_length=300, blank=True)
    website = models.URLField(_("website"), blank=True)
    # "пресс-служба", "отдел по связям с общественностью": each state body has its own word.
    press_unit = models.CharField(_("press unit"), max_length=200, blank=True)
    parent = models.ForeignKey(
        "self", models.SET_NULL, verbose_name=_("part of"), null=True, blank=True, related_name="parts"
    )
    status = models.CharField(_("state"), max_length=8, choices=OrganisationStatus, default=OrganisationStatus.ACTIVE)
    status_on = models.CharField(_("since"), max_length=10, blank=True)
    successor = models.ForeignKey(
        "self", models.SET_NULL, verbose_name=_("merged into"), null=True, blank=True, related_name="predecessors"
    )
    note = models.TextField(_("note"), blank=True)
    # Banned by a court: to write to its people, or to be found with their list, can be a crime where they live.
    restricted_on = models.DateField(_("banned on"), null=True, blank=True)
    restricted_note = models.CharField(_("court and number"), max_length=300, blank=True)

    objects = OrganisationManager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["sort_key", "pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="crm_organisation_has_a_name"),
            # All names of signs only would fold to the same nothing and become one organisation.
            models.CheckConstraint(condition=~models.Q(name_key=""), name="crm_organisation_has_a_key"),
            models.CheckConstraint(
                condition=models.Q(restricted_on__isnull=False) | models.Q(restricted_note=""),
                name="crm_organisation_note_of_a_ban",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["", *OrganisationKind.values]), name="crm_organisation_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(ownership__in=["", *Ownership.values]), name="crm_organisation_ownership"
            ),
            models.CheckConstraint(
                condition=models.Q(frequency__in=["", *Frequency.values]), name="crm_organisation_frequency"
            ),
            models.CheckConstraint(
                condition=models.Q(press_day=None) | models.Q(press_day__in=Weekday.values),
                name="crm_organisation_press_day",
            ),
            models.CheckConstraint(condition=models.Q(region__in=["", *Region.values]), name="crm_organisation_region"),
            models.CheckConstraint(
                condition=models.Q(status__in=OrganisationStatus.values), name="crm_organisation_status"
            ),
            models.CheckConstraint(
                condition=models.Q(successor=None) | models.Q(status=OrganisationStatus.MERGED),
                name="crm_only_a_merged_one_has_a_successor",
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("pk")) & ~models.Q(successor=models.F("pk")),
                name="crm_organisation_is_not_its_own_parent",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, **options):
        self.name_key, self.sort_key = organisation_key(self.name), sort_key(self.name)[:400]
        super().save(**options)

    @property
    def former_names_list(self) -> list[str]:
        return [former.name for former in self.former_names.all()]


class FormerName(models.Model):
    """A name an organisation had: lists go on using it for years."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="former_names")
    name = models.CharField(_("former name"), max_length=200)
    name_key = models.CharField(max_length=400, editable=False, db_index=True)
    until = models.CharField(_("until"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name_key"], name="crm_former_name_once"),
            models.CheckConstraint(condition=~models.Q(name_key=""), name="crm_former_name_has_a_key"),
        ]

    def __str__(self):
        return self.name

    def save(self, **options):
        self.name_key = organisation_key(self.name)
        super().save(**options)


class Domain(models.Model):
    """A mail or web domain of an organisation, today's or an earlier one: outlets change theirs when one is blocked."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="domains")
    name = models.CharField(_("domain"), max_length=253, unique=True)
    retired_on = models.CharField(_("until"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("domain")
        verbose_name_plural = _("domains")
        ordering = ["retired_on", "pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="crm_domain_has_a_name")]

    def __str__(self):
        return self.name
