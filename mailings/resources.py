"""Tables of a report as CSV, Excel or PDF. What stands in them is text and numbers, never a formula."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from django.utils.translation import get_language
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from core.typesetting import typeset
from crm.importing.exported import escaped
from crm.resources import NO_TEXT, text_cell

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
_SHEET = Path(__file__).parents[1] / "templates" / "mailings" / "report.typ"
# As much as a workbook takes for the name of a sheet.
_LONGEST_NAME = 31
Cell = str | int | float


@dataclass(frozen=True)
class Table:
    """One table as a person sees it: what it is called, its heads, its rows, and how its rates are made."""

    code: str
    title: str
    heads: list[str]
    rows: list[list[Cell]]
    formula: str = ""


def written(tables: Sequence[Table], kind: str, *, title: str, line: str) -> bytes:
    """The file of these tables; of a kind in `TYPES`. CSV holds one table after the other."""
    return {"csv": _csv, "xlsx": _xlsx, "pdf": _pdf}[kind](tables, title, line)


def _csv(tables: Sequence[Table], _title: str, _line: str) -> bytes:
    """Semicolons and a byte order mark, as Excel in Russian expects."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    for number, table in enumerate(tables):
        if len(tables) > 1:
            writer.writerows([[], [_text(table.title)]] if number else [[_text(table.title)]])
        writer.writerow([_text(head) for head in table.heads])
        writer.writerows(
            [_text(cell) if isinstance(cell, str) else _number(cell) for cell in row] for row in table.rows
        )
    return file.getvalue().encode("utf-8-sig")


def _text(text: str) -> str:
    return escaped(NO_TEXT.sub("", text))


def _number(number: float) -> str:
    return f"{number:g}".replace(".", ",")


def _xlsx(tables: Sequence[Table], title: str, _line: str) -> bytes:
    book = Workbook(write_only=True)
    book.properties.title = NO_TEXT.sub("", title)
    for number, table in enumerate(tables, start=1):
        sheet = book.create_sheet(_sheet_name(number, table.title))
        sheet.freeze_panes = "A2"
        sheet.column_dimensions["A"].width = 40
        sheet.append([text_cell(sheet, head, bold=True) for head in table.heads])
        for row in table.rows:
            sheet.append(
                [text_cell(sheet, cell) if isinstance(cell, str) else WriteOnlyCell(sheet, cell) for cell in row]
            )
        if table.formula:
            sheet.append([])
            sheet.append([text_cell(sheet, table.formula)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet_name(number: int, title: str) -> str:
    """A workbook refuses some signs, and two sheets of one name."""
    return f"{number}. {''.join(sign for sign in title if sign not in '[]:*?/' + chr(92))}"[:_LONGEST_NAME]


def _pdf(tables: Sequence[Table], title: str, line: str) -> bytes:
    """On A4. All words go in as data and are shown, never read as markup."""
    content = {
        "title": title,
        "line": line,
        "language": get_language(),
        "tables": [
            {
                "title": table.title,
                "heads": table.heads,
                "rows": [[cell if isinstance(cell, str) else _number(cell) for cell in row] for row in table.rows],
                "formula": table.formula,
            }
            for table in tables
            if table.rows
        ],
    }
    fonts = Path(str(files("fontpkg_source_serif_4"))) / "files"
    return typeset(_SHEET, fonts, content=json.dumps(content, ensure_ascii=False))
