"""Two names that two letters in each other's place are all that parts."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.matching.names import is_slip, match
from tests.factories import spellings

ONE_PART = {"other-given", "other-surname", "other-father"}
SEEDS = st.integers(0, 10_000).map(Random)


def slipped(name: str, random: Random) -> str:
    """The name with two neighbouring letters of its longest word in each other's place, but for the first."""
    word = max(name.split(), key=len)
    places = [at for at in range(1, len(word) - 1) if word[at : at + 2].isalpha()]
    at = random.choice(places)
    return name.replace(word, f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}", 1)


def parted_by_a_slip(scheme: str, other: str, random: Random) -> tuple[str, str]:
    """Two spellings of one person that agree, the first then mistyped so that one part contradicts.

    A slip that makes another word of several parts at once is not seen as one.
    """
    while True:
        who = spellings.person(random)
        meant, right = spellings.name(who, scheme, random), spellings.name(who, other, random)
        typed = slipped(meant, random)
        if not match(meant, right).contradicts and match(typed, right).reasons[0].value in ONE_PART:
            return typed, right


@given(random=SEEDS, scheme=st.sampled_from(spellings.SCHEMES), other=st.sampled_from(spellings.SCHEMES))
def test_a_slip_anywhere_in_a_long_word_parts_nobody(random, scheme, other):
    assert is_slip(*parted_by_a_slip(scheme, other, random))


@given(random=SEEDS, other=SEEDS)
def test_it_does_not_matter_whose_the_slip_is(random, other):
    one, second = spellings.name(spellings.person(random), "russian", random), slipped("Каримов Джамшед", other)

    assert is_slip(one, second) == is_slip(second, one)


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("Navruzov Earj", "Наврузов Эрадж"),
        ("Alisehr Nazar", "Назар Алишер"),
        ("Сафарова Савриинсо", "Савринисо Сафарова"),
        ("Гафурова Мухабабт", "Гафурова Мухаббат"),
        ("Камалов Мамадшо Толибоивч", "Мамадшо Толибович Камалов"),
        ("Умар Гфауров", "Umar Ghafurov"),
    ],
)
def test_letters_that_are_one_sound_together_may_slip_apart(typed, right):
    assert (match(typed, right).contradicts, is_slip(typed, right)) == (True, True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Каримов Умар", "Каримов Умед"),
        ("Каримов Рустам", "Каримова Рустам"),
        ("Назаров Толиб", "Назриев Толиб"),
        ("Каримов Амир", "Назаров Маир"),
        ("Каримов Али", "Каримов Ила"),
        ("", "Каримов Али"),
    ],
)
def test_what_more_than_a_slip_parts_stays_two(one, other):
    assert not is_slip(one, other)


def test_a_text_of_any_length_is_compared_in_time():
    assert not is_slip("Каримов " * 500 + "Али", "Каримов " * 500 + "Умар")
