"""Turn the bytes of an uploaded file into sheets of text cells, or say in one sentence why that cannot be done."""

import io
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from .marks import Mark

MAX_UNPACKED = 100 * 1024 * 1024
MAX_MEMBERS = 1_000
MAX_RATIO = 200
SECONDS = 30
# Rows of all kinds in one sheet, headings and blank ones too; people are counted later.
MAX_SHEET_ROWS = 50_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# PDF, PNG, JPEG, GIF, RTF, RAR, 7z, gzip, BMP, a Windows program.
_NOT_TABLES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"Rar!", b"7z\xbc", b"\x1f\x8b", b"BM", b"MZ")
_VCARDS = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*BEGIN\s*:\s*VCARD", re.IGNORECASE)
_SANDBOX = Path(__file__).with_name("sandbox.py")


class UnreadableFile(ValueError):
    """The file cannot be read; the message is one sentence or two for the person who chose it."""


@dataclass(frozen=True)
class Sheet:
    name: str
    rows: list[list[str]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    clipped: bool = False
    # What stands beside the values (`marks`), by row.
    marks: dict[int, list[Mark]] = field(default_factory=dict, compare=False)


def read(data: bytes) -> list[Sheet]:
    """The sheets of a workbook, or the one table of a CSV or of vCards, told by content. Raises UnreadableFile."""
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableFile(_("The file is empty. Nothing was written. Choose the file with the list."))
    if data.startswith(b"PK"):
        _check_zip(data)
        return _in_sandbox("workbook", data)
    if data.startswith(_OLE):
        _check_ole(data)
        return _in_sandbox("workbook", data)
    if data.startswith(_NOT_TABLES):
        raise not_a_table()
    return _in_sandbox("cards" if vcards_begin(data) else "table", data)


def pasted(text: str) -> list[Sheet]:
    """A table copied out of a spreadsheet and pasted: its cells have tabs between them. Raises UnreadableFile."""
    return read(text.encode())


def vcards_begin(data: bytes) -> bool:
    """Whether this is a file of vCards. UTF-16 has a zero beside each letter."""
    return bool(_VCARDS.match(data[:200].replace(b"\0", b"")))


def not_a_table() -> UnreadableFile:
    return UnreadableFile(
        _("This file is not a table. Nothing was written. Choose an Excel file (.xlsx, .xls), .ods or .csv.")
    )


def damaged() -> UnreadableFile:
    return UnreadableFile(
        _(
            "The file is damaged and cannot be opened. Nothing was written. "
            "Open it in Excel, save it again as .xlsx and choose it once more."
        )
    )


def protected() -> UnreadableFile:
    return UnreadableFile(
        _(
            "The file is protected by a password. Nothing was written. "
            "Open it in Excel, remove the password, save it and choose it once more."
        )
    )


def too_big() -> UnreadableFile:
    return UnreadableFile(
        _(
            "The file unpacks to far more than a list of contacts needs. Nothing was written. "
            "Copy the list into a new file and choose that one."
        )
    )


def too_many_sheets() -> UnreadableFile:
    return UnreadableFile(
        _(
            "The file has more than 60 sheets. Nothing was written. "
            "Copy the sheets with the list into a new file and choose that one."
        )
    )


def _check_zip(data: bytes) -> None:
    """Judge a packed workbook by its table of contents, before anything is unpacked."""
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise damaged() from error
    names = {member.filename for member in members}
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"} or "word/document.xml" in names:
        raise not_a_table()
    unpacked = sum(member.file_size for member in members)
    large = [member for member in members if member.file_size > 2**20]
    ratio = max((member.file_size / max(member.compress_size, 1) for member in large), default=0)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or ratio > MAX_RATIO:
        raise too_big()


def _check_ole(data: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise protected()
    if "WordDocument".encode("utf-16-le") in data:
        raise not_a_table()


def _in_sandbox(kind: str, data: bytes) -> list[Sheet]:
    command = [sys.executable, "-I", "-X", "utf8", str(_SANDBOX), kind, str(MAX_SHEET_ROWS)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise too_big() from error
    if done.returncode:
        # Ended by a signal: it ran into its ceiling of memory or time.
        raise too_big() if done.returncode < 0 else damaged()
    answer = json.loads(done.stdout)
    if "error" in answer:
        refusals = {
            "too-big": too_big,
            "password": protected,
            "not-a-table": not_a_table,
            "too-many-sheets": too_many_sheets,
        }
        raise refusals.get(answer["error"], damaged)()
    return list(map(_sheet, answer["sheets"]))


def _sheet(one: dict) -> Sheet:
    merged = [tuple(area) for area in one["merged"]]
    marks = {int(row): [tuple(mark) for mark in found] for row, found in one.get("marks", {}).items()}
    return Sheet(one["name"], one["rows"], merged, one["hidden"], one["clipped"], marks)
