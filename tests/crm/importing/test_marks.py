"""What stands in a workbook beside its values, in files as Excel, other programs and LibreOffice write them."""

import io
import zipfile

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Color, Font, PatternFill

from crm.importing import marks, reader
from crm.importing.marks import COMMENT, FILL, HIDDEN, STRUCK

from .files import packed

ROWS = [["ФИО", "e-mail"], ["Умар Каримов", "umar@navid.test"]]


def marks_of(change, sheet=0):
    """The marks of a small list with one thing changed in Excel."""
    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    change(book.active)
    file = io.BytesIO()
    book.save(file)
    return reader.read(file.getvalue())[sheet].marks


def fill(colour):
    return PatternFill("solid", start_color=colour)


def test_a_row_of_one_colour_is_one_mark():
    def change(page):
        page["A2"].fill = page["B2"].fill = fill("FFFF9999")

    assert marks_of(change) == {1: [(FILL, [0, 1], "red")]}


def test_two_colours_in_a_row_are_two_marks():
    def change(page):
        page["A2"].fill, page["B2"].fill = fill("FFFFFF00"), fill("FF92D050")

    assert marks_of(change) == {1: [(FILL, [0], "yellow"), (FILL, [1], "green")]}


def test_a_colour_of_the_theme_or_of_the_old_palette_is_a_colour():
    def change(page):
        page["A2"].fill = PatternFill("solid", fgColor=Color(theme=7))
        page["B2"].fill = PatternFill("solid", fgColor=Color(indexed=10))

    assert marks_of(change) == {1: [(FILL, [0], "yellow"), (FILL, [1], "red")]}


@pytest.mark.parametrize("pattern", [PatternFill(), PatternFill("solid", start_color="FFFFFFFF")])
def test_white_is_no_colour(pattern):
    def change(page):
        page["A2"].fill = pattern

    assert marks_of(change) == {}


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ("FFC7CE", "red"),
        ("C00000", "red"),
        ("FFCC99", "orange"),
        ("FFEB9C", "yellow"),
        ("C6EFCE", "green"),
        ("92D050", "green"),
        ("DDEBF7", "blue"),
        ("7030A0", "violet"),
        ("D9D9D9", "grey"),
        ("FFFFFF", ""),
        ("000000", ""),
        ("", ""),
    ],
)
def test_a_colour_has_the_name_people_give_it(rgb, name):
    assert marks.colour_name(rgb) == name


def test_what_is_struck_through_is_told():
    def change(page):
        page["B2"].font = Font(strike=True)

    assert marks_of(change) == {1: [(STRUCK, [1], "")]}


@pytest.mark.parametrize(
    "text",
    [
        "не писать",
        "Редактор:\nне писать",
        "[Threaded comment]\n\nYour version of Excel allows you to read this.\n\nComment:\n    не писать",
    ],
)
def test_a_comment_is_read_without_its_author(text):
    def change(page):
        page["A2"].comment = Comment(text, "Редактор")

    assert marks_of(change) == {1: [(COMMENT, [0], "не писать")]}


def test_a_hidden_row_is_told():
    def change(page):
        page.row_dimensions[2].hidden = True

    assert marks_of(change) == {1: [(HIDDEN, [], "")]}


def test_marks_stay_with_their_sheet():
    def change(page):
        other = page.parent.create_sheet("старый")
        for row in ROWS:
            other.append(row)
        other["A2"].fill = fill("FFFF0000")

    assert (marks_of(change, 0), marks_of(change, 1)) == ({}, {1: [(FILL, [0], "red")]})


def test_a_workbook_whose_comments_are_broken_still_gives_its_values():
    file, broken = io.BytesIO(), io.BytesIO()
    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    book.active["A2"].comment = Comment("не писать", "Редактор")
    book.save(file)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<comments><oops" if "comment" in name else old.read(name))

    (sheet,) = reader.read(broken.getvalue())

    assert (sheet.rows, sheet.marks) == (ROWS, {})


ODS = """<?xml version="1.0"?><office:document-content
xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0">
<office:automatic-styles>
<style:style style:name="ce1" style:family="table-cell">
<style:table-cell-properties fo:background-color="#ff9999"/></style:style>
<style:style style:name="ce2" style:family="table-cell">
<style:text-properties style:text-line-through-style="solid"/></style:style>
</office:automatic-styles>
<office:body><office:spreadsheet><table:table table:name="СМИ">
<table:table-row><table:table-cell office:value-type="string"><text:p>ФИО</text:p></table:table-cell></table:table-row>
<table:table-row table:visibility="collapse"><table:table-cell table:style-name="ce1" office:value-type="string">
<office:annotation><text:p>не писать</text:p></office:annotation>
<text:p>Умар</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="2"/>
<table:table-cell table:style-name="ce2" office:value-type="string"><text:p>u@navid.test</text:p>
</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


def test_an_open_document_has_the_same_marks():
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    (sheet,) = reader.read(
        packed(
            ("mimetype", kind),
            ("META-INF/manifest.xml", manifest),
            ("content.xml", ODS.replace("\n<table:table-cell", "<table:table-cell").encode()),
        )
    )

    assert sheet.marks == {
        1: [(HIDDEN, [], ""), (COMMENT, [0], "не писать"), (FILL, [0], "red"), (STRUCK, [3], "")],
    }
    assert sheet.rows[1][0] == "Умар"
