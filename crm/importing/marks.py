"""What a workbook says beside its values: fills, strike-through, comments, hidden rows. Pure, run in the sandbox.

The fast reader of values knows none of these, and the one that does takes minutes for a long list. So the parts are
searched for the few cells whose style is marked, and only the small parts (styles, comments) are parsed.
"""

import colorsys
import posixpath
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator

from lxml import etree

FILL, STRUCK, COMMENT, HIDDEN = "fill", "struck", "comment", "hidden"
# One mark of a row: (kind, columns, value); the value is the name of a colour or the text of a comment.
Mark = tuple[str, list[int], str]
MAX_MARKS = 200_000
MAX_COMMENT = 2_000
_MAX_ROW = 1_048_576

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b(?=[^>]*\shidden=[\"'](?:1|true))[^>]*?\sr=[\"'](\d+)")
_STYLED_CELL = re.compile(rb"<(?:\w+:)?c\s(?=[^>]*\bs=[\"'](\d+))[^>]*?\br=[\"']([A-Z]{1,3})(\d+)")
_PLACE = re.compile(r"([A-Z]{1,3})(\d+)")
_COMMENT_AUTHOR = re.compile(r"^[^\n:]{1,60}:\n")
_THREADED = re.compile(r"^\[[^\]]*\].*?(?:Comment|Комментарий|Примечание):\s*", re.DOTALL)
# The first of Excel's 64 old colours that mean something; the others are shades between.
_INDEXED = {
    2: "FF0000", 3: "00FF00", 4: "0000FF", 5: "FFFF00", 6: "FF00FF", 7: "00FFFF", 10: "FF0000", 11: "00FF00",
    12: "0000FF", 13: "FFFF00", 14: "FF00FF", 15: "00FFFF", 16: "800000", 17: "008000", 18: "000080", 19: "808000",
    22: "C0C0C0", 23: "808080", 26: "FFFFCC", 27: "CCFFFF", 29: "FF8080", 31: "CCCCFF", 34: "FFFF00", 37: "800000",
    40: "00CCFF", 41: "CCFFFF", 42: "CCFFCC", 43: "FFFF99", 44: "99CCFF", 45: "FF99CC", 46: "CC99FF", 47: "FFCC99",
    48: "3366FF", 50: "99CC00", 51: "FFCC00", 52: "FF9900", 53: "FF6600", 55: "969696", 57: "339966", 60: "993300",
}  # fmt: skip
_THEME = ["FFFFFF", "000000", "E7E6E6", "44546A", "4472C4", "ED7D31", "A5A5A5", "FFC000", "5B9BD5", "70AD47"]


def of_excel(archive: zipfile.ZipFile) -> dict[str, dict[int, list[Mark]]]:
    """The marks of every sheet of an .xlsx, by name and row, counted from 0."""
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names:
        return {}
    fills, struck = _styles(archive) if "xl/styles.xml" in names else ({}, set())
    targets = _targets(archive, "xl/workbook.xml")
    found = {}
    for sheet in _parsed(archive, "xl/workbook.xml").iterfind(".//{*}sheets/{*}sheet"):
        part = targets.get(sheet.get(_R), "")
        if part in names:
            rows = _of_part(archive.read(part), fills, struck)
            for row, mark in _comments(archive, part):
                rows[row].append(mark)
            found[sheet.get("name")] = dict(rows)
    return found


def _parsed(archive: zipfile.ZipFile, name: str) -> etree._Element:
    return etree.fromstring(archive.read(name), etree.XMLParser(resolve_entities=False, no_network=True))


def _targets(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """What the relations of a part lead to inside the archive, by id; an outside one is not followed."""
    folder, name = posixpath.split(part)
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in archive.namelist():
        return {}
    return {
        relation.get("Id"): posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:]
        for relation in _parsed(archive, relations)
        if relation.get("TargetMode") != "External"
    }


def _styles(archive: zipfile.ZipFile) -> tuple[dict[bytes, str], set[bytes]]:
    """Which numbers of cell styles have a colour, and which are struck through."""
    styles = _parsed(archive, "xl/styles.xml")
    struck_fonts = [_is_on(font.find("{*}strike")) for font in styles.iterfind("{*}fonts/{*}font")]
    colours = [_fill(fill) for fill in styles.iterfind("{*}fills/{*}fill")]
    fills, struck = {}, set()
    for number, style in enumerate(styles.iterfind("{*}cellXfs/{*}xf")):
        font, fill = int(style.get("fontId", 0)), int(style.get("fillId", 0))
        if fill < len(colours) and colours[fill]:
            fills[b"%d" % number] = colours[fill]
        if font < len(struck_fonts) and struck_fonts[font]:
            struck.add(b"%d" % number)
    return fills, struck


def _is_on(element: etree._Element | None) -> bool:
    return element is not None and element.get("val", "1") not in {"0", "false"}


def _fill(fill: etree._Element) -> str:
    pattern = fill.find("{*}patternFill")
    if pattern is None or pattern.get("patternType") in {None, "none", "gray125"}:
        return ""
    colour = pattern.find("{*}fgColor")
    if colour is None:
        return ""
    if rgb := colour.get("rgb"):
        return colour_name(rgb[-6:])
    if theme := colour.get("theme"):
        return colour_name(_THEME[int(theme)]) if int(theme) < len(_THEME) else ""
    return colour_name(_INDEXED.get(int(colour.get("indexed", 64)), ""))


def colour_name(rgb: str) -> str:
    """What people call a colour of a marker: red, orange, yellow, green, blue, violet, grey; "" for white and black."""
    if not re.fullmatch(r"[0-9A-Fa-f]{6}", rgb):
        return ""
    red, green, blue = (int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, lightness, _saturation = colorsys.rgb_to_hls(red, green, blue)
    strength = max(red, green, blue) - min(red, green, blue)
    if strength < 0.06:
        return "grey" if 0.2 < lightness < 0.97 else ""
    names = ((18, "red"), (42, "orange"), (72, "yellow"), (172, "green"), (258, "blue"), (335, "violet"), (361, "red"))
    return next(name for limit, name in names if hue * 360 < limit)


def _of_part(part: bytes, fills: dict[bytes, str], struck: set[bytes]) -> defaultdict[int, list[Mark]]:
    rows: defaultdict[int, list[Mark]] = defaultdict(list)
    left = MAX_MARKS
    for row in _HIDDEN_ROW.findall(part)[:left]:
        rows[int(row) - 1].append((HIDDEN, [], ""))
    for row, columns in _styled(part, {*fills, *struck}):
        rows[row].extend(_gathered(columns, fills, struck))
        left -= 1
        if left < 0:
            break
    return rows


def _styled(part: bytes, styles: set[bytes]) -> Iterator[tuple[int, list[tuple[int, bytes]]]]:
    """Each row with its cells of these styles."""
    if not styles:
        return
    current, columns = -1, []
    for match in _STYLED_CELL.finditer(part):
        if match[1] not in styles:
            continue
        row = int(match[3]) - 1
        if row != current:
            if columns:
                yield current, columns
            current, columns = row, []
        columns.append((_column(match[2].decode()), match[1]))
    if columns:
        yield current, columns


def _gathered(columns: list[tuple[int, bytes]], fills: dict[bytes, str], struck: set[bytes]) -> list[Mark]:
    by_colour = defaultdict(list)
    for column, style in columns:
        if style in fills:
            by_colour[fills[style]].append(column)
    crossed = [column for column, style in columns if style in struck]
    marks: list[Mark] = [(FILL, places, colour) for colour, places in by_colour.items()]
    return [*marks, (STRUCK, crossed, "")] if crossed else marks


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _comments(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[int, Mark]]:
    for target in _targets(archive, part).values():
        if "/comments" not in target or target not in archive.namelist():
            continue
        for comment in _parsed(archive, target).iterfind(".//{*}comment"):
            place = _PLACE.fullmatch(comment.get("ref", ""))
            text = comment_text("".join(run.text or "" for run in comment.iterfind(".//{*}t")))
            if place and text:
                yield int(place[2]) - 1, (COMMENT, [_column(place[1])], text)


def comment_text(text: str) -> str:
    """The words of a comment without the name of who wrote it and without what Excel says about threads."""
    return _COMMENT_AUTHOR.sub("", _THREADED.sub("", text.strip()))[:MAX_COMMENT].strip()


def of_open_document(archive: zipfile.ZipFile) -> dict[str, dict[int, list[Mark]]]:
    """The marks of every sheet of an .ods."""
    content = _parsed(archive, "content.xml")
    colours, struck = _open_styles(content)
    found = {}
    for table in content.iter(f"{{{_OFFICE}table:1.0}}table"):
        rows, row = {}, 0
        for line in table.iter(f"{{{_OFFICE}table:1.0}}table-row"):
            if marks := _open_marks(line, colours, struck):
                rows[row] = marks
            row += _repeated(line, "rows")
            if row >= _MAX_ROW:
                break
        found[table.get(f"{{{_OFFICE}table:1.0}}name", "")] = rows
    return found


def _open_styles(content: etree._Element) -> tuple[dict[str, str], set[str]]:
    style_ns, fo = f"{{{_OFFICE}style:1.0}}", f"{{{_OFFICE}xsl-fo-compatible:1.0}}"
    colours, struck = {}, set()
    for style in content.iter(f"{style_ns}style"):
        name = style.get(f"{style_ns}name", "")
        cell, text = style.find(f"{style_ns}table-cell-properties"), style.find(f"{style_ns}text-properties")
        if cell is not None and (colour := colour_name(cell.get(f"{fo}background-color", "")[-6:])):
            colours[name] = colour
        if text is not None and text.get(f"{style_ns}text-line-through-style", "none") != "none":
            struck.add(name)
    return colours, struck


def _open_marks(line: etree._Element, colours: dict[str, str], struck: set[str]) -> list[Mark]:
    table = f"{{{_OFFICE}table:1.0}}"
    marks: list[Mark] = []
    if line.get(f"{table}visibility") in {"collapse", "filter"}:
        marks.append((HIDDEN, [], ""))
    by_colour, crossed, column = defaultdict(list), [], 0
    for cell in line.iterfind(f"{table}*"):
        style, note = cell.get(f"{table}style-name", ""), cell.find(f"{{{_OFFICE}office:1.0}}annotation")
        # A style repeated to the edge of the sheet counts once.
        if style in colours:
            by_colour[colours[style]].append(column)
        if style in struck:
            crossed.append(column)
        if note is not None:
            lines = ("".join(words.itertext()) for words in note.iterfind(f"{{{_OFFICE}text:1.0}}p"))
            if text := comment_text("\n".join(lines)):
                marks.append((COMMENT, [column], text))
        column += _repeated(cell, "columns")
    marks.extend((FILL, places, colour) for colour, places in by_colour.items())
    return [*marks, (STRUCK, crossed, "")] if crossed else marks


def _repeated(element: etree._Element, what: str) -> int:
    count = element.get(f"{{{_OFFICE}table:1.0}}number-{what}-repeated", "1")
    return min(int(count), _MAX_ROW) if count.isdigit() else 1
