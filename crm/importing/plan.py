"""Compare the rows of a file with the contacts: what each would create, change or leave, and why. Writes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from core.sealing import blind
from core.text import clean_lines
from crm.models import EmailAddress, ImportRow, StopRule

from ..states import Sensitivity
from . import chosen, domains, headers, legend, own, together
from .people import People, Person
from .proposals import Proposal
from .reader import Sheet, UnreadableFile
from .remarks import Remark
from .rows import Record, Skipped
from .together import Pair, Together
from .wishes import Wishes

Outcome = ImportRow.Outcome
Decisions = Mapping[str, Mapping]
# What a row may fill where the contact has nothing, in the order the review shows it.
_FILLED = ("given_name", "city", "postal_address")


@dataclass(frozen=True)
class Change:
    """A value that will be written into a field of a contact."""

    field: str
    value: str


@dataclass
class Planned:
    """What becomes of one row."""

    record: Record
    outcome: str
    person: Person | None = None
    changes: list[Change] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    # Each with whether it is agreed to.
    proposals: list[tuple[Proposal, bool]] = field(default_factory=list)

    @property
    def contact(self) -> int | None:
        """The key of the contact in the database this row is about, where there is one already."""
        return self.person.pk if self.person else None

    @property
    def title(self) -> str:
        return next(
            filter(None, [self.record.name, self.record.organisation, *self.record.emails, *self.record.phones]), ""
        )

    @property
    def has_remarks(self) -> bool:
        return any(not remark.is_quiet for remark in self.remarks)


@dataclass
class Plan:
    """All rows of a file with their outcomes; created + changed + merged + unchanged + refused is their number."""

    mappings: list[headers.Mapping]
    people: People
    rows: list[Planned] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    clipped: list[str] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)

    @cached_property
    def tally(self) -> dict[str, int]:
        counts = {str(outcome): 0 for outcome in Outcome.values}
        for row in self.rows:
            counts[row.outcome] += 1
        return counts

    @property
    def sealed(self) -> int:
        """How many rows touch a sealed contact. Whoever uploads a list of guesses learns which one fits."""
        return sum(remark.code == "sealed" for row in self.rows for remark in row.remarks)

    @property
    def to_write(self) -> int:
        """How many contacts will be created or changed; several rows may speak of one."""
        return sum(person.pk is None or person.is_touched for person in self.people.everybody)


@dataclass(frozen=True)
class Reading:
    """One sheet as it was read, compared with nobody yet."""

    mapping: headers.Mapping
    records: list[Record] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    clipped: bool = False


def read(sheets: list[Sheet], mappings: list[headers.Mapping]) -> list[Reading]:
    """The records of every sheet in use. Takes most of the time and needs no database."""
    by_name = {sheet.name: sheet for sheet in sheets}
    meanings = legend.of(sheets)
    readings = [
        Reading(mapping, *own.read(by_name[mapping.sheet], mapping, meanings), by_name[mapping.sheet].clipped)
        if mapping.is_used
        else Reading(mapping)
        for mapping in mappings
    ]
    domains.judge(record for reading in readings for record in reading.records)
    return readings


@dataclass(frozen=True)
class _Known:
    """What every row is compared with."""

    people: People
    remembered: set[str]
    together: Together
    wishes: Wishes
    # What a person chose field by field, by the place of the row.
    chosen: Mapping[str, chosen.Choice]


def make(readings: list[Reading], decisions: Decisions | None = None) -> Plan:
    """The plan of what was read. Reads the database in a constant number of queries.

    Raises UnreadableFile where addresses cannot be compared: everybody would be new, the stop list empty.
    """
    if not EmailAddress.objects.key_is_right():
        raise UnreadableFile(
            _("Addresses cannot be compared: BLIND_KEY is not the one they were kept with. Nothing was written.")
        )
    decisions = decisions or {}
    plan = Plan([reading.mapping for reading in readings], People.from_database())
    records = [record for reading in readings for record in reading.records]
    if codes := {record.code for record in records if record.code}:
        plan.people.recognise(codes)
    open_to_all = [one for one in records if not one.refusal and not one.code and not plan.people.is_of_a_sealed(one)]
    known = _Known(
        plan.people,
        set(StopRule.objects.remembered().order_by().values_list("keys__key", flat=True)),
        together.join(open_to_all, plan.people, decisions.get("pairs", {})),
        Wishes.from_database(plan.people, decisions.get("proposals", {})),
        decisions.get("fields", {}),
    )
    plan.pairs = known.together.pairs
    for reading in readings:
        plan.skipped.extend(reading.skipped)
        if reading.clipped:
            plan.clipped.append(reading.mapping.sheet)
        plan.rows.extend(_planned(record, known, reading.mapping.kind) for record in reading.records)
    return plan


def _planned(record: Record, known: _Known, kind: str) -> Planned:
    people = known.people
    typed, record = record, known.wishes.spelled(record)
    if people.is_of_a_sealed(typed) or record is not typed and people.is_of_a_sealed(record):
        # Neither whose it is nor what the row says about it: remarks are kept, and quote what was typed.
        return Planned(record, Outcome.UNCHANGED, remarks=[Remark("sealed")])
    if record.refusal:
        return Planned(record, Outcome.REFUSED, remarks=record.remarks)
    remarks = [*record.remarks, *_stops(record, known)]
    person = _same(record, known)
    is_new = person is None
    choice = known.chosen.get(together.place(record), {}) if person and person.pk else {}
    record = chosen.wanted(record, choice)
    over = [Change(*words) for words in chosen.put(record, person, choice)] if choice else []
    if is_new:
        remarks.extend(_sharing(record, people))
        level = record.sensitivity or Sensitivity.OPEN
        person = Person(None, record.name, kind=record.kind or kind, sensitivity=level, row=record)
        people.add(person)
    else:
        remarks.extend(_differences(record, person, people))
    known.together.found(record, person)
    outcome = Outcome.CREATED if is_new else Outcome.MERGED if person.row else Outcome.CHANGED
    people.name(person, record.code)
    noted = person.note
    changes = [*over, *_apply(record, person, people)]
    if is_new:
        changes = [*_beginnings(record, level), *changes]
    agreed = known.wishes.agree(record, person, noted)
    if not known.wishes.wait(agreed):
        remarks = [remark for remark in remarks if remark.code != "do-not-write"]
    if outcome == Outcome.CHANGED and not changes and not person.is_touched:
        outcome = Outcome.UNCHANGED
    return Planned(record, outcome, person, changes, remarks, agreed)


def _same(record: Record, known: _Known) -> Person | None:
    """Who a row is of. A list we exported says itself who is one and who is another."""
    if record.code:
        return known.people.same(record)
    return known.together.person(record) or (known.people.same(record) if known.people.has_codes else None)


def _stops(record: Record, known: _Known) -> list[Remark]:
    remarks = [Remark("on-stop-list", address) for address in record.emails if blind(address) in known.wishes.stopped]
    if known.remembered:
        ways = [*record.emails, *record.phones]
        remarks.extend(Remark("remembered", way) for way in ways if blind(way) in known.remembered)
    return remarks


def _beginnings(record: Record, level: str) -> list[Change]:
    return [
        Change("name", record.name),
        *([Change("kind", record.kind)] if record.kind else []),
        *([Change("sensitivity", level)] if level != Sensitivity.OPEN else []),
    ]


def _sharing(record: Record, people: People) -> list[Remark]:
    others = dict.fromkeys(person.name for person in people.with_email(record) if not person.is_restricted)
    return [Remark("shared-mailbox", ", ".join(list(others)[:3]))] if others else []


def _differences(record: Record, person: Person, people: People) -> list[Remark]:
    """What the row says otherwise than the contact does; the contact keeps its own."""
    remarks = []
    if person.row:
        remarks.append(Remark("same-in-file", _place(person.row, record)))
    if person.is_restricted:
        return remarks
    if person.name != record.name:
        remarks.append(Remark("other-name", person.name))
    if record.city and person.city and person.city != record.city:
        remarks.append(Remark("other-city", record.city))
    title = person.titles.get(people.key_of(record.organisation)) if record.organisation else ""
    if title and record.title and title != record.title:
        remarks.append(Remark("other-title", record.title))
    return remarks


def _place(row: Record, seen_from: Record) -> str:
    return str(row.number) if row.sheet == seen_from.sheet else f"{row.number} ({row.sheet})"


def _apply(record: Record, person: Person, people: People) -> list[Change]:
    """Put into the person what the row adds, and say what that was."""
    changes = []
    for name in _FILLED:
        if (value := getattr(record, name)) and not getattr(person, name):
            setattr(person, name, value)
            person.filled.add(name)
            changes.append(Change(name, value))
    for organisation, title in [(record.organisation, record.title), *record.positions]:
        changes.extend(_apply_position(organisation, title, record, person, people))
    changes.extend(_apply_addresses(record, person, people))
    if person.pk is None and record.languages and not person.languages:
        person.languages = record.languages
        person.filled.add("languages")
        changes.append(Change("languages", record.languages))
    known = set(clean_lines(person.note).split("\n"))
    fresh = [line for line in record.note.split("\n") if line and line not in known]
    # The note remembers: what was repaired or taken away since does not come back with the same list.
    person.new_unread.extend((kind, text) for kind, text, line in record.unread if line not in known)
    if fresh:
        # Where there is no note yet it comes as it is, with its empty lines.
        person.note = "\n".join([person.note, *fresh]) if person.note else record.note
        person.filled.add("note")
        changes.append(Change("note", "\n".join(fresh)))
    if person.row is None:
        person.row = record
    return changes


def _apply_position(organisation: str, title: str, record: Record, person: Person, people: People) -> list[Change]:
    key = people.key_of(organisation)
    if not key:
        return _apply_bare_title(title, record, person)
    # An old list does not bring anybody back to where they work no more.
    if key in person.past and key not in person.titles:
        return []
    name = people.organisations.setdefault(key, organisation)
    if key not in person.titles:
        person.titles[key] = title
        person.new_organisations.append(key)
        people.index(person, (), (), [key])
    elif title and not person.titles[key]:
        person.titles[key] = title
        person.titled.add(key)
    else:
        return []
    return [Change("organisation", name), *([Change("title", title)] if title else [])]


def _apply_bare_title(title: str, record: Record, person: Person) -> list[Change]:
    """A position without an organisation has no place of its own: it goes to the note."""
    if title and title not in person.note.splitlines():
        record.note = "\n".join(filter(None, [title, record.note]))
    return []


def _apply_addresses(record: Record, person: Person, people: People) -> list[Change]:
    emails, phones = ({blind(text): text for text in texts} for texts in (record.emails, record.phones))
    fresh_emails = {key: address for key, address in emails.items() if key not in person.emails}
    fresh_phones = {key: number for key, number in phones.items() if key not in person.phones}
    person.emails |= fresh_emails
    person.phones |= fresh_phones
    person.new_emails |= fresh_emails
    person.new_phones |= fresh_phones
    people.index(person, fresh_emails, fresh_phones, ())
    found = [Change("emails", address) for address in fresh_emails.values()]
    return [*found, *(Change("phones", number) for number in fresh_phones.values())]
