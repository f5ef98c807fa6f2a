from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .imports import Upload, times_fit
from .organisation import Organisation


class OrganisationImport(Upload):
    """One uploaded file of organisations and what became of it. The file itself goes once it is written."""

    # Whether the list is right where it says otherwise than we do; else it only fills what is empty.
    replaces = models.BooleanField(_("the list is right where it says otherwise"), default=False)

    class Meta:
        verbose_name = _("import of organisations")
        verbose_name_plural = _("imports of organisations")
        ordering = ["-uploaded_at"]
        constraints = times_fit("crm_organisation_import")


class OrganisationRow(models.Model):
    """What becomes of one row of the file. Created + changed + unchanged + refused = rows read."""

    class Outcome(models.TextChoices):
        CREATED = "created", pgettext_lazy("organisation of a list", "new")
        CHANGED = "changed", _("updated")
        UNCHANGED = "unchanged", _("unchanged")
        REFUSED = "refused", _("refused")

    batch = models.ForeignKey(OrganisationImport, models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=100)
    number = models.PositiveIntegerField(_("row"))
    name = models.CharField(_("name"), max_length=200, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    remarks = models.JSONField(_("remarks"), default=list)
    # The difference, as [field, before, after]: shown, and turned round when the list is taken back.
    changes = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    # Until then it says what is going to be.
    is_written = models.BooleanField(default=False)
    organisation = models.ForeignKey(Organisation, models.SET_NULL, null=True, related_name="+")
    # What taking back did with it: removed, restored, stayed.
    taken_back = models.CharField(max_length=10, blank=True)

    class Meta:
        verbose_name = _("imported row of an organisation")
        verbose_name_plural = _("imported rows of organisations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "sheet", "number", "is_written"], name="crm_organisation_row_once"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["created", "changed", "unchanged", "refused"]),
                name="crm_organisation_row_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_back__in=["", "removed", "restored", "stayed"]),
                name="crm_organisation_row_taken_back",
            ),
        ]

    def __str__(self):
        return f"{self.sheet} {self.number}"
