"""Write people of an import with all that hangs on them, and what is needed to take that back. Decides nothing."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.utils import timezone

from core.sealing import blind, seal
from core.text import sort_key
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
    StopRule,
    Unread,
    search_text,
)
from ..states import Sensitivity
from .stops import add_rule, apply_all_remembered

CHUNK = 500
# The fields of a card that a list may fill.
FILLED = ("name", "given_name", "languages", "city", "postal_address", "note", "sensitivity")


class SealedMeanwhile(Exception):
    """Somebody whom the plan changes was sealed since it was made: it is made anew."""


@transaction.atomic
def write_some(
    batch: ImportBatch, plan: Plan, people: Sequence[Person], rows: Sequence[Planned], *, by: object
) -> None:
    """Write these people, who are all that these rows are about. Raises SealedMeanwhile."""
    new = [person for person in people if person.pk is None]
    changed = [person for person in people if person.pk and person.is_touched]
    before = _hold(changed)
    _write_organisations(batch, plan, [*new, *changed])
    _create(new, plan, batch)
    after = _change(changed, before)
    made = _write_details([*new, *changed], plan)
    # A file knows nothing of names in other languages and of former ones: what was there is read again.
    Contact.objects.filter(pk__in=[person.pk for person in changed]).reindex()
    apply_all_remembered({person.pk: [*person.emails, *person.phones] for person in [*new, *changed]}, by=by)
    for person in [*new, *changed]:
        _accept(person, plan, made[person.pk], by=by)
    _remember(batch, new, (before, after), made)
    write_rows(batch, rows, is_written=True)
    _settle(batch, rows)


def _hold(changed: Sequence[Person]) -> dict[int, dict[str, str]]:
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
    for person, contact in zip(new, Contact.objects.bulk_create(contacts, batch_size=CHUNK), strict=True):
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
        model = type(rows[0]) if rows else EmailAddress
        for row in model.objects.bulk_create(rows, batch_size=CHUNK):
            made[row.contact_id][model._meta.label].append(row.pk)
    for person in people:
        for key in person.titled - set(person.new_organisations):
            here = Position.objects.current().filter(contact_id=person.pk, organisation_id=ids[key], title="")
            made[person.pk]["titled"].extend(here.values_list("pk", flat=True))
            Position.objects.filter(pk__in=made[person.pk]["titled"]).update(title=person.titles[key])
    return made


def _ranked(everything: dict[str, str], new: dict[str, str]) -> Iterator[tuple[int, tuple[str, str]]]:
    """The new ones with their places after those that were there."""
    return enumerate(new.items(), start=len(everything) - len(new))


def _accept(person: Person, plan: Plan, made: dict[str, list], *, by: object) -> None:
    """Do what the list asks for this person and somebody agreed to. It only ever makes a card stricter."""
    for one in person.accepted:
        if one.kind == STOP:
            _stop(person.pk, one, made, by=by)
        elif one.kind == LEFT:
            _leave(person.pk, one, plan, made)
        else:
            _retire(person.pk, one, made)


def _stop(pk: int, one: Proposal, made: dict[str, list], *, by: object) -> None:
    latest = StopRule.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    rule = add_rule(
        Contact.objects.get(pk=pk),
        scope=one.scope,
        channel=one.channel,
        until_on=last_day(one.until),
        reason=one.quote,
        by=by,
    )
    if rule.pk > latest:
        made["rules"].append(rule.pk)


def _leave(pk: int, one: Proposal, plan: Plan, made: dict[str, list]) -> None:
    """The position in the row has ended, nobody says when: by this month. Where the row names none, the only one."""
    here = Position.objects.filter(contact_id=pk, ended_on="")
    if key := plan.people.key_of(one.value):
        here = here.filter(organisation_id=plan.people.organisation_ids.get(key))
    keys = list(here.values_list("pk", flat=True))
    if key or len(keys) == 1:
        Position.objects.filter(pk__in=keys).update(ended_on=timezone.localdate().isoformat()[:7])
        made["ended"].extend(keys)


def _retire(pk: int, one: Proposal, made: dict[str, list]) -> None:
    for model in (EmailAddress, Phone):
        ways = model.objects.filter(contact_id=pk, key=blind(one.value), retired_on=None)
        keys = list(ways.values_list("pk", flat=True))
        model.objects.filter(pk__in=keys).update(retired_on=timezone.localdate())
        made[f"retired {model._meta.label}"].extend(keys)


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
    ImportChange.objects.bulk_create(
        [ImportChange(batch=batch, contact_id=pk, record=seal(json.dumps(record))) for pk, record in records.items()],
        batch_size=CHUNK,
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
    written = [
        ImportRow(
            batch=batch,
            sheet=row.record.sheet[:100],
            number=row.record.number,
            name=row.record.name[:200],
            outcome=row.outcome,
            remarks=[remark.stored() for remark in row.remarks],
            changes=[] if is_written else [[change.field, change.value] for change in row.changes],
            proposals=[]
            if is_written
            else [one.stored() | {"take": take} for one, take in row.proposals if one.is_doable],
            is_written=is_written,
            contact_id=row.contact,
        )
        for row in rows
    ]
    ImportRow.objects.bulk_create(written, batch_size=CHUNK)


def _chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
