import io

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from PIL import Image
from pypdf import PdfReader

from mailings.files import Refused, document, picture
from tests.factories.letters import make_docx, make_image, make_pdf, parts_of


def opened(data):
    return Image.open(io.BytesIO(data))


def test_photograph_keeps_its_colours_and_nothing_else():
    made = picture("зал.jpg", make_image(camera="Зебо", place="N"))

    assert (made.stripped, dict(opened(made.data).getexif()), made.type, b"\xd0\x97" in made.data) == (
        ("place", "camera"),
        {},
        "image/jpeg",
        False,
    )


def test_picture_is_made_no_wider_than_a_letter_needs():
    assert opened(picture("wide.png", make_image("PNG", (4000, 1000))).data).size == (1200, 300)


def test_see_through_picture_stays_so():
    made = picture("logo.png", make_image("PNG", mode="RGBA"))

    assert (made.type, opened(made.data).mode) == ("image/png", "RGBA")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("a.png", b"<?xml version='1.0'?><svg/>"),
        ("a.png", make_image("JPEG")),
        ("a.jpg", make_image("PNG")),
        ("a.jpg", b"MZ\x90\x00 a programme"),
        ("a.jpg", make_image()[:200]),
        ("a.bmp", make_image("BMP")),
        ("a.pdf", make_pdf()),
        ("picture", make_image()),
    ],
    ids=["svg", "svg as png", "jpeg as png", "png as jpeg", "programme", "cut off", "bmp", "pdf", "no ending"],
)
def test_what_is_no_picture_of_its_kind_is_refused_with_a_sentence(name, data):
    with pytest.raises(Refused) as refusal:
        picture(name, data)

    assert len(str(refusal.value)) > 20


def test_picture_that_unpacks_enormously_is_refused_before_it_is_decoded():
    bomb = bytearray(make_image("PNG", (8, 8)))
    # Width and height as the header says them; Pillow asks the check sum only of what it decodes.
    bomb[16:24] = (60_000).to_bytes(4) + (60_000).to_bytes(4)

    with pytest.raises(Refused):
        picture("bomb.png", bytes(bomb))


def test_pdf_comes_without_author_and_notes():
    told = make_pdf(author="Zebo Rustamova", note="Zebo Rustamova")
    made = document("Доклад.pdf", told)
    read = PdfReader(io.BytesIO(made.data))
    notes = [page.get("/Annots") for page in read.pages]

    assert (told.count(b"Zebo"), made.data.count(b"Zebo")) == (2, 0)
    assert (made.stripped, read.metadata, notes) == (("authors", "comments"), None, [[]])


@pytest.mark.parametrize(
    "data",
    [
        make_pdf(password="secret"),
        make_pdf(script="app.alert(1)"),
        make_pdf(attached=b"names"),
        b"%PDF-1.7 and nothing else",
        b"PK\x03\x04",
    ],
    ids=["password", "script", "file within", "empty", "zip"],
)
def test_pdf_that_hides_or_does_something_is_refused(data):
    with pytest.raises(Refused) as refusal:
        document("a.pdf", data)

    assert len(str(refusal.value)) > 20


def test_document_comes_without_names_and_comments():
    data = make_docx(
        word__document_x='<w:p><w:commentRangeStart w:id="0"/>Текст<w:commentRangeEnd w:id="0"/>'
        '<w:r><w:commentReference w:id="0"/></w:r></w:p>',
        word__comments_x="<w:comments><w:comment w:author='Зебо'>Не отправлять</w:comment></w:comments>",
        docProps__core_x="<cp:coreProperties><dc:creator>Зебо</dc:creator>"
        "<cp:lastModifiedBy>Умар</cp:lastModifiedBy></cp:coreProperties>",
        docProps__app_x="<Properties><Company>Коалиция</Company></Properties>",
    )
    made = document("Письмо.docx", data)
    parts = parts_of(made.data)
    whole = "".join(parts.values())

    assert (
        made.stripped,
        [word for word in ("Зебо", "Умар", "Коалиция", "Не отправлять", "comment") if word in whole],
        "Текст" in parts["word/document.xml"],
        "word/comments.xml" in parts,
    ) == (("comments", "authors"), [], True, False)


def test_workbook_comes_without_comments_and_still_opens():
    book = Workbook()
    book.active["A1"] = "Область"
    book.active["A1"].comment = Comment("Спросить Зебо", "Зебо")
    book.properties.creator = "Зебо"
    data = io.BytesIO()
    book.save(data)

    made = document("Таблица.xlsx", data.getvalue())
    cell = load_workbook(io.BytesIO(made.data)).active["A1"]

    assert (cell.value, cell.comment, "Зебо" in "".join(parts_of(made.data).values())) == ("Область", None, False)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docm", b"PK"),
        ("a.docx", make_docx(word__vbaProject_x=b"macro")),
        ("a.docx", b"\xd0\xcf\x11\xe0 under a password"),
        ("a.xlsx", make_docx()),
        ("a.docx", make_docx(word__document_x='<w:del w:id="1" w:author="Зебо"><w:r>имя</w:r></w:del>')),
        ("a.docx", b"PK\x03\x04 torn"),
        ("a.zip", b"PK\x03\x04"),
        ("a.exe", b"MZ"),
        ("a.html", b"<script>"),
    ],
    ids=["docm", "macro", "password", "docx as xlsx", "tracked", "torn", "zip", "exe", "html"],
)
def test_document_that_hides_or_does_something_is_refused(name, data):
    with pytest.raises(Refused) as refusal:
        document(name, data)

    assert len(str(refusal.value)) > 20


def test_document_that_unpacks_enormously_is_refused():
    bomb = make_docx(word__media__a_x=b"0" * 160_000_000)

    with pytest.raises(Refused) as refusal:
        document("a.docx", bomb)

    assert (len(bomb) < 1_000_000, len(str(refusal.value)) > 20) == (True, True)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\Зебо\\Доклад.pdf", "Доклад.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ('a"b\r\nBcc: x.pdf', "a_b Bcc_ x.pdf"),
        ("Ҳисобот № 3.pdf", "Ҳисобот № 3.pdf"),
        (".pdf", "file.pdf"),
        ("ғ" * 200 + ".pdf", "ғ" * 66 + ".pdf"),
    ],
)
def test_name_is_fit_for_a_header_and_a_disk(given, kept):
    assert document(given, make_pdf()).name == kept
