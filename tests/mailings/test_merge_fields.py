import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailings.merge_fields import OFFERED, fill, nearest, split, unknown_fields, without_default


@pytest.mark.parametrize("field", ["{имя|коллеги}", "{ном|коллеги}", "{name|коллеги}", "{ Имя | коллеги }"])
def test_fill_takes_a_field_by_its_name_in_any_language(field):
    assert fill(split(f"Здравствуйте, {field}!"), {"name": "Ғайрат"}) == "Здравствуйте, Ғайрат!"


def test_fill_says_the_default_where_there_is_no_value():
    assert fill(split("Здравствуйте, {имя|коллеги}!"), {"name": ""}) == "Здравствуйте, коллеги!"


def test_fill_never_reads_a_value_again():
    assert fill(split("{name}"), {"name": "{full name}", "full_name": "x"}) == "{full name}"


def test_fill_escapes_values_but_not_the_text_around_them():
    assert fill(split("<b>{name}</b>"), {"name": "<i>"}, lambda value: value.replace("<", "&lt;")) == "<b>&lt;i></b>"


@pytest.mark.parametrize("hostile", ["{{ settings.SECRET_KEY }}", "{% include 'x' %}", "{contact.organisation}", "{0}"])
def test_text_that_looks_like_a_template_goes_out_as_it_is(hostile):
    assert fill(split(hostile), {"name": "x"}) == hostile


def test_unknown_fields_are_named_as_typed():
    assert unknown_fields("{имя|x} {отчество} {phone|y}") == ["{отчество}", "{phone|y}"]


def test_without_default_names_fields_that_may_leave_a_hole():
    assert without_default("{имя} {name|x}") == ["name"]


@given(st.text())
def test_split_loses_no_literal_text_without_fields(text):
    if not unknown_fields(text) and len(split(text)) == 1:
        assert fill(split(text), {}) == text


@pytest.mark.parametrize(
    ("typed", "language", "meant"),
    [
        ("{имяя|коллеги}", "ru", "{имя|коллеги}"),
        ("{Имия}", "ru", "{имя}"),
        ("{обрашение}", "ru", "{обращение}"),
        ("{номм|ҳамкорон}", "tg", "{ном|ҳамкорон}"),
        ("{хитоп}", "tg", "{хитоб}"),
        ("{nmae}", "en", "{name}"),
        ("{ful name|colleagues}", "en", "{full name|colleagues}"),
        ("{адрес для писем}", "ru", ""),
    ],
)
def test_the_field_that_was_probably_meant_is_named(typed, language, meant):
    assert nearest(typed, language) == meant


@pytest.mark.parametrize("language", ["ru", "tg", "en"])
def test_every_field_of_the_menu_is_one(language):
    assert [unknown_fields(field) for field in OFFERED[language]] == [[], [], []]
