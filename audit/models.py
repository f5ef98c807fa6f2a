from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .kinds import Kind

# Who acts without an account. Nothing is kept of where they were.
RECIPIENT, SENDER, WORKER = "recipient", "sender", "worker"
WITHOUT_ORIGIN = [RECIPIENT, SENDER, WORKER]


class Entry(models.Model):
    """Who did what to which record. Never changed, and deleted by nothing but its age: the database sees to that.

    No foreign keys, so that the journal outlives and never blocks what it speaks of.
    """

    at = models.DateTimeField(_("when"), default=timezone.now, editable=False, db_index=True)
    by = models.CharField(_("who"), max_length=254)
    by_id = models.BigIntegerField(null=True, db_index=True)
    action = models.CharField(_("what"), max_length=64, db_index=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    subject_type = models.CharField(max_length=64, blank=True)
    subject_id = models.BigIntegerField(null=True)
    subject_label = models.CharField(_("record"), max_length=200, blank=True)
    # The label folded as people's names are, so that any spelling finds it.
    subject_key = models.CharField(max_length=400, blank=True, editable=False)
    changes = models.JSONField(_("before and after"), default=dict)
    details = models.JSONField(default=dict)
    origin = models.CharField(_("from where"), max_length=200, blank=True)
    keep_until = models.DateField(_("kept until"), db_index=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="audit_entry_subject"),
            models.Index(fields=["kind", "-id"], name="audit_entry_kind"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="audit_entry_kind_known"),
            models.CheckConstraint(condition=~Q(action="") & ~Q(by=""), name="audit_entry_says_who_and_what"),
            models.CheckConstraint(
                condition=Q(subject_id__isnull=True) | ~Q(subject_type=""), name="audit_entry_subject_has_a_type"
            ),
            models.CheckConstraint(
                condition=Q(origin="") | ~Q(by__in=WITHOUT_ORIGIN), name="audit_entry_recipient_leaves_no_trace"
            ),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.by}: {self.action}"
