"""Days as people type them: a birthday without its year, and a date. Pure."""

import re
from datetime import date

_STEMS = (
    ("янв", "jan"), ("фев", "feb"), ("мар", "mar"), ("апр", "apr"), ("май", "мая", "маи", "маӣ", "may"), ("июн", "jun"),
    ("июл", "jul"), ("авг", "aug"), ("сен", "sep"), ("окт", "oct"), ("ноя", "nov"), ("дек", "dec"),
)  # fmt: skip
_DAY_MONTH = re.compile(r"(\d{1,2})(?:\s*[./-]\s*|\s+)(\d{1,2})\.?")
_DAY_WORD = re.compile(r"(\d{1,2})(?:-?(?:го|е|th|st|nd|rd|уми|юми))?[\s.,]*([^\W\d_]{3,})\.?")
_WORD_DAY = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{1,2})(?:th|st|nd|rd)?")
_YEAR = re.compile(r"[\s.,/-]*\b((?:19|20)\d\d)\s*(?:г\.?|год\w*|с\.?|соли)?$")
_TAJIK_YEAR = re.compile(r"\s+соли\s+((?:19|20)\d\d)$")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
# A year that has a 29th of February.
_LEAP = 2000


class NotADay(ValueError):
    """The text cannot be read as a day."""


def birthday(text: str) -> tuple[int, int]:
    """Day and month of «5 марта», «05.03», «5 March 1980»: a year is read over. Raises NotADay."""
    typed = text.strip().casefold()
    if iso := _ISO.fullmatch(typed):
        return _checked(int(iso[3]), int(iso[2]))
    return _day_and_month(_without_year(typed)[0])


def day(text: str) -> date:
    """The date of «05.03.2024», «5 марта 2024» or «2024-03-05». Raises NotADay."""
    typed = text.strip().casefold()
    try:
        if iso := _ISO.fullmatch(typed):
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        rest, year = _without_year(typed)
        found, month = _day_and_month(rest)
        return date(year, month, found)
    except ValueError as error:
        raise NotADay(text) from error


def _without_year(typed: str) -> tuple[str, int]:
    """What stands before the year, and the year, 0 if there is none: no date has it."""
    found = _TAJIK_YEAR.search(typed) or _YEAR.search(typed)
    return (typed[: found.start()], int(found[1])) if found else (typed, 0)


def _day_and_month(typed: str) -> tuple[int, int]:
    if found := _DAY_MONTH.fullmatch(typed):
        return _checked(int(found[1]), int(found[2]))
    if found := _DAY_WORD.fullmatch(typed):
        return _checked(int(found[1]), _month(found[2]))
    if found := _WORD_DAY.fullmatch(typed):
        return _checked(int(found[2]), _month(found[1]))
    raise NotADay(typed)


def _month(word: str) -> int:
    return next((number for number, stems in enumerate(_STEMS, start=1) if word.startswith(stems)), 0)


def _checked(day_of_month: int, month: int) -> tuple[int, int]:
    try:
        date(_LEAP, month, day_of_month)
    except ValueError as error:
        raise NotADay(f"{day_of_month}.{month}") from error
    return day_of_month, month
