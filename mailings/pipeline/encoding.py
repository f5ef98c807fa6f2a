"""Turn a Message into the bytes of the wire (RFC 5322, CRLF). What all readers share is encoded once. Sends nothing."""

import re
from base64 import b64encode, encodebytes
from collections.abc import Iterable, Sequence
from email.header import Header
from email.utils import formataddr, formatdate, parseaddr
from functools import lru_cache
from secrets import token_hex
from time import time

from ..merge_fields import Field
from ..message import Attached, Calendar, Inline, Message

# What a line of base64 holds. A shorter piece is encoded with its neighbours, for each reader anew.
_LINE = 57
# Of a line that relays let through; they may cut what is longer than 998.
_LONGEST = 900
_BREAK = re.compile(r"[\r\n\0]")
_ADDRESSES = frozenset({"From", "Reply-To"})


class _Piece:
    """Words between two fields. Base64 takes three bytes at a time, so what comes before decides how they look: three
    ways, all of them encoded beforehand.
    """

    def __init__(self, words: bytes):
        self.words = words
        self.is_long = len(words) > 2 * _LINE
        starts = range(3) if self.is_long else ()
        ends = [len(words) - (len(words) - start) % 3 for start in starts]
        self.encoded = [_base64(words[start:end]) for start, end in zip(starts, ends, strict=True)]
        self.rest = [words[end:] for end in ends]


class Encoded:
    """A text cut at its fields, in base64: it survives every relay, and is half of quoted-printable for Cyrillic."""

    def __init__(self, parts: Sequence[str | Field]):
        self._parts = [None if isinstance(part, Field) else _Piece(part.encode()) for part in parts]

    def fill(self, values: Iterable[str]) -> list[bytes]:
        """The text with these values for its fields, in their order: pieces, to be joined once with all the others."""
        values = iter(values)
        lines, open_bytes = [], b""
        for piece in self._parts:
            if piece is None:
                open_bytes += next(values).encode()
            elif piece.is_long:
                start = -len(open_bytes) % 3
                lines += [_base64(open_bytes + piece.words[:start]), piece.encoded[start]]
                open_bytes = piece.rest[start]
            else:
                open_bytes += piece.words
        return [*lines, _base64(open_bytes)]


class Alternative:
    """Both texts of a letter, as the part of it that shows one of them; of an invitation its calendar with them."""

    def __init__(self, text: Sequence[str | Field], html: Sequence[str | Field]):
        self._text, self._html = Encoded(text), Encoded(html)
        boundary = f"={token_hex(16)}="
        kind = 'Content-Type: text/{}; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        head = f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'
        self._before_text = f"{head}--{boundary}\r\n{kind.format('plain')}".encode()
        self._before_html = f"--{boundary}\r\n{kind.format('html')}".encode()
        # Without a disposition, and last: that is where mail programs look for their buttons.
        self._before_calendar = f"--{boundary}\r\n{kind.format('calendar; method={}')}"
        self._end = f"--{boundary}--\r\n".encode()

    def fill(self, text: Iterable[str], html: Iterable[str], calendar: Calendar | None = None) -> bytes:
        pieces = [self._before_text, *self._text.fill(text), self._before_html, *self._html.fill(html)]
        if calendar:
            pieces += [self._before_calendar.format(calendar.method).encode(), _base64(calendar.data)]
        return b"".join([*pieces, self._end])


def as_bytes(message: Message) -> bytes:
    """The letter: mixed > related > alternative, each where it is needed. ValueError for what no header holds."""
    headers = [
        ("Subject", message.subject),
        ("From", message.sender),
        ("To", message.to),
        *([("Reply-To", message.reply_to)] if message.reply_to else []),
        ("Message-ID", message.message_id),
        ("Date", _date(int(time()))),
        *message.headers.items(),
    ]
    head = b"".join(_header(name, value) for name, value in headers) + b"MIME-Version: 1.0\r\n"
    body = message.body or Alternative([message.text], [message.html]).fill((), (), message.calendar)
    if message.inline:
        body = _around(body, 'multipart/related; type="multipart/alternative"', message.inline)
    if files := message.files:
        body = _around(body, "multipart/mixed", files)
    return head + body


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    """Written once for all letters of that second."""
    return formatdate(second)


def _around(first: bytes, kind: str, parts: Sequence[Inline | Attached]) -> bytes:
    """A part that holds the first one and others, which are encoded already: they are only put there."""
    boundary = f"={token_hex(16)}="
    line = f"--{boundary}".encode()
    pieces = [first, *(part.encoded for part in parts)]
    between = b"".join(line + b"\r\n" + piece.rstrip(b"\r\n") + b"\r\n" for piece in pieces)
    return f'Content-Type: {kind}; boundary="{boundary}"\r\n\r\n'.encode() + between + line + b"--\r\n"


def _header(name: str, value: str) -> bytes:
    # What is printable has no line break, and so cannot begin another header.
    if value.isascii() and value.isprintable():
        # Numbers of a long thread stand one below another: in words of another encoding no program would know them.
        line = value if len(name) + len(value) < _LONGEST else "\r\n ".join(value.split())
        if all(len(name) + len(piece) < _LONGEST for piece in line.split("\r\n")):
            return f"{name}: {line}\r\n".encode()
    return _folded(name, value)


@lru_cache(maxsize=256)
def _folded(name: str, value: str) -> bytes:
    if _BREAK.search(value):
        raise ValueError(f"the header {name} would hold a line break")
    if name == "To":
        # Of a reader whose address is in another alphabet (RFC 6532): the transport knows whether a server takes it.
        return f"To: {value}\r\n".encode()
    if name in _ADDRESSES:
        person, address = parseaddr(value)
        local, _at, domain = address.rpartition("@")
        whole = formataddr((person, f"{local}@{domain.encode('idna').decode()}"))
        return f"{name}: {whole}\r\n".encode("ascii")
    return f"{name}: {Header(value, 'utf-8', header_name=name).encode(linesep=chr(13) + chr(10))}\r\n".encode("ascii")


def _base64(words: bytes) -> bytes:
    if not words:
        return b""
    return b64encode(words) + b"\r\n" if len(words) <= _LINE else encodebytes(words).replace(b"\n", b"\r\n")
