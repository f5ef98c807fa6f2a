"""Read the telephone numbers out of a cell as people in Tajikistan type them. Pure."""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

import phonenumbers

from core import phones

from ..states import Messenger
from .emails import NO_VALUE
from .remarks import Remark

_SEPARATORS = re.compile(r"[;,/|\n\r]+|\s{2,}|(?<!\w)(?:или|ё|or|ва)(?!\w)", re.IGNORECASE)
_LETTER_ZERO = re.compile(
    r"(?:(?<=\d)|(?<=\d[\s(.-])|(?<=[+(]))[ОоOo]+(?![^\W\d_])|(?<![^\W_])[ОоOo]+(?=\d)", re.IGNORECASE
)
_LETTER = re.compile("[ОоOo]")
# Most cells hold one number and nothing that divides it from another.
_ALONE = re.compile(r"(?!.*  )[+(]*\d[\d ().-]*\d")
_NUMBER = re.compile(r"[+(]*\d[\d\s().\-–—]*\d|\d")
_LABEL = re.compile(
    r"(?:тел(?:ефон\w*)?|раб(?:очий)?|моб(?:ильный)?|сот(?:овый)?|гор(?:одской)?|дом(?:ашний)?|факс|tel|phone|mob(?:ile)?|fax|cell|рақам\w*)[.:]*",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"[\W_]*|нет|уточнить|нест|надорад|no|none", re.IGNORECASE)


_MESSENGERS = {
    Messenger.TELEGRAM: re.compile(r"telegram|телеграм|(?<!\w)(?:tg|тг)(?!\w)", re.IGNORECASE),
    Messenger.WHATSAPP: re.compile(r"what'?s?\s?app?|вот?ц?с?ап|ватс?ап|(?<!\w)w/?a(?!\w)", re.IGNORECASE),
    Messenger.VIBER: re.compile(r"viber|вайбер", re.IGNORECASE),
    Messenger.IMO: re.compile(r"(?<!\w)(?:imo|имо)(?!\w)", re.IGNORECASE),
}
_TAJIKISTAN = phonenumbers.PhoneMetadata.metadata_for_region("TJ")
# Most numbers of a list are these; the library takes a tenth of a millisecond for each.
_OF_TAJIKISTAN = re.compile(
    rf"(?=9\d{{8}}|37)(?:{_TAJIKISTAN.fixed_line.national_number_pattern}|{_TAJIKISTAN.mobile.national_number_pattern})"
)
_NO_DIGIT = re.compile(r"\D")
_ONLY_MESSENGERS = re.compile(
    r"[\s().и+&]*(?:(?:telegram|телеграмм?|тг|tg|what'?s?\s?app?|вот?ц?с?ап|ватс?ап|viber|вайбер|imo|имо)[\s().и+&]*)+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2}")
_EXTENSION = re.compile(r"(?:доб\w*|вн(?:утр\w*)?|ext)\.?\s*(\d{1,5})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """One number with how it was typed, what was repaired, and what the words behind it say."""

    typed: str
    number: str
    is_repaired: bool = False
    messengers: tuple[str, ...] = ()
    extension: str = ""


@dataclass(slots=True)
class Phones:
    """Numbers in international form, what could not be read, and remarks on both."""

    numbers: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    judged: list[Number] = field(default_factory=list, compare=False)


def read(cell: str) -> Phones:
    """Every number of the cell; every other text that means something is in `unread`, never dropped."""
    found = Phones()
    if _ALONE.fullmatch(cell) and (numbers := _numbers(cell)):
        _take(found, cell, numbers)
        return found
    typed = NO_VALUE.sub(" ", cell.replace("\xa0", " "))
    text = _LETTER_ZERO.sub(lambda zeros: "0" * len(zeros[0]), typed) if _LETTER.search(typed) else typed
    if text != typed:
        found.remarks.append(Remark("letter-zero", cell.strip()))
    for part in _SEPARATORS.split(text):
        _read_part(part.strip(), found)
    return found


def has_number(cell: str) -> bool:
    return bool(read(cell).numbers)


def _read_part(part: str, found: Phones) -> None:
    if found.judged and _ONLY_MESSENGERS.fullmatch(part):
        # «93 000 11 22 WhatsApp, Telegram»: the comma divides no numbers.
        found.judged[-1] = _described(found.judged[-1], part)
        found.unread.append(f"{found.judged[-1].typed} {part}")
        return
    rest, end = [], 0
    for match in _NUMBER.finditer(part):
        before = part[end : match.start()]
        numbers = _numbers(match[0])
        if not numbers:
            continue
        rest.append(before)
        end = match.end()
        _take(found, match[0], numbers)
    rest.append(part[end:])
    if end and _WORD.search(part):
        found.judged[-1:] = [_described(one, part) for one in found.judged[-1:]]
    left = " ".join(" ".join(_LABEL.sub(" ", text) for text in rest).split()).strip(" .:;()-")
    if left and not _NOTHING.fullmatch(left):
        # «93 000 11 22 (WhatsApp)»: the words say something of this number, so the note has both.
        found.unread.append(part if end else left)
        if end == 0 or re.search(r"\d{5}", re.sub(r"\D", "", left)):
            found.remarks.append(Remark("bad-phone", left))


def _take(found: Phones, typed: str, numbers: tuple[tuple[str, bool], ...]) -> None:
    for number, is_guessed in numbers:
        if number not in found.numbers:
            found.numbers.append(number)
            found.judged.append(Number(typed, number, is_guessed))
            if is_guessed:
                found.remarks.append(Remark("city-phone", number))


def _described(number: Number, part: str) -> Number:
    """The number with the messengers and the extension that the words beside it name."""
    messengers = tuple(str(messenger) for messenger, word in _MESSENGERS.items() if word.search(part))
    extension = _EXTENSION.search(part)
    return replace(
        number,
        messengers=tuple(dict.fromkeys([*number.messengers, *messengers])),
        extension=extension[1] if extension else number.extension,
    )


@lru_cache(maxsize=32_768)
def _numbers(typed: str) -> tuple[tuple[str, bool], ...]:
    """The one number in the text, or the two that a single space divides."""
    whole = _number(typed)
    if whole:
        return (whole,)
    pieces = typed.split()
    for cut in range(1, len(pieces)):
        first, second = _number(" ".join(pieces[:cut])), _number(" ".join(pieces[cut:]))
        if first and second:
            return (first, second)
    return ()


def _national(digits: str, typed: str) -> str:
    """The nine digits of a number of Tajikistan in one of its usual forms, "" for any other."""
    if len(digits) == 7 and "+" not in typed:
        digits = f"37{digits}"
    elif len(digits) == 12 and digits.startswith("992"):
        digits = digits[3:]
    elif "+" in typed:
        return ""
    return digits if _OF_TAJIKISTAN.fullmatch(digits) else ""


def _number(typed: str) -> tuple[str, bool] | None:
    """The number in E.164 and whether the city code had to be added."""
    digits = _NO_DIGIT.sub("", typed)
    if national := _national(digits, typed):
        return f"+992{national}", len(digits) == 7
    if not 7 <= len(digits) <= 17:
        return None
    try:
        number = phones.parse(typed)
    except phones.NotAPhone:
        return None
    if not phonenumbers.is_valid_number(phonenumbers.parse(number)):
        return None
    return number, len(digits) == 7
