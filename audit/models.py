from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """Who did what to which record. No foreign keys, so that the log outlives and never blocks what it speaks of."""

    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    by = models.CharField(_("who"), max_length=254)
    action = models.CharField(_("what"), max_length=64, db_index=True)
    subject_type = models.CharField(max_length=64, blank=True)
    subject_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="audit_entry_subject")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.by}: {self.action}"
