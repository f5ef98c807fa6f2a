"""Take in a file of contacts, and write it once a person has looked at the plan."""

import os
import uuid
from collections.abc import Iterator

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import log
from core.text import clean, sort_key
from crm.importing import headers, own, reader
from crm.importing import plan as planning
from crm.importing.people import Person
from crm.importing.plan import Plan
from crm.importing.reader import UnreadableFile
from crm.models import Contact, EmailAddress, ImportBatch, ImportRow, Organisation, Phone, Position, Unread, search_text
from crm.states import Sensitivity

from .stops import apply_all_remembered

__all__ = ["AlreadyCommitted", "UnreadableFile", "commit", "discard", "mappings_for", "plan_for", "receive", "remap"]

_CHUNK = 500
_ENDINGS = {".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".txt", ".vcf"}


class AlreadyCommitted(Exception):
    """The import was written before; it is not written twice."""


def receive(upload: UploadedFile, *, by: object, kind: str, basis: str) -> ImportBatch:
    """Keep an uploaded list for review. Raises UnreadableFile, with one sentence, and then keeps nothing."""
    if upload.size > settings.IMPORT_MAX_BYTES:
        raise UnreadableFile(
            _("The file is larger than %(size)s MB. Nothing was written. Divide the list into several files.")
            % {"size": settings.IMPORT_MAX_BYTES // 2**20}
        )
    data = upload.read()
    found = _check(reader.read(data))
    filename = clean(os.path.basename(upload.name.replace("\\", "/")))[-200:] or "list"
    ending = os.path.splitext(filename)[1].lower()
    batch = ImportBatch(filename=filename, kind=kind, basis=basis, uploaded_by=by)
    with transaction.atomic():
        batch.file.save(f"{uuid.uuid4().hex}{ending if ending in _ENDINGS else ''}", ContentFile(data))
        log("crm.import.received", batch, by=by, rows=found, **_looks(batch))
    return batch


def _looks(batch: ImportBatch) -> dict[str, int]:
    """Rows that touch a sealed contact are looks at it, and the journal counts them before anybody sees the plan."""
    if not Contact.objects.filter(sensitivity=Sensitivity.SEALED).exists():
        return {}
    touched = plan_for(batch).sealed
    return {"sealed": touched} if touched else {}


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
    # Headings do not count as rows of the list, and telling them from people takes a reading: only for long files.
    if found > settings.IMPORT_MAX_ROWS and _count(by_name, mappings) > settings.IMPORT_MAX_ROWS:
        raise UnreadableFile(
            _("The file has more than %(rows)s rows. Nothing was written. Divide the list into several files.")
            % {"rows": settings.IMPORT_MAX_ROWS}
        )
    return found


def _count(sheets: dict[str, reader.Sheet], mappings: list[headers.Mapping]) -> int:
    return sum(len(own.read(sheets[mapping.sheet], mapping)[0]) for mapping in mappings if mapping.columns)


def mappings_for(batch: ImportBatch) -> list[headers.Mapping]:
    """How each sheet of the stored file is read: guessed, or as a person chose."""
    return _read(batch)[1]


@transaction.atomic
def discard(batch: ImportBatch, *, by: object) -> None:
    """Delete an upload that nobody has written, with its file. Raises AlreadyCommitted."""
    waiting = ImportBatch.objects.select_for_update().filter(pk=batch.pk, status=ImportBatch.Status.UPLOADED)
    if not waiting:
        raise AlreadyCommitted
    log("crm.import.discarded", batch, by=by)
    waiting.delete()
    transaction.on_commit(lambda: batch.file.delete(save=False))


def plan_for(batch: ImportBatch) -> Plan:
    """What writing the batch would do now: the stored file read anew, compared with the contacts as they are."""
    return planning.make(planning.read(*_read(batch)))


def _read(batch: ImportBatch) -> tuple[list[reader.Sheet], list[headers.Mapping]]:
    with batch.file.open("rb") as file:
        sheets = reader.read(file.read())
    kept = batch.mapping.get("sheets", {})
    return sheets, [headers.chosen(mapping, kept.get(mapping.sheet)) for mapping in headers.guess(sheets)]


def remap(batch: ImportBatch, sheets: dict[str, dict], *, by: object) -> None:
    """Keep which sheets are read and where each column goes: {sheet: {"use": bool, "columns": {"0": "name"}}}."""
    kept = ImportBatch.objects.filter(pk=batch.pk, status=ImportBatch.Status.UPLOADED).update(
        mapping={"sheets": sheets}
    )
    if not kept:
        raise AlreadyCommitted
    batch.mapping = {"sheets": sheets}
    log("crm.import.remapped", batch, by=by, sheets=len(sheets))


def commit(batch: ImportBatch, *, by: object) -> Plan:
    """Write the plan of a batch, all or nothing, and once. Raises AlreadyCommitted."""
    # Reading a long file takes seconds, in which nobody else may have to wait to write: no transaction yet.
    readings = planning.read(*_read(batch))
    mapping = batch.mapping
    with transaction.atomic():
        _take(batch)
        if batch.mapping != mapping:
            readings = planning.read(*_read(batch))
        plan = planning.make(readings)
        if not _hold(plan):
            # Whoever was sealed while we planned is planned anew, as sealed; the others are held by now.
            plan = planning.make(readings)
        return _write(batch, plan, by=by)


def _hold(plan: Plan) -> bool:
    """Let nobody else change the contacts the plan changes, and say whether all are still as the plan knows them."""
    touched = [person.pk for person in plan.people.everybody if person.pk and person.is_touched]
    levels = set()
    for start in range(0, len(touched), _CHUNK):
        held = Contact.objects.select_for_update().order_by("pk").filter(pk__in=touched[start : start + _CHUNK])
        levels.update(held.values_list("sensitivity", flat=True))
    return Sensitivity.SEALED not in levels


def _take(batch: ImportBatch) -> None:
    taken = ImportBatch.objects.filter(pk=batch.pk, status=ImportBatch.Status.UPLOADED)
    if not taken.update(status=ImportBatch.Status.DONE, committed_at=timezone.now()):
        raise AlreadyCommitted
    batch.refresh_from_db()


def _write(batch: ImportBatch, plan: Plan, *, by: object) -> Plan:
    new = [person for person in plan.people.everybody if person.pk is None]
    changed = [person for person in plan.people.everybody if person.pk and person.is_touched]
    _write_organisations(plan)
    _create(new, plan, batch)
    _change(changed)
    _write_details([*new, *changed], plan)
    # A file knows nothing of names in other languages and of former ones: what was there is read again.
    Contact.objects.filter(pk__in=[person.pk for person in changed]).reindex()
    apply_all_remembered({person.pk: [*person.emails, *person.phones] for person in [*new, *changed]}, by=by)
    _write_rows(batch, plan)
    log("crm.import.committed", batch, by=by, **plan.tally)
    return plan


def _write_organisations(plan: Plan) -> None:
    missing = {key: name for key, name in plan.people.organisations.items() if key not in plan.people.organisation_ids}
    made = Organisation.objects.bulk_create(
        [Organisation(name=name, name_key=key, sort_key=sort_key(name)[:400]) for key, name in missing.items()],
        batch_size=_CHUNK,
    )
    plan.people.organisation_ids.update({organisation.name_key: organisation.pk for organisation in made})


def _create(new: list[Person], plan: Plan, batch: ImportBatch) -> None:
    contacts = [
        Contact(
            name=person.name,
            given_name=person.given_name,
            kind=person.kind or batch.kind,
            sensitivity=person.sensitivity,
            languages=person.languages or "ru",
            city=person.city,
            postal_address=person.postal_address,
            basis=batch.basis,
            source=batch.filename,
            note=person.note,
            search_text=_search_text(person, plan),
            sort_key=sort_key(person.name)[:400],
        )
        for person in new
    ]
    for person, contact in zip(new, Contact.objects.bulk_create(contacts, batch_size=_CHUNK), strict=True):
        person.pk = contact.pk


def _change(changed: list[Person]) -> None:
    contacts = [
        Contact(
            pk=person.pk,
            given_name=person.given_name,
            city=person.city,
            postal_address=person.postal_address,
            note=person.note,
        )
        for person in changed
    ]
    Contact.objects.bulk_update(contacts, ["given_name", "city", "postal_address", "note"], batch_size=_CHUNK)
    Contact.objects.filter(pk__in=[person.pk for person in changed]).count_save()


def _search_text(person: Person, plan: Plan) -> str:
    positions = (part for key, title in person.titles.items() for part in (title, plan.people.organisations[key]))
    return search_text(person.name, person.city, *person.emails.values(), *person.phones.values(), *positions)


def _write_details(people: list[Person], plan: Plan) -> None:
    ids = plan.people.organisation_ids
    emails = [
        EmailAddress(contact_id=person.pk, address=address, key=key, rank=rank)
        for person in people
        for rank, (key, address) in _ranked(person.emails, person.new_emails)
    ]
    phones = [
        Phone(contact_id=person.pk, number=number, key=key, rank=rank)
        for person in people
        for rank, (key, number) in _ranked(person.phones, person.new_phones)
    ]
    positions = [
        Position(contact_id=person.pk, organisation_id=ids[key], title=person.titles[key])
        for person in people
        for key in person.new_organisations
    ]
    unread = [
        Unread(contact_id=person.pk, field=kind, typed=text) for person in people for kind, text in person.new_unread
    ]
    EmailAddress.objects.bulk_create(emails, batch_size=_CHUNK)
    Phone.objects.bulk_create(phones, batch_size=_CHUNK)
    Position.objects.bulk_create(positions, batch_size=_CHUNK)
    Unread.objects.bulk_create(unread, batch_size=_CHUNK)
    for person in people:
        for key in person.titled - set(person.new_organisations):
            here = Position.objects.current().filter(contact_id=person.pk, organisation_id=ids[key])
            here.update(title=person.titles[key])


def _ranked(everything: dict[str, str], new: dict[str, str]) -> Iterator[tuple[int, tuple[str, str]]]:
    """The new ones with their places after those that were there."""
    return enumerate(new.items(), start=len(everything) - len(new))


def _write_rows(batch: ImportBatch, plan: Plan) -> None:
    written = [
        ImportRow(
            batch=batch,
            sheet=row.record.sheet[:100],
            number=row.record.number,
            name=row.record.name[:200],
            outcome=row.outcome,
            remarks=[remark.stored() for remark in row.remarks],
            contact_id=row.contact,
        )
        for row in plan.rows
    ]
    ImportRow.objects.bulk_create(written, batch_size=_CHUNK)
