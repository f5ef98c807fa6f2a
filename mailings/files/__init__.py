"""Make a file fit to be sent: it is what it says it is, within bounds, and tells nothing of who made it.

Reads and writes bytes alone. Whatever cannot be made so is refused, with the sentence that the person reads.
"""

from pathlib import PurePath

from django.utils.translation import gettext as _

from core.text import clean

from . import images, office
from .cleaned import Cleaned, Refused

__all__ = ["Cleaned", "Refused", "document", "picture"]

MAX_NAME = 70
_IMAGES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}
_OFFICE = {"docx", "xlsx", "pptx"}


def picture(name: str, data: bytes) -> Cleaned:
    """A picture for the text: upright, no wider than a letter needs, in colours only. Raises Refused."""
    stem, ending = _parts(name)
    if ending == "svg" or data.lstrip()[:5].lower() in {b"<?xml", b"<svg ", b"<svg>"}:
        raise Refused(_("An SVG can hold a programme, and mail services do not show it. Save the picture as PNG."))
    if ending not in _IMAGES:
        raise Refused(_("A picture is a JPEG, PNG, WebP or GIF file. Save it as one of these."))
    made = images.reduced(data, _IMAGES[ending], images.IN_TEXT)
    return Cleaned(_named(stem, made.ending), made.type, made.data, made.stripped)


def document(name: str, data: bytes) -> Cleaned:
    """A file to be attached. Raises Refused."""
    stem, ending = _parts(name)
    if ending in _IMAGES:
        made = images.reduced(data, _IMAGES[ending], images.FOR_PRINT)
    elif ending == "pdf":
        # Loaded by the first PDF: a worker that sends letters has six megabytes less to hold.
        from . import portable  # noqa: PLC0415

        made = portable.cleaned(data)
    elif ending in _OFFICE:
        made = office.cleaned(data, ending)
    elif ending in {"docm", "xlsm", "pptm", "dotm", "xlam"}:
        raise Refused(_("The file holds macros: programmes that run at the reader's. Save it without them, or as PDF."))
    else:
        raise Refused(_("What can be attached: PDF, DOCX, XLSX, PPTX, JPEG, PNG. Save the file as one of these."))
    return Cleaned(_named(stem, made.ending), made.type, made.data, made.stripped)


def _parts(name: str) -> tuple[str, str]:
    path = PurePath(clean(name).replace("\\", "/")).name
    stem, _dot, ending = path.rpartition(".")
    return stem, ending.casefold()


def _named(stem: str, ending: str) -> str:
    """A name that is safe in a header and on any disk."""
    kept = "".join(letter if letter.isalnum() or letter in " -_().,№«»" else "_" for letter in stem).strip(" .")
    return f"{kept[: MAX_NAME - len(ending) - 1] or 'file'}.{ending}"
