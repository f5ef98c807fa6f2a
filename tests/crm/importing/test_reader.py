import io
import zipfile

import pytest
from django.utils import translation
from openpyxl import Workbook, load_workbook

from crm.importing import reader
from crm.importing.reader import UnreadableFile
from crm.importing.sandbox import MAX_SHEETS

from .files import packed, xlsx

TABLE = [["ФИО", "e-mail"], ["Ҷамшед Холов", "jamshed@navid.test"]]
TEXT = "ФИО;e-mail\r\nҶамшед Холов;jamshed@navid.test\r\n"
RUSSIAN = "ФИО;e-mail\r\nУмар Каримов;umar@navid.test\r\n"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def rezipped(data: bytes, change) -> bytes:
    """A workbook with its first sheet's XML changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name.endswith("sheet1.xml") else content)
    return file.getvalue()


def test_a_workbook_gives_its_sheets_as_text():
    sheets = reader.read(xlsx(*TABLE, sheet="СМИ", more={"Пусто": []}))

    assert [(sheet.name, sheet.rows) for sheet in sheets] == [("СМИ", TABLE), ("Пусто", [])]


def test_a_number_is_read_as_typed():
    assert reader.read(xlsx(["Телефон"], [930001122]))[0].rows == [["Телефон"], ["930001122"]]


def test_merged_cells_and_hidden_sheets_are_told():
    sheets = reader.read(xlsx(*TABLE, merged=["A1:B1"], more={"старый": TABLE}, hidden=["старый"]))

    assert [(sheet.merged, sheet.hidden) for sheet in sheets] == [([(0, 0, 0, 1)], False), ([], True)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_table_in_unicode_is_read(encoding):
    assert reader.read(TEXT.encode(encoding))[0].rows == TABLE


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866"])
def test_a_text_table_in_an_old_russian_encoding_is_read(encoding):
    assert reader.read(RUSSIAN.encode(encoding))[0].rows == [["ФИО", "e-mail"], ["Умар Каримов", "umar@navid.test"]]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found(delimiter):
    assert reader.read(TEXT.replace(";", delimiter).encode())[0].rows == TABLE


def test_a_cell_may_hold_delimiters_and_line_breaks():
    text = 'ФИО;e-mail\r\n"Холов; Ҷамшед";"a@navid.test\nb@navid.test"\r\n'

    assert reader.read(text.encode())[0].rows[1] == ["Холов; Ҷамшед", "a@navid.test\nb@navid.test"]


@pytest.mark.parametrize("row", ["\n", "a;b\n", ";;\n"])
def test_a_text_table_of_more_rows_than_are_read_is_refused(row):
    with pytest.raises(UnreadableFile, match="unpacks to far more"):
        reader.read(b"a;b\n" + row.encode() * (reader.MAX_SHEET_ROWS + 1))


@pytest.mark.parametrize("data", [TEXT.encode(), xlsx(*TABLE)], ids=["text", "workbook"])
def test_every_file_is_read_in_a_process_of_its_own(monkeypatch, data):
    monkeypatch.setattr(reader, "SECONDS", 0)
    with pytest.raises(UnreadableFile, match="unpacks to far more"):
        reader.read(data)


def test_a_declared_size_of_a_billion_cells_costs_nothing():
    data = rezipped(xlsx(*TABLE), lambda xml: xml.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"'))

    assert reader.read(data)[0].rows == TABLE


@pytest.mark.parametrize("place", ["XFD1048576", "A1048576", "XFD3"])
def test_a_stray_cell_far_out_is_not_read_and_told(place):
    book = load_workbook(io.BytesIO(xlsx(*TABLE)))
    book.active[place] = "x"
    file = io.BytesIO()
    book.save(file)
    (sheet,) = reader.read(file.getvalue())

    assert ([row[:2] for row in sheet.rows[:2]], sheet.clipped) == (TABLE, True)


def test_a_cell_far_out_that_only_has_a_style_is_nothing():
    book = load_workbook(io.BytesIO(xlsx(*TABLE)))
    book.active["XFD1048576"].number_format = "0.00"
    file = io.BytesIO()
    book.save(file)

    assert reader.read(file.getvalue()) == [reader.Sheet("Лист1", TABLE)]


ODS = """<?xml version="1.0"?><office:document-content
xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0">
<office:body><office:spreadsheet><table:table table:name="СМИ">
<table:table-row><table:table-cell office:value-type="string"><text:p>ФИО</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="{rows}"><table:table-cell office:value-type="string"><text:p>x</text:p>
</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


def ods(rows: int) -> bytes:
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    content = ODS.format(rows=rows).encode()
    return packed(("mimetype", kind), ("META-INF/manifest.xml", manifest), ("content.xml", content))


def test_an_open_document_is_read():
    assert reader.read(ods(2))[0].rows == [["ФИО"], ["x"], ["x"]]


def test_an_open_document_that_repeats_a_row_a_million_times_is_refused():
    with pytest.raises(UnreadableFile, match="unpacks to far more"):
        reader.read(ods(1_000_000))


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    with pytest.raises(UnreadableFile, match="unpacks to far more"):
        reader.read(packed(("xl/workbook.xml", b""), ("xl/worksheets/sheet1.xml", bytes(120 * 2**20))))


def test_a_zip_of_very_many_files_is_refused():
    with pytest.raises(UnreadableFile, match="unpacks to far more"):
        reader.read(packed(("xl/workbook.xml", b""), *[(f"xl/{number}.xml", b"") for number in range(1_001)]))


def test_a_text_repeated_a_million_times_is_refused():
    cell = b'<c t="inlineStr"><is><t>x</t></is></c>'
    strings = b"<sst><si><t>" + b"long " * 200_000 + b"</t></si></sst>"
    row = b"<row>" + b'<c t="s"><v>0</v></c>' * 50 + b"</row>"
    data = xlsx(["a"] * 2)
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
                content += b"<row>" + cell + b"</row>" + row * 20_000 + b"</sheetData></worksheet>"
            new.writestr(name, strings if name.endswith("sharedStrings.xml") else content)
    with pytest.raises(UnreadableFile):
        reader.read(file.getvalue())


def test_a_workbook_of_more_sheets_than_are_read_is_refused_whole():
    data = xlsx(*TABLE, more={f"Лист {number}": TABLE for number in range(MAX_SHEETS)})

    with pytest.raises(UnreadableFile, match="more than 60 sheets"):
        reader.read(data)


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def declaring(declaration: bytes, encoding: str = "utf-8"):
    """A change that puts a declaration before the sheet and uses what it declares."""

    def change(xml: bytes) -> bytes:
        text = declaration.decode() + xml.decode().replace("<sheetData>", "<sheetData><!-- &a; -->")
        return text.encode(encoding)

    return change


@pytest.mark.parametrize("declaration", [ENTITIES, OUTSIDE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_that_declares_entities_is_refused(declaration, encoding):
    with pytest.raises(UnreadableFile, match="damaged"):
        reader.read(rezipped(xlsx(*TABLE), declaring(declaration, encoding)))


def test_what_lies_outside_the_file_is_not_followed():
    book = load_workbook(io.BytesIO(xlsx(*TABLE)))
    book.active["A2"].hyperlink = "file:///etc/passwd"
    book.active["B2"] = "=[1]Лист1!A1"
    file = io.BytesIO()
    book.save(file)

    assert reader.read(file.getvalue())[0].rows == [TABLE[0], ["Ҷамшед Холов"] + [""] * (len(TABLE[1]) - 1)]


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x.test";"y")', "=1+1", "+992 93 000 11 22", "@SUM(A1)", "-"])
def test_text_that_looks_like_a_formula_stays_text(text):
    book = Workbook()
    book.active.append(["ФИО", "e-mail"])
    book.active.append([text, "a@navid.test"])
    book.active["A2"].data_type = "s"
    file = io.BytesIO()
    book.save(file)

    assert reader.read(file.getvalue())[0].rows[1] == [text, "a@navid.test"]


def test_a_size_that_lies_is_refused():
    data = packed(("xl/workbook.xml", b"<a/>"), ("xl/worksheets/sheet1.xml", b"<a>" + b" " * 50_000_000 + b"</a>"))
    lie = (50_000_007).to_bytes(4, "little")

    with pytest.raises(UnreadableFile, match="damaged"):
        reader.read(data.replace(lie, (100).to_bytes(4, "little")))


def test_thousands_of_styles_cost_little():
    styles = b"".join(b'<xf fontId="0" fillId="2"/>' for _number in range(60_000))

    def change(content: bytes) -> bytes:
        return content.replace(b'<cellXfs count="1">', b'<cellXfs count="60001">' + styles)

    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(*TABLE))) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == "xl/styles.xml" else old.read(name))

    assert reader.read(file.getvalue())[0].rows == TABLE


def test_a_table_copied_out_of_a_spreadsheet_is_read():
    text = 'ФИО\te-mail\r\nХолов, Ҷамшед\t"a@navid.test\n b@navid.test"\r\n'

    assert reader.pasted(text)[0].rows == [["ФИО", "e-mail"], ["Холов, Ҷамшед", "a@navid.test\n b@navid.test"]]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The file is empty"),
        (b"   \r\n", "The file is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "not a table"),
        (b"%PDF-1.7 ...", "not a table"),
        (bytes(range(256)) * 20, "not a table"),
        (b"<html><table><tr><td>a</td></tr></table></html>", "not a table"),
        (packed(("word/document.xml", b"<w/>")), "not a table"),
        (b"PK\x03\x04 broken", "damaged"),
        (xlsx(*TABLE)[:-200], "damaged"),
        (rezipped(xlsx(*TABLE), lambda xml: xml[: len(xml) // 2]), "damaged"),
        (reader._OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (reader._OLE + "WordDocument".encode("utf-16-le"), "not a table"),
        (reader._OLE + bytes(600), "damaged"),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(data, message):
    with pytest.raises(UnreadableFile, match=message) as refused:
        reader.read(data)

    assert "Nothing was written." in str(refused.value)
