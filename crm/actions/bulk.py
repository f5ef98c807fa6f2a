"""One change to many contacts at once, and taking it back: few are changed in the request, more by a job.

The number of queries grows with chunks of contacts, never with contacts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from accounts.models import User
from accounts.roles import Right
from audit.log import log
from core.sealing import unseal
from jobs.actions import begin
from jobs.models import Job
from jobs.running import Handle

from ..models import BulkChange, Contact
from ..states import BulkAction, Sensitivity
from .bulk_kinds import Kind, kind_of, written

# Up to so many are changed while one waits: about a second.
AT_ONCE = 500
_CHUNK = 500
# A slip is noticed at once. What was meant is taken back where it is kept, by who may: a stop rule by a manager.
UNDO_FOR = timedelta(hours=1)
# Under which name the journal keeps what was given, so that it is told in words later.
_TOLD = {BulkAction.REGION: "region", BulkAction.STOP: "scope"}
# The kinds of jobs, under the names that the journal gives to what they do.
CHANGE, UNDO = "crm.contacts.changed_together", "crm.contacts.changed_back"


class CannotUndo(Exception):
    """Somebody else's change, or one too old, undone already, or still at work."""


@dataclass(frozen=True)
class Outcome:
    """What came of it: the change, if anybody was changed, and how many sealed contacts were left alone."""

    change: BulkChange | None
    sealed: int


@transaction.atomic
def change_together(contacts: QuerySet[Contact], action: str, value: object, *, by: User, reason: str = "") -> Outcome:
    """Do one thing to all these contacts, whom `by` sees: `value` is a name, a row or a word, as the action needs.

    A sealed contact is left alone by who may not edit it.
    """
    keys, sealed = _keys(contacts, by)
    outcome = Outcome(None, sealed)
    if not keys:
        return outcome
    what = written(action, value)
    kind = kind_of(action, what, author=by, reason=reason)
    before: dict[int, object] = {}
    for some in _chunks(keys):
        before |= kind.put(some)
    if not before:
        return outcome
    log("crm.contacts.changed_together", by=by, done=action, count=len(before), **_given(action, value))
    change = BulkChange.objects.create(action=action, what=what, before=before, count=len(before), by=by)
    return replace(outcome, change=change)


@transaction.atomic
def begin_change(
    contacts: QuerySet[Contact], action: str, value: object, *, by: User, reason: str = "", words: str = "", back: str
) -> Job | None:
    """The same by a job, of whoever is among these contacts now; nobody joins them later. None: there is nobody.

    `words` is the value as people call it, `back` the address it was begun from.
    """
    keys, sealed = _keys(contacts, by)
    if not keys:
        return None
    change = BulkChange.objects.create(action=action, what=written(action, value), count=0, by=by)
    params = {"contacts": keys, "given": _given(action, value), "sealed": sealed, "words": words, "back": back}
    change.job = begin(CHANGE, params=params | {"change": change.pk}, total=len(keys), by=by, typed=reason)
    change.save(update_fields=["job"])
    return change.job


def go_on(handle: Handle) -> None:
    """The job's work: a part for each chunk, with what was there before, so that what is done can be taken back."""
    job = handle.job
    change = BulkChange.objects.select_related("by").get(pk=job.params["change"])
    reason = unseal(job.sealed) if job.sealed else ""
    kind = kind_of(change.action, change.what, author=change.by, reason=reason)
    for some in _chunks(job.params["contacts"][job.done :]):
        with handle.chunk() as row:
            _put_part(change, kind, some)
            row.done += len(some)


def _put_part(change: BulkChange, kind: Kind, keys: list[int]) -> None:
    """Whether `by` may still edit each is asked again: somebody may have been sealed since it began."""
    before = kind.put(_still_editable(keys, change.by))
    if before:
        change.parts.create(action=change.action, before=before, count=len(before), by=change.by)
        BulkChange.objects.filter(pk=change.pk).update(count=F("count") + len(before), at=timezone.now())


def change_ended(job: Job) -> None:
    change = BulkChange.objects.get(pk=job.params["change"])
    if change.count:
        log(CHANGE, by=job.by, done=change.action, count=change.count, **job.params["given"])


@transaction.atomic
def take_back(change: BulkChange, *, by: User) -> int:
    """Give everybody back what was there before, but to who was changed since; return how many. Raises CannotUndo."""
    change = _to_take_back(change, by)
    restored = _put_back(change, kind_of(change.action, change.what, author=by))
    log("crm.contacts.changed_back", by=by, done=change.action, count=restored)
    return restored


@transaction.atomic
def begin_undo(change: BulkChange, *, by: User, back: str) -> Job:
    """Take back by a job what was done by one. Raises CannotUndo."""
    change = _to_take_back(change, by)
    left = change.parts.filter(undone_at=None).aggregate(all=Sum("count"))["all"] or 0
    words = change.job.params["words"] if change.job else ""
    params = {"change": change.pk, "words": words, "back": back}
    change.job = begin(UNDO, params=params, total=left, by=by)
    change.save(update_fields=["job"])
    return change.job


def go_back(handle: Handle) -> None:
    """The job's work: part by part, until none is left."""
    change = BulkChange.objects.select_related("by").get(pk=handle.job.params["change"])
    kind = kind_of(change.action, change.what, author=change.by)
    while change.undone_at is None:
        with handle.chunk() as row:
            part = change.parts.select_for_update().filter(undone_at=None).order_by("pk").first()
            if part is None:
                change.undone_at = timezone.now()
                change.save(update_fields=["undone_at"])
            else:
                row.result["restored"] = row.result.get("restored", 0) + _put_back(part, kind)
                row.done += part.count


def undo_ended(job: Job) -> None:
    change = BulkChange.objects.get(pk=job.params["change"])
    if restored := job.result.get("restored"):
        log(UNDO, by=job.by, done=change.action, count=restored)


def is_open_to(change: BulkChange, user: User) -> bool:
    """Whether this person may take it back now."""
    is_theirs = change.by_id == user.pk and change.whole_id is None and not change.undone_at
    return is_theirs and timezone.now() - change.at <= UNDO_FOR and not (change.job and change.job.is_open)


def _to_take_back(change: BulkChange, by: User) -> BulkChange:
    change = BulkChange.objects.select_for_update().get(pk=change.pk)
    if not is_open_to(change, by):
        raise CannotUndo
    return change


def _put_back(change: BulkChange, kind: Kind) -> int:
    before = {int(key): value for key, value in change.before.items()}
    restored = 0
    for some in _chunks(before):
        restored += kind.put_back({key: before[key] for key in _still_editable(some, change.by)})
    change.undone_at, change.before = timezone.now(), {}
    change.save(update_fields=["undone_at", "before"])
    return restored


def _keys(contacts: QuerySet[Contact], by: User) -> tuple[list[int], int]:
    """Whom `by` may change among these, and how many sealed ones are left alone."""
    keys = list(_editable(contacts, by).order_by("pk").values_list("pk", flat=True))
    return keys, contacts.count() - len(keys)


def _still_editable(keys: list[int], by: User) -> list[int]:
    mine = _editable(Contact.objects.visible_to(by), by).filter(pk__in=keys)
    return list(mine.order_by("pk").values_list("pk", flat=True))


def _editable(contacts: QuerySet[Contact], by: User) -> QuerySet[Contact]:
    return contacts if by.may(Right.CONTACTS_SEALED) else contacts.exclude(sensitivity=Sensitivity.SEALED)


def _given(action: str, value: object) -> dict[str, str]:
    return {_TOLD.get(action, "given"): str(value or "")}


def _chunks(keys: Iterable[int]) -> Iterator[list[int]]:
    keys = list(keys)
    return (keys[start : start + _CHUNK] for start in range(0, len(keys), _CHUNK))
