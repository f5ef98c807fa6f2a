"""Matching names: families of spellings from the tables, half of them held out, and a file of labelled pairs.

`PAIRS=FILE.csv make bench-names` measures the columns a, b, same of a file as well.
"""

import csv
import os
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from random import Random
from time import process_time

from crm.matching.names import keys, match
from tests.factories import spellings

from . import Result, at_least

FAMILIES = 500
# Of each family so many pairs of spellings, and as many pairs with another person.
PAIRS = 8

Labelled = tuple[str, str, bool]


def run() -> list[Result]:
    random = Random(20_261_126)
    found = [*_accuracy("families", _families(random)), *_accuracy("families held out", _families(random, True))]
    if path := os.environ.get("PAIRS"):
        found += _accuracy(Path(path).name, _labelled(Path(path)))
    return [*found, *_speed(random)]


def _families(random: Random, held_out: bool = False) -> Iterable[Labelled]:
    for _family in range(FAMILIES):
        who = spellings.person(random, held_out=held_out)
        family = spellings.family(who, random)
        for one, other in random.sample(list(combinations(family, 2)), PAIRS):
            yield one, other, True
        for one in random.sample(family, PAIRS):
            stranger = spellings.other_person(who, random, held_out=held_out)
            yield one, spellings.name(stranger, random.choice(spellings.SCHEMES), random), False


def _labelled(path: Path) -> Iterable[Labelled]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield row["a"], row["b"], row["same"] == "1"


def _accuracy(name: str, pairs: Iterable[Labelled]) -> list[Result]:
    judged = [(not match(one, other).contradicts, same, bool(keys(one) & keys(other))) for one, other, same in pairs]
    right = sum(found and same for found, same, _shared in judged)
    return [
        at_least(f"{name}: precision", right / sum(found for found, _same, _shared in judged), "share", 0.99),
        at_least(f"{name}: recall", right / sum(same for _found, same, _shared in judged), "share", 0.98),
        at_least(
            f"{name}: recall of the keys",
            sum(same and shared for _found, same, shared in judged) / sum(same for _found, same, _shared in judged),
            "share",
            0.99,
        ),
    ]


def _speed(random: Random) -> list[Result]:
    """Names that were never met, of words that were, and pairs of them; in time of the processor."""
    people = [spellings.person(random) for _person in range(20_000)]
    typed = list(dict.fromkeys(_with_initial(who, random) for who in people))
    begun = process_time()
    for name in typed:
        keys(name)
    keyed = process_time()
    for one, other in zip(typed, typed[1:], strict=False):
        match(one, other)
    return [
        at_least("keys", len(typed) / (keyed - begun), "names/s", 20_000),
        at_least("comparisons", len(typed) / (process_time() - keyed), "pairs/s", 3_000),
    ]


def _with_initial(who: spellings.Person, random: Random) -> str:
    name = spellings.name(who, random.choice(spellings.SCHEMES), random)
    return f"{name} {random.choice('АБДЗИКМНРС')}."
