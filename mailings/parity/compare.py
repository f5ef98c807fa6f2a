"""Where a translation differs from its source."""

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from crm.matching.names import match
from crm.matching.names.endings import has_certain_ending
from crm.matching.names.sounds import sounds

from .facts import Facts

_TAJIK_CASE = re.compile(r"(?:ро|и)$")
_RUSSIAN_CASE = re.compile(r"(?<=\w{3})(?:ым|ом|ем|ой|у|а|е)\b")
# They end like surnames.
_NO_SURNAMES = ("эътилоф", "коалици")


class Kind(StrEnum):
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    PHONE = "phone"
    NAME = "name"
    LINK = "link"
    PICTURE = "picture"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    FILE = "file"


@dataclass(frozen=True)
class Difference:
    """What only one side says. `block` is where in the translation to look, `source_block` where in the source."""

    kind: Kind
    source: tuple[str, ...]
    translation: tuple[str, ...]
    source_block: int = 0
    block: int = 0


def compare(source: Facts, translation: Facts) -> list[Difference]:
    found = [
        _differ(Kind.NUMBER, source.numbers, translation.numbers, source, translation, _number_is_in, _number),
        _differ(Kind.MONEY, source.money, translation.money, source, translation, _money_is_in, _money),
        _differ(Kind.DATE, source.dates, translation.dates, source, translation, _date_is_in, _date),
        _differ(Kind.TIME, source.times, translation.times, source, translation, _time_is_in, _time),
        _differ(Kind.PHONE, source.phones, translation.phones, source, translation, _phone_is_in, str),
        _differ(Kind.NAME, source.names, translation.names, source, translation, _name_is_in, str),
        _differ(Kind.LINK, source.links, translation.links, source, translation, _link_is_in, str),
        *_counts(source, translation),
    ]
    return [*_other_years(source, translation), *filter(None, found)]


def _differ(
    kind: Kind,
    ours: dict[Hashable, int],
    theirs: dict[Hashable, int],
    source: Facts,
    translation: Facts,
    is_in: Callable[[Hashable, Facts], bool],
    word: Callable[[Hashable], str],
) -> Difference | None:
    missing = [value for value in ours if value not in theirs and not is_in(value, translation)]
    extra = [value for value in theirs if value not in ours and not is_in(value, source)]
    if not missing and not extra:
        return None
    places = [ours[value] for value in missing], [theirs[value] for value in extra]
    first, second = (min(some, default=None) for some in places)
    return Difference(
        kind,
        tuple(map(word, missing)),
        tuple(map(word, extra)),
        first if first is not None else second,
        second if second is not None else first,
    )


def _number_is_in(number: Decimal, other: Facts) -> bool:
    """In words, as an hour, as a year of a date, or beside a currency that the other language leaves out."""
    return (
        number in other.words
        or (number, 0) in other.times
        or any(number in years for years in other.years.values())
        or any(number == amount for amount, _currency in other.money)
    )


def _money_is_in(money: tuple[Decimal, str], other: Facts) -> bool:
    return money[0] in other.numbers or money[0] in other.words


def _date_is_in(_day: tuple[int, int], _other: Facts) -> bool:
    return False


def _time_is_in(time: tuple[int, int], other: Facts) -> bool:
    return time[1] == 0 and (Decimal(time[0]) in other.numbers or time[0] in other.words)


def _phone_is_in(phone: str, other: Facts) -> bool:
    """Written without its code."""
    return any(phone.endswith(known) or known.endswith(phone) for known in other.phones)


def _link_is_in(_link: str, _other: Facts) -> bool:
    return False


def _name_is_in(name: str, other: Facts) -> bool:
    """Any spelling of it. What does not look like a person's name is not looked for: it may be a title."""
    return not _is_of_a_person(name) or any(_is_same(name, known) for known in other.names)


def _is_of_a_person(name: str) -> bool:
    if any(word.startswith(_NO_SURNAMES) for word in name.casefold().split()):
        return False
    words = {word for reading in _readings(name) for word in reading.casefold().split()}
    return "." in name or any(has_certain_ending(sounds(word)) for word in words)


def _is_same(one: str, other: str) -> bool:
    return any(not match(first, second).contradicts for first in _readings(one) for second in _readings(other))


def _readings(name: str) -> set[str]:
    """As it stands, and without what Tajik and Russian put behind a name in a sentence."""
    return {name, _TAJIK_CASE.sub("", name), _RUSSIAN_CASE.sub("", name)}


def _counts(source: Facts, translation: Facts) -> Iterable[Difference]:
    for kind, name in (
        (Kind.PICTURE, "pictures"),
        (Kind.HEADING, "headings"),
        (Kind.PARAGRAPH, "paragraphs"),
        (Kind.FILE, "files"),
    ):
        ours, theirs = getattr(source, name), getattr(translation, name)
        if ours != theirs:
            yield Difference(kind, (str(ours),), (str(theirs),))


def _other_years(source: Facts, translation: Facts) -> Iterable[Difference]:
    for day in source.years.keys() & translation.years.keys():
        if source.years[day] != translation.years[day]:
            years = (source.years[day], translation.years[day])
            words = (tuple(f"{_date(day)}.{year}" for year in sorted(some)) for some in years)
            yield Difference(Kind.DATE, *words, source.dates[day], translation.dates[day])


def _number(number: Decimal) -> str:
    return f"{number:,f}".replace(",", "\u00a0")


def _money(money: tuple[Decimal, str]) -> str:
    return f"{_number(money[0])} {money[1]}"


def _date(day: tuple[int, int]) -> str:
    return f"{day[0]:02}.{day[1]:02}"


def _time(time: tuple[int, int]) -> str:
    return f"{time[0]}:{time[1]:02}"
