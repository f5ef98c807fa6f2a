"""Files of every kind that come into a letter, honest and not, and the rows that they become."""

import io
import zipfile

from PIL import ExifTags, Image
from pypdf import PdfWriter
from pypdf.annotations import Text as Note
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from mailings import actions
from mailings.files import document, picture
from mailings.models import Attachment, Mailing, Signatory

from .organisations import make_organisation

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def make_image(kind: str = "JPEG", size: tuple[int, int] = (80, 60), *, mode: str = "RGB", **exif: str) -> bytes:
    """A picture, by default a photograph; with `place` and `camera` where they are given."""
    image = Image.new(mode, size, 128 if mode == "L" else (30, 60, 90, 120)[: len(mode)])
    told = Image.Exif()
    if "camera" in exif:
        told[ExifTags.Base.Make] = exif["camera"]
    if "place" in exif:
        told.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = exif["place"]
    made = io.BytesIO()
    image.save(made, kind, **({"exif": told} if exif else {}))
    return made.getvalue()


def make_pdf(*, author: str = "", note: str = "", script: str = "", password: str = "", attached: bytes = b"") -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if author:
        writer.add_metadata({"/Author": author})
    if note:
        annotation = Note(text="Проверить", rect=(10, 10, 30, 30))
        annotation[NameObject("/T")] = TextStringObject(note)
        writer.add_annotation(0, annotation)
    if script:
        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(script)}
        writer.root_object[NameObject("/OpenAction")] = writer._add_object(DictionaryObject(action))
    if attached:
        writer.add_attachment("list.txt", attached)
    if password:
        writer.encrypt(password)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def make_docx(**parts: str | bytes) -> bytes:
    """A document of Word; `parts` replace or add to its own, "__" standing for the slash and "_x" for the ending."""
    own = {
        "[Content_Types].xml": f'<Types><Override PartName="/word/document.xml" ContentType="{WORD}"/>'
        '<Override PartName="/word/comments.xml" ContentType="comments+xml"/></Types>',
        "word/document.xml": "<w:document><w:body><w:p>Текст</w:p></w:body></w:document>",
        "docProps/core.xml": "<cp:coreProperties><dc:title/></cp:coreProperties>",
        **{name.replace("__", "/").replace("_x", ".xml"): content for name, content in parts.items()},
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in own.items():
            archive.writestr(name, content)
    return made.getvalue()


def parts_of(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


def make_picture(mailing: Mailing, language: str = "ru", *, alt: str = "Зал суда") -> Attachment:
    made = picture("зал.jpg", make_image())
    return actions.attach(mailing, language, made, use=Attachment.Use.PICTURE, alt=alt, by=mailing.author)


def make_file(mailing: Mailing, language: str = "ru", *, name: str = "Доклад.pdf") -> Attachment:
    return actions.attach(mailing, language, document(name, make_pdf()), use=Attachment.Use.FILE, by=mailing.author)


def make_signatory(mailing: Mailing, name: str = "Центр «Паноҳ»") -> Signatory:
    return actions.add_signatory(mailing, make_organisation(name), by=mailing.author)


def show_picture(mailing: Mailing, attachment: Attachment) -> None:
    """Put the picture into the text of its language."""
    version = mailing.versions.get(language=attachment.language)
    shown = f'<p><img data-attachment="{attachment.pk}" alt="{attachment.alt}"></p>'
    words = {"subject": version.subject, "preheader": version.preheader, "body": version.body + shown}
    actions.save_version(mailing, version.language, words=words, revision=version.revision, by=mailing.author)
