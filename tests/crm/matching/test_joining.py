"""Which records are put together by themselves, and which are asked about."""

from dataclasses import replace
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.matching.joining import Answer, Question, Record, clusters, same_person
from crm.matching.names import match
from crm.matching.reasons import Reason
from tests.factories import spellings


def record(name: str, emails: str = "", phones: str = "", organisation: str = "", card=None) -> Record:
    places = frozenset([organisation]) if organisation else frozenset()
    return Record(name, frozenset(emails.split()), frozenset(phones.split()), places, card)


KARIMOV = record("Каримов Джамшед", "k@navid.test", "1", "газета «Навид»")


@pytest.mark.parametrize(
    ("other", "answer", "reasons"),
    [
        (
            record("Jamshed Karimov", "k@navid.test"),
            Answer.SAME,
            (Reason.SAME_ADDRESS, Reason.SAME),
        ),
        (record("Каримов Дж.", phones="1"), Answer.SAME, (Reason.SAME_PHONE, Reason.INITIAL)),
        (record("Ҷамшед Каримзода", "k@navid.test"), Answer.SAME, (Reason.SAME_ADDRESS, Reason.REFORMED)),
        (record("Jamshed Karimov", organisation="Navid newspaper"), Answer.SAME, (Reason.SAME, Reason.SAME_PLACE)),
        (record("Каримов Дж.", organisation="газета «Навид»"), Answer.ASK, (Reason.INITIAL, Reason.SAME_PLACE)),
        (record("Джамшед", "k@navid.test"), Answer.ASK, (Reason.SAME_ADDRESS, Reason.PART)),
        (
            record("Каримов Джамшед", "other@mail.test", "2", "газета «Навид»"),
            Answer.ASK,
            (Reason.SAME, Reason.SAME_PLACE),
        ),
        (
            record("Каримов Джамшед", "other@mail.test", organisation="газета «Навид»"),
            Answer.SAME,
            (Reason.SAME, Reason.SAME_PLACE),
        ),
        (
            record("Джамшед Каримзода", "z@mail.test", "1", "Минюст"),
            Answer.ASK,
            (Reason.SAME_PHONE, Reason.REFORMED),
        ),
        (
            record("Назаров Умар", "k@navid.test", "1"),
            Answer.ASK,
            (Reason.SAME_ADDRESS, Reason.SAME_PHONE, Reason.OTHER),
        ),
        (record("Назаров Умар", "k@navid.test"), Answer.OTHER, (Reason.SAME_ADDRESS, Reason.OTHER)),
        (record("Каримова Мадина", phones="1"), Answer.OTHER, (Reason.SAME_PHONE, Reason.OTHER_GENDER)),
        (record("Каримов Джамшед"), Answer.OTHER, (Reason.SAME,)),
        (record("Каримов Дажмшед", "k@navid.test"), Answer.SAME, (Reason.SAME_ADDRESS, Reason.SLIPPED)),
        (record("Каримов Джамшед", organisation="журнал «Навид»"), Answer.OTHER, (Reason.SAME,)),
    ],
)
def test_what_speaks_for_two_records_being_one_person(other, answer, reasons):
    found = same_person(KARIMOV, other)

    assert (found.answer, found.reasons) == (answer, reasons)


def test_an_organisation_called_in_short_joins_nobody_with_another_mailbox():
    full = record("Каримов Али", "a@navid.test", organisation="ОФ «Навид — мир права» (Хучанд)")
    short = record("Каримов Али", "b@navid.test", organisation="БҶ «Навид»")

    assert (same_person(full, short).answer, same_person(full, replace(short, emails=frozenset())).answer) == (
        Answer.ASK,
        Answer.SAME,
    )


OWN = record("Каримов Джамшед", "k@navid.test k1@mail.test", "1", "газета «Навид»")


@pytest.mark.parametrize(
    ("other", "answer"),
    [
        (record("Каримов Джамшед", "k@navid.test k2@mail.test", "2"), Answer.ASK),
        (record("Каримов Джамшед", "k@navid.test k2@mail.test"), Answer.SAME),
        (record("Каримов Джамшед", "k@navid.test k2@mail.test", "1 2"), Answer.SAME),
        (record("Каримов Джамшед", "k@navid.test", "2"), Answer.SAME),
        (record("Каримов Джамшед", "k@navid.test k1@mail.test", "2"), Answer.SAME),
    ],
)
def test_a_mailbox_joins_nobody_who_has_another_one_and_another_telephone(other, answer):
    assert same_person(OWN, other).answer == answer


def test_a_third_row_does_not_join_them_either():
    rows = [OWN, record("Каримов Джамшед", "k@navid.test"), record("Каримов Джамшед", "k@navid.test k2@mail.test", "2")]

    assert [{frozenset(group) for group in clusters(rows).groups}] == [{frozenset({0, 1}), frozenset({2})}]


def test_people_with_a_mailbox_each_at_work_are_colleagues_of_one_name():
    one, other = (
        replace(record("Каримов Али", address, organisation="газета «Навид»"), at_work=frozenset([address]))
        for address in ("a.karimov@navid.test", "ali@navid.test")
    )

    assert (same_person(one, other).answer, same_person(one, replace(other, at_work=frozenset())).answer) == (
        Answer.ASK,
        Answer.SAME,
    )


def test_a_name_with_nothing_else_is_asked_about_where_one_person_alone_is_called_so():
    bare, known = record("Karimov Jamshed"), [KARIMOV, record("Джамшед Каримов", "k@navid.test")]

    found = clusters([bare, *known])

    assert (found.groups, found.questions) == (
        [[0], [1, 2]],
        [Question(0, 1, (Reason.SAME, Reason.NO_OTHER))],
    )


@pytest.mark.parametrize(
    "others",
    [
        [KARIMOV, record("Каримов Джамшед", "other@mail.test", "7", "Минюст")],
        [record("Каримов Дж.", "k@navid.test")],
        [record("Каримова Джамиля", "k@navid.test")],
        [],
    ],
)
def test_of_several_namesakes_or_of_none_nothing_is_asked(others):
    assert clusters([record("Каримов Джамшед"), *others]).questions == []


def test_records_are_put_together_through_others():
    found = clusters(
        [
            record("Каримов Джамшед", "a@navid.test"),
            record("Назаров Умар", "u@navid.test"),
            record("Jamshed Karimov", "a@navid.test", "1"),
            record("Каримов Дж.", phones="1"),
        ]
    )

    assert (found.groups, found.questions) == ([[0, 2, 3], [1]], [])


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_nobody_joins_two_names_that_contradict(order):
    records = [
        record("Каримов Али Рустамович", "a@navid.test"),
        record("Каримов Али", "a@navid.test b@navid.test"),
        record("Каримов Али Шарифович", "b@navid.test"),
    ]

    found = clusters([records[index] for index in order])

    groups = [{records[order[index]].name for index in group} for group in found.groups]
    assert ([len(group) for group in groups].count(1), len(groups), len(found.questions)) == (1, 2, 1)


def test_two_cards_are_never_put_together_but_both_may_be_asked_about():
    found = clusters([record("Каримов Али", "a@navid.test", card=1), record("Каримов Али", "a@navid.test", card=2)])

    assert (found.groups, found.questions) == ([[0], [1]], [Question(0, 1, (Reason.SAME_ADDRESS, Reason.SAME))])


def test_a_row_joins_the_card_it_is_of():
    found = clusters([record("Каримов Али", "a@navid.test", card=1), record("Ali Karimov", "a@navid.test")])

    assert found.groups == [[0, 1]]


def test_namesakes_of_one_organisation_stay_two_though_a_third_row_says_little():
    found = clusters(
        [
            record("Каримов Али", "a@navid.test", "1", "газета «Навид»"),
            record("Каримов Али", "b@navid.test", "2", "газета «Навид»"),
            record("Каримов Али", organisation="газета «Навид»"),
        ]
    )

    assert (found.groups, [(asked.first, asked.second) for asked in found.questions]) == ([[0, 2], [1]], [(0, 1)])


def test_a_mailbox_of_many_people_joins_nobody_by_itself():
    people = [f"{family}ов Али" for family in spellings.FATHERS[:13]]
    found = clusters([record(name, "info@navid.test") for name in [*people, *people]])

    assert len(found.groups) == 26


@given(seed=st.integers(0, 500))
def test_every_record_is_in_one_group_and_no_group_contradicts_itself(seed):
    random = Random(seed)
    people = [spellings.person(random) for _person in range(4)]
    records = [
        record(
            spellings.name(random.choice(people), random.choice(spellings.SCHEMES), random),
            random.choice(["", "a", "b", "a b"]),
            random.choice(["", "1", "2"]),
            random.choice(["", "МВД", "газета «Навид»"]),
        )
        for _record in range(8)
    ]

    groups = clusters(records).groups

    names = [[records[index].name for index in group] for group in groups]
    contradicting = [(one, two) for group in names for one in group for two in group if match(one, two).contradicts]
    assert (sorted(index for group in groups for index in group), contradicting) == (list(range(8)), [])


def test_a_list_pasted_over_and_over_is_one_person():
    found = clusters([record("Каримов Али", "a@navid.test", "1", "МВД")] * 3_000)

    assert (len(found.groups), found.questions) == (1, [])


def test_a_place_of_very_many_namesakes_is_answered_in_time():
    rows = [record("Каримов Али", f"{index}@navid.test", str(index), "МВД") for index in range(3_000)]

    assert len(clusters(rows).groups) == 3_000
