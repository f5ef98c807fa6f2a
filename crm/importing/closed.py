"""What stands in columns that know only a few values, with what each is read as and how often it is there. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable

from core.text import clean

from . import kinds, languages
from .headers import Mapping
from .reader import Sheet

_READ: dict[str, Callable[[str], str]] = {
    "languages": lambda cell: languages.read(cell)[0],
    "kind": kinds.read,
    "sensitivity": kinds.level,
}
_SHOWN, _LONGEST = 12, 60


def values(sheets: Iterable[Sheet], mappings: Iterable[Mapping]) -> list[dict[str, object]]:
    """For each such column its most frequent values as [text, what it is read as, how often], the rest as a number."""
    by_name = {sheet.name: sheet for sheet in sheets}
    return [
        _column(by_name[mapping.sheet], mapping, column.index, column.title, column.field)
        for mapping in mappings
        if mapping.is_used
        for column in mapping.columns
        if column.field in _READ
    ]


def _column(sheet: Sheet, mapping: Mapping, index: int, title: str, field: str) -> dict[str, object]:
    cells = (row[index] for row in sheet.rows[mapping.first :] if index < len(row))
    counts = Counter(text for cell in cells if (text := clean(cell)[:_LONGEST]))
    shown = [[text, _READ[field](text), count] for text, count in counts.most_common(_SHOWN)]
    return {"title": title, "field": field, "values": shown, "others": len(counts) - len(shown)}
