"""Documents of Office (OOXML): rewritten without authors, comments, properties; macros, tracked changes refused."""

import io
import re
import zipfile

from django.utils.translation import gettext as _

from .cleaned import Made, Refused

_MAX_UNPACKED = 150_000_000
_MAX_PARTS = 3_000
_TYPES = {
    "docx": ("wordprocessingml.document", b"wordprocessingml.document.main+xml"),
    "xlsx": ("spreadsheetml.sheet", b"spreadsheetml.sheet.main+xml"),
    "pptx": ("presentationml.presentation", b"presentationml.presentation.main+xml"),
}
# Files of Office before 2007, and new ones under a password.
_OLE = b"\xd0\xcf\x11\xe0"
_COMMENTS = re.compile(
    r"(^|/)(comments?[^/]*\.xml|commentsExtended\.xml|commentAuthors\.xml|authors\.xml|people\.xml)$"
)
_COMMENT_PLACES = re.compile(r"(^|/)(comments|threadedComments|persons)/")
_NOTES_OF_CELLS = re.compile(r"xl/drawings/(vmlDrawing|commentsDrawing)[^/]*\.vml$")
_PROPERTIES = re.compile(r"^docProps/(custom\.xml|thumbnail\.\w+)$")
_ACTIVE = re.compile(r"(vbaProject|vbaData|activeX|embeddings/.*\.bin)", re.IGNORECASE)
_TRACKED = re.compile(rb"<w:(ins|del|moveFrom|moveTo)\s[^>]*w:author=")
_MARKS = re.compile(rb"<w:comment(?:RangeStart|RangeEnd|Reference)\b[^>]*/>")
_LEGACY = re.compile(rb"<legacyDrawing\b[^>]*/>")
_CORE = re.compile(
    rb"(<(?:\w+:)?(creator|lastModifiedBy|description|keywords|category|manager|company|contentStatus|subject|title)"
    rb"\b[^>]*>)([^<]+)(?=</)",
    re.IGNORECASE,
)


def cleaned(data: bytes, ending: str) -> Made:
    """Raises Refused for what is no such document, or hides something that cannot be taken out."""
    if data.startswith(_OLE):
        raise Refused(
            _("The file is under a password or in an old format of Office. Save it anew without a password, or as PDF.")
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse(archive, ending)
            parts = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, KeyError, OSError, EOFError) as error:
        raise Refused(_("The document cannot be read. Open it and save it anew, or save it as PDF.")) from error
    stripped = _strip(parts)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            # No time of making: all entries carry the same.
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    mime = f"application/vnd.openxmlformats-officedocument.{_TYPES[ending][0]}"
    return Made(ending, mime, made.getvalue(), stripped)


def _refuse(archive: zipfile.ZipFile, ending: str) -> None:
    entries = archive.infolist()
    if len(entries) > _MAX_PARTS or sum(entry.file_size for entry in entries) > _MAX_UNPACKED:
        raise Refused(_("Unpacked, the file would be enormous: it is not opened. Save the document as PDF."))
    names = [entry.filename for entry in entries]
    types = archive.read("[Content_Types].xml")
    if b"macroEnabled" in types or any(map(_ACTIVE.search, names)):
        raise Refused(_("The file holds macros: programmes that run at the reader's. Save it without them, or as PDF."))
    if _TYPES[ending][1] not in types:
        raise Refused(_("The file is called %(said)s but holds something else.") % {"said": ending.upper()})
    texts = (archive.read(name) for name in names if name.startswith("word/") and name.endswith(".xml"))
    if any(map(_TRACKED.search, texts)):
        raise Refused(
            _("The document keeps its tracked changes: what was crossed out can be read. Accept them and save it.")
        )


def _strip(parts: dict[str, bytes]) -> tuple[str, ...]:
    """Take out of the parts what tells of people; say what it was."""
    comments = {name for name in parts if _is_comment(name)}
    properties = {name for name in parts if _PROPERTIES.match(name)}
    for name in comments | properties:
        del parts[name]
    _forget(parts, comments | properties)
    stripped = ["comments"] if comments else []
    for name in ("docProps/core.xml", "docProps/app.xml"):
        if name in parts and _CORE.search(parts[name]):
            parts[name] = _CORE.sub(rb"\1", parts[name])
            stripped.append("authors")
    return tuple(dict.fromkeys([*stripped, *(["properties"] if properties else [])]))


def _is_comment(name: str) -> bool:
    return bool(_COMMENTS.search(name) or _COMMENT_PLACES.search(name) or _NOTES_OF_CELLS.search(name))


def _forget(parts: dict[str, bytes], gone: set[str]) -> None:
    """No relation, content type or mark may point at a part that is not there: Office would call the file damaged."""
    if not gone:
        return
    names = b"|".join(re.escape(name.rpartition("/")[2].encode()) for name in gone)
    related = re.compile(rb'<Relationship\b[^>]*Target="(?:[^"]*/)?(?:' + names + rb')"[^>]*/>')
    typed = re.compile(rb'<Override\b[^>]*PartName="/?(?:[^"]*/)?(?:' + names + rb')"[^>]*/>')
    for name, content in parts.items():
        if name.endswith(".rels"):
            parts[name] = related.sub(b"", content)
        elif name == "[Content_Types].xml":
            parts[name] = typed.sub(b"", content)
        elif name.startswith("word/") and name.endswith(".xml"):
            parts[name] = _MARKS.sub(b"", content)
        elif name.startswith("xl/worksheets/") and any(map(_NOTES_OF_CELLS.search, gone)):
            parts[name] = _LEGACY.sub(b"", content)
