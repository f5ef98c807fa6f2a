"""Say which records of one file are about the same person. Pure; the one place where rows are joined."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from core.text import fold

from . import names
from .rows import Record


def clusters(records: Sequence[Record]) -> list[list[int]]:
    """The places of the records, those of one person together: the same address or number, or the same work, and
    names that do not contradict."""
    words = [names.words(record.name) for record in records]
    leader = list(range(len(records)))

    def lead(place: int) -> int:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    for places, is_same in _blocks(records, words):
        for at, one in enumerate(places):
            for other in places[at + 1 :]:
                if lead(one) != lead(other) and is_same(words[one], words[other]):
                    leader[lead(other)] = lead(one)
    found = defaultdict(list)
    for place, record in enumerate(records):
        if not record.refusal:
            found[lead(place)].append(place)
    return list(found.values())


def _blocks(records: Sequence[Record], words: Sequence[frozenset[str]]) -> Iterable[tuple[list[int], object]]:
    by_way, by_work = defaultdict(list), defaultdict(list)
    for place, record in enumerate(records):
        for way in [*map(str.casefold, record.emails), *record.phones]:
            by_way[way].append(place)
        if record.organisation and words[place]:
            by_work[fold(record.organisation), words[place]].append(place)
    yield from ((places, names.is_same) for places in by_way.values())
    yield from ((places, frozenset.__eq__) for places in by_work.values())
