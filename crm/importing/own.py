"""Read the rows of a list we exported to the letter: nothing is guessed there, and nothing repaired. Pure."""

import re
from dataclasses import replace

from core import addresses
from core import phones as numbers
from core.text import clean, clean_lines

from ..states import Unreadable
from . import emails, exported, kinds, languages, phones, rows
from .headers import Mapping
from .legend import Legend
from .reader import Sheet
from .remarks import Remark
from .rows import Record, Skipped

_BETWEEN = re.compile(r"[,;\s]+")
_READ = (
    "name",
    "given_name",
    "organisation",
    "title",
    "emails",
    "phones",
    "kind",
    "languages",
    "city",
    "sensitivity",
)
_E164 = re.compile(r"\+\d{5,19}")


def read(sheet: Sheet, mapping: Mapping, meanings: Legend | None = None) -> tuple[list[Record], list[Skipped]]:
    """Every row below the header is either a record or skipped, ours and those somebody added, in their order."""
    if mapping.ours is None:
        return rows.read(sheet, mapping, meanings)
    codes = {index: code for index, row in enumerate(sheet.rows) if (code := mapping.ours.code(row))}
    ours = [_record(sheet.rows[index], index + 1, code, mapping) for index, code in codes.items()]
    added = replace(sheet, rows=[[] if index in codes else row for index, row in enumerate(sheet.rows)])
    theirs, skipped = rows.read(added, mapping, meanings)
    return sorted([*ours, *theirs], key=lambda record: record.number), skipped


def _record(row: list[str], number: int, code: tuple[str, int], mapping: Mapping) -> Record:
    record = Record(mapping.sheet, number, code=code)
    cells = {
        name: [exported.unescaped(row[index]) if index < len(row) else "" for index in mapping.of(name)]
        for name in _READ
    }
    first = {name: clean(next(filter(None, texts), "")) for name, texts in cells.items()}
    record.name, record.given_name, record.city = first["name"], first["given_name"][:100], first["city"]
    notes: list[str] = []
    _read_positions(record, cells)
    _read_ways(record, cells, notes)
    record.kind, record.sensitivity = kinds.read(first["kind"]), kinds.level(first["sensitivity"])
    record.languages, unread = languages.read(first["languages"])
    if first["kind"] and not record.kind:
        record.remarks.append(Remark("bad-kind", first["kind"]))
        notes.append(first["kind"])
    if unread:
        record.remarks.append(Remark("bad-language", ", ".join(unread)))
        notes.append(first["languages"])
    rows.shorten(record, notes)
    record.note = _note(row, mapping, notes)
    return rows.judged(record)


def _read_positions(record: Record, cells: dict[str, list[str]]) -> None:
    """The first organisation with its position, and the further ones."""
    titles = [*map(clean, cells["title"]), *[""] * len(cells["organisation"])]
    pairs = [pair for pair in zip(map(clean, cells["organisation"]), titles, strict=False) if any(pair)]
    if pairs:
        (record.organisation, record.title), *rest = pairs
        record.positions = [(organisation[:200], title[:200]) for organisation, title in rest]


def _read_ways(record: Record, cells: dict[str, list[str]], notes: list[str]) -> None:
    """Addresses and numbers as they stand; what is none of ours is read as in any list."""
    for token in filter(None, _BETWEEN.split(" ".join(cells["emails"]))):
        if address := _address(token):
            record.emails.append(address)
            continue
        read = emails.read(token)
        record.emails.extend(read.addresses)
        record.remarks.extend(read.remarks)
        rows.leave(record, Unreadable.EMAIL, read, "", notes)
    for token in filter(None, map(str.strip, re.split(r"[,;\n]", "\n".join(cells["phones"])))):
        if _is_number(token):
            record.phones.append(token)
            continue
        read = phones.read(token)
        record.phones.extend(read.numbers)
        record.remarks.extend(read.remarks)
        rows.leave(record, Unreadable.PHONE, read, "", notes)
    record.emails, record.phones = list(dict.fromkeys(record.emails)), list(dict.fromkeys(record.phones))


def _address(token: str) -> str:
    """The address as it is stored, "" if this is none. Nothing is repaired: «'a@b.tj» is an address too."""
    try:
        return addresses.normalise(token)
    except addresses.NotAnAddress:
        return ""


def _is_number(token: str) -> bool:
    try:
        return bool(_E164.fullmatch(token) and numbers.parse(token))
    except numbers.NotAPhone:
        return False


def _note(row: list[str], mapping: Mapping, notes: list[str]) -> str:
    """The note with its lines, put together where it was too long for one cell; then what else is kept in it."""
    ours, added = [], []
    for index in mapping.of("note"):
        if index < len(row) and row[index]:
            is_ours = index < len(mapping.ours.fields) and mapping.ours.fields[index] == "note"
            (ours if is_ours else added).append(exported.unescaped(row[index]))
    texts = [clean_lines("".join(ours)), *map(clean_lines, added), *notes]
    return "\n".join(dict.fromkeys(filter(None, texts)))
