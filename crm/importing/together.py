"""Say which rows of a file are of one person, and whose card that is; and which pairs a person has to decide. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.sealing import blind
from crm.matching import joining
from crm.matching.reasons import Reason

from .people import People, Person
from .rows import Record

SAME, DIFFERENT, LATER = "same", "different", "later"


@dataclass(frozen=True)
class Pair:
    """Two rows, or a row and a card, that may be of one person. Cards stand second."""

    first: Record
    second: Record | Person
    reasons: tuple[Reason, ...]

    @property
    def key(self) -> str:
        return f"{place(self.first)}={place(self.second)}"

    def stored(self) -> dict[str, object]:
        """The form kept in ImportBatch.found. Of a card only the key: who may know of it reads the rest there."""
        is_card = isinstance(self.second, Person)
        return {
            "key": self.key,
            "first": _told(self.first),
            "second": {"card": self.second.pk} if is_card else _told(self.second),
            "reasons": [str(reason.value) for reason in self.reasons],
        }


def _told(row: Record) -> dict[str, object]:
    """What the row says, to be seen beside the other."""
    says = {"organisation": [row.organisation, *(place for place, _title in row.positions)], "title": [row.title]}
    says |= {"emails": row.emails, "phones": row.phones, "languages": [row.languages], "city": [row.city]}
    said = {name: texts for name, values in says.items() if (texts := [text for text in values if text])}
    return {"sheet": row.sheet, "row": row.number, "name": row.name, "says": said}


@dataclass
class Together:
    """Which person each row is of, as far as that is known."""

    pairs: list[Pair] = field(default_factory=list)
    # For each row the group it is in; for each group its person, once there is one.
    _groups: dict[str, int] = field(default_factory=dict)
    _people: dict[int, Person] = field(default_factory=dict)

    def group(self, record: Record) -> int | None:
        """The number that all rows of one person have."""
        return self._groups.get(place(record))

    def person(self, record: Record) -> Person | None:
        return self._people.get(self.group(record))

    def found(self, record: Record, person: Person) -> None:
        """The rest of the group is this person, too."""
        if (group := self.group(record)) is not None:
            self._people.setdefault(group, person)


def place(one: Record | Person) -> str:
    """A row by its sheet and number, a card by its key: the same after a restart."""
    return f"#{one.pk}" if isinstance(one, Person) else f"{one.number}@{one.sheet}"


def join(records: Sequence[Record], people: People, answers: Mapping[str, str]) -> Together:
    """Compare the rows with each other and with the cards that have something in common with one of them.

    `answers` says of pairs what a person decided.
    """
    cards = people.near(records)
    both: list[Person | Record] = [*cards, *records]
    found = joining.clusters([*map(_card, cards), *(_row(record, people) for record in records)])
    pairs = [_pair(both[question.first], both[question.second], question.reasons) for question in found.questions]
    groups = _decided(found.groups, both, pairs, answers)
    together = Together([pair for pair in pairs if isinstance(pair.first, Record)])
    for number, members in enumerate(groups):
        for member in members:
            if isinstance(member, Person):
                together._people.setdefault(number, member)
            else:
                together._groups[place(member)] = number
    return together


def _pair(one: Record | Person, other: Record | Person, reasons: tuple[Reason, ...]) -> Pair:
    first, second = (other, one) if isinstance(one, Person) else (one, other)
    return Pair(first, second, reasons)


def _decided(
    groups: Iterable[Sequence[int]], both: Sequence[Record | Person], pairs: Iterable[Pair], answers: Mapping[str, str]
) -> list[list[Record | Person]]:
    """The groups, with those put together that a person calls one. Two cards never are."""
    members = {number: [both[index] for index in group] for number, group in enumerate(groups)}
    group_of = {place(member): number for number, group in members.items() for member in group}
    for pair in pairs:
        kept, gone = group_of[place(pair.first)], group_of[place(pair.second)]
        cards = {one.pk for one in (*members[kept], *members[gone]) if isinstance(one, Person)}
        if answers.get(pair.key) != SAME or kept == gone or len(cards) > 1:
            continue
        group_of |= {place(member): kept for member in members[gone]}
        members[kept] += members.pop(gone)
    return list(members.values())


def _card(person: Person) -> joining.Record:
    return joining.Record(
        person.name,
        frozenset(person.emails),
        frozenset(person.phones),
        frozenset(person.places),
        card=person.pk,
    )


def _row(record: Record, people: People) -> joining.Record:
    typed = filter(None, [record.organisation, *(organisation for organisation, _title in record.positions)])
    return joining.Record(
        record.name,
        frozenset(map(blind, record.emails)),
        frozenset(map(blind, record.phones)),
        frozenset(people.organisations.get(people.key_of(one), one) for one in typed),
    )
