"""Rows of addresses and numbers: what a browser sends is what was shown."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from core.text import clean
from crm.actions.contacts import TypedWay
from crm.forms.ways import EmailsField, PhonesField, Read, Row, WayRows
from crm.states import Messenger

texts = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=20)
rows = st.builds(
    Row,
    text=texts,
    kind=st.sampled_from(["personal", "work"]),
    is_retired=st.booleans(),
    messengers=st.sets(st.sampled_from(Messenger.values)).map(lambda codes: sorted(codes, key=Messenger.values.index)),
)  # fmt: skip


def received(field, data):
    return field.widget.value_from_datadict(data, {}, "ways")


def posted(found):
    data = QueryDict(mutable=True)
    for key, values in found.items():
        data.setlist(key, values)
    return data


@given(st.lists(rows, max_size=5))
def test_what_is_sent_is_read_back(typed):
    assert received(PhonesField(), posted(WayRows.sent("ways", typed))) == typed


@given(st.lists(rows, max_size=5))
def test_rows_survive_being_carried_by_the_page(typed):
    assert PhonesField.restored(PhonesField.stored(typed)) == typed


@pytest.mark.parametrize("tampered", [[{"nonsense": 1}], ["x"], None, 7])
def test_rows_that_somebody_tampered_with_are_none(tampered):
    assert PhonesField.restored(tampered) == []


@given(st.lists(texts.filter(lambda text: not any(map(str.isdigit, text))), max_size=4))
def test_what_is_no_number_is_kept_to_the_letter(typed):
    read = PhonesField().clean([Row(text=text) for text in typed])

    assert (read.ways, read.unread) == ([], [clean(text) for text in typed if clean(text)])


def test_empty_rows_are_nothing():
    assert EmailsField().clean([Row(text=" "), Row()]) == Read()


def test_a_row_belongs_to_its_address():
    row = Row("umar@navid.test", "work", True)

    assert EmailsField().clean([row]).ways == [TypedWay("umar@navid.test", is_work=True, is_retired=True)]


def test_an_address_typed_twice_is_one():
    assert EmailsField().clean([Row("umar@navid.test"), Row("umar@navid.test")]).texts == ["umar@navid.test"]


@pytest.mark.parametrize("text", ["+992 93 000 11 22", "930001122", "93 00О 11 22", "(+992) 93-000-11-22"])
def test_spellings_of_a_number_are_one_number(text):
    field = PhonesField()

    assert field.compared([Row(text)]) == field.compared([Row("+992930001122")])
