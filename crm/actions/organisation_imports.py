"""Take in a file of organisations: keep it for review, write it once somebody has looked, take it back."""

from collections.abc import Iterator

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.log import log
from core.text import clean
from jobs.actions import begin
from jobs.models import Job
from jobs.running import Handle

from ..importing import headers, organisations, reader
from ..importing.organisations import Row, Table
from ..importing.reader import Sheet, UnreadableFile
from ..models import OrganisationImport, OrganisationRow
from .imports import AT_ONCE, BYTES_AT_ONCE, AlreadyCommitted, bytes_of, change_waiting, keep_file, name_of
from .organisation_resource import Judged, OrganisationResource

Status, Outcome = OrganisationImport.Status, OrganisationRow.Outcome
# The kinds of jobs, under the names that the journal gives to what they do.
READ, WRITE = "crm.organisations.received", "crm.organisations.imported"
# Each row is saved by itself: a fifth of a second of writing, in which nobody else writes.
_CHUNK = 100
_KEPT = 100
_OUTCOMES = {
    Judged.IMPORT_TYPE_NEW: Outcome.CREATED,
    Judged.IMPORT_TYPE_UPDATE: Outcome.CHANGED,
    Judged.IMPORT_TYPE_SKIP: Outcome.UNCHANGED,
    Judged.IMPORT_TYPE_INVALID: Outcome.REFUSED,
}


def receive(upload: File, *, by: User, replaces: bool) -> OrganisationImport:
    """Keep an uploaded list for review. Raises UnreadableFile, with one sentence, and then keeps nothing.

    A long one is read by a job, and is refused there.
    """
    data = bytes_of(upload)
    batch = OrganisationImport(filename=name_of(upload), replaces=replaces, uploaded_by=by)
    if len(data) > BYTES_AT_ONCE:
        batch.status = Status.READING
        keep_file(batch, data)
        begin_reading(batch, by=by)
        return batch
    sheets = reader.read(data)
    read = _planned(batch, sheets)
    with transaction.atomic():
        keep_file(batch, data)
        _keep_plan(batch, *read)
        log(READ, batch, by=by, rows=batch.found["rows"])
    return batch


def plan_of(data: bytes, *, replaces: bool) -> list[OrganisationRow]:
    """What writing these bytes would do now, with nothing kept. Raises UnreadableFile."""
    batch = OrganisationImport(replaces=replaces)
    return [_row(batch, row, judged) for row, judged in _planned(batch, reader.read(data))[2]]


@transaction.atomic
def begin_reading(batch: OrganisationImport, *, by: User, then: str = "columns") -> Job:
    """Read a long file by a job; `then` is the step that follows."""
    batch.job = begin(READ, params={"batch": batch.pk, "then": then}, total=2, by=by)
    batch.status = Status.READING
    batch.save(update_fields=["job", "status"])
    return batch.job


def read_on(handle: Handle) -> None:
    """The job's work; begun again, from the start, for nothing is written before the last step."""
    batch = OrganisationImport.objects.get(pk=handle.job.params["batch"])
    try:
        sheets = _sheets(batch)
        with handle.chunk() as row:
            row.done = 1
        read = _planned(batch, sheets)
    except UnreadableFile as error:
        with handle.chunk() as row:
            row.result = {"error": str(error)}
        return
    with handle.chunk() as row:
        _keep_plan(batch, *read)
        log(READ, batch, by=row.by, rows=batch.found["rows"])
        row.done = 2


def reading_ended(job: Job) -> None:
    """Nothing but the page that began it asks how it ended."""


def _sheets(batch: OrganisationImport) -> list[Sheet]:
    with batch.file.open("rb") as file:
        return reader.read(file.read())


def _planned(
    batch: OrganisationImport, sheets: list[Sheet]
) -> tuple[list[headers.Mapping], Table, list[tuple[Row, Judged]]]:
    mappings = _mappings(batch, sheets)
    if not any(mapping.columns for mapping in mappings):
        raise UnreadableFile(
            _(
                "No row with column names was found in the file. Nothing was written. Name the columns in one row, for "
                "example «Organisation», «What it is», «City», and choose the file again."
            )
        )
    table = organisations.table(sheets, mappings)
    if len(table) > settings.IMPORT_MAX_ROWS:
        raise UnreadableFile(
            _("The file has more than %(rows)s rows. Nothing was written. Divide the list into several files.")
            % {"rows": settings.IMPORT_MAX_ROWS}
        )
    if not table.rows and not batch.mapping:
        raise UnreadableFile(
            _("The file has column names but no rows below them. Nothing was written. Choose the file with the list.")
        )
    judged = OrganisationResource(replaces=batch.replaces).planned(table)
    return mappings, table, list(zip(table.rows, judged, strict=True))


def _mappings(batch: OrganisationImport, sheets: list[Sheet]) -> list[headers.Mapping]:
    """Guessed; as a person chose for this file; else as was chosen for the last one with the same column names."""
    guessed = organisations.guess(sheets)
    batch.signature = headers.signature(guessed)
    if not batch.mapping:
        same = OrganisationImport.objects.filter(signature=batch.signature).exclude(mapping={}).first()
        batch.mapping = same.mapping if same else {}
    return [headers.chosen(mapping, batch.mapping.get(mapping.sheet)) for mapping in guessed]


def _keep_plan(
    batch: OrganisationImport, mappings: list[headers.Mapping], table: Table, rows: list[tuple[Row, Judged]]
) -> None:
    """Keep what writing would do, for the pages of the review. Writing judges the rows anew."""
    batch.found = {
        "rows": len(rows),
        "to_write": sum(_OUTCOMES[judged.import_type] in {Outcome.CREATED, Outcome.CHANGED} for _row, judged in rows),
        "mappings": [mapping.stored() for mapping in mappings],
        "skipped": [[one.sheet, one.number, one.text] for one in table.skipped[:_KEPT]],
        "skipped_count": len(table.skipped),
    }
    batch.status = Status.UPLOADED
    batch.save()
    batch.rows.all().delete()
    OrganisationRow.objects.bulk_create([_row(batch, row, judged) for row, judged in rows], batch_size=500)


def _row(batch: OrganisationImport, row: Row, judged: Judged, *, is_written: bool = False) -> OrganisationRow:
    outcome = _OUTCOMES[judged.import_type]
    return OrganisationRow(
        batch=batch,
        sheet=row.sheet[:100],
        number=row.number,
        name=clean(row.texts.get("name", ""))[:200],
        outcome=outcome,
        remarks=[remark.stored() for remark in (*judged.remarks, *row.remarks)],
        changes=judged.changes,
        is_written=is_written,
        organisation_id=None if outcome == Outcome.REFUSED else judged.instance.pk,
    )


def mappings(batch: OrganisationImport) -> list[headers.Mapping]:
    """How each sheet was read when the plan was made."""
    return [headers.Mapping.restored(kept) for kept in batch.found["mappings"]]


def remap(batch: OrganisationImport, sheets: dict[str, dict], *, replaces: bool, by: User) -> None:
    """Keep which sheets are read, where each column goes and who is right, and plan anew; a long list by a job."""
    change_waiting(batch, mapping=sheets, replaces=replaces)
    log("crm.import.remapped", batch, by=by, sheets=len(sheets))
    if is_long(batch):
        begin_reading(batch, by=by, then="check")
        return
    read = _planned(batch, _sheets(batch))
    with transaction.atomic():
        if not OrganisationImport.objects.select_for_update().filter(pk=batch.pk, status=Status.UPLOADED).exists():
            raise AlreadyCommitted
        _keep_plan(batch, *read)


def is_long(batch: OrganisationImport) -> bool:
    return batch.found.get("rows", 0) > AT_ONCE


def write_at_once(upload: File, *, by: User, replaces: bool) -> OrganisationImport:
    """Keep a list and write it with no review. Raises UnreadableFile, and then keeps nothing."""
    data = bytes_of(upload)
    batch = OrganisationImport(filename=name_of(upload), replaces=replaces, uploaded_by=by)
    sheets = reader.read(data)
    read = _planned(batch, sheets)
    with transaction.atomic():
        keep_file(batch, data)
        _keep_plan(batch, *read)
        log(READ, batch, by=by, rows=batch.found["rows"])
        _write_all(batch, sheets, by=by)
    return batch


def commit(batch: OrganisationImport, *, by: User) -> None:
    """Write a list, all or nothing, and once. Raises AlreadyCommitted."""
    if batch.committed_at:
        raise AlreadyCommitted
    # Reading takes long, and nobody else may have to wait to write.
    try:
        sheets = _sheets(batch)
    except FileNotFoundError as error:  # Somebody else has just written it.
        raise AlreadyCommitted from error
    with transaction.atomic():
        _write_all(batch, sheets, by=by)


def _write_all(batch: OrganisationImport, sheets: list[Sheet], *, by: User) -> None:
    _take(batch, Status.DONE)
    for some in _left(batch, sheets):
        _write_some(batch, some)
    _close(batch, by=by)


def _take(batch: OrganisationImport, status: str) -> None:
    taken = OrganisationImport.objects.filter(pk=batch.pk, status=Status.UPLOADED)
    if not taken.update(status=status, committed_at=timezone.now()):
        raise AlreadyCommitted
    batch.refresh_from_db()
    batch.found = {"rows": batch.found.get("rows", 0)}
    batch.save(update_fields=["found"])
    batch.rows.filter(is_written=False).delete()


@transaction.atomic
def begin_writing(batch: OrganisationImport, *, by: User) -> Job:
    """Write a long list by a job, or go on where one was stopped. Raises AlreadyCommitted."""
    held = OrganisationImport.objects.select_for_update(of=("self",)).select_related("job").get(pk=batch.pk)
    if held.status != Status.WRITING or held.is_at_work:
        _take(held, Status.WRITING)
    left = held.found["rows"] - held.rows.count()
    held.job = begin(WRITE, params={"batch": held.pk}, total=left, by=by)
    held.save(update_fields=["job"])
    return held.job


def write_on(handle: Handle) -> None:
    """The job's work, a chunk of rows at a time. What is written already says where it goes on."""
    batch = OrganisationImport.objects.get(pk=handle.job.params["batch"])
    for some in _left(batch, _sheets(batch)):
        with handle.chunk() as row:
            _write_some(batch, some)
            row.done = min(row.done + len(some), row.total)


def writing_ended(job: Job) -> None:
    if job.state == Job.State.DONE:
        batch = OrganisationImport.objects.get(pk=job.params["batch"])
        batch.status = Status.DONE
        batch.save(update_fields=["status"])
        _close(batch, by=job.by)


def _left(batch: OrganisationImport, sheets: list[Sheet]) -> Iterator[list[Row]]:
    written = set(batch.rows.values_list("sheet", "number"))
    rows = organisations.table(sheets, _mappings(batch, sheets)).rows
    left = [row for row in rows if (row.sheet[:100], row.number) not in written]
    return (left[start : start + _CHUNK] for start in range(0, len(left), _CHUNK))


def _write_some(batch: OrganisationImport, rows: list[Row]) -> None:
    judged = OrganisationResource(replaces=batch.replaces).written(Table(rows))
    made = [_row(batch, row, one, is_written=True) for row, one in zip(rows, judged, strict=True)]
    OrganisationRow.objects.bulk_create(made)


def _close(batch: OrganisationImport, *, by: User) -> None:
    """Its file has said everything, and may name people: it goes."""
    file, batch.file = batch.file, ""
    batch.save(update_fields=["file"])
    log(WRITE, batch, by=by, **tally(batch))
    transaction.on_commit(lambda: file.storage.delete(file.name))


def tally(batch: OrganisationImport) -> dict[str, int]:
    counts = dict(batch.rows.order_by().values_list("outcome").annotate(Count("pk")))
    return {str(outcome): counts.get(outcome, 0) for outcome in Outcome.values}
