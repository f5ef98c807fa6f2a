"""The three catalogues hold every string, translated, and Django makes the right sentences of them."""

import ast
from datetime import date

import pytest
from django.core.management import call_command
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timesince import timesince

from config import catalogues
from tests.architecture.test_budgets import ROOT, sources


def test_catalogues_are_complete_and_exact():
    call_command("messages", "check")


def test_no_string_to_translate_hides_in_an_f_string():
    """What gathers the strings does not look inside them."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sources()
        for joined in ast.walk(ast.parse(path.read_text()))
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"_", "_t", "gettext", "ngettext", "pgettext"}
    ]

    assert hidden == []


@pytest.mark.parametrize(
    ("month", "tajik"),
    [(1, "январи"), (3, "марти"), (5, "майи"), (8, "августи"), (10, "октябри"), (12, "декабри")],
)
def test_a_tajik_date_has_its_ending(month, tajik):
    with translation.override("tg"):
        assert date_format(date(2026, month, 7), "j E") == f"7 {tajik}"


def test_a_span_of_time_is_tajik():
    with translation.override("tg"):
        assert timesince(date(2026, 5, 4), date(2026, 5, 7)) == "3\xa0рӯз"


def test_a_russian_date_has_its_ending():
    with translation.override("ru"):
        assert date_format(date(2026, 5, 7), "j E") == "7 мая"


@pytest.mark.parametrize(
    ("number", "russian"), [(1, "1 день"), (2, "2 дня"), (5, "5 дней"), (11, "11 дней"), (21, "21 день")]
)
def test_django_keeps_its_own_plural_forms_beside_ours(number, russian):
    with translation.override("ru"):
        assert translation.ngettext("%(num)d day", "%(num)d days", number) % {"num": number} == russian


@pytest.mark.parametrize("number", [1, 2, 5, 11, 21])
def test_our_plural_forms_are_used_for_our_strings(number):
    """Django's Russian has four forms and ours three: each catalogue must count by its own."""
    entry = next(entry for entry in catalogues.read("ru") if entry.msgid_plural and not entry.msgctxt)
    form = 0 if number in {1, 21} else 1 if number == 2 else 2

    with translation.override("ru"):
        said = translation.ngettext(entry.msgid, entry.msgid_plural, number)

    assert said == entry.msgstr_plural[form]
