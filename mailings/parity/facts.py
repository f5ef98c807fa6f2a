"""What one version of a letter states: each thing once, with the place where it stands first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from ..bodies import Piece, pieces
from .numerals import AND, CURRENCIES, MONTH, MULTIPLIERS, month, value_of

# Names are compared each with each.
_MOST_NAMES = 30
_HREF = re.compile(r'<a\b[^>]*\bhref="([^"]*)"')
_PICTURE = re.compile(r"<img\b[^>]*data-attachment")
_FIELD = re.compile(r"\{[^{}]*\}")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+")
_PHONE = re.compile(r"\+\d[\d\s()‑–-]{7,18}\d|\(\d{2,4}\)[\d\s‑–-]{5,12}\d|\b\d{2,4}[- ]\d{2,3}-\d{2}-?\d{2}\b")
_ORDINAL = r"(?:-?(?:го|е|ое|ум|уми|юм|юми|st|nd|rd|th)\b)?"
_DAYS = rf"(?P<first>\d{{1,2}}){_ORDINAL}(?:\s*(?:[–—-]|и|ва|and|to)\s*(?P<last>\d{{1,2}}){_ORDINAL})?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DATES = [
    re.compile(rf"\b{_DAYS}\s+(?:of\s+)?(?P<month>{MONTH})(?:,?\s+(?:соли\s+)?{_YEAR}\b)?"),
    re.compile(rf"\b(?P<month>{MONTH})\s+{_DAYS}\b(?!:)(?:,?\s+{_YEAR}\b)?"),
    re.compile(rf"\b(?P<first>\d{{1,2}})[./](?P<number>\d{{1,2}})[./]{_YEAR}\b"),
    re.compile(rf"\b{_YEAR}-(?P<number>\d{{2}})-(?P<first>\d{{2}})\b"),
]
# In English it would be a fraction.
_SHORT_DATE = re.compile(r"\b(?P<first>\d{1,2})\.(?P<number>0[1-9]|1[0-2])\b(?![.%]?\d)")
_TIME = re.compile(
    r"\b(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s*(?P<half>[ap])\.?m\b\.?|\b(?P<h>\d{1,2}):(?P<m>\d{2})\b"
)
_BLANK = "[ \u00a0\u202f\u2009]"
_NUMBERS = {
    "en": re.compile(rf"(?<!\w)(?:\d{{1,3}}(?:(?:,|{_BLANK})\d{{3}})+|\d+)(?!\d)(?:\.\d+)?"),
    "": re.compile(rf"(?<!\w)(?:\d{{1,3}}(?:{_BLANK}\d{{3}})+|\d+)(?!\d)(?:[.,]\d+)?"),
}
_WORD = re.compile(r"[^\W\d_]+")
_CAPITAL = "[A-ZА-ЯЁҒӢҚӮҲҶ]"
_NAME = re.compile(
    rf"\b(?:{_CAPITAL}\.\s?){{1,2}}{_CAPITAL}[\w’'-]+|\b{_CAPITAL}[\w’'-]+(?:\s{_CAPITAL}[\w’'-]+){{1,2}}"
)

Day = tuple[int, int]


@dataclass
class Facts:
    """What is stated, each with the number of the block that says it. `words` are numbers that words say."""

    numbers: dict[Decimal, int] = field(default_factory=dict)
    money: dict[tuple[Decimal, str], int] = field(default_factory=dict)
    dates: dict[Day, int] = field(default_factory=dict)
    years: dict[Day, set[int]] = field(default_factory=dict)
    times: dict[tuple[int, int], int] = field(default_factory=dict)
    phones: dict[str, int] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    words: set[Decimal] = field(default_factory=set)
    headings: int = 0
    paragraphs: int = 0
    pictures: int = 0
    # Attached files; whoever asks knows how many there are.
    files: int = 0


def facts(language: str, subject: str, body: str, *, files: int = 0) -> Facts:
    """Read the subject, then the body piece by piece."""
    found = Facts(files=files)
    _read(found, language, subject, 0)
    for piece in pieces(body):
        _count(found, piece)
        for href in _HREF.findall(piece.html):
            found.links.setdefault(_link(unescape(href)), piece.block)
        _read(found, language, piece.text, piece.block)
    return found


def _count(found: Facts, piece: Piece) -> None:
    found.headings += piece.tag in {"h2", "h3"}
    found.paragraphs += piece.tag in {"p", "li", "tr", ""}
    found.pictures += len(_PICTURE.findall(piece.html))


def _link(href: str) -> str:
    """Where a link leads, whatever language of the page it names."""
    parts = urlsplit(href)
    path = "/".join(part for part in parts.path.split("/") if part not in {"ru", "tg", "tj", "en"})
    query = "&".join(f"{name}={value}" for name, value in parse_qsl(parts.query) if name not in {"lang", "language"})
    return f"{parts.netloc.removeprefix('www.')}{path.rstrip('/')}{'?' if query else ''}{query}".casefold()


def _read(found: Facts, language: str, text: str, block: int) -> None:
    """Take one kind after another out of the text, so that the digits of a date are no numbers."""
    text = _ADDRESS.sub(" ", _FIELD.sub(" ", text))
    for name in _names(text):
        found.names.setdefault(name, block)
    text = text.casefold()
    for match in _PHONE.finditer(text):
        found.phones.setdefault("".join(filter(str.isdigit, match[0]))[-9:], block)
    text = _PHONE.sub(" ", text)
    for pattern in _DATES if language == "en" else [*_DATES, _SHORT_DATE]:
        text = pattern.sub(lambda match: _date(found, match, block), text)
    text = _TIME.sub(lambda match: _time(found, match, block), text)
    _numbers(found, language, text, block)
    found.words |= set(_said(language, text))


def _date(found: Facts, match: re.Match, block: int) -> str:
    parts = match.groupdict()
    number = int(parts["number"]) if parts.get("number") else month(parts["month"])
    days = [int(day) for day in (parts["first"], parts.get("last")) if day]
    if number > 12 or any(not 1 <= day <= 31 for day in days):
        return match[0]
    for day in days:
        found.dates.setdefault((day, number), block)
        if parts.get("year"):
            found.years.setdefault((day, number), set()).add(int(parts["year"]))
    return " "


def _time(found: Facts, match: re.Match, block: int) -> str:
    hour, minute = int(match["hour"] or match["h"]), int(match["minute"] or match["m"] or 0)
    if match["half"]:
        hour = hour % 12 + 12 * (match["half"] == "p")
    if hour > 24 or minute > 59:
        return match[0]
    found.times.setdefault((hour, minute), block)
    return " "


def _numbers(found: Facts, language: str, text: str, block: int) -> None:
    for match in _NUMBERS.get(language, _NUMBERS[""]).finditer(text):
        digits = re.sub(_BLANK, "", match[0])
        value = Decimal(digits.replace(",", "" if language == "en" else "."))
        after = text[match.end() :]
        for pattern, times in MULTIPLIERS:
            if multiplier := pattern.match(after):
                value, after = value * times, after[multiplier.end() :]
        near = f"{text[: match.start()][-2:]} {after[:14]}"
        currency = next((code for pattern, code in CURRENCIES if pattern.search(near)), "")
        value = value.normalize() + 0
        if currency:
            found.money.setdefault((value, currency), block)
        else:
            found.numbers.setdefault(value, block)


def _said(language: str, text: str) -> Iterator[Decimal]:
    """Each numeral in words, and the sum of those that stand together: «двадцать пять» says 20, 5 and 25."""
    total = 0
    for word in _WORD.findall(text):
        value = value_of(word, language)
        if value is None:
            if word not in AND:
                total = 0
            continue
        total = total * value if value in {100, 1000} and 0 < total < value else total + value
        yield Decimal(value)
        yield Decimal(total)


def _names(text: str) -> list[str]:
    return [match[0] for match in _NAME.finditer(text)][:_MOST_NAMES]
