"""Jobs that count: each chunk makes one tag, so that what was done can be seen in the database."""

from collections.abc import Callable

from accounts.roles import Right
from crm.models import Tag
from jobs import kinds
from jobs.actions import begin
from jobs.kinds import Kind, Told
from jobs.models import Job

COUNTING = "crm.contacts.printed"


def register_counting(between: Callable[[Job], None] = lambda job: None) -> list[str]:
    """`between` is called within each chunk, after it has written. The states in which jobs ended are returned."""
    ended: list[str] = []

    def run(handle):
        while handle.job.done < handle.job.total:
            with handle.chunk() as job:
                job.done += 1
                Tag.objects.named(f"сделано {job.done}")
                between(job)

    kinds.register(
        Kind(
            COUNTING,
            run,
            lambda job: ended.append(job.state),
            right=Right.CONTACTS_EDIT,
            tell=lambda job, user: Told("Считаем до многого", "Сосчитано", "/contacts/", "/contacts/together/1/undo/"),
            seen_with=Right.CONTACTS_VIEW,
        )
    )
    return ended


def make_job(by, total=3, **fields) -> Job:
    job = begin(COUNTING, params={}, total=total, by=by)
    Job.objects.filter(pk=job.pk).update(**fields)
    job.refresh_from_db()
    return job


def forget_counting() -> None:
    kinds._kinds.pop(COUNTING, None)
