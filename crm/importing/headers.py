"""Find the row that names the columns, wherever it stands, and say what each column holds. Pure."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property

from core.text import fold

from . import emails, exported, phones
from .reader import Sheet
from .vocabulary import ALIASES, ONLY_WHOLE, SHEET_KINDS

FIELDS = tuple(
    [
        "name",
        "surname",
        "given_name",
        "patronymic",
        "organisation",
        "title",
        "emails",
        "phones",
        "contacts",
        "kind",
        "languages",
        "city",
        "postal_address",
        "sensitivity",
        "note",
        "salutation",
        "greetings",
        "invitations",
        "mailings",
        "sent",
        "ignore",
    ]
)
# Who or how to reach: without one of these a row of words is not a header of a contact list.
_TELLING = {"name", "surname", "given_name", "organisation", "emails", "phones", "contacts"}
_SEVERAL = {"emails", "phones", "contacts", "note", "ignore", ""}
_MAX_TITLE = 80
_SAMPLES = 3
_ADDRESSEES = {fold("кому"), fold("ба кӣ")}
_LOOKED_AT = 60


@dataclass(frozen=True)
class Column:
    """One column of the file: its title, a few of its values, the field it goes to ("" while nobody knows)."""

    index: int
    title: str
    samples: tuple[str, ...] = ()
    field: str = ""
    confidence: float = 0.0

    @property
    def is_known(self) -> bool:
        return bool(self.field)


@dataclass(frozen=True)
class Mapping:
    """How one sheet is read: `first` is the index of the row below the header, `why_not` a code if it is left out."""

    sheet: str
    first: int = 0
    columns: tuple[Column, ...] = ()
    is_used: bool = True
    why_not: str = ""
    # Who is on the sheet, where its name tells (Contact.Kind); "" is what was said of the whole file.
    kind: str = ""
    titles: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    # Set for a list we exported: its rows are read to the letter.
    ours: exported.Layout | None = None

    def stored(self) -> dict[str, object]:
        """What the page of the columns needs, in a form that can be kept."""
        columns = [asdict(column) for column in self.columns]
        return {"sheet": self.sheet, "is_used": self.is_used, "why_not": self.why_not, "kind": self.kind} | {
            "columns": columns
        }

    @classmethod
    def restored(cls, kept: dict) -> "Mapping":
        columns = tuple(Column(**column | {"samples": tuple(column["samples"])}) for column in kept["columns"])
        return cls(**kept | {"columns": columns})

    def of(self, *fields: str) -> list[int]:
        if fields not in self._places:
            self._places[fields] = [column.index for column in self.columns if column.field in fields]
        return self._places[fields]

    @cached_property
    def ways(self) -> list[Column]:
        """The columns with addresses and telephones."""
        return [column for column in self.columns if column.field in {"emails", "phones", "contacts"}]

    @cached_property
    def heads(self) -> frozenset[tuple[int, str]]:
        """The titles with their columns, as every row of the header has them."""
        return frozenset(place for titles in self.titles for place in enumerate(titles))

    @cached_property
    def _places(self) -> dict[tuple[str, ...], list[int]]:
        """Asked for each cell of each row."""
        return {}

    @cached_property
    def is_addressed(self) -> bool:
        """Whether the list says whom cards go to, so that names may stand in the dative."""
        return any(column.field == "name" and _words(column.title) in _ADDRESSEES for column in self.columns)

    @property
    def known(self) -> int:
        return sum(column.is_known for column in self.columns)


def match(title: str, known: dict[str, str] = ALIASES, only_whole: set[str] = ONLY_WHOLE) -> tuple[str, float]:
    """The field a column title names in Russian, Tajik or English, and how sure that is; ("", 0.0) for no field."""
    if len(title) > _MAX_TITLE:
        return "", 0.0
    if title.strip() in {"№", "#"}:
        return "ignore", 1.0
    whole, bare = _words(title), _words(re.sub(r"\(.*?\)", " ", title))
    for phrase in (whole, bare):
        if phrase in known:
            return known[phrase], 1.0
    found = [
        (at, -len(alias), alias)
        for alias in known
        if alias not in only_whole and (at := _position(alias, bare)) is not None
    ]
    if not found:
        return "", 0.0
    at, _length, alias = min(found)
    return known[alias], 0.8 if at == 0 else 0.6


def _words(title: str) -> str:
    return fold(re.sub(r"[^\w]+", " ", title))


def _position(alias: str, phrase: str) -> int | None:
    """How many characters stand before the alias in the phrase, both taken as whole words."""
    at = f" {phrase} ".find(f" {alias} ")
    return None if at < 0 else at


def read(sheet: Sheet) -> Mapping:
    """The mapping guessed for a sheet: from its header, else from what the cells look like."""
    if ours := exported.layout(sheet.rows):
        return _exported(sheet, ours)
    best = _header_rows(sheet)
    if best is None:
        return _without_header(sheet)
    first, titles = best
    width = max(len(row) for row in sheet.rows)
    joined = [" ".join(dict.fromkeys(filter(None, column))) for column in _columns(titles, width)]
    lowest = [next((text for text in reversed(column) if text), "") for column in _columns(titles, width)]
    columns = [_column(sheet, first, index, joined[index], lowest[index]) for index in range(width)]
    columns = _settle([column for column in columns if column.title or column.samples])
    return _judged(sheet, Mapping(sheet.name, first, tuple(columns), titles=tuple(tuple(row) for row in titles)))


def _exported(sheet: Sheet, ours: exported.Layout) -> Mapping:
    """The mapping of a list we exported: its headings are known. A column that somebody added is guessed."""
    columns = []
    for index, (title, name) in enumerate(zip(sheet.rows[ours.header], ours.fields, strict=True)):
        column = _column(sheet, ours.header + 1, index, title, title)
        if name:
            name = "ignore" if name in {"number", "mark"} else name
            samples = tuple(map(exported.unescaped, column.samples))
            column = replace(column, field=name, confidence=1.0, samples=samples)
        elif column.field not in _SEVERAL:
            column = replace(column, field="", confidence=0.0)
        columns.append(column)
    columns = [column for column in columns if column.title or column.samples]
    return _judged(sheet, Mapping(sheet.name, ours.header + 1, tuple(columns), ours=ours))


def _columns(titles: list[list[str]], width: int) -> list[list[str]]:
    return [[row[index] if index < len(row) else "" for row in titles] for index in range(width)]


def _header_rows(sheet: Sheet) -> tuple[int, list[list[str]]] | None:
    """The index below the header and the one or two rows it consists of."""
    for index, row in enumerate(sheet.rows):
        if not _is_header(row):
            continue
        titles = [_spread(sheet, index)]
        below = sheet.rows[index + 1] if index + 1 < len(sheet.rows) else []
        if _is_second_row(below):
            return index + 2, [*titles, below]
        return index + 1, titles
    return None


def _is_header(row: list[str]) -> bool:
    filled = [cell for cell in row if cell]
    if len(filled) < 2 or any(emails.has_address(cell) for cell in filled):
        return False
    sure = [matched for matched, confidence in map(match, filled) if confidence >= 0.6 and matched != "ignore"]
    return len(set(sure)) >= 2 and bool(_TELLING & set(sure)) and len(sure) * 3 >= len(filled)


def _is_second_row(below: list[str]) -> bool:
    """Whether the next row too consists of titles: it divides what the first one groups."""
    filled = [cell for cell in below if cell]
    if not filled or any(re.search(r"@|\d{4}", cell) for cell in filled):
        return False
    known = sum(match(cell)[1] >= 0.8 for cell in filled)
    return known >= 2 and known * 2 >= len(filled)


def _spread(sheet: Sheet, index: int) -> list[str]:
    """A title merged across several columns stands over each of them."""
    row = list(sheet.rows[index])
    for top, left, _bottom, right in sheet.merged:
        if top == index and right > left:
            text = row[left] if left < len(row) else ""
            row.extend([""] * (right + 1 - len(row)))
            row[left : right + 1] = [text] * (right + 1 - left)
    return row


def _column(sheet: Sheet, first: int, index: int, title: str, lowest: str) -> Column:
    values = _values(sheet, first, index)
    matched, confidence = match(lowest)
    if not matched:
        matched, confidence = match(title)
    guessed = _looks_like(values)
    # What stands in the cells outweighs a title like «Адрес» or «Контакт».
    if guessed and (not matched or matched == "contacts" or {matched, guessed} == {"emails", "contacts"}):
        matched, confidence = guessed, max(confidence, 0.6)
    return Column(index, title, tuple(dict.fromkeys(values))[:_SAMPLES], matched, confidence)


def _values(sheet: Sheet, first: int, index: int) -> list[str]:
    cells = (row[index] for row in sheet.rows[first:] if index < len(row) and sum(map(bool, row)) > 1)
    return [cell for cell, _count in zip((cell for cell in cells if cell), range(_LOOKED_AT), strict=False)]


def _looks_like(values: list[str]) -> str:
    """A field told by the values alone: most hold an e-mail address, or a telephone number, or both."""
    if not values:
        return ""
    mail = sum(map(emails.has_address, values)) * 2 >= len(values)
    phone = sum(map(phones.has_number, values)) * 2 >= len(values)
    return {(True, True): "contacts", (True, False): "emails", (False, True): "phones"}.get((mail, phone), "")


def _settle(columns: list[Column]) -> list[Column]:
    """One column per field, the surest first; «Имя» beside «Фамилия» is the given name, alone it is the name."""
    fields = {column.field for column in columns}
    has_parts = "surname" in fields
    taken: dict[str, int] = {}
    settled = {}
    for column in sorted(columns, key=lambda one: -one.confidence):
        if column.field == "name" and has_parts and _words(column.title) == "name":
            column = replace(column, field="given_name")
        elif column.field == "given_name" and not has_parts and "name" not in fields:
            column = replace(column, field="name")
        if column.field not in _SEVERAL and taken.setdefault(column.field, column.index) != column.index:
            column = replace(column, field="", confidence=0.0)
        settled[column.index] = column
    return [settled[column.index] for column in columns]


def _without_header(sheet: Sheet) -> Mapping:
    """A list with no titles at all: read by its values, from the first row."""
    width = max((len(row) for row in sheet.rows), default=0)
    columns = [_column(sheet, 0, index, "", "") for index in range(width)]
    if not any(column.field == "emails" or column.field == "contacts" for column in columns):
        return Mapping(sheet.name, is_used=False, why_not="no-header" if sheet.rows else "empty")
    named = next((c for c in columns if not c.field and _looks_like_names(_values(sheet, 0, c.index))), None)
    columns = [replace(c, field="name", confidence=0.5) if c is named else c for c in columns if c.samples]
    return _judged(sheet, Mapping(sheet.name, 0, tuple(_settle(columns))))


def _looks_like_names(values: list[str]) -> bool:
    like = re.compile(r"[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){1,3}")
    return sum(bool(like.fullmatch(value)) and value.istitle() for value in values) * 2 > len(values)


def _judged(sheet: Sheet, mapping: Mapping) -> Mapping:
    """Leave out, until a person decides otherwise, what the eye does not see and what is not a list of names."""
    is_of_greetings = bool(mapping.of("salutation")) and mapping.is_addressed
    why_not = "hidden" if sheet.hidden else "greetings" if is_of_greetings else ""
    return replace(mapping, is_used=not why_not, why_not=why_not, kind=kind_of(sheet.name))


def kind_of(sheet_name: str) -> str:
    """The kind of contacts a sheet of this name holds, "" if the name does not tell."""
    name = f" {_words(sheet_name)}"
    return next(
        (kind for kind, words in SHEET_KINDS.items() if any(_starts(word, name) for word in words.split(","))), ""
    )


def _starts(word: str, name: str) -> bool:
    return f" {_words(word)}" in name


def guess(sheets: list[Sheet]) -> list[Mapping]:
    """The mappings of all sheets that hold anything."""
    return [read(sheet) for sheet in sheets if any(map(any, sheet.rows))]


def chosen(mapping: Mapping, kept: dict | None) -> Mapping:
    """The guess with what a person chose instead: {"use": bool, "columns": {"0": "name"}}, from ImportBatch.mapping."""
    if not kept:
        return mapping
    fields = kept.get("columns", {})
    columns = (replace(column, field=fields.get(str(column.index), column.field)) for column in mapping.columns)
    return replace(
        mapping,
        columns=tuple(columns),
        is_used=bool(kept.get("use", mapping.is_used)),
        kind=kept.get("kind", mapping.kind),
    )


def signature(mappings: list[Mapping]) -> str:
    """The same for lists that have the same sheets and column names, whoever is in them."""
    titles = [[mapping.sheet, *(column.title for column in mapping.columns)] for mapping in mappings]
    return hashlib.sha256(json.dumps(titles).encode()).hexdigest()
