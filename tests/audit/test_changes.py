from datetime import date

import pytest
from django.utils.translation import gettext_lazy, override

from audit.changes import Text, difference, masked, snapshot, storable
from crm.models import Contact


def test_difference_holds_what_differs_and_nothing_else():
    assert difference({"city": "Хорог", "kind": "partner"}, {"city": "Душанбе", "kind": "partner"}) == {
        "city": ["Хорог", "Душанбе"]
    }


def test_what_is_missing_on_one_side_is_none_there():
    assert difference({"a": 1}, {"b": 2}) == {"a": [1, None], "b": [None, 2]}


def test_text_fields_are_kept_as_their_length():
    before = snapshot(Contact(note="Тайна"), ["note"])
    after = snapshot(Contact(note="Секрет"), ["note"])

    assert difference(before, after) == {"note": [{"characters": 5}, {"characters": 6}]}


def test_another_text_of_the_same_length_is_a_change():
    assert difference({"body": Text("один")}, {"body": Text("пять")}) == {
        "body": [{"characters": 4}, {"characters": 4}]
    }


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (date(2026, 2, 1), "2026-02-01"),
        ("x" * 121, {"characters": 121}),
        ("x" * 120, "x" * 120),
        (["reader@navid.test"], ["r•••r@n•••.test"]),
        pytest.param({"b", "a"}, ["a", "b"], id="a set"),
        ({"kind": ("one",)}, {"kind": ["one"]}),
        (gettext_lazy("Journalist"), "Журналист"),
        (Contact(name="Умар"), "Умар"),
        (Text(""), ""),
    ],
    ids=repr,
)
def test_every_value_can_be_stored(value, stored):
    with override("ru"):
        assert storable(value) == stored


@pytest.mark.parametrize(
    ("plain", "hidden"),
    [
        ("пишите на subhi@chashma.test!", "пишите на s•••i@c•••.test!"),
        ("s•••i@chashma.test", "s•••i@c•••.test"),
        ("s•••i@c•••.test", "s•••i@c•••.test"),
        ("почта@навид.тҷ", "п•••а@н•••.тҷ"),
        ("+992 93 000-00-47", "•••47"),
        ("тел. 930000047", "тел. •••47"),
        ("93 000 00 47", "•••47"),
        ("2026-02-01", "2026-02-01"),
        ("412 писем за 2026 год", "412 писем за 2026 год"),
        ("e3b0c44298fc1c149afbf4c8996fb924", "e3b0c44298fc1c149afbf4c8996fb924"),
    ],
)
def test_ways_to_reach_are_masked_wherever_they_stand(plain, hidden):
    assert masked(plain) == hidden
