"""The three catalogues hold every string, translated, and Django makes the right sentences of them."""

from datetime import date

import pytest
from django.core.management import call_command
from django.utils import translation
from django.utils.formats import date_format


def test_catalogues_are_complete_and_exact():
    call_command("messages", "check")


@pytest.mark.parametrize(
    ("month", "tajik"),
    [(1, "январи"), (3, "марти"), (5, "майи"), (8, "августи"), (10, "октябри"), (12, "декабри")],
)
def test_a_tajik_date_has_its_ending(month, tajik):
    with translation.override("tg"):
        assert date_format(date(2026, month, 7), "j E") == f"7 {tajik}"


def test_a_russian_date_has_its_ending():
    with translation.override("ru"):
        assert date_format(date(2026, 5, 7), "j E") == "7 мая"
