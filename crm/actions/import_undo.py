"""Take an import back: what it brought goes, what it changed is as before; what somebody worked with since stays."""

import json
from collections.abc import Iterator, Mapping

from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Right
from audit.log import log
from audit.models import WORKER
from core.sealing import unseal
from crm.matching.record import references
from jobs.actions import begin
from jobs.models import Job
from jobs.running import Handle

from ..models import (
    Contact,
    EmailAddress,
    ImportAnswer,
    ImportBatch,
    ImportChange,
    ImportRow,
    Organisation,
    Phone,
    Position,
    StopRule,
    Unread,
    forget_every_count,
)
from ..states import Sensitivity
from .imports import AT_ONCE
from .stops import withdraw

# The kind of job, under the name that the journal gives to what it does.
UNDO = "crm.import.undone"
_CHUNK = 100
_MADE = (EmailAddress, Phone, Position, Unread)
# Rows that came with the card itself: they are no work of anybody.
_OWN = {*_MADE, ImportRow, ImportChange, ImportAnswer, StopRule}


class CannotUndo(Exception):
    """It is too late, it was taken back before, or it is still at work."""


def is_long(batch: ImportBatch) -> bool:
    return batch.found.get("rows", 0) > AT_ONCE


@transaction.atomic
def undo(batch: ImportBatch, *, by: User) -> dict[str, int]:
    """Take back a short list at once. Return how many cards went, are as before, and stay. Raises CannotUndo."""
    batch = _to_undo(batch)
    for pk in list(_left(batch)):
        _undo_one(batch, pk, by=by)
    return _close(batch, by=by)


@transaction.atomic
def begin_undo(batch: ImportBatch, *, by: User) -> Job:
    """Take back a long list by a job, or go on with it. Raises CannotUndo."""
    batch = _to_undo(batch)
    batch.job = begin(UNDO, params={"batch": batch.pk}, total=len(list(_left(batch))), by=by)
    batch.save(update_fields=["job"])
    return batch.job


def undo_on(handle: Handle) -> None:
    """The job's work, card by card: which stay is noted, the others are gone or as before, so none is met twice."""
    batch = ImportBatch.objects.get(pk=handle.job.params["batch"])
    left = list(_left(batch))
    for start in range(0, len(left), _CHUNK):
        with handle.chunk() as row:
            some = left[start : start + _CHUNK]
            for pk in some:
                _undo_one(batch, pk, by=row.by)
            batch.save(update_fields=["found"])
            row.done = min(row.done + len(some), row.total)
    with handle.chunk() as row:
        row.result = _close(batch, by=row.by)


def undo_ended(job: Job) -> None:
    """One that was stopped is gone on with from the page of the import."""


@transaction.atomic
def forget() -> int:
    """Empty the records of imports that can be undone no more. Return how many contacts they were about."""
    late = ImportBatch.objects.filter(committed_at__lt=timezone.now() - ImportBatch.UNDO_FOR)
    count, _each = ImportChange.objects.filter(batch__in=late.order_by().values("pk")).delete()
    if count:
        log("crm.imports.forgotten", by=WORKER, count=count)
    return count


def _to_undo(batch: ImportBatch) -> ImportBatch:
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("job").get(pk=batch.pk)
    if batch.is_at_work or not batch.can_be_undone:
        raise CannotUndo
    return batch


def _left(batch: ImportBatch) -> Iterator[int]:
    """The cards that are not taken back yet and were not found to stay."""
    stayed = set(batch.found.get("stayed", []))
    created = batch.rows.filter(outcome=ImportRow.Outcome.CREATED).exclude(contact=None)
    keys = [*created.values_list("contact", flat=True), *batch.changes.values_list("contact", flat=True)]
    return (pk for pk in dict.fromkeys(keys) if pk not in stayed)


def _undo_one(batch: ImportBatch, pk: int, *, by: User) -> None:
    contact = Contact.objects.visible_to(by).select_for_update().filter(pk=pk).first()
    change = batch.changes.filter(contact=pk).first()
    record = json.loads(unseal(change.record)) if change else {}
    is_new = batch.rows.filter(contact=pk, outcome=ImportRow.Outcome.CREATED).exists()
    if contact is None or contact.sensitivity == Sensitivity.SEALED or _is_held_by_rules(record, by):
        outcome = "stayed"
    elif is_new:
        outcome = _remove(batch, contact, by=by)
    else:
        outcome = _turn_back(contact, record, by=by)
        change.delete()
    batch.found.setdefault(outcome, []).append(pk)


def _is_held_by_rules(record: Mapping, by: User) -> bool:
    """Whether stop rules would go with it that this person may not lift."""
    made = record.get("rules") or record.get("made", {}).get("rules")
    return bool(made) and not by.may(Right.CONTACTS_LIFT)


def _remove(batch: ImportBatch, contact: Contact, *, by: User) -> str:
    if contact.revision or _is_named(batch, contact):
        return "stayed"
    withdraw(contact.stop_rules.values_list("pk", flat=True), by=by)
    contact.delete()
    return "removed"


def _is_named(batch: ImportBatch, contact: Contact) -> bool:
    """Whether anything else hangs on the card by now, in any room."""
    if ImportRow.objects.filter(contact=contact).exclude(batch=batch).exists():
        return True
    return any(
        model._base_manager.filter(**{column: contact.pk}).exists()
        for model, columns in references().items()
        if model not in _OWN
        for column in columns
    )


def _turn_back(contact: Contact, record: Mapping, *, by: User) -> str:
    """Fields that still say what the list wrote say what they said before; rows that it made go."""
    before, after, made = record["before"], record["after"], record["made"]
    for name, value in before.items():
        if getattr(contact, name) == after[name]:
            setattr(contact, name, value)
    contact.save(update_fields=list(before))
    for model in _MADE:
        model.objects.filter(pk__in=made.get(model._meta.label, []), contact=contact).delete()
    for model in (EmailAddress, Phone):
        model.objects.filter(pk__in=made.get(f"retired {model._meta.label}", []), contact=contact).update(
            retired_on=None
        )
    here = Position.objects.filter(contact=contact)
    here.filter(pk__in=made.get("titled", [])).update(title="")
    here.filter(pk__in=made.get("ended", [])).update(ended_on="")
    withdraw(made.get("rules", []), by=by)
    Contact.objects.filter(pk=contact.pk).reindex()
    Contact.objects.filter(pk=contact.pk).count_save()
    return "restored"


def _close(batch: ImportBatch, *, by: User) -> dict[str, int]:
    _remove_organisations(batch.found.pop("organisations", []))
    batch.answers.all().delete()
    batch.status, batch.undone_at = ImportBatch.Status.UNDONE, timezone.now()
    batch.save(update_fields=["found", "status", "undone_at"])
    counts = {name: len(batch.found.get(name, [])) for name in ("removed", "restored", "stayed")}
    log(UNDO, batch, by=by, **counts)
    transaction.on_commit(forget_every_count)
    return counts


def _remove_organisations(keys: list[int]) -> None:
    """Those that came with the list, unless somebody uses them."""
    named: set[int] = set()
    for model, columns in references(Organisation).items():
        for column in columns:
            rows: models.QuerySet = model._base_manager.filter(**{f"{column}__in": keys})
            named.update(rows.values_list(column, flat=True))
    Organisation.objects.filter(pk__in=set(keys) - named).delete()
