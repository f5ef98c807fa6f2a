"""Which records are put together by themselves, which are asked about, and which are of different people. Pure.

One address or telephone joins where the names do not contradict; a sure name joins at one organisation. A name alone
joins nothing: at most it is asked about. And nothing joins two names that contradict, not even through a third one.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, combinations, islice, product

from . import names, organisations
from .reasons import Reason

# A mailbox or telephone of more names than this is one of many people.
SHARED_BY = 12
# Records that share a way, or a place and a name: beyond so many not every one is compared with every other.
LONG = 40


class Answer(StrEnum):
    SAME = "same"
    ASK = "ask"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Record:
    """What is compared of a row or a card. Addresses and telephones may be blind indices: they are only told apart."""

    name: str
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    # The card this record stands for; two different cards are never put together.
    card: Hashable = None
    # Those of the addresses that are at the domain of an organisation.
    at_work: frozenset[str] = frozenset()

    @property
    def ways(self) -> tuple[Set[str], Set[str]]:
        return self.emails, self.phones


@dataclass(frozen=True, slots=True)
class Joining:
    answer: Answer
    reasons: tuple[Reason, ...] = ()
    # How sure it is: what is surest is joined first. Above 1 where a way is shared.
    score: float = 0.0

    @property
    def is_by_name(self) -> bool:
        return self.score <= 1


@dataclass(frozen=True)
class Question:
    """Two records, by their places, that may be of one person."""

    first: int
    second: int
    reasons: tuple[Reason, ...]


@dataclass
class Clusters:
    groups: list[list[int]]
    questions: list[Question] = field(default_factory=list)


def same_person(one: Record, other: Record) -> Joining:
    """Whether two records are of one person, and why."""
    ways = _shared_ways(one, other)
    verdict = _verdict(one.name, other.name) if ways else names.match(one.name, other.name)
    reasons = (*ways, *verdict.reasons)
    if ways and not verdict.contradicts:
        is_sure = Reason.PART not in verdict.reasons and (verdict.is_strong or not _is_number_of_two(one, other))
        is_sure = is_sure and not _is_mailbox_of_two(one.ways, other.ways)
        return Joining(Answer.SAME if is_sure else Answer.ASK, reasons, len(ways) + verdict.score)
    if ways:
        # One mailbox of two people says nothing; a mailbox and a telephone are worth a look.
        return Joining(Answer.ASK if len(ways) > 1 else Answer.OTHER, reasons, 0.0)
    if verdict.contradicts or not _is_one_place(one, other):
        return Joining(Answer.OTHER, verdict.reasons, 0.0)
    is_sure = verdict.is_strong and not _may_be_of_two_places(one, other)
    is_sure = is_sure and not _are_namesakes(one.ways, other.ways) and not _are_colleagues(one, other)
    return Joining(Answer.SAME if is_sure else Answer.ASK, (*verdict.reasons, Reason.SAME_PLACE), verdict.score)


def _verdict(one: str, other: str) -> names.Verdict:
    """How names compare where more than the name is common: then two letters in each other's place part nobody."""
    verdict = names.match(one, other)
    if verdict.contradicts and names.is_slip(one, other):
        return names.Verdict(names.WEAK, 0.5, (Reason.SLIPPED,))
    return verdict


def _is_mailbox_of_two(one: Sequence[Set[str]], other: Sequence[Set[str]]) -> bool:
    """Whether one address is all that is common, and each has another one and another telephone."""
    (emails, _phones), (other_emails, _other_phones) = one, other
    has_own = bool(emails - other_emails and other_emails - emails)
    return len(emails & other_emails) == 1 and has_own and _are_namesakes(one, other)


def _is_number_of_two(one: Record, other: Record) -> bool:
    """Whether one telephone is all that is common to people of two organisations with a mailbox each."""
    if one.emails & other.emails:
        return False
    have_both = one.emails and other.emails and one.organisations and other.organisations
    return bool(have_both) and not _is_one_place(one, other)


def _are_namesakes(one: Sequence[Set[str]], other: Sequence[Set[str]]) -> bool:
    """Whether both have telephones and share none: one organisation may have two of one name.

    Other addresses say less: people have one at work and one of their own.
    """
    (_emails, phones), (_other_emails, other_phones) = one, other
    return bool(phones and other_phones) and not phones & other_phones


def _are_colleagues(one: Record, other: Record) -> bool:
    """Whether each has a mailbox at an organisation's domain, and it is not the same one."""
    return bool(one.at_work and other.at_work) and not one.at_work & other.at_work


def _shared_ways(one: Record, other: Record) -> tuple[Reason, ...]:
    return (
        *((Reason.SAME_ADDRESS,) if one.emails & other.emails else ()),
        *((Reason.SAME_PHONE,) if one.phones & other.phones else ()),
    )


def _may_be_of_two_places(one: Record, other: Record) -> bool:
    """Whether people with a mailbox each have an organisation that one calls in full and the other in short."""
    if not one.emails or not other.emails:
        return False
    places = {organisations.read(name) for name in one.organisations}
    return places.isdisjoint(organisations.read(name) for name in other.organisations)


def _is_one_place(one: Record, other: Record) -> bool:
    return any(organisations.same_organisation(*pair) for pair in product(one.organisations, other.organisations))


def _places(record: Record) -> set[str]:
    return {key for name in record.organisations for key in organisations.keys(name)}


def clusters(records: Sequence[Record]) -> Clusters:
    """Put together what joins by itself, the surest first, and ask about the rest. Each pair is looked at once."""
    joined = _Groups(records)
    found = ((same_person(records[first], records[second]), first, second) for first, second in _candidates(records))
    worth = sorted((one for one in found if one[0].answer != Answer.OTHER), key=lambda one: (-one[0].score, *one[1:]))
    asked = []
    for joining, first, second in worth:
        if joining.answer == Answer.ASK or not joined.join(first, second, by_name=joining.is_by_name):
            asked.append(Question(first, second, joining.reasons))
    return Clusters(joined.groups(), _open(chain(asked, _bare(records, joined)), joined))


def _bare(records: Sequence[Record], joined: "_Groups") -> Iterator[Question]:
    """Records with nothing but a name, each with the only group that is called so."""
    bare = [index for index, record in enumerate(records) if not any((*record.ways, record.organisations))]
    by_key = defaultdict(list)
    for index, record in enumerate(records if bare else ()):
        for key in names.keys(record.name):
            by_key[key].append(index)
    for index in bare:
        namesakes = {}
        for other in sorted({other for key in names.keys(records[index].name) for other in by_key[key]} - {index}):
            if names.match(records[index].name, records[other].name).is_strong:
                namesakes.setdefault(joined.root(other), other)
        namesakes.pop(joined.root(index), None)
        if len(namesakes) == 1:
            first, second = sorted((index, *namesakes.values()))
            reasons = names.match(records[first].name, records[second].name).reasons
            yield Question(first, second, (*reasons, Reason.NO_OTHER))


def _open(asked: Iterable[Question], joined: "_Groups") -> list[Question]:
    """The questions that are not answered by others, one for each pair of groups."""
    left = {}
    for question in asked:
        pair = frozenset((joined.root(question.first), joined.root(question.second)))
        if len(pair) == 2:
            left.setdefault(pair, question)
    return list(left.values())


def _candidates(records: Sequence[Record]) -> Iterator[tuple[int, int]]:
    """The pairs that share an address, a telephone, or an organisation and a key of the name."""
    by_way, by_place = defaultdict(list), defaultdict(list)
    for index, record in enumerate(records):
        for way in chain((("@", one) for one in record.emails), (("+", one) for one in record.phones)):
            by_way[way].append(index)
        for place in product(_places(record), names.keys(record.name)):
            by_place[place].append(index)
    blocks = chain((few for few in by_way.values() if _is_of_few(few, records)), by_place.values())
    return iter(dict.fromkeys(pair for block in blocks for pair in _pairs(block, records)))


def _is_of_few(block: Iterable[int], records: Sequence[Record]) -> bool:
    return len({records[index].name for index in block}) <= SHARED_BY


def _pairs(block: list[int], records: Sequence[Record]) -> Iterable[tuple[int, int]]:
    """All pairs of a block; of a long one only its names with each other, and rows of one name with the next."""
    if len(block) <= LONG:
        return combinations(block, 2)
    firsts, following, last = {}, [], {}
    for index in block:
        name = records[index].name
        firsts.setdefault(name, index)
        if name in last:
            following.append((last[name], index))
        last[name] = index
    return chain(following, combinations(islice(firsts.values(), LONG), 2))


class _Groups:
    """Union-find over the records that remembers every name and card of a group."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._parents = list(range(len(records)))
        self._names = [{record.name} for record in records]
        self._cards = [set() if record.card is None else {record.card} for record in records]
        self._ways = [(set(record.emails), set(record.phones)) for record in records]

    def root(self, index: int) -> int:
        while (parent := self._parents[index]) != index:
            self._parents[index] = index = self._parents[parent]
        return index

    def join(self, first: int, second: int, *, by_name: bool) -> bool:
        """Make one group of two; refused where a name of one contradicts a name of the other.

        By name alone two groups are not joined that have different telephones: they are namesakes. Nor are they by
        a mailbox, where each has another one besides.
        """
        kept, dropped = sorted((self.root(first), self.root(second)))
        if kept == dropped:
            return True
        if len(self._cards[kept] | self._cards[dropped]) > 1:
            return False
        are_two = _are_namesakes if by_name else _is_mailbox_of_two
        if are_two(self._ways[kept], self._ways[dropped]):
            return False
        if any(_contradict(*pair) for pair in product(self._names[kept], self._names[dropped])):
            return False
        self._parents[dropped] = kept
        self._names[kept] |= self._names[dropped]
        self._cards[kept] |= self._cards[dropped]
        for one, other in zip(self._ways[kept], self._ways[dropped], strict=True):
            one |= other
        return True

    def groups(self) -> list[list[int]]:
        found = defaultdict(list)
        for index in range(len(self._parents)):
            found[self.root(index)].append(index)
        return list(found.values())


def _contradict(one: str, other: str) -> bool:
    return _verdict(one, other).contradicts
