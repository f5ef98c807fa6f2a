"""PDF: rewritten without properties and comments; passwords, programmes and files within are refused."""

import io

from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from .cleaned import Made, Refused

_MAX_PAGES = 500
_KEPT_ANNOTATIONS = {"/Link", "/Widget"}
_TELLING = ("/Author", "/Creator", "/Producer", "/Title", "/Subject", "/Keywords")
_ACTIVE = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm"}


def cleaned(data: bytes) -> Made:
    """Raises Refused for what is no PDF, is locked, or does something when it is opened."""
    if b"%PDF-" not in data[:1024]:
        raise Refused(_("The file is called PDF but holds something else."))
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise Refused(_("The PDF is under a password: readers could not open it. Save it without one."))
        if len(reader.pages) > _MAX_PAGES:
            raise Refused(_("The PDF has too many pages for a letter. Put it on the website and give a link."))
        writer = PdfWriter(clone_from=reader)
        told = _told(reader)
        stripped = _strip(writer)
        made = io.BytesIO()
        writer.write(made)
    except Refused:
        raise
    # Whatever a damaged file makes the reader raise, the person reads one sentence.
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        raise Refused(_("The PDF cannot be read. Save it anew with the programme that made it.")) from error
    return Made("pdf", "application/pdf", made.getvalue(), (*told, *stripped))


def _told(reader: PdfReader) -> tuple[str, ...]:
    """What the properties say of people and machines."""
    about = reader.metadata or {}
    said = any(str(about.get(name) or "").strip() for name in _TELLING)
    return ("authors",) if said or reader.xmp_metadata else ()


def _strip(writer: PdfWriter) -> tuple[str, ...]:
    comments = False
    for entry in writer._objects:
        found = entry.get_object() if entry is not None else None
        if not isinstance(found, DictionaryObject):
            continue
        _refuse(found)
        found.pop("/Metadata", None)
        found.pop("/PieceInfo", None)
        comments |= _drop_comments(found)
    writer.metadata = None
    return ("comments",) if comments else ()


def _refuse(found: DictionaryObject) -> None:
    if found.get("/S") in _ACTIVE or "/JS" in found:
        raise Refused(_("The PDF holds a programme that runs when it is opened. Print it to PDF anew, then add that."))
    if found.get("/Type") == "/EmbeddedFile" or "/EmbeddedFiles" in found:
        raise Refused(_("Another file is hidden inside of the PDF. Print it to PDF anew, then add that."))


def _drop_comments(page: DictionaryObject) -> bool:
    """Notes in the margin carry names; links and fields stay."""
    notes = page.get("/Annots")
    notes = notes.get_object() if notes is not None else None
    if not isinstance(notes, list):
        return False
    kept = [note for note in notes if note.get_object().get("/Subtype") in _KEPT_ANNOTATIONS]
    if len(kept) == len(notes):
        return False
    for note in notes:
        # Emptied, too: what nothing points at would still stand in the file.
        if note not in kept:
            note.get_object().clear()
    page[NameObject("/Annots")] = ArrayObject(kept)
    return True
