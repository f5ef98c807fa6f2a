"""Two cards that may be one person: decided, or put together, which can be undone."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import SealedField

from .contact import Contact


class Distinct(models.Model):
    """Somebody said that these are two people; they are not asked about again."""

    first = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    second = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("different people")
        verbose_name_plural = _("different people")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="crm_distinct_once"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="crm_distinct_in_order"),
        ]

    def __str__(self):
        return f"{self.first_id} ≠ {self.second_id}"


class Merge(models.Model):
    """Two cards made one. `record` is what undoing needs, sealed: every row that moved, went or changed."""

    kept = models.ForeignKey(Contact, models.CASCADE, related_name="merges")
    # The card that is no more; its old address leads to the one that is.
    dropped = models.PositiveBigIntegerField(db_index=True)
    dropped_name = models.CharField(max_length=200)
    record = SealedField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.dropped} → {self.kept_id}"


class BulkChange(models.Model):
    """One change to many contacts at once, with what undoing it needs: {contact: value before}."""

    action = models.CharField(max_length=12)
    # What was given, as {"tag": 3} or {"region": "sughd"}.
    what = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    count = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("bulk change")
        verbose_name_plural = _("bulk changes")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.action}: {self.count}"
