"""A worker's part: take the next job, do it chunk by chunk, say what became of it. Never called by a view."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone, translation

from accounts.models import Lockdown

from .kinds import kind_of
from .models import Beat, Job

logger = logging.getLogger(__name__)

# How long the others wait for a worker that is not heard of. Longer than any chunk.
LEASE = timedelta(minutes=1)
# After so many beginnings in vain a job has failed: one that kills its worker would kill it for ever.
ATTEMPTS = 3
# Between two chunks. Who waits to write to SQLite looks every tenth of a second whether the file is free.
BREATH = 0.12
_BEAT_EVERY = timedelta(seconds=15)

# Set when this process is told to end.
stopping = threading.Event()


class Stopped(Exception):
    """A person wants it to go no further."""


class Interrupted(Exception):
    """It waits: this worker ends, or everything is locked down."""


class Forbidden(Exception):
    """Whoever began it may not do it any more."""


class Lost(Exception):
    """Another worker has it: this one was not heard of for too long, and writes nothing more."""


class Handle:
    """A job in the hands of one worker. `chunk` is the only way for its kind to write anything."""

    def __init__(self, job: Job):
        self.job = job
        self._is_first = True

    @contextmanager
    def chunk(self) -> Iterator[Job]:
        """One transaction: what is done in it, and how far the job is then. Raises what ends the work."""
        if not self._is_first:
            stopping.wait(BREATH)
        self._is_first = False
        with transaction.atomic():
            job = _held(self.job)
            _must_go_on(job)
            yield job
            job.attempts, job.lease_until = 0, timezone.now() + LEASE
            job.save(update_fields=["done", "total", "result", "attempts", "lease_until"])
        self.job.done, self.job.result = job.done, job.result
        beat()


def _held(job: Job) -> Job | None:
    """The row, locked, if it is still this worker's."""
    mine = Job.objects.select_for_update(of=("self",)).filter(pk=job.pk, claim=job.claim, state=Job.State.RUNNING)
    return mine.select_related("by").defer("params").first()


def _must_go_on(job: Job | None) -> None:
    if job is None:
        raise Lost
    if job.asked_to_stop_at:
        raise Stopped
    if stopping.is_set() or Lockdown.objects.on().exists():
        raise Interrupted
    if not job.by.may(kind_of(job).right):
        raise Forbidden


def work() -> bool:
    """Do the next job, to its end if nothing comes between; return whether there was one."""
    beat()
    job = claim(at=timezone.now())
    if job is None:
        return False
    try:
        # What it writes in words, whoever began it reads.
        with translation.override(job.by.language):
            kind_of(job).run(Handle(job))
    except Lost:
        logger.error("job %s was taken by another worker", job.pk)
    except Stopped:
        _end(job, Job.State.STOPPED)
    except Forbidden:
        _end(job, Job.State.FAILED, Job.Fault.RIGHT)
    except Interrupted:
        _rest(job)
    # Whatever the reason, a job that stumbles stops neither the worker nor the jobs behind it.
    except Exception as error:
        logger.error("job %s stumbled: %s", job.pk, type(error).__name__, exc_info=True)
        _stumble(job)
    else:
        _end(job, Job.State.DONE)
    return True


def claim(*, at: datetime) -> Job | None:
    """Take the oldest job that nobody has, for the time of a lease.

    Only one is at work at a time: of two Celery threads, one is always free to send letters.
    """
    if not Job.objects.open().exists() or Job.objects.held(at).exists() or Lockdown.objects.on().exists():
        return None
    with transaction.atomic():
        # Who comes second waits here, and then reads what the first has written.
        jobs = list(Job.objects.open().select_for_update().order_by("pk").defer("params"))
        if any(job.is_held(at) for job in jobs):
            return None
        return next((job for job in jobs if _take(job, at)), None)


def _take(job: Job, at: datetime) -> bool:
    if job.asked_to_stop_at:
        job.end(Job.State.STOPPED)
    elif job.attempts >= ATTEMPTS:
        job.end(Job.State.FAILED, Job.Fault.DEATH)
    else:
        # Asked once more in the UPDATE itself: a row is given away only as it was found.
        found = Job.objects.filter(pk=job.pk, state=job.state, claim=job.claim)
        job.state, job.claim, job.lease_until = Job.State.RUNNING, uuid4(), at + LEASE
        job.attempts, job.started_at = job.attempts + 1, job.started_at or at
        names = ("state", "claim", "lease_until", "attempts", "started_at")
        return found.update(**{name: getattr(job, name) for name in names}) == 1
    return False


@transaction.atomic
def _end(job: Job, state: str, fault: str = "") -> None:
    if held := _held(job):
        held.end(state, fault)


@transaction.atomic
def _rest(job: Job) -> None:
    """Told to wait, which is no fault of the job."""
    if held := _held(job):
        held.attempts = 0
        held.rest()


@transaction.atomic
def _stumble(job: Job) -> None:
    """Once more, as a lock that was not free may be free then; three times, and it has failed."""
    held = _held(job)
    if held and held.attempts >= ATTEMPTS:
        held.end(Job.State.FAILED, Job.Fault.ERROR)
    elif held:
        held.rest()


def beat() -> None:
    """Tell the pages that a worker is there for jobs."""
    now = timezone.now()
    if not Beat.objects.filter(seen_at__gt=now - _BEAT_EVERY).exists():
        Beat.objects.update_or_create(pk=1, defaults={"seen_at": now})
