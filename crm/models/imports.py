from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right

from .contact import Contact


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """An upload that nobody has written is its owner's affair: the file may name whom others must not see."""
        if user.may(Right.CONTACTS_SEALED):
            return self
        return self.filter(models.Q(status=ImportBatch.Status.DONE) | models.Q(uploaded_by=user))


class ImportBatch(models.Model):
    """One uploaded file and what became of it."""

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("waiting for review")
        DONE = "done", _("done")

    file = models.FileField(upload_to="imports/%Y/%m/")
    filename = models.CharField(_("file"), max_length=200)
    status = models.CharField(max_length=10, choices=Status, default=Status.UPLOADED)
    mapping = models.JSONField(_("columns"), default=dict)
    kind = models.CharField(_("who they are"), max_length=20, choices=Contact.Kind, default=Contact.Kind.JOURNALIST)
    basis = models.CharField(
        _("basis for writing"), max_length=20, choices=Contact.Basis, default=Contact.Basis.UNKNOWN
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="uploaded", committed_at__isnull=True)
                | models.Q(status="done", committed_at__isnull=False),
                name="crm_import_done_has_a_time",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=Contact.Kind.values), name="crm_import_kind"),
            models.CheckConstraint(condition=models.Q(basis__in=Contact.Basis.values), name="crm_import_basis"),
        ]

    def __str__(self):
        return self.filename


class ImportRow(models.Model):
    """What became of one row of the file. Created + changed + unchanged + refused = rows read."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("new")
        CHANGED = "changed", _("updated")
        UNCHANGED = "unchanged", _("unchanged")
        REFUSED = "refused", _("refused")

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=100)
    number = models.PositiveIntegerField(_("row"))
    name = models.CharField(_("name"), max_length=200, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    remarks = models.JSONField(_("remarks"), default=list)
    contact = models.ForeignKey("crm.Contact", models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "sheet", "number"], name="crm_import_row_once"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["created", "changed", "unchanged", "refused"]),
                name="crm_import_row_outcome",
            ),
        ]

    def __str__(self):
        return f"{self.sheet} {self.number}"
