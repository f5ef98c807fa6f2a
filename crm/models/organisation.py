from functools import lru_cache

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Right
from core.text import clean, fold

from ..states import Sensitivity


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
    def named(self, name: str) -> "Organisation":
        """The organisation of this name, in whatever spelling it folds to; made if there is none.

        Raises ValueError for a name that names nothing.
        """
        name = clean(name)
        if not organisation_key(name):
            raise ValueError("an organisation has a name")
        return self.get_or_create(name_key=organisation_key(name), defaults={"name": name[:200]})[0]


class Organisation(models.Model):
    """An outlet, a state body or a partner."""

    name = models.CharField(pgettext_lazy("organisation", "name"), max_length=200)
    name_key = models.CharField(max_length=400, editable=False, unique=True)
    # Banned by a court: to write to its people, or to be found with their list, can be a crime where they live.
    restricted_on = models.DateField(_("banned on"), null=True, blank=True)
    restricted_note = models.CharField(_("court and number"), max_length=300, blank=True)

    objects = OrganisationManager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name_key"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="crm_organisation_has_a_name"),
            # All names of signs only would fold to the same nothing and become one organisation.
            models.CheckConstraint(condition=~models.Q(name_key=""), name="crm_organisation_has_a_key"),
            models.CheckConstraint(
                condition=models.Q(restricted_on__isnull=False) | models.Q(restricted_note=""),
                name="crm_organisation_note_of_a_ban",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, **options):
        self.name_key = organisation_key(self.name)
        super().save(**options)


class RepresentationQuerySet(models.QuerySet):
    def people(self) -> dict[int, int]:
        """How many contacts each representative sees, by the key of the user."""
        seen = ~models.Q(contact__sensitivity=Sensitivity.SEALED) & ~models.Q(contact__in=restricted_people())
        positions = Position.objects.filter(seen, organisation__representations__in=self).order_by()
        users = positions.values_list("organisation__representations__user").annotate(models.Count("pk"))
        return dict(users)


class Representation(models.Model):
    """The organisation that a member representative speaks for, and whose people they see."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="representation")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="representations")

    objects = RepresentationQuerySet.as_manager()

    class Meta:
        verbose_name = _("representation")
        verbose_name_plural = _("representations")

    def __str__(self):
        return f"{self.user}: {self.organisation}"


class Position(models.Model):
    """A contact's post at an organisation."""

    contact = models.ForeignKey("crm.Contact", models.CASCADE, related_name="positions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="positions")
    title = models.CharField(_("position"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "organisation"], name="crm_position_once_per_organisation")
        ]

    def __str__(self):
        return f"{self.title}, {self.organisation}" if self.title else str(self.organisation)


def restricted_people() -> models.QuerySet:
    """The keys of contacts at organisations that a court has banned."""
    return Position.objects.filter(organisation__restricted_on__isnull=False).order_by().values("contact")
