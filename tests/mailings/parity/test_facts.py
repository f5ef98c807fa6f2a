from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailings.parity import facts
from mailings.parity.numerals import WORDS


def said(language, text):
    return facts(language, "", f"<p>{text}</p>")


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("ru", "1 284 обращения", "1284"),
        ("ru", "1\u00a0284 обращения", "1284"),
        ("en", "1,284 appeals", "1284"),
        ("tg", "1284 муроҷиат", "1284"),
        ("ru", "13-ти человек", "13"),
        ("ru", "12,5 процента", "12.5"),
        ("en", "12.5 per cent", "12.5"),
        ("ru", "3 тыс. человек", "3000"),
        ("en", "1.2 million people", "1200000"),
        ("ru", "1,2 млн человек", "1200000"),
        ("tg", "3 ҳазор нафар", "3000"),
    ],
)
def test_a_number_is_the_same_however_it_is_written(language, text, number):
    assert list(said(language, text).numbers) == [Decimal(number)]


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("ru", "26 июня 2026 года", (26, 6)),
        ("ru", "26-го июня", (26, 6)),
        ("tg", "26 июни соли 2026", (26, 6)),
        ("tg", "26-уми июн", (26, 6)),
        ("en", "26 June 2026", (26, 6)),
        ("en", "June 26th, 2026", (26, 6)),
        ("en", "the 26th of June", (26, 6)),
        ("ru", "26.06.2026", (26, 6)),
        ("ru", "9 мая", (9, 5)),
        ("tg", "9 майи соли 2026", (9, 5)),
        ("en", "9 May", (9, 5)),
        ("ru", "1 марта", (1, 3)),
    ],
)
def test_a_day_is_the_same_in_every_language_and_leaves_no_numbers(language, text, day):
    found = said(language, text)

    assert (list(found.dates), list(found.numbers)) == ([day], [])


def test_days_that_share_a_month_are_each_there():
    texts = [("ru", "10–11 декабря"), ("tg", "10 ва 11 декабр"), ("en", "December 10-11")]

    assert [list(said(*text).dates) for text in texts] == [[(10, 12), (11, 12)]] * 3


def test_times_of_both_clocks_are_one():
    assert list(said("en", "at 2:30 p.m.").times) == list(said("ru", "в 14:30").times) == [(14, 30)]


@pytest.mark.parametrize("written", ["+992 37 123-45-67", "+992 (37) 1234567", "+992371234567"])
def test_a_telephone_number_is_no_number(written):
    found = said("ru", f"Звоните: {written}.")

    assert (list(found.phones), list(found.numbers)) == (["371234567"], [])


def test_money_has_its_currency():
    found = [said("ru", "500 сомони"), said("tg", "500 сомонӣ"), said("en", "500 somoni"), said("en", "$500")]

    assert [list(one.money) for one in found] == [[(500, "TJS")]] * 3 + [[(500, "USD")]]


def test_a_link_is_the_same_in_the_other_language_of_its_site():
    links = [
        list(facts("ru", "", f'<p><a href="{href}">x</a></p>').links)
        for href in ("https://www.example.org/ru/report/", "https://example.org/tg/report", "https://example.org/report?lang=en")
    ]  # fmt: skip

    assert links == [["example.org/report"]] * 3


def test_merge_fields_and_addresses_hold_no_facts():
    found = said("ru", "{имя|24 коллеги} press24@example.org https://example.org/2026/5")

    assert (found.numbers, found.names) == ({}, {})


@pytest.mark.parametrize("language", ["ru", "tg", "en"])
def test_numerals_in_words_are_heard(language):
    for word, number in WORDS[language].items():
        assert Decimal(number) in said(language, f"там {word} там").words


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [("ru", "двадцать пять человек", 25), ("tg", "бисту панҷ нафар", 25), ("en", "two hundred and five", 205),
     ("tg", "сездаҳум", 13), ("en", "twenty-six", 26)],
)  # fmt: skip
def test_numerals_of_several_words_are_added_up(language, text, number):
    assert Decimal(number) in said(language, text).words


@given(st.sampled_from(["ru", "tg", "en"]), st.text(max_size=200))
def test_whatever_is_written_can_be_read(language, text):
    assert facts(language, text, text).headings >= 0
