"""Turn vCards (2.1, 3.0, 4.0) into the rows of a table as we export it, so that they are imported like any list. Pure.

The grammar is vobject's. Before that, what it would cut or stumble over is put right: texts in quoted-printable, as
Android and Outlook write them, commas that nobody escaped, pictures.
"""

import quopri
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

import vobject

from .delimited import NotText, decode
from .exported import HEADINGS, KINDS, LANGUAGE_NAMES, LEVELS, MARK, MAX_CELL, escaped

# What our own cards say beside the standard: the mark of the export, the number of the contact, who it is, how kept.
MARK_KEY, NUMBER_KEY, KIND_KEY, LEVEL_KEY = "X-PAYOM-EXPORT", "X-PAYOM-NUMBER", "X-PAYOM-KIND", "X-PAYOM-ACCESS"

_ENGLISH = 2
_NAME = re.compile(r"(?:[\w-]+\.)?([\w-]+)", re.ASCII)
_STRUCTURED = {"N", "ORG", "ADR"}
_BINARY = {"PHOTO", "LOGO", "SOUND", "KEY"}
_CODED = re.compile(r";(?:ENCODING=)?QUOTED-PRINTABLE|;CHARSET=[^;:]*", re.IGNORECASE)
_CHARSET = re.compile(r";CHARSET=\"?([\w-]+)", re.IGNORECASE)
# A sign that divides, with no backslash of its own before it.
_COMMA, _COMMA_OR_SEMICOLON = (re.compile(rf"(?<!\\)((?:\\\\)*)([{signs}])") for signs in (",", ",;"))
# What has no column of its own goes to the note, each with its word.
_NOTED = {
    "NICKNAME": "Прозвище",
    "BDAY": "День рождения",
    "ROLE": "Роль",
    "URL": "Сайт",
    "CATEGORIES": "Группы",
    "IMPP": "Мессенджер",
    "X-TELEGRAM": "Telegram",
    "X-WHATSAPP": "WhatsApp",
    "X-VIBER": "Viber",
    "X-SKYPE": "Skype",
}


@dataclass
class _Card:
    """The cells of one card."""

    number: str = ""
    mark: str = ""
    name: str = ""
    given_name: str = ""
    kind: str = ""
    positions: list[tuple[str, str]] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    languages: str = ""
    city: str = ""
    postal_address: str = ""
    sensitivity: str = ""
    note: str = ""

    @property
    def is_ours(self) -> bool:
        return bool(MARK.fullmatch(self.mark) and self.number.isdecimal())


def rows(data: bytes, most: int) -> list[list[str]]:
    """A header and one row a card, up to `most` cards. Raises NotText where there is no card."""
    cards = []
    for lines in _cards(decode(data)):
        cards.append(_card(lines))
        if len(cards) > most:
            break
    if not cards:
        raise NotText
    return _table(cards)


def _table(cards: list[_Card]) -> list[list[str]]:
    """The columns of our export. Of somebody else's card nothing is escaped: its row is read as in any list."""
    places = max([1, *(len(card.positions) for card in cards)])
    words = {name: texts[_ENGLISH] for name, texts in HEADINGS.items()}
    places_heading = [
        f"{words[name]}{f' {index + 1}' if index else ''}"
        for index in range(places)
        for name in ("organisation", "title")
    ]
    before = ("number", "name", "given_name", "kind")
    after = ("emails", "phones", "languages", "city", "postal_address", "sensitivity", "note", "mark")
    header = [*(words[name] for name in before), *places_heading, *(words[name] for name in after)]
    return [header, *(_row(card, places) for card in cards)]


def _row(card: _Card, places: int) -> list[str]:
    positions = [*card.positions, *[("", "")] * (places - len(card.positions))]
    texts = [
        *(card.name, card.given_name, card.kind),
        *(text for position in positions for text in position),
        *(", ".join(card.emails), ", ".join(card.phones), card.languages, card.city, card.postal_address),
        *(card.sensitivity, card.note),
    ]
    if card.is_ours:
        texts = map(escaped, texts)
    return [card.number, *(text[:MAX_CELL] for text in texts), card.mark]


def _cards(text: str) -> Iterator[list[str]]:
    """The lines of each card between BEGIN and END; one that was never ended ends where the next begins."""
    lines: list[str] | None = None
    for line in _logical(text):
        bare = re.sub(r"\s", "", line).upper()
        if bare == "BEGIN:VCARD":
            if lines:
                yield lines
            lines = []
        elif bare == "END:VCARD":
            if lines is not None:
                yield lines
            lines = None
        elif lines is not None:
            lines.append(line)
    if lines:
        yield lines


def _logical(text: str) -> Iterator[str]:
    """Lines as they were before they were folded: at a space (3.0), or at «=» in quoted-printable (2.1)."""
    whole: str | None = None
    for line in re.split(r"\r\n|\r|\n", text):
        if whole is not None and _goes_on(whole):
            whole = f"{whole}\n{line}"
        elif whole and line[:1] in {" ", "\t"}:
            whole += line[1:]
        else:
            if whole:
                yield whole
            whole = line
    if whole:
        yield whole


def _goes_on(line: str) -> bool:
    """Whether a text in quoted-printable ends in a soft break."""
    return line.endswith("=") and "QUOTED-PRINTABLE" in line.partition(":")[0].upper()


def _card(lines: list[str]) -> _Card:
    """What a card says. One that cannot be read at all is a row that says so with its own words."""
    text = "\n".join(["BEGIN:VCARD", *filter(None, map(_plain, lines)), "END:VCARD"])
    try:
        card = vobject.readOne(text, ignoreUnreadable=True)
    except Exception:  # Whatever a broken card raises, the others are read.
        return _Card(note="; ".join(lines)[:MAX_CELL])
    return _filled(card)


def _plain(line: str) -> str:
    """The line in plain text, with every sign escaped that does not divide; nothing for a picture."""
    head, colon, value = _split(line)
    named = _NAME.match(head)
    if not colon or not named or (name := named[1].upper()) in _BINARY:
        return ""
    pieces = re.split(r"(?<!\\);", value) if name in _STRUCTURED else [value]
    if "QUOTED-PRINTABLE" in head.upper():
        charset = _CHARSET.search(head)
        # What was coded is text to the letter: a comma or a semicolon in it never divided anything.
        pieces = [_without_breaks(_decoded(piece, charset and charset[1])) for piece in pieces]
        pieces = [_COMMA_OR_SEMICOLON.sub(r"\1\\\2", piece) for piece in pieces]
    else:
        unescaped = _COMMA if name in _STRUCTURED else _COMMA_OR_SEMICOLON
        pieces = [unescaped.sub(r"\1\\\2", piece) for piece in pieces]
    return f"{_CODED.sub('', head)}:{';'.join(pieces)}"


def _split(line: str) -> tuple[str, str, str]:
    """Name and parameters, the colon, the value. A colon within quotes is none."""
    found = re.match(r"((?:[^\":]|\"[^\"]*\")*)(:)(.*)", line, re.DOTALL)
    return found.groups() if found else (line, "", "")


def _decoded(text: str, charset: str | None) -> str:
    """Text from quoted-printable. Some programs indent the lines of a broken text, within a letter even."""
    kept, indented = text.replace("=\n", ""), re.sub(r"=\n[ \t]*", "", text)
    for encoding in [charset] if charset else ["utf-8", "cp1251"]:
        for joined in (kept, indented):
            with suppress(LookupError, UnicodeDecodeError):
                return quopri.decodestring(joined.encode()).decode(encoding)
    return quopri.decodestring(kept.encode()).decode(errors="replace")


def _without_breaks(text: str) -> str:
    return re.sub(r"\r\n|\r|\n", r"\\n", text)


def _filled(card: vobject.base.Component) -> _Card:
    found = _Card(
        number=_first(card, NUMBER_KEY),
        mark=_first(card, MARK_KEY),
        kind=_word(KINDS, _first(card, KIND_KEY)),
        sensitivity=_word(LEVELS, _first(card, LEVEL_KEY)),
        positions=_positions(card),
        emails=[re.sub(r"^mailto:", "", text, flags=re.IGNORECASE) for text in _texts(card, "EMAIL")],
        phones=[re.sub(r"^tel:|;.*", "", text, flags=re.IGNORECASE) for text in _texts(card, "TEL")],
        languages=_languages(card),
        city=next((address.city for address in _values(card, "ADR") if address.city), ""),
        postal_address=next(_addresses(card), ""),
    )
    parts = next(iter(_values(card, "N")), None)
    family, given, middle = (parts.family, parts.given, parts.additional) if parts else ("", "", "")
    found.name, found.given_name = _first(card, "FN"), given
    notes = _texts(card, "NOTE")
    if not found.is_ours:
        # What is shown may be turned round, «Ҷамшед Холов»; where both parts are there, ours is surname first.
        found.name = (
            " ".join(filter(None, [family, given, middle])) if family and given else found.name or family or given
        )
        notes += _noted(card)
    found.note = "\n".join(notes)
    return found


def _values(card: vobject.base.Component, name: str) -> list:
    return [line.value for line in card.contents.get(name.lower(), [])]


def _texts(card: vobject.base.Component, name: str) -> list[str]:
    return [text for value in _values(card, name) if (text := _flat(value).strip())]


def _first(card: vobject.base.Component, name: str) -> str:
    return next(iter(_texts(card, name)), "")


def _flat(value: object) -> str:
    return ", ".join(filter(None, map(_flat, value))) if isinstance(value, list) else str(value)


def _word(words: dict[str, tuple[str, ...]], code: str) -> str:
    return words[code][_ENGLISH] if code in words else code


def _positions(card: vobject.base.Component) -> list[tuple[str, str]]:
    """Organisation with position, by group (`item1.ORG`) or else by order; a department belongs to the position."""
    titles = list(card.contents.get("title", []))
    found = []
    for line in card.contents.get("org", []):
        title = next((title for title in titles if title.group == line.group), None)
        if title:
            titles.remove(title)
        organisation, *departments = [*map(_flat, line.value), ""]
        words = [title.value if title else "", *departments]
        found.append((organisation, ", ".join(filter(None, words))))
    return [*found, *(("", title.value) for title in titles)]


def _languages(card: vobject.base.Component) -> str:
    lines = sorted(card.contents.get("lang", []), key=lambda line: line.params.get("PREF", ["999"])[0].zfill(3))
    codes = [line.value.partition("-")[0].lower() for line in lines]
    return ", ".join(_word(LANGUAGE_NAMES, code) for code in codes)


def _noted(card: vobject.base.Component) -> list[str]:
    lines = [f"{word}: {text}" for name, word in _NOTED.items() for text in _texts(card, name)]
    further = (", ".join(address.split("\n")) for address in islice(_addresses(card), 1, None))
    return [*lines, *(f"Адрес: {text}" for text in further)]


def _addresses(card: vobject.base.Component) -> Iterator[str]:
    """Postal addresses as lines of an envelope, without the town, which has a column of its own."""
    for address in _values(card, "ADR"):
        parts = [address.box, address.extended, address.street, address.code, address.region, address.country]
        if text := "\n".join(filter(None, map(_flat, parts))):
            yield text
