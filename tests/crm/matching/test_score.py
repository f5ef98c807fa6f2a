"""What speaks for two cards being of one person, and what against."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.matching.score import Person, score
from crm.models.name_key import name_key

KEYS = st.frozensets(st.sampled_from("abc"), max_size=2)
NAMES = st.sampled_from(
    ["Каримов Джамшед", "Jamshed Karimov", "Каримов Дж.", "Каримова Мадина Рустамовна", "Мадина", "Обидов Али", ""]
)
PEOPLE = st.builds(
    Person,
    pk=st.just(1),
    name=NAMES,
    other_names=st.tuples(NAMES),
    former_names=st.tuples(NAMES),
    gender=st.sampled_from(["", "f", "m"]),
    birthday=st.sampled_from([None, (3, 5), (4, 5)]),
    emails=KEYS,
    phones=KEYS,
    organisations=KEYS,
)


def points(first: str, second: str, **both) -> int:
    return score(Person(1, first, **both), Person(2, second, **both)).points


@given(first=PEOPLE, second=PEOPLE)
def test_the_order_of_two_cards_does_not_matter(first, second):
    one, other = score(first, second), score(second, first)

    assert (one.points, [reason.points for reason in one.reasons]) == (
        other.points,
        [reason.points for reason in other.reasons],
    )


@given(first=PEOPLE, second=PEOPLE)
def test_points_are_of_a_hundred_and_reasons_for_come_first(first, second):
    found = score(first, second)
    signs = [reason.speaks_for for reason in found.reasons]

    assert (0 <= found.points <= 100, signs) == (True, sorted(signs, reverse=True))


@given(name=NAMES, other=NAMES, birthday=st.sampled_from([None, (3, 5)]), gender=st.sampled_from(["", "f"]))
def test_a_name_alone_is_never_offered_whatever_else_a_person_is_born_with(name, other, birthday, gender):
    born = {"birthday": birthday, "gender": gender}

    assert not score(Person(1, name, **born), Person(2, other, **born)).is_offered


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Джамшед Каримов", "Jamshed Karimov"),
        ("Каримов Ҷамшед Рустамович", "Джамшед Каримов"),
        ("Қодиров Фирӯз", "Firuz Kadirov"),
        ("Обидов Али", "Абидов Али"),
    ],
)
def test_spellings_of_one_name_at_one_organisation_are_offered(first, second):
    assert points(first, second, organisations=frozenset(["Навид"])) == 50


@pytest.mark.parametrize(
    ("first", "second"),
    [("Каримова Мадина", "Каримова Зебо"), ("Рахимов Шариф", "Назаров Умар"), ("Мадина", "Зебо")],
)
def test_different_people_who_share_a_telephone_are_not_offered(first, second):
    assert points(first, second, phones=frozenset(["p"])) == 5


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Каримова М.", "Мадина Каримова"),
        ("Каримова", "Мадина Каримова"),
        ("М. Каримова", "Каримова Мадина Рустамовна"),
    ],
)
def test_a_part_of_a_name_with_the_same_address_is_offered(first, second):
    assert points(first, second, emails=frozenset(["e"])) == 80


def test_an_initial_of_another_name_is_another_name():
    assert points("Каримова З.", "Мадина Каримова", emails=frozenset(["e"])) == 20


def test_a_brother_and_a_sister_at_one_organisation_are_not_offered():
    here = {"organisations": frozenset(["Навид"])}
    first, second = Person(1, "Каримов Али", gender="m", **here), Person(2, "Каримов Али", gender="f", **here)

    assert score(first, second).points == 0


def test_sons_of_different_fathers_are_not_offered():
    first, second = "Каримов Али Рустамович", "Каримов Али Шарифович"

    assert points(first, second, organisations=frozenset(["Навид"])) == 10


@pytest.mark.parametrize("second", ["Рустамович", "Rustamovich"])
def test_one_father_in_two_scripts_is_one_father(second):
    assert points("Каримов Али Рустамович", f"Каримов Али {second}", emails=frozenset(["e"])) == 90


def test_a_former_surname_speaks_for_one_person():
    now = Person(1, "Назарова Мадина", former_names=("Мадина Каримова",), emails=frozenset(["e"]))
    before = Person(2, "Каримова Мадина", emails=frozenset(["e"]))

    assert [str(reason.points) for reason in score(now, before).reasons] == ["60", "25"]


def test_a_name_in_another_language_counts_as_the_name():
    first = Person(1, "Navid Press Desk", other_names=("Каримов Джамшед",))

    assert score(first, Person(2, "Jamshed Karimov")).points == 30


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Каримов Джамшед Рустамович", "jamshid karimav"),
        ("Jamshed KARIMOV", "jamshid karimav"),
        ("Дж. Каримов", ""),
        ("Мадина", ""),
        ("—", ""),
    ],
)
def test_the_key_of_a_name_is_that_of_all_its_spellings(name, key):
    assert name_key(name) == key
