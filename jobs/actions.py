"""Begin a job, stop one, forget the old ones. Nothing here does the work itself."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.log import log
from audit.models import WORKER
from core.sealing import seal

from .models import Job

KEPT = timedelta(days=30)


@transaction.atomic
def begin(kind: str, *, params: Mapping[str, object], total: int, by: User, typed: str = "") -> Job:
    """Put a job into the queue. `typed` is what a person wrote for it, which is kept sealed until it ends."""
    job = Job.objects.create(kind=kind, params=params, total=total, by=by, sealed=seal(typed) if typed else "")
    log("jobs.job.begun", by=by, step=kind, count=total)
    return job


@transaction.atomic
def stop(job: Job, *, by: User) -> None:
    """Go no further; a worker that is at it ends its chunk first. What is done stays. Twice is once."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if not job.is_open or job.is_stopping:
        return
    log("jobs.job.stopped", by=by, step=job.kind, count=job.done)
    job.asked_to_stop_at = timezone.now()
    job.save(update_fields=["asked_to_stop_at"])
    if not job.is_held(timezone.now()):
        job.end(Job.State.STOPPED)


@transaction.atomic
def forget() -> int:
    """Delete the jobs that ended long ago; what they did stands in the journal. Return how many."""
    count, _each = Job.objects.filter(ended_at__lt=timezone.now() - KEPT).delete()
    if count:
        log("jobs.job.forgotten", by=WORKER, count=count)
    return count
