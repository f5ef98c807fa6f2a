from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.importing import dates


@pytest.mark.parametrize(
    "text",
    ["5 марта", "05.03", "5/3", "5 марти", "5-го марта", "March 5", "5th March", "5 Марта 1980 г.", "05.03.1980",
     "1980-03-05", "5 марти соли 1980", "5 мар."],
)  # fmt: skip
def test_a_birthday_is_read_as_people_type_it(text):
    assert dates.birthday(text) == (5, 3)


@pytest.mark.parametrize("text", ["", "31.04", "30 февраля", "весной", "5", "13.13", "0.1", "1980"])
def test_what_is_no_day_is_not_read(text):
    with pytest.raises(dates.NotADay):
        dates.birthday(text)


def test_the_29th_of_february_is_a_birthday():
    assert dates.birthday("29 февраля") == (29, 2)


@pytest.mark.parametrize("text", ["05.03.2024", "5 марта 2024 г.", "2024-03-05", "5 марти соли 2024", "5 March 2024"])
def test_a_date_has_its_year(text):
    assert dates.day(text) == date(2024, 3, 5)


@pytest.mark.parametrize("text", ["05.03", "30.02.2024", "29.02.2023", "вчера", "", "5 марта 24"])
def test_a_date_that_is_not_whole_is_not_read(text):
    with pytest.raises(dates.NotADay):
        dates.day(text)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_what_the_form_shows_it_reads_back(day):
    assert dates.day(f"{day:%d.%m.%Y}") == day
    assert dates.birthday(f"{day:%d.%m}") == (day.day, day.month)


@given(st.text(max_size=30))
def test_any_text_is_a_day_of_some_year_or_is_refused(text):
    try:
        day, month = dates.birthday(text)
    except dates.NotADay:
        return
    assert date(2000, month, day)
