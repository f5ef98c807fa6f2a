"""Contacts as a table that the import reads back to the letter, and the table as a CSV or Excel file."""

import csv
import io
import re
from collections.abc import Callable, Sequence

from django.db.models import Manager
from django.utils import timezone
from import_export import fields, resources
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from tablib import Dataset

from core.text import clean_lines

from .importing.exported import HEADINGS, KINDS, LANGUAGE_NAMES, LANGUAGES, LEVELS, MAX_CELL, escaped
from .models import Contact, Export

# What XML cannot hold, and other control characters: nobody meant them, and a file full of them is taken for no text.
NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
# In a workbook «_x0041_» means a letter; this is how it is said that it means itself.
_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_E164 = re.compile(r"\+\d+(?:, \+\d+)*")
_SHEETS = {"ru": "Контакты", "tg": "Тамосҳо", "en": "Contacts"}
_WIDTHS = {"name": 32, "organisation": 30, "title": 24, "emails": 32, "phones": 20, "postal_address": 32, "note": 40}
# Half of what a cell holds: coded letters take nearly twice their room.
_PIECE = MAX_CELL // 2


class ContactResource(resources.Resource):
    """One row a contact, one column a thing; organisations and long notes take as many columns as somebody needs."""

    def __init__(self, contacts: Sequence[Contact], *, mark: str, language: str):
        super().__init__()
        self.word = LANGUAGES.index(language)
        self.mark = mark
        positions = max((len(contact.current_positions) for contact in contacts), default=0)
        pieces = max((len(_pieces(contact.note)) for contact in contacts), default=0)
        self._add("number", lambda contact: str(contact.pk))
        self._add("name", lambda contact: contact.name)
        self._add("given_name", lambda contact: contact.given_name)
        self._add("kind", lambda contact: KINDS[contact.kind][self.word])
        for index in range(max(positions, 1)):
            self._add("organisation", _position(index, lambda position: position.organisation.name), index)
            self._add("title", _position(index, lambda position: position.title), index)
        self._add("emails", lambda contact: _in_use(contact.emails, "address"))
        self._add("phones", lambda contact: _in_use(contact.phones, "number"))
        self._add("languages", self._languages)
        self._add("city", lambda contact: contact.city)
        self._add("postal_address", lambda contact: clean_lines(contact.postal_address))
        self._add("sensitivity", lambda contact: LEVELS[contact.sensitivity][self.word])
        for index in range(max(pieces, 1)):
            self._add("note", _piece(index), index)
        self._add("mark", lambda _contact: self.mark)

    def _add(self, name: str, value: Callable[[Contact], str], index: int = 0) -> None:
        heading = HEADINGS[name][self.word] + (f" {index + 1}" if index else "")
        self.fields[f"{name}_{index}"] = fields.Field(column_name=heading, dehydrate_method=value)

    def _languages(self, contact: Contact) -> str:
        return ", ".join(LANGUAGE_NAMES[code][self.word] for code in contact.language_codes)


def _in_use(ways: Manager, text: str) -> str:
    """Not those that nobody uses any more: a file does not say of any address that it is one of these."""
    return ", ".join(getattr(way, text) for way in ways.all() if not way.is_retired)


def _position(index: int, value: Callable) -> Callable[[Contact], str]:
    def found(contact: Contact) -> str:
        positions = contact.current_positions
        return value(positions[index]) if index < len(positions) else ""

    return found


def _piece(index: int) -> Callable[[Contact], str]:
    return lambda contact: dict(enumerate(_pieces(contact.note))).get(index, "")


def _pieces(note: str) -> list[str]:
    """The note in parts that a cell holds. None begins or ends with a space, which a reader would take away."""
    note, pieces = clean_lines(note), []
    while len(note) > _PIECE:
        end = _PIECE
        while end > 1 and (note[end].isspace() or note[end - 1].isspace()):
            end -= 1
        pieces.append(note[:end])
        note = note[end:]
    return [*pieces, note]


def write(export: Export, contacts: Sequence[Contact], *, language: str) -> bytes:
    """The file of an export."""
    table = ContactResource(contacts, mark=export.mark, language=language).export(contacts)
    return {"csv": _csv, "xlsx": _xlsx}[export.format](table, export, language)


def _csv(table: Dataset, _export: Export, _language: str) -> bytes:
    """Semicolons and a byte order mark, as Excel in Russian expects; cp1251 has no Tajik letters."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerow(table.headers)
    writer.writerows([escaped(NO_TEXT.sub("", cell)) for cell in row] for row in table)
    return file.getvalue().encode("utf-8-sig")


def _xlsx(table: Dataset, export: Export, language: str) -> bytes:
    """A workbook in which every cell is a text, never a formula."""
    book = Workbook(write_only=True)
    who, at = NO_TEXT.sub("", export.by.name), timezone.localtime(export.at)
    book.properties.creator = book.properties.lastModifiedBy = who
    book.properties.title = book.properties.identifier = export.mark
    sheet = book.create_sheet(_SHEETS[language])
    sheet.freeze_panes = "C2"
    sheet.page_setup.orientation = "landscape"
    sheet.print_title_rows = "1:1"
    # In a header & begins a code.
    sheet.oddHeader.left.text = f"{who}, {at:%d.%m.%Y %H:%M}".replace("&", "&&")
    sheet.oddHeader.right.text = sheet.oddFooter.right.text = export.mark
    names = {words[LANGUAGES.index(language)]: name for name, words in HEADINGS.items()}
    for index, heading in enumerate(table.headers, start=1):
        name = names[re.sub(r" \d+$", "", heading)]
        sheet.column_dimensions[get_column_letter(index)].width = _WIDTHS.get(name, 16)
    sheet.append([text_cell(sheet, heading, bold=True) for heading in table.headers])
    for row in table:
        sheet.append([text_cell(sheet, text) for text in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def text_cell(sheet: object, text: str, *, bold: bool = False) -> WriteOnlyCell:
    """A cell of text: also when it is edited, and with what could be a formula escaped as in CSV.

    Telephone numbers stay as they are: as a text they are harmless, and people copy them.
    """
    text = NO_TEXT.sub("", text)
    text = text if _E164.fullmatch(text) else escaped(text)
    cell = WriteOnlyCell(sheet, value=_CODED.sub("_x005F_", text))
    cell.data_type, cell.number_format, cell.quotePrefix = "s", "@", True
    if bold:
        cell.font = Font(bold=True)
    return cell
