"""Read a file inside a child process with a ceiling on memory and time: a hostile file can end only this process.

Run as a script: its kind and limits as arguments, the file on standard input, JSON on standard output.
"""

import datetime
import importlib
import io
import json
import re
import sys
import zipfile
from pathlib import Path
from types import ModuleType

MAX_COLUMNS = 60
MAX_SHEETS = 60
# What a cell of Excel holds: a longer one is of no workbook.
MAX_CELL = 32_767
MAX_TEXT = 60_000_000
MEMORY = 1_500_000_000
CPU_SECONDS = 20
# The reader in Rust builds every cell of the rectangle; beyond this the rows are read one by one instead.
MAX_RECTANGLE = 2_000_000

# A cell with a value: one that has only a style is closed at once and costs nothing.
_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\sr=[\"']([A-Z]{1,3})(\d+)[\"'][^>]*(?<!/)>(?!</)")
# In either width of letters.
_DECLARATION = re.compile(rb"<!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E|<!\0?E\0?N\0?T\0?I\0?T\0?Y".replace(b"<!", b"<\0?!\0?"))
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\sref=[\"']([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)")


class TooBig(Exception):
    """The file holds more than is read."""


class NotATable(Exception):
    """The file holds no rows and columns."""


class TooManySheets(Exception):
    """The file holds more sheets than are read: better none of it than a part."""


def main(kind: str, max_rows: int) -> None:
    _limit()
    read = {"workbook": workbook, "table": table, "cards": cards}[kind]
    try:
        sheets = read(sys.stdin.buffer.read(), max_rows)
    except (TooBig, MemoryError):
        json.dump({"error": "too-big"}, sys.stdout)
    except NotATable:
        json.dump({"error": "not-a-table"}, sys.stdout)
    except TooManySheets:
        json.dump({"error": "too-many-sheets"}, sys.stdout)
    except Exception as error:  # Whatever a broken file raises, the parent says one sentence.
        json.dump({"error": "password" if "assword" in type(error).__name__ + str(error) else "broken"}, sys.stdout)
    else:
        json.dump({"sheets": sheets}, sys.stdout, ensure_ascii=True)


def _limit() -> None:
    try:
        import resource  # noqa: PLC0415  Not on Windows.
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def table(data: bytes, max_rows: int) -> list[dict]:
    """The one sheet of a text table, as `workbook` gives its sheets."""
    return _text_rows("delimited", data, max_rows)


def cards(data: bytes, max_rows: int) -> list[dict]:
    """A file of vCards as one sheet."""
    return _text_rows("vcards", data, max_rows)


def _neighbour(module: str) -> ModuleType:
    """A module of this folder, imported under the limits."""
    root = str(Path(__file__).parents[2])
    if root not in sys.path:
        sys.path.append(root)
    return importlib.import_module(f"crm.importing.{module}")


def _text_rows(module: str, data: bytes, max_rows: int) -> list[dict]:
    delimited, read = _neighbour("delimited"), _neighbour(module)
    try:
        rows = read.rows(data, max_rows + 1)
    except delimited.NotText as error:
        raise NotATable from error
    if len(rows) > max_rows:
        raise TooBig
    return [{"name": "", "hidden": False, "rows": rows, "merged": [], "clipped": False}]


def workbook(data: bytes, max_rows: int) -> list[dict]:
    """Sheets as {name, hidden, rows, merged, marks}, every cell a text."""
    if data[:2] == b"PK":
        _refuse_declarations(data)
    in_rust = data[:2] != b"PK" or not _spreads_far(data)
    sheets = _calamine(data, max_rows) if in_rust else _row_by_row(data, max_rows)
    if data[:2] == b"PK":
        _mark(sheets, data)
    if sum(len(cell) for sheet in sheets for row in sheet["rows"] for cell in row) > MAX_TEXT:
        raise TooBig
    return sheets


def _refuse_declarations(data: bytes) -> None:
    """No program writes a document type into a workbook; it is there to declare entities that swell or reach out."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")) and _DECLARATION.search(archive.read(name)):
                raise ValueError(name)


def _mark(sheets: list[dict], data: bytes) -> None:
    """Give each sheet its marks. A workbook without readable styles still has its values."""
    marks = _neighbour("marks")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        read = marks.of_open_document if "content.xml" in archive.namelist() else marks.of_excel
        try:
            found = read(archive)
        except (ValueError, KeyError, SyntaxError):
            return
    for sheet in sheets:
        rows = len(sheet["rows"])
        sheet["marks"] = {row: marks for row, marks in found.get(sheet["name"], {}).items() if row < rows}


def _spreads_far(data: bytes) -> bool:
    """Whether a cell stands so far out that the rectangle up to it would not fit into memory."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(_rectangle(archive.read(name)) > MAX_RECTANGLE for name in _sheet_parts(archive))


def _sheet_parts(archive: zipfile.ZipFile) -> list[str]:
    return [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]


def _rectangle(part: bytes) -> int:
    width = height = 0
    for column, row in _CELL.findall(part):
        width, height = max(width, column_number(column)), max(height, int(row))
    return width * height


def column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _calamine(data: bytes, max_rows: int) -> list[dict]:
    from python_calamine import CalamineWorkbook, SheetVisibleEnum  # noqa: PLC0415  Imported under the limits.

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    if len(book.sheets_metadata) > MAX_SHEETS:
        raise TooManySheets
    sheets = []
    for meta in book.sheets_metadata:
        if "WorkSheet" not in str(meta.typ):
            continue
        sheet = book.get_sheet_by_name(meta.name)
        rows, left = [], max_rows
        for values in sheet.to_python(skip_empty_area=False):
            row = [_text(value) for value in values[:MAX_COLUMNS]]
            rows.append(row)
            left -= any(row)
            if left < 0:
                raise TooBig
        hidden = meta.visible != SheetVisibleEnum.Visible
        merged = [[*first, *last] for first, last in sheet.merged_cell_ranges or []]
        clipped = sheet.total_width > MAX_COLUMNS
        sheets.append({"name": meta.name, "hidden": hidden, "rows": _trim(rows), "merged": merged, "clipped": clipped})
    return sheets


def _row_by_row(data: bytes, max_rows: int) -> list[dict]:
    """The slow way, for a workbook with a stray cell far out: what lies beyond the limits is not read."""
    from openpyxl import load_workbook  # noqa: PLC0415

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    if len(book.sheetnames) > MAX_SHEETS:
        raise TooManySheets
    sheets = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            merged = [
                [int(top) - 1, column_number(left) - 1, int(bottom) - 1, column_number(right) - 1]
                for left, top, right, bottom in _MERGE.findall(archive.read(sheet._worksheet_path))
            ]
            values = sheet.iter_rows(max_col=MAX_COLUMNS, max_row=max_rows, values_only=True)
            rows = _trim([[_text(value) for value in row] for row in values])
            hidden = sheet.sheet_state != "visible"
            sheets.append({"name": sheet.title, "hidden": hidden, "rows": rows, "merged": merged, "clipped": True})
    return sheets


def _trim(rows: list[list[str]]) -> list[list[str]]:
    """Without the empty rows at the end."""
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else ""
        case float() if value.is_integer():
            return str(int(value))
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
    return str(value)[:MAX_CELL].strip()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
