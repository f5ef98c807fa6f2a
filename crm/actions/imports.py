"""Take in a file of contacts, and write it once a person has looked at the plan."""

import os
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import log
from core.text import clean
from crm.importing import closed, headers, reader
from crm.importing import plan as planning
from crm.importing.chosen import Choice
from crm.importing.people import Person
from crm.importing.plan import Plan, Planned
from crm.importing.reader import UnreadableFile
from crm.importing.together import DIFFERENT, place
from crm.models import Contact, ImportBatch, ImportRow
from crm.models.imports import Upload
from jobs.actions import begin
from jobs.models import Job
from jobs.running import Handle

from .import_writing import SealedMeanwhile, hold, write_rows, write_some
from .merging import call_different

__all__ = ["AlreadyCommitted", "UnreadableFile", "commit", "discard", "mappings", "plan_for", "receive", "remap"]

Status = ImportBatch.Status
# Up to so many rows, and a file of so many bytes, are read and written while one waits: about two seconds.
AT_ONCE = 500
BYTES_AT_ONCE = 100_000
# A fifth of a second of writing, in which nobody else writes.
_CHUNK = 500
# The kinds of jobs, under the names that the journal gives to what they do.
READ, WRITE = "crm.import.received", "crm.import.committed"
_ENDINGS = {".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".txt", ".vcf"}


class AlreadyCommitted(Exception):
    """The import was written before; it is not written twice."""


def receive(upload: File, *, by: object, kind: str, basis: str) -> ImportBatch:
    """Keep an uploaded list for review. Raises UnreadableFile, with one sentence, and then keeps nothing.

    A long one is read by a job, and is refused there.
    """
    data = bytes_of(upload)
    batch = ImportBatch(filename=name_of(upload), kind=kind, basis=basis, uploaded_by=by)
    if len(data) > BYTES_AT_ONCE:
        batch.status = Status.READING
        keep_file(batch, data)
        begin_reading(batch, by=by)
        return batch
    sheets = reader.read(data)
    found = _check(sheets)
    with transaction.atomic():
        keep_file(batch, data)
        plan = _prepare(batch, sheets)
        _log_received(batch, found, plan, by=by)
    return batch


def write_at_once(upload: File, *, by: object, kind: str, basis: str) -> Plan:
    """Keep a list and write it with no review. Raises UnreadableFile, and then keeps nothing."""
    batch = ImportBatch(filename=name_of(upload), kind=kind, basis=basis, uploaded_by=by)
    readings, found = _read_anew(data := bytes_of(upload), batch)
    batch.signature, batch.found = headers.signature([reading.mapping for reading in readings]), {"rows": found}
    with transaction.atomic():
        keep_file(batch, data)
        log("crm.import.received", batch, by=by, rows=found)
        return commit(batch, by=by, readings=readings)


def plan_of(data: bytes, batch: ImportBatch) -> Plan:
    """What writing these bytes would do now, with nothing kept. Raises UnreadableFile."""
    return planning.make(_read_anew(data, batch)[0])


def _read_anew(data: bytes, batch: ImportBatch) -> tuple[list[planning.Reading], int]:
    """The rows of people, and how many rows there are in all. The cells are not kept in memory beside them."""
    sheets = reader.read(data)
    found = _check(sheets)
    return _read_within_limits(sheets, _mappings(batch, sheets)), found


def bytes_of(upload: File) -> bytes:
    if upload.size > settings.IMPORT_MAX_BYTES:
        raise UnreadableFile(
            _("The file is larger than %(size)s MB. Nothing was written. Divide the list into several files.")
            % {"size": settings.IMPORT_MAX_BYTES // 2**20}
        )
    return upload.read()


def name_of(upload: File) -> str:
    return clean(os.path.basename(upload.name.replace("\\", "/")))[-200:] or "list"


def keep_file(batch: Upload, data: bytes) -> None:
    ending = os.path.splitext(batch.filename)[1].lower()
    batch.file.save(f"{uuid.uuid4().hex}{ending if ending in _ENDINGS else ''}", ContentFile(data))


def _log_received(batch: ImportBatch, rows: int, plan: Plan, *, by: object) -> None:
    """Rows that touch a sealed contact are looks at it, and are counted before anybody sees the plan."""
    log("crm.import.received", batch, by=by, rows=rows, **({"sealed": plan.sealed} if plan.sealed else {}))


@transaction.atomic
def begin_reading(batch: ImportBatch, *, by: object, then: str = "columns") -> Job:
    """Read a long file by a job."""
    batch.job = begin(READ, params={"batch": batch.pk, "then": then}, total=3, by=by)
    batch.status = ImportBatch.Status.READING
    batch.save(update_fields=["job", "status"])
    return batch.job


def read_on(handle: Handle) -> None:
    """The job's work, in three steps; begun again, from the start, for nothing is written before the last."""
    batch = ImportBatch.objects.get(pk=handle.job.params["batch"])
    try:
        with batch.file.open("rb") as file:
            sheets = reader.read(file.read())
        found = _check(sheets)
        with handle.chunk() as row:
            row.done = 1
        readings = _read_within_limits(sheets, _mappings(batch, sheets))
        with handle.chunk() as row:
            row.done = 2
        plan = planning.make(readings, batch.decisions)
    except UnreadableFile as error:
        with handle.chunk() as row:
            row.result = {"error": str(error)}
        return
    with handle.chunk() as row:
        _keep_plan(batch, plan, sheets)
        _log_received(batch, found, plan, by=row.by)
        row.done = 3


def reading_ended(job: Job) -> None:
    """Nothing but the page that began it asks how it ended."""


def _prepare(batch: ImportBatch, sheets: list[reader.Sheet]) -> Plan:
    plan = planning.make(_read_within_limits(sheets, _mappings(batch, sheets)), batch.decisions)
    _keep_plan(batch, plan, sheets)
    return plan


def _keep_plan(batch: ImportBatch, plan: Plan, sheets: list[reader.Sheet]) -> None:
    """Keep what writing would do, for the pages of the review. Writing makes its plan anew."""
    batch.rows.all().delete()
    write_rows(batch, plan.rows, is_written=False)
    batch.found = {
        "rows": len(plan.rows),
        "to_write": plan.to_write,
        "skipped": [[row.sheet, row.number, row.text] for row in plan.skipped[:100]],
        "skipped_count": len(plan.skipped),
        "clipped": plan.clipped,
        "pairs": [pair.stored() for pair in plan.pairs],
        "mappings": [mapping.stored() for mapping in plan.mappings],
        "closed": closed.values(sheets, plan.mappings),
    }
    batch.signature = headers.signature(plan.mappings)
    batch.status = ImportBatch.Status.UPLOADED
    batch.save(update_fields=["found", "status", "signature", "mapping"])


def _check(sheets: list[reader.Sheet]) -> int:
    """The number of rows below the column names. Raises UnreadableFile for a file that is no list."""
    mappings = headers.guess(sheets)
    if not any(mapping.columns for mapping in mappings):
        raise UnreadableFile(
            _(
                "No row with column names was found in the file. Nothing was written. "
                "Name the columns in one row, for example «Name», «Organisation», «E-mail», and choose the file again."
            )
        )
    by_name = {sheet.name: sheet for sheet in sheets}
    found = sum(sum(map(any, by_name[mapping.sheet].rows[mapping.first :])) for mapping in mappings if mapping.columns)
    if not found:
        raise UnreadableFile(
            _("The file has column names but no rows below them. Nothing was written. Choose the file with the list.")
        )
    return found


def _read_within_limits(sheets: list[reader.Sheet], chosen: list[headers.Mapping]) -> list[planning.Reading]:
    """The rows of people in them. Raises UnreadableFile; headings do not count as rows of the list."""
    readings = planning.read(sheets, chosen)
    if sum(len(reading.records) for reading in readings) > settings.IMPORT_MAX_ROWS:
        raise UnreadableFile(
            _("The file has more than %(rows)s rows. Nothing was written. Divide the list into several files.")
            % {"rows": settings.IMPORT_MAX_ROWS}
        )
    return readings


def mappings(batch: ImportBatch) -> list[headers.Mapping]:
    """How each sheet was read when the plan was made."""
    return [headers.Mapping.restored(kept) for kept in batch.found["mappings"]]


@transaction.atomic
def discard(batch: Upload, *, by: object) -> None:
    """Delete an upload that nobody has written, with its file. Raises AlreadyCommitted."""
    uploads = type(batch)._base_manager.select_for_update()
    waiting = uploads.filter(pk=batch.pk, status__in=[Status.READING, Status.UPLOADED])
    if not waiting:
        raise AlreadyCommitted
    log("crm.import.discarded", batch, by=by)
    waiting.delete()
    transaction.on_commit(lambda: batch.file.delete(save=False))


def plan_for(batch: ImportBatch) -> Plan:
    """What writing the batch would do now: the stored file read anew, compared with the contacts as they are."""
    return planning.make(planning.read(*_read(batch)), batch.decisions)


def _read(batch: ImportBatch) -> tuple[list[reader.Sheet], list[headers.Mapping]]:
    with batch.file.open("rb") as file:
        sheets = reader.read(file.read())
    return sheets, _mappings(batch, sheets)


def _mappings(batch: ImportBatch, sheets: list[reader.Sheet]) -> list[headers.Mapping]:
    """Guessed; as a person chose for this file; else as was chosen for the last one with the same column names."""
    guessed = headers.guess(sheets)
    if not batch.mapping:
        same = ImportBatch.objects.filter(signature=headers.signature(guessed)).exclude(mapping={}).first()
        batch.mapping = same.mapping if same else {}
    kept = batch.mapping.get("sheets", {})
    return [headers.chosen(mapping, kept.get(mapping.sheet)) for mapping in guessed]


def remap(batch: ImportBatch, sheets: dict[str, dict], *, by: object, then: str = "columns") -> None:
    """Keep which sheets are read and where each column goes: {sheet: {"use": bool, "columns": {"0": "name"}}}."""
    change_waiting(batch, mapping={"sheets": sheets})
    log("crm.import.remapped", batch, by=by, sheets=len(sheets))
    recount(batch, by=by, then=then)


def answer(
    batch: ImportBatch,
    *,
    by: object,
    pairs: Mapping[str, str] | None = None,
    proposals: Mapping[str, bool] | None = None,
    fields: Mapping[str, Choice] | None = None,
) -> None:
    """Keep what a person answered about pairs, the fields of their rows and proposals."""
    pairs, proposals, fields = pairs or {}, proposals or {}, fields or {}
    answers = {"pairs": pairs, "proposals": proposals, "fields": fields}
    decisions = {name: batch.decisions.get(name, {}) | dict(given) for name, given in answers.items()}
    change_waiting(batch, decisions=decisions)
    log("crm.import.decided", batch, by=by, pairs=len(pairs), proposals=len(proposals))


def decide(batch: ImportBatch, *, by: object, **answers: Mapping) -> None:
    """Keep these answers, and plan anew; a long list not after each of them, but on the way to the check."""
    answer(batch, by=by, **answers)
    if _is_long(batch):
        change_waiting(batch, found=batch.found | {"waits": True})
    else:
        recount(batch, by=by)


def change_waiting(batch: Upload, **values: object) -> None:
    """Raises AlreadyCommitted for one that is written by now."""
    waiting = type(batch)._base_manager.filter(pk=batch.pk, status__in=[Status.READING, Status.UPLOADED])
    if not waiting.update(**values):
        raise AlreadyCommitted
    for name, value in values.items():
        setattr(batch, name, value)


def _is_long(batch: ImportBatch) -> bool:
    return batch.found.get("rows", 0) > AT_ONCE


def recount(batch: ImportBatch, *, by: object, then: str = "columns") -> None:
    """Plan anew, a long list by a job; `then` is the step that follows."""
    if _is_long(batch):
        begin_reading(batch, by=by, then=then)
        return
    sheets, _mappings_now = _read(batch)
    with transaction.atomic():
        if not ImportBatch.objects.select_for_update().filter(pk=batch.pk, status=Status.UPLOADED).exists():
            raise AlreadyCommitted
        plan = _prepare(batch, sheets)
        if plan.sealed:
            _log_received(batch, len(plan.rows), plan, by=by)


def commit(batch: ImportBatch, *, by: object, readings: list[planning.Reading] | None = None) -> Plan:
    """Write the plan of a batch, all or nothing, and once. Raises AlreadyCommitted."""
    # Reading a long file takes seconds, in which nobody else may have to wait to write: no transaction yet.
    readings = planning.read(*_read(batch)) if readings is None else readings
    mapping = batch.mapping
    with transaction.atomic():
        _take(batch, Status.DONE)
        if batch.mapping != mapping:
            readings = planning.read(*_read(batch))
        plan = planning.make(readings, batch.decisions)
        try:
            _write_all(batch, plan, by=by)
        except SealedMeanwhile:
            # Whoever was sealed while we planned is planned anew, as sealed; the others are held by now.
            batch.refresh_from_db(fields=["found"])
            plan = planning.make(readings, batch.decisions)
            _write_all(batch, plan, by=by)
        _call_different(batch, plan, by=by)
        # Like what the review showed: addresses stand in it.
        batch.decisions = {}
        batch.save(update_fields=["decisions"])
        log("crm.import.committed", batch, by=by, **plan.tally)
    return plan


@transaction.atomic
def _write_all(batch: ImportBatch, plan: Plan, *, by: object) -> None:
    """In portions, too: not everything is in memory twice."""
    hold([person for person in plan.people.everybody if person.pk and person.is_touched])
    for people, rows in _portions(batch, plan):
        write_some(batch, plan, people, rows, by=by)


def _take(batch: ImportBatch, status: str) -> None:
    taken = ImportBatch.objects.filter(pk=batch.pk, status=Status.UPLOADED)
    if not taken.update(status=status, committed_at=timezone.now()):
        raise AlreadyCommitted
    batch.refresh_from_db()
    # The names and values that the review showed are not kept longer than it lasts.
    batch.found = {"rows": batch.found.get("rows", 0)}
    batch.save(update_fields=["found"])
    batch.rows.filter(is_written=False).delete()


@transaction.atomic
def begin_writing(batch: ImportBatch, *, by: object) -> Job:
    """Write a long list by a job, or go on where one was stopped. Raises AlreadyCommitted."""
    held = ImportBatch.objects.select_for_update(of=("self",)).select_related("job").get(pk=batch.pk)
    if held.status == Status.WRITING and not held.is_at_work:
        batch = held
    else:
        _take(batch, Status.WRITING)
    left = batch.found["rows"] - batch.rows.filter(is_written=True).count()
    batch.job = begin(WRITE, params={"batch": batch.pk}, total=left, by=by)
    batch.save(update_fields=["job"])
    return batch.job


def write_on(handle: Handle) -> None:
    """The job's work: people by people with all their rows. What is written already says where it goes on."""
    batch = ImportBatch.objects.get(pk=handle.job.params["batch"])
    readings = planning.read(*_read(batch))
    while True:
        plan = planning.make(readings, batch.decisions)
        try:
            for people, rows in _portions(batch, plan):
                with handle.chunk() as row:
                    write_some(batch, plan, people, rows, by=row.by)
                    row.done = min(row.done + len(rows), row.total)
        except SealedMeanwhile:
            continue
        with handle.chunk() as row:
            _call_different(batch, plan, by=row.by)
        return


def _portions(batch: ImportBatch, plan: Plan) -> Iterator[tuple[list[Person], list[Planned]]]:
    """The rows not written yet, those of one person together, with their people; a chunk at a time."""
    written = set(batch.rows.filter(is_written=True).values_list("sheet", "number"))
    rows_of: dict[object, list[Planned]] = defaultdict(list)
    for row in plan.rows:
        if (row.record.sheet[:100], row.record.number) not in written:
            rows_of[id(row.person) if row.person else place(row.record)].append(row)
    groups = list(rows_of.values())
    for start in range(0, len(groups), _CHUNK):
        rows = [row for group in groups[start : start + _CHUNK] for row in group]
        yield list({id(row.person): row.person for row in rows if row.person}.values()), rows


def writing_ended(job: Job) -> None:
    batch = ImportBatch.objects.get(pk=job.params["batch"])
    if job.state == Job.State.DONE:
        batch.status, batch.decisions = Status.DONE, {}
        batch.save(update_fields=["status", "decisions"])
        log(WRITE, batch, by=job.by, **tally(batch))


def tally(batch: ImportBatch) -> dict[str, int]:
    counts = dict(batch.rows.order_by().values_list("outcome").annotate(Count("pk")))
    return {str(outcome): counts.get(outcome, 0) for outcome in ImportRow.Outcome.values}


def _call_different(batch: ImportBatch, plan: Plan, *, by: object) -> None:
    """Remember what a person said: these are two, and are not asked about again."""
    answers = batch.decisions.get("pairs", {})
    people = {place(row.record): row.person for row in plan.rows if row.person}
    for pair in plan.pairs:
        first, second = people.get(place(pair.first)), people.get(place(pair.second), pair.second)
        if answers.get(pair.key) == DIFFERENT and isinstance(second, Person) and first and first.pk != second.pk:
            call_different(Contact(pk=first.pk), Contact(pk=second.pk), by=by)
