"""Two cards that may be one person: decided, or put together, which can be undone."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import SealedField
from jobs.models import Job

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


class MergeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Of visible cards. One that was split names two: who may not know of both learns of neither."""
        seen = Contact.objects.visible_to(user).order_by().values("pk")
        return self.filter(Q(undone_at=None) | Q(dropped__in=seen), kept__in=seen)

    def in_force(self):
        return self.filter(undone_at=None)

    def forgettable(self):
        """Whose time to be undone has run out, and who still keep what that needed."""
        return self.filter(at__lt=timezone.now() - settings.MERGE_UNDO).exclude(record="")

    def leading_from(self, pk: int, user) -> int | None:
        """The card that a merged one is part of now, if this person may know of it."""
        return self.visible_to(user).in_force().filter(dropped=pk).values_list("kept", flat=True).first()


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

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.dropped} → {self.kept_id}"

    @property
    def until(self):
        """The moment up to which it can be undone."""
        return self.at + settings.MERGE_UNDO

    @property
    def can_be_undone(self) -> bool:
        return self.undone_at is None and timezone.now() < self.until


class BulkChange(models.Model):
    """One change to many contacts at once, with what undoing it needs: {contact: value before}.

    One done by a job keeps that in parts, one for each chunk: so no row is written again and again as it grows.
    """

    action = models.CharField(max_length=12)
    # What was given, as {"tag": 3} or {"region": "sughd"}.
    what = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    count = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)
    whole = models.ForeignKey("self", models.CASCADE, null=True, related_name="parts")
    # What does it, or takes it back.
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("bulk change")
        verbose_name_plural = _("bulk changes")
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(whole=None) | Q(job=None), name="crm_part_has_no_job")]

    def __str__(self):
        return f"{self.action}: {self.count}"
