"""Small lists as people make them, for the tests of the import."""

import io
import zipfile

from openpyxl import Workbook


def xlsx(*rows, merged=(), sheet="Лист1", more=None, hidden=()) -> bytes:
    """A workbook of one sheet, or of several: more={"name": [rows]}."""
    book = Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    for area in merged:
        page.merge_cells(area)
    for name, others in (more or {}).items():
        page = book.create_sheet(name)
        for row in others:
            page.append(row)
        if name in hidden:
            page.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def packed(*members: tuple[str, bytes]) -> bytes:
    """An archive of these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()
