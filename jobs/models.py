"""Work that takes long, as rows: a request writes one, a worker does it, a page shows how far it is."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right
from core.fields import SealedField

from .kinds import tell_ended

# How long a worker that is not heard of counts as alive.
SILENCE = timedelta(minutes=1)


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; all of them for who watches over the journal."""
        return self if user.may(Right.AUDIT) else self.filter(by=user)

    def open(self):
        return self.filter(state__in=Job.OPEN)

    def held(self, at: datetime):
        """At work: a worker has one, and was heard of."""
        return self.filter(state=Job.State.RUNNING, lease_until__gt=at)


class Job(models.Model):
    """`done` says how far it is and where it goes on; it is written in the same transaction as what was done."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits")
        RUNNING = "running", _("at work")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")
        FAILED = "failed", _("failed")

    class Fault(models.TextChoices):
        ERROR = "error", _("Payom made a mistake. Tell the administrator: the log of the worker says which.")
        DEATH = "death", _("The worker ended in the middle three times. Tell the administrator.")
        RIGHT = "right", _("Whoever began it may not do this any more.")

    OPEN = (State.WAITING, State.RUNNING)

    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    # What a person typed for it; emptied when it ends.
    sealed = SealedField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    fault = models.CharField(max_length=8, choices=Fault, default="", blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField()
    # What is told of it at the end.
    result = models.JSONField(default=dict)
    # How often it was begun without getting any further.
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    asked_to_stop_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("long job")
        verbose_name_plural = _("long jobs")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state"], name="jobs_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "stopped", "failed"]), name="jobs_job_state"
            ),
            models.CheckConstraint(
                condition=Q(state="failed", fault__in=["error", "death", "right"]) | ~Q(state="failed") & Q(fault=""),
                name="jobs_failed_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state="running", claim__isnull=False, lease_until__isnull=False)
                | ~Q(state="running") & Q(claim=None, lease_until=None),
                name="jobs_who_runs_has_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], ended_at=None)
                | ~Q(state__in=["waiting", "running"]) & Q(ended_at__isnull=False),
                name="jobs_ended_has_a_time",
            ),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="jobs_no_more_than_all"),
        ]

    def __str__(self):
        return self.kind

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_stopping(self) -> bool:
        return self.is_open and self.asked_to_stop_at is not None

    def is_held(self, at: datetime) -> bool:
        return self.state == self.State.RUNNING and self.lease_until > at

    def rest(self) -> None:
        """Back into the queue, for any worker to go on with."""
        self.state, self.claim, self.lease_until = self.State.WAITING, None, None
        self.save(update_fields=["state", "claim", "lease_until", "attempts"])

    def end(self, state: str, fault: str = "") -> None:
        """For good. To be called in a transaction, on a row that is locked."""
        self.state, self.fault, self.claim, self.lease_until = state, fault, None, None
        self.ended_at, self.sealed = timezone.now(), ""
        self.save(update_fields=["state", "fault", "claim", "lease_until", "ended_at", "sealed"])
        tell_ended(self)


class Beat(models.Model):
    """When a worker was last ready for jobs: one row. A page that waits for one says so when there is none."""

    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("worker for long jobs")
        verbose_name_plural = _("workers for long jobs")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="jobs_one_beat")]

    def __str__(self):
        return f"{self.seen_at:%H:%M:%S}"

    @classmethod
    def is_late(cls) -> bool:
        return not cls.objects.filter(seen_at__gt=timezone.now() - SILENCE).exists()
