"""What the colours of a list mean, as its own legend says: «красный — не писать; жёлтый — проверить». Pure."""

import re
from collections.abc import Iterable
from dataclasses import replace

from . import proposals
from .marks import COMMENT, FILL, STRUCK, Mark
from .proposals import Proposal
from .reader import Sheet

Legend = dict[str, str]

_WORDS = {
    "red": "красн|розов|бордов|сурх|red|pink",
    "yellow": "ж[её]лт|зард|yellow",
    "green": "зел[её]н|салатов|сабз|green",
    "blue": "син|голуб|кабуд|обӣ|blue",
    "orange": "оранж|рыж|норанҷ|orange",
    "grey": "сер|хокистар|gr[ea]y",
    "violet": "фиолет|сирен|бунафш|violet|purple",
    STRUCK: "зач[её]рк|перечёркн|перечеркн|хат\\s*зада|struck|strike|crossed",
}
_NAMED = re.compile(
    "|".join(rf"(?P<{name}>(?<!\w)(?:{stems})\w*)" for name, stems in _WORDS.items())
    + r"|(?P<end>[;\n]|\.\s|,\s*(?=[^\W\d_]+\s*[-–—=:]))",
    re.IGNORECASE,
)
_MEANS = re.compile(r"(?:\s+(?:цвет\w*|ранг\w*|заливк\w*|colour|color|фон\w*|текст\w*))?\s*[-–—=:→]+\s*")
# A legend stands above the list or below it.
_ABOVE, _BELOW = 8, 40
# Without a legend a colour says little; red, struck through, is what people use for «no more».
_UNSAID = {"red": 0.3}


def of(sheets: Iterable[Sheet]) -> Legend:
    """The legend of a workbook; the first sheet that explains a colour explains it for all."""
    legend: Legend = {}
    for sheet in sheets:
        for meanings in (_in_words(sheet), _in_colours(sheet)):
            for name, meaning in meanings.items():
                legend.setdefault(name, meaning)
    return legend


def _in_words(sheet: Sheet) -> Legend:
    found: Legend = {}
    edges = sheet.rows[:_ABOVE] + sheet.rows[max(_ABOVE, len(sheet.rows) - _BELOW) :]
    for cell in (cell for row in edges for cell in row if cell):
        for name, meaning in _meanings(cell):
            found.setdefault(name, meaning)
    return found


def _meanings(text: str) -> Iterable[tuple[str, str]]:
    """The names of colours in a text, each with the words between its dash and the next name."""
    places = list(_NAMED.finditer(text))
    for place, after in zip(places, [*places[1:], None], strict=False):
        if place.lastgroup == "end" or not (means := _MEANS.match(text, place.end())):
            continue
        meaning = text[means.end() : after.start() if after else len(text)].strip(" ,.;")
        if meaning:
            yield place.lastgroup, meaning


def _in_colours(sheet: Sheet) -> Legend:
    """Rows of a coloured cell with one text that asks for something, in the cell or beside it."""
    found: Legend = {}
    for index, marks in sheet.marks.items():
        if index >= len(sheet.rows) or _ABOVE <= index < len(sheet.rows) - _BELOW:
            continue
        texts = [cell for cell in sheet.rows[index] if cell]
        names = [value for kind, _columns, value in marks if kind == FILL]
        if len(texts) == len(names) == 1 and proposals.read(texts[0]):
            found[names[0]] = texts[0]
    return found


def read(row: list[str], marks: list[Mark], legend: Legend, named: list[int]) -> list[Proposal]:
    """What the comments, the colour and the strike-through of a row propose; `named` are the columns of the name."""
    found = []
    for kind, columns, value in marks:
        if kind == COMMENT:
            found.extend(replace(one, source="comment") for one in proposals.read(value))
        elif kind == FILL and _covers(row, columns, named):
            found.extend(_of_colour(value, legend))
        elif kind == STRUCK and _covers(row, columns, named):
            found.extend(_of_strike(row, legend))
    return found


def _covers(row: list[str], columns: list[int], named: list[int]) -> bool:
    """Whether a mark is on the person: on the name, or on most of what the row says."""
    if any(column in named and column < len(row) and row[column] for column in columns):
        return True
    filled = {index for index, cell in enumerate(row) if cell}
    return len(filled & set(columns)) * 2 > len(filled)


def _of_colour(colour: str, legend: Legend) -> list[Proposal]:
    if colour in legend:
        said = proposals.read(legend[colour])
        return [replace(one, source="colour", quote=legend[colour], confidence=0.8) for one in said]
    if colour in _UNSAID and not legend:
        everything = proposals.Scope.EVERYTHING
        return [Proposal(proposals.STOP, colour, scope=everything, source="colour", confidence=_UNSAID[colour])]
    return []


def _of_strike(row: list[str], legend: Legend) -> list[Proposal]:
    said = proposals.read(legend.get(STRUCK, "")) or (Proposal(proposals.LEFT, ""),)
    words = legend.get(STRUCK) or " ".join(filter(None, row))[:80]
    return [replace(one, source="strike", quote=words, confidence=0.8 if STRUCK in legend else 0.7) for one in said]
