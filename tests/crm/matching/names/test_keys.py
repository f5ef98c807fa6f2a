"""Keys by which names are found that may be one."""

from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.matching.names import keys
from tests.factories import spellings

SEEDS = st.integers(0, 10_000).map(Random)


@given(random=SEEDS)
def test_all_spellings_of_a_name_share_a_key(random):
    family = spellings.family(spellings.person(random), random)

    assert [pair for pair in combinations(family, 2) if not keys(pair[0]) & keys(pair[1])] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Гафуров К.", "Ғафуров Қодир"),
        ("Шарифов Фируз", "Шарифзода Фирӯз"),
        ("Катя Ким", "Ким Екатерина"),
        ("Мирзоҷонов Комил", "Komiljon Mirzojonov"),
        ("Щребаков Сергей", "Щербаков Сергей"),
    ],
)
def test_what_is_less_than_sure_shares_a_key_as_well(one, other):
    assert keys(one) & keys(other) != set()


def test_few_strangers_share_a_key():
    random = Random(5)
    people = [spellings.name(spellings.person(random), random.choice(spellings.SCHEMES), random) for _n in range(400)]
    pairs = list(combinations(people, 2))

    assert sum(bool(keys(one) & keys(other)) for one, other in pairs) / len(pairs) < 0.01


@pytest.mark.parametrize("name", ["", "—", "Мадина"])
def test_one_word_has_no_key(name):
    assert keys(name) == frozenset()
