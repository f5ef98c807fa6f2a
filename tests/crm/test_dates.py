from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from crm.dates import NotADate, alone, in_order, parse, period, recent, words
from crm.models import PARTIAL_DATE


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ""),
        (" 2019 ", "2019"),
        ("2019 год", "2019"),
        ("соли 2019", "2019"),
        ("03.2024", "2024-03"),
        ("март 2024", "2024-03"),
        ("Марта 2024 г.", "2024-03"),
        ("марти соли 2024", "2024-03"),
        ("май 2024", "2024-05"),
        ("мая 2024", "2024-05"),
        ("March 2024", "2024-03"),
        ("5.3.2024", "2024-03-05"),
        ("5 марта 2024 г.", "2024-03-05"),
        ("2024-03", "2024-03"),
        ("2024-03-05", "2024-03-05"),
    ],
)
def test_day_month_or_year_is_read_as_people_write_it(typed, read):
    assert parse(typed) == read


@pytest.mark.parametrize("typed", ["вчера", "13.2024", "31.02.2024", "24", "0019", "1.1", "2024-13", "март"])
def test_what_is_no_date_is_refused(typed):
    with pytest.raises(NotADate):
        parse(typed)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from([4, 7, 10]))
def test_what_was_read_is_read_again_the_same(day, length):
    written = day.isoformat()[:length]

    assert (parse(written), bool(PARTIAL_DATE.fullmatch(written))) == (written, True)
    assert parse(".".join(reversed(written.split("-")))) == written


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text):
    try:
        found = parse(text)
    except NotADate:
        return
    assert found == "" or PARTIAL_DATE.fullmatch(found)


def test_a_time_is_told_as_exactly_as_it_is_known():
    with translation.override("en"):
        told = [
            period("2024-03", ""),
            period("2019", "2024"),
            period("2018", "2018"),
            period("2019-03", "2024"),
            period("", "2021"),
            period("", ""),
        ]

    assert told == ["since March 2024", "2019–2024", "2018", "from March 2019 to 2024", "until 2021", ""]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 3, 5), "сегодня"),
        (date(2026, 3, 4), "вчера"),
        (date(2026, 1, 1), "1 января"),
        (date(2025, 12, 31), "31.12.2025"),
    ],
    ids=str,
)
def test_a_day_of_late_is_told_shortly(day, words):
    with translation.override("ru"):
        assert recent(day, today=date(2026, 3, 5)) == words


@pytest.mark.parametrize(
    ("partial", "words"),
    [("2019", "2019"), ("2024-03", "Март 2024"), ("2024-03-05", "5 марта 2024")],
    ids=str,
)
def test_a_date_alone_is_told_as_exactly_as_it_is_known(partial, words):
    with translation.override("ru"):
        assert alone(partial) == words


def test_a_whole_day_is_told_as_a_day():
    with translation.override("en"):
        assert words("2024-03-05") == "5 March 2024"


@pytest.mark.parametrize(
    ("start", "end", "fits"),
    [
        ("2019", "2024", True),
        ("2024-03", "2024", True),
        ("2024", "2024-03", True),
        ("2024-03", "2024-02", False),
        ("", "2024", True),
        ("2024", "", True),
    ],
)
def test_an_end_comes_after_the_beginning(start, end, fits):
    assert in_order(start, end) is fits
