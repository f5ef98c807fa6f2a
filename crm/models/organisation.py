from functools import lru_cache

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.text import clean, fold


@lru_cache(maxsize=8_192)
def organisation_key(name: str) -> str:
    """What all spellings of a name fold to; "" for a name without a letter or a digit, which names nothing."""
    key = fold(name)[:400]
    return key if any(map(str.isalnum, key)) else ""


class OrganisationManager(models.Manager):
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

    name = models.CharField(_("name"), max_length=200)
    name_key = models.CharField(max_length=400, editable=False, unique=True)

    objects = OrganisationManager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name_key"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="crm_organisation_has_a_name"),
            # All names of signs only would fold to the same nothing and become one organisation.
            models.CheckConstraint(condition=~models.Q(name_key=""), name="crm_organisation_has_a_key"),
        ]

    def __str__(self):
        return self.name

    def save(self, **options):
        self.name_key = organisation_key(self.name)
        super().save(**options)


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
