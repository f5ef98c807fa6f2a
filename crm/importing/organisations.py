"""Read a list of organisations, whatever its shape, into one table that a Resource takes in row by row. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter

from core.text import clean, clean_lines, fold

from . import names, rows
from .headers import Column, Mapping, match
from .organisation_words import KINDS, ONLY_WHOLE, TITLES
from .reader import Sheet
from .remarks import Remark

FIELDS = (
    "name", "kind", "ownership", "languages", "frequency", "press_day", "region", "city", "postal_address", "website",
    "press_unit", "parent", "former_names", "domains", "note",
)  # fmt: skip
CHOICES = (*FIELDS, "ignore")
_SEVERAL = {"former_names", "domains", "note", "ignore", ""}
_LINES = {"postal_address", "note", "former_names", "domains"}
_LOOKED_AT, _SAMPLES = 60, 3
_TEXT = {"name": 200, "city": 100, "postal_address": 300, "press_unit": 200}


@dataclass(frozen=True)
class Row:
    """What one row says of one organisation, its texts as they were typed, and where it stands."""

    sheet: str
    number: int
    texts: dict[str, str]
    remarks: list[Remark] = field(default_factory=list)


@dataclass(frozen=True)
class Table:
    """The rows as django-import-export asks for them: headers, a number of rows, and cells row by row."""

    rows: list[Row]
    skipped: list[rows.Skipped] = field(default_factory=list)
    headers: tuple[str, ...] = FIELDS

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[list[str]]:
        return ([row.texts.get(name, "") for name in FIELDS] for row in self.rows)


def guess(sheets: list[Sheet]) -> list[Mapping]:
    """How each sheet that holds anything is read; one where nothing is called an organisation has no columns."""
    return [_mapping(sheet) for sheet in sheets if any(map(any, sheet.rows))]


def _mapping(sheet: Sheet) -> Mapping:
    header = _header(sheet.rows[:_LOOKED_AT])
    if header is None:
        return Mapping(sheet.name, is_used=False, why_not="no-header")
    row, why_not = sheet.rows[header], "hidden" if sheet.hidden else ""
    columns = _settled([_column(sheet, header, place, title) for place, title in enumerate(row)])
    return Mapping(sheet.name, header + 1, tuple(columns), not why_not, why_not, titles=(tuple(row),))


def _header(found: list[list[str]]) -> int | None:
    """The first row with the name and one thing more; else the first that says "name" in so many words."""
    matched = [[match(cell, TITLES, ONLY_WHOLE) for cell in row if cell] for row in found]
    for index, cells in enumerate(matched):
        known = {name for name, confidence in cells if confidence >= 0.6 and name != "ignore"}
        if "name" in known and len(known) > 1:
            return index
    return next((index for index, cells in enumerate(matched) if ("name", 1.0) in cells), None)


def _column(sheet: Sheet, header: int, index: int, title: str) -> Column:
    values = (clean(row[index]) for row in sheet.rows[header + 1 :] if index < len(row))
    samples = tuple(dict.fromkeys(filter(None, values)))[:_SAMPLES]
    return Column(index, clean(title), samples, *match(title, TITLES, ONLY_WHOLE))


def _settled(columns: list[Column]) -> list[Column]:
    """One column a field, the surest first; the others wait for a person to choose."""
    taken: dict[str, int] = {}
    for column in sorted(columns, key=lambda one: -one.confidence):
        taken.setdefault(column.field, column.index)
    return [
        column if column.field in _SEVERAL or taken[column.field] == column.index else replace(column, field="")
        for column in columns
        if column.title or column.samples
    ]


def table(sheets: list[Sheet], mappings: list[Mapping]) -> Table:
    """The rows of all sheets that are read, each after the organisation that it says it is a part of."""
    by_name = {sheet.name: sheet for sheet in sheets}
    found, skipped = [], []
    for mapping in mappings:
        if mapping.is_used and mapping.of("name"):
            _read(by_name[mapping.sheet], mapping, found, skipped)
    return Table(_parents_first(found), skipped)


def _read(sheet: Sheet, mapping: Mapping, found: list[Row], skipped: list[rows.Skipped]) -> None:
    heading = ""
    cells = rows.filled_down(sheet, mapping)
    for index in range(mapping.first, len(cells)):
        filled = [cell for cell in map(clean, cells[index]) if cell]
        if len(filled) == 1 and len(mapping.columns) > 1 and fold(filled[0]) in KINDS:
            heading = filled[0]
        elif filled and not _is_none(filled, cells[index], mapping):
            found.append(_row(mapping, index + 1, cells[index], heading))
            continue
        if filled:
            skipped.append(rows.Skipped(sheet.name, index + 1, " ".join(filled)[:120]))


def _is_none(filled: list[str], row: list[str], mapping: Mapping) -> bool:
    """A sum, a legend, the header once more, the numbers of the columns."""
    is_footer = len(filled) < 3 and bool(rows.FOOTER.match(filled[0]))
    return is_footer or rows.repeats_header(row, mapping) or rows.numbers_columns(filled)


def _row(mapping: Mapping, number: int, cells: list[str], heading: str) -> Row:
    row = Row(mapping.sheet, number, {})
    notes = []
    for column in mapping.columns:
        if column.field in {"", "ignore"} or names.is_placeholder(clean(cells[column.index])):
            continue
        text, remarks = rows.repaired(cells[column.index])
        row.remarks.extend(remarks)
        text = clean_lines(text) if column.field in _LINES else clean(text)
        if text and column.field == "note":
            notes.append(text if column.confidence == 1 else f"{column.title}: {text}")
        elif text:
            before = row.texts.get(column.field)
            row.texts[column.field] = f"{before}\n{text}" if before else text
    if heading:
        row.texts.setdefault("kind", heading)
    for name, length in _TEXT.items():
        if len(text := row.texts.get(name, "")) > length:
            row.remarks.append(Remark("shortened", f"{text[:60]}…"))
            row.texts[name] = f"{text[: length - 1]}…"
            notes.append(text)
    if notes:
        row.texts["note"] = "\n".join(notes)
    return row


def _parents_first(found: list[Row]) -> list[Row]:
    """So that the one that a row names as what it belongs to is there already; otherwise in the order of the file."""
    places: dict[str, list[int]] = {}
    for place, row in enumerate(found):
        places.setdefault(fold(row.texts.get("name", "")), []).append(place)
    above = [places.get(fold(row.texts["parent"]), []) if "parent" in row.texts else [] for row in found]
    depths: dict[int, int] = {}
    try:
        for place in TopologicalSorter(dict(enumerate(above))).static_order():
            depths[place] = 1 + max((depths[one] for one in above[place]), default=0)
    except CycleError:
        return found
    return [found[place] for place in sorted(depths, key=lambda one: (depths[one], one))]
