"""Read CSV and TSV as people save them: several encodings, several delimiters. Pure."""

import codecs
import csv
import io
import re
import unicodedata
from itertools import islice

from charset_normalizer import from_bytes

from . import exported

MAX_COLUMNS = 60
_DELIMITERS = ";\t,|"
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_EIGHT_BIT = ["cp1251", "koi8_r", "cp866", "mac_cyrillic"]
_HTML = re.compile(r"\s*<(?:!doctype|html|table|\?xml|meta)\b", re.IGNORECASE)


class NotText(ValueError):
    """The bytes are not a text table."""


def rows(data: bytes, most: int) -> list[list[str]]:
    """The cells of a text table, row by row, up to `most` rows. Raises NotText."""
    text = decode(data)
    if _HTML.match(text) or _has_binary(text):
        raise NotText
    separator = re.match(r"sep=(.)\r?\n", text)
    if separator:
        # The first line by which Excel is told the delimiter stays as an empty row, so that numbers agree.
        text = text[separator.end() - 1 :]
    delimiter = separator[1] if separator else _delimiter(text)
    try:
        return [
            [cell.strip() for cell in row[:MAX_COLUMNS]]
            for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), most)
        ]
    except csv.Error as error:
        raise NotText from error


def decode(data: bytes) -> str:
    """Text from bytes: a byte order mark decides, then strict UTF-8, then 8-bit Cyrillic. Raises NotText."""
    for mark, encoding in _BOMS.items():
        if data.startswith(mark):
            return _strictly(data, encoding)
    if b"\0" in data:
        raise NotText
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    text = data.decode("cp1251", errors="replace")
    if _reads_as_cyrillic(text):
        return text
    guess = from_bytes(data, cp_isolation=_EIGHT_BIT).best()
    if guess is None:
        raise NotText
    return str(guess)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotText from error


def _reads_as_cyrillic(text: str) -> bool:
    """Whether cp1251 was right: hardly a letter outside Russian and the Tajik fonts, no capitals inside words."""
    letters = [char for char in text if ord(char) > 127 and char.isalpha()]
    usual = sum("а" <= char.casefold() <= "я" or char in "ёЁѓїќўњљЃЇЌЎЊЉ" for char in letters)
    odd_case = len(re.findall(r"[а-яё][А-ЯЁ]", text))
    return usual >= 0.95 * len(letters) and odd_case <= 0.05 * len(letters) and "\ufffd" not in text


def _has_binary(text: str) -> bool:
    control = sum(unicodedata.category(char) == "Cc" and char not in "\t\r\n\f\v" for char in text[:100_000])
    return control > len(text[:100_000]) / 500


def _delimiter(text: str) -> str:
    """The delimiter that splits the first lines most evenly; in a list we exported, its headings."""
    sample = text[:20_000]
    header = sample.partition("\n")[0]
    for delimiter in _DELIMITERS:
        if exported.layout(_sample_rows(header, delimiter)):
            return delimiter

    lines = [line for line in sample.splitlines() if line.strip()]
    if sum("\t" in line for line in lines) * 2 > len(lines):
        # Nobody types a tab into a cell: this was saved as TSV, or copied out of a spreadsheet.
        return "\t"

    def score(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in _sample_rows(sample, delimiter)]
        common = max(set(widths), key=widths.count, default=1)
        return (0 if common < 2 else widths.count(common) * min(common, 12), common)

    return max(_DELIMITERS, key=score)


def _sample_rows(sample: str, delimiter: str) -> list[list[str]]:
    read = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        return [row for row in read if any(row)]
    except csv.Error:
        return []
