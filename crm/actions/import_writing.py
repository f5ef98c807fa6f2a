"""Write people of an import with all that hangs on them, and what is needed to take that back. Decides nothing."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.utils import timezone

from core.sealing import blind, seal
from core.text import sort_key
from crm.importing.collecting import paused
from crm.importing.people import Person
from crm.importing.plan import Plan, Planned
from crm.importing.proposals import LEFT, STOP, Proposal, last_day

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
    Unread,
    search_text,
)
from ..states import Sensitivity
from .inserting import insert
from .stops import Wish, add_rules, apply_all_remembered

CHUNK = 500
# The fields of a card that a list may fill.
FILLED = ("name", "given_name", "languages", "city", "postal_address", "note", "sensitivity")


class SealedMeanwhile(Exception):
    """Somebody whom the plan changes was sealed since it was made: it is made anew."""


@paused()
@transaction.atomic
def write_some(
    batch: ImportBatch, plan: Plan, people: Sequence[Person], rows: Sequence[Planned], *, by: object
) -> None:
    """Write these people, who are all that these rows are about. Raises SealedMeanwhile."""
    new = [person for person in people if person.pk is None]
    changed = [person for person in people if person.pk and person.is_touched]
    before = hold(changed)
    _write_organisations(batch, plan, [*new, *changed])
    _create(new, plan, batch)
    after = _change(changed, before)
    made = _write_details([*new, *changed], plan)
    # A file knows nothing of names in other languages and of former ones: what was there is read again.
    Contact.objects.filter(pk__in=[person.pk for person in changed]).reindex()
    apply_all_remembered({person.pk: [*person.emails, *person.phones] for person in [*new, *changed]}, by=by)
    _accept([*new, *changed], plan, made, by=by)
    _remember(batch, new, (before, after), made)
    write_rows(batch, rows, is_written=True)
    _settle(batch, rows)


def hold(changed: Sequence[Person]) -> dict[int, dict[str, str]]:
    """Let nobody else change these contacts, and return how they are."""
    before = {}
    for some in _chunks([person.pk for person in changed]):
        held = Contact.objects.select_for_update().order_by("pk").filter(pk__in=some)
        before |= {values.pop("pk"): values for values in held.values("pk", *FILLED)}
    if any(values["sensitivity"] == Sensitivity.SEALED for values in before.values()):
        raise SealedMeanwhile
    return before


def _write_organisations(batch: ImportBatch, plan: Plan, people: Sequence[Person]) -> None:
    known, ids = plan.people.organisations, plan.people.organisation_ids
    missing = dict.fromkeys(key for person in people for key in person.titles if key not in ids)
    made = Organisation.objects.bulk_create(
        [Organisation(name=known[key], name_key=key, sort_key=sort_key(known[key])[:400]) for key in missing],
        batch_size=CHUNK,
    )
    ids.update({organisation.name_key: organisation.pk for organisation in made})
    if made:
        batch.found.setdefault("organisations", []).extend(organisation.pk for organisation in made)
        batch.save(update_fields=["found"])


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
    insert(contacts)
    for person, contact in zip(new, contacts, strict=True):
        person.pk = contact.pk


def _change(changed: list[Person], before: dict[int, dict[str, str]]) -> dict[int, dict[str, str]]:
    """Write what the list filled, and nothing else: the rest may be newer than the plan. Return how the cards are."""
    after = {
        person.pk: before[person.pk] | {name: getattr(person, name) for name in FILLED if name in person.filled}
        for person in changed
    }
    contacts = [Contact(pk=pk, **values) for pk, values in after.items()]
    Contact.objects.bulk_update(contacts, FILLED, batch_size=CHUNK)
    Contact.objects.filter(pk__in=after).count_save()
    return after


def _search_text(person: Person, plan: Plan) -> str:
    positions = (part for key, title in person.titles.items() for part in (title, plan.people.organisations[key]))
    return search_text(person.name, person.city, *person.emails.values(), *person.phones.values(), *positions)


def _write_details(people: Sequence[Person], plan: Plan) -> dict[int, dict[str, list]]:
    """Return the keys of what was made, by contact and table."""
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
    made: dict[int, dict[str, list]] = defaultdict(lambda: defaultdict(list))
    for rows in (emails, phones, positions, unread):
        insert(rows)
        for row in rows:
            made[row.contact_id][row._meta.label].append(row.pk)
    for person in people:
        for key in person.titled - set(person.new_organisations):
            here = Position.objects.current().filter(contact_id=person.pk, organisation_id=ids[key], title="")
            made[person.pk]["titled"].extend(here.values_list("pk", flat=True))
            Position.objects.filter(pk__in=made[person.pk]["titled"]).update(title=person.titles[key])
    return made


def _ranked(everything: dict[str, str], new: dict[str, str]) -> Iterator[tuple[int, tuple[str, str]]]:
    """The new ones with their places after those that were there."""
    return enumerate(new.items(), start=len(everything) - len(new))


def _accept(people: Sequence[Person], plan: Plan, made: dict[int, dict[str, list]], *, by: object) -> None:
    """Do what the list asks for these people and somebody agreed to. It only ever makes a card stricter."""
    asked: dict[str, list[tuple[Person, Proposal]]] = defaultdict(list)
    for person in people:
        for one in person.accepted:
            asked[one.kind if one.kind in (STOP, LEFT) else ""].append((person, one))
    _stop(asked[STOP], made, by=by)
    _leave(asked[LEFT], plan, made)
    _retire({(person.pk, blind(one.value)) for person, one in asked[""]}, made)


def _stop(asked: list[tuple[Person, Proposal]], made: dict[int, dict[str, list]], *, by: object) -> None:
    wishes = [Wish(person.pk, one.scope, one.channel, last_day(one.until), one.quote) for person, one in asked]
    for rule in add_rules(wishes, by=by) if wishes else ():
        made[rule.contact_id]["rules"].append(rule.pk)


def _leave(asked: list[tuple[Person, Proposal]], plan: Plan, made: dict[int, dict[str, list]]) -> None:
    """The position in the row has ended, nobody says when: by this month. Where the row names none, the only one."""
    open_ones: dict[int, list[tuple[int, int]]] = defaultdict(list)
    found = Position.objects.filter(contact_id__in={person.pk for person, _one in asked}, ended_on="").order_by("pk")
    for contact, organisation, pk in found.values_list("contact_id", "organisation_id", "pk"):
        open_ones[contact].append((organisation, pk))
    for person, one in asked:
        here, key = open_ones[person.pk], plan.people.key_of(one.value)
        if key:
            here = [place for place in here if place[0] == plan.people.organisation_ids.get(key)]
        if key or len(here) == 1:
            made[person.pk]["ended"].extend(pk for _organisation, pk in here)
    ended = [pk for person, _one in asked for pk in made[person.pk]["ended"]]
    Position.objects.filter(pk__in=ended).update(ended_on=timezone.localdate().isoformat()[:7])


def _retire(ways: set[tuple[int, str]], made: dict[int, dict[str, list]]) -> None:
    for model in (EmailAddress, Phone):
        in_use = model.objects.filter(contact_id__in={contact for contact, _key in ways}, retired_on=None)
        found = [row for row in in_use.order_by("pk").values_list("contact_id", "key", "pk") if row[:2] in ways]
        model.objects.filter(pk__in=[pk for *_way, pk in found]).update(retired_on=timezone.localdate())
        for contact, _key, pk in found:
            made[contact][f"retired {model._meta.label}"].append(pk)


def _remember(
    batch: ImportBatch,
    new: Sequence[Person],
    cards: tuple[dict[int, dict[str, str]], dict[int, dict[str, str]]],
    made: dict[int, dict[str, list]],
) -> None:
    """Keep, sealed, what taking back needs. A new card goes as a whole: of it only the rules need be known."""
    records = {person.pk: {"rules": made[person.pk]["rules"]} for person in new if made[person.pk]["rules"]}
    before, after = cards
    for pk in after:
        records[pk] = {"before": before[pk], "after": after[pk], "made": made[pk]}
    insert(
        [ImportChange(batch=batch, contact_id=pk, record=seal(json.dumps(record))) for pk, record in records.items()]
    )


def _settle(batch: ImportBatch, rows: Sequence[Planned]) -> None:
    """Remember what was done and what a person refused, so that no list asks for it again."""
    answers = batch.decisions.get("proposals", {})
    settled = [
        ImportAnswer(batch=batch, contact_id=row.person.pk, key=one.mark)
        for row in rows
        for one, take in row.proposals
        if one.is_doable and (take or one.key in answers)
    ]
    ImportAnswer.objects.bulk_create(settled, batch_size=CHUNK, ignore_conflicts=True)


def write_rows(batch: ImportBatch, rows: Sequence[Planned], *, is_written: bool) -> None:
    """Once they are written the cards say what came: of the values no second copy is kept."""
    for some in _chunks(rows):
        insert([_row(batch, row, is_written=is_written) for row in some])


def _row(batch: ImportBatch, row: Planned, *, is_written: bool) -> ImportRow:
    asked = [] if is_written else [one.stored() | {"take": take} for one, take in row.proposals if one.is_doable]
    return ImportRow(
        batch=batch,
        sheet=row.record.sheet[:100],
        number=row.record.number,
        name=row.record.name[:200],
        outcome=row.outcome,
        remarks=[remark.stored() for remark in row.remarks],
        changes=[] if is_written else [[change.field, change.value] for change in row.changes],
        proposals=asked,
        is_written=is_written,
        contact_id=row.contact,
    )


def _chunks(items: Sequence) -> Iterator[Sequence]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
