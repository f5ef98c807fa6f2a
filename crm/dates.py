"""Days of which perhaps the month or the year alone is known, kept as ISO 8601 writes them: "2019", "2024-03". Pure."""

import re
from datetime import date, timedelta

from django.utils import dates as calendar
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_POINTS = re.compile(r"(?:(\d{1,2})[./])?(?:(\d{1,2})[./])?(\d{4})")
_NAMED = re.compile(r"(?:(\d{1,2})\s+)?([^\W\d_]+)\s+(?:соли\s+)?(\d{4})")
# What people write around the number of a year.
_YEAR = re.compile(r"^соли\s+|\s*(?:года?|г\.?|с\.?)$", re.IGNORECASE)
_SHORTEST_MONTH = 3
_EARLIEST, _LATEST = 1900, 2100


class NotADate(ValueError):
    """The text cannot be read as a day, a month or a year."""


def parse(text: str) -> str:
    """The ISO form of "2019", "03.2024", "март 2024", "5.03.2024" and "2024-03-05"; "" of nothing. Raises NotADate."""
    typed = _YEAR.sub("", " ".join(text.split()))
    if not typed:
        return ""
    year, month, day = _parts(typed)
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        raise NotADate(text) from error
    if not _EARLIEST <= int(year) <= _LATEST or day and not month:
        raise NotADate(text)
    return "-".join([year, *(f"{int(part):02}" for part in (month, day) if part)])


def _parts(typed: str) -> tuple[str, str | None, str | None]:
    if found := _ISO.fullmatch(typed):
        return found[1], found[2], found[3]
    if found := _POINTS.fullmatch(typed):
        day, month = (found[1], found[2]) if found[2] else (None, found[1])
        return found[3], month, day
    if found := _NAMED.fullmatch(typed):
        return found[3], _month(found[2]), found[1]
    raise NotADate(typed)


def _month(word: str) -> str:
    """The number of a month by its beginning in any language of the interface: «март», «марта», "March", «марти»."""
    word = word.casefold()
    for language in ("ru", "tg", "en"):
        with translation.override(language):
            for number, name in calendar.MONTHS.items():
                forms = {str(name).casefold(), str(calendar.MONTHS_ALT[number]).casefold()}
                if len(word) >= _SHORTEST_MONTH and any(
                    form.startswith(word) or word.startswith(form) for form in forms
                ):
                    return str(number)
    raise NotADate(word)


def words(partial: str) -> str:
    """The date as it stands behind "since": «марта 2024», «2019 года», «5 марта 2024»."""
    known = partial.split("-")
    if len(known) == 1:
        return pgettext("since, until", "%(year)s") % {"year": known[0]}
    if len(known) == 2:
        # The format of a month after "since", by Django's letters: in Russian the genitive, "E Y".
        return date_format(date(int(known[0]), int(known[1]), 1), pgettext("since, until: date format", "F Y"))
    return date_format(date.fromisoformat(partial), "DATE_FORMAT")


def alone(partial: str) -> str:
    """The date as it stands alone: «Март 2024», «2019», «5 марта 2024»."""
    form = {4: "Y", 7: "YEAR_MONTH_FORMAT"}.get(len(partial), "DATE_FORMAT")
    return date_format(date.fromisoformat(f"{partial}-01-01"[:10]), form)


def recent(day: date, *, today: date) -> str:
    """A day of the past, as short as it is still clear: «сегодня», «вчера», «5 марта», «05.03.2024»."""
    if day == today:
        return _("today")
    if day == today - timedelta(days=1):
        return _("yesterday")
    return date_format(day, "j E" if day.year == today.year else "SHORT_DATE_FORMAT")


def period(start: str, end: str) -> str:
    """A time in words: «с марта 2024», «2019–2024», «2018», «до 2021 года»; "" where nothing is known."""
    if start and end:
        if len(start) == len(end) == 4:
            return start if start == end else f"{start}–{end}"
        return _("from %(start)s to %(end)s") % {"start": words(start), "end": words(end)}
    if start:
        return _("since %(date)s") % {"date": words(start)}
    return _("until %(date)s") % {"date": words(end)} if end else ""


def in_order(start: str, end: str) -> bool:
    """Whether one may end then what began then; "2024-03" to "2024" is in order, the year goes on after March."""
    return not start or not end or start <= end or start.startswith(end)
