"""One letter that came in, taken apart within bounds. Knows no models, raises Poison for what is out of bounds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from functools import cached_property
from hashlib import sha256

from inscriptis import get_text

from core.text import clean, clean_lines

MAX_BYTES = 25 * 1024 * 1024
MAX_PARTS, MAX_DEPTH, MAX_HEADERS, MAX_LINES = 500, 20, 1000, 500_000
# As much of a text is looked at, or shown to a person.
MAX_TEXT = 64 * 1024
# Of a letter that is too big, as much is read as says whose it is.
HEAD_OF_BIG = 64 * 1024
# All headers of a letter together.
MAX_HEAD = 256 * 1024
# Of a part, what says what it is: a longer one is read for the square of its length.
_LONG_PART_HEADER = re.compile(
    rb"^content-[a-z-]{1,40}:(?:[^\n]{8192}|(?:[^\n]*\n[ \t]){100})", re.IGNORECASE | re.MULTILINE
)
_END_OF_HEAD = re.compile(rb"\n\r?\n")
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'@]+@[^\s<>()\[\],;:\"'@]+")
# Where a server may have written whom a letter was handed to.
_RETURNED = {
    "message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers"
}  # fmt: skip
# A line that says whose words follow it, on one line or, with its date on the one before, on two.
_QUOTED = re.compile(
    r"""^(?:(?=[^\n]{0,300}(?:@|\d|wrote|писал|пишет|навишт))[^\n]{0,300}|[^\n]{0,200}\d{4}[^\n]{0,100}\n[^\n\d]{0,200})
    :[ \t]{0,9}\n(?:[ \t]{0,9}\n){0,3}(?=>) | ^>[^\n]*""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_ANSWERED = re.compile(
    r"""^(?:_{5,}[ \t]{0,9}$ | -{2,}[ ]?(?:original|forwarded|исходное|пересылаемое|пересланное)
    | (?:from|от|от[ ]кого|аз):[ ][^\n]{0,300}@)""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_HANDED_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "To", "Cc")


class Poison(Exception):
    """A letter that cannot be taken apart; the message says why, in a word or two that a log may keep."""


@dataclass(frozen=True)
class Letter:
    raw: bytes
    message: Message

    @classmethod
    def of(cls, raw: bytes) -> "Letter":
        """Raises Poison."""
        if len(raw) > MAX_BYTES:
            raise Poison("too big")
        if not _END_OF_HEAD.search(raw, 0, MAX_HEAD) and len(raw) > MAX_HEAD or _LONG_PART_HEADER.search(raw):
            raise Poison("headers too long")
        # So many as a letter of that size has by rule; each costs, however short it is.
        if raw.count(b"\n") > MAX_LINES:
            raise Poison("too many lines")
        # Each open boundary is compared with each line: many of them would cost the square of the letter.
        if len(_BOUNDARY.findall(raw)) > MAX_PARTS:
            raise Poison("too many parts")
        try:
            # Some programs leave empty lines above the headers, which would make all of them the text.
            message = message_from_bytes(raw.lstrip())
        # Whatever the standard library stumbles over is no letter for us.
        except Exception as error:
            raise Poison(type(error).__name__) from error
        if len(message) > MAX_HEADERS:
            raise Poison("too many headers")
        if not message.keys():
            raise Poison("no headers")
        return cls(raw, message)

    @classmethod
    def head_of(cls, raw: bytes) -> "Letter | None":
        """The headers alone of a letter that is too big; nothing of any other."""
        head = re.split(rb"\r?\n\r?\n", raw[:HEAD_OF_BIG], maxsplit=1)[0]
        try:
            return cls.of(head) if len(raw) > MAX_BYTES else None
        except Poison:
            return None

    @cached_property
    def mark(self) -> str:
        """The same for the same letter however it came here: what relays add on its way is left out."""
        said = [self.header(name) for name in ("Message-ID", "Date", "From", "Subject")]
        body = re.split(rb"\r?\n\r?\n", self.raw, maxsplit=1)[-1]
        return sha256("\n".join(said).encode() + b"\n\n" + body.replace(b"\r\n", b"\n").strip()).hexdigest()

    def header(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    def all(self, name: str) -> list[str]:
        return [decoded(value) for key, value in self.message.raw_items() if key.lower() == name.lower()]

    @cached_property
    def subject(self) -> str:
        return clean(self.header("Subject"))[:300]

    @cached_property
    def sender(self) -> str:
        """The address in From; empty where there is none to be read."""
        return next(iter(addresses(self.header("From"))), "")

    @cached_property
    def handed_to(self) -> list[str]:
        """The addresses that the letter came to, those the servers wrote before those the sender did."""
        found = [address for name in _HANDED_TO for text in self.all(name) for address in addresses(text)]
        return list(dict.fromkeys(found))

    @cached_property
    def returned_to(self) -> str:
        """Return-Path as it stands; “<>” of what no answer may go to."""
        return self.header("Return-Path").strip()

    @cached_property
    def parts(self) -> list[Message]:
        """Every part, those of returned letters included, in order."""
        return [part for part, _returned in self._walked]

    @cached_property
    def own_parts(self) -> list[Message]:
        """The parts that the sender wrote, without those of a letter that is sent back or on."""
        return [part for part, is_returned in self._walked if not is_returned]

    @cached_property
    def _walked(self) -> list[tuple[Message, bool]]:
        walked = []
        for one in _walk(self.message, 0, False):
            walked.append(one)
            if len(walked) > MAX_PARTS * 50:
                raise Poison("too many parts")
        return walked

    @cached_property
    def text(self) -> str:
        """What the sender wrote, as plain text; without script, style and pictures, and not for ever long."""
        plain = [text_of(part) for part in self.own_parts if part.get_content_type() == "text/plain"]
        plain = [text for text in plain if text.strip()]
        if not plain:
            plain = [from_html(text_of(part)) for part in self.own_parts if part.get_content_type() == "text/html"]
        # Where parts cannot be told apart, all of them are the text.
        plain = plain or [text_of(part) for part in self.own_parts if part.get_content_maintype() == "multipart"]
        return clean_lines("\n\n".join(plain)[:MAX_TEXT])

    @cached_property
    def own_words(self) -> str:
        """The text without the letter that it answers, as far as programs mark that."""
        return _QUOTED.sub("", _ANSWERED.split(self.text, maxsplit=1)[0]).strip()

    @cached_property
    def thread(self) -> str:
        """The numbers of the letters that it answers."""
        return f"{self.header('In-Reply-To')} {self.header('References')}"

    @cached_property
    def returned(self) -> str:
        """The letter of ours that is sent back, or its headers, as far as anything of it is there."""
        found = [part for part in self.parts if part.get_content_type() in _RETURNED]
        return "\n".join(_flat(part) for part in found)[:MAX_TEXT]


def _walk(part: Message, depth: int, is_returned: bool) -> Iterator[tuple[Message, bool]]:
    if depth > MAX_DEPTH:
        raise Poison("too deep")
    yield part, is_returned
    payload = payload_of(part)
    if (
        not isinstance(payload, list)
        or part.get_content_maintype() == "message"
        and "status" in part.get_content_type()
    ):
        return
    inside = is_returned or part.get_content_maintype() == "message"
    for inner in payload:
        yield from _walk(inner, depth + 1, inside)


def payload_of(part: Message) -> list[Message] | str:
    """What a part holds as it stands: parts, or text; nothing where its charset is one that nothing is written in."""
    try:
        return part.get_payload()
    except (ValueError, LookupError):
        return ""


def _flat(part: Message) -> str:
    """A returned letter or its headers as text."""
    payload = payload_of(part)
    if isinstance(payload, list):
        return "\n".join(
            "\n".join(f"{name}: {decoded(value)}" for name, value in inner.raw_items())
            + "\n\n"
            + text_of(inner)[:MAX_TEXT]
            for inner in payload[:3]
        )
    return text_of(part)


def text_of(part: Message) -> str:
    """A part as text, in whatever charset it says or seems to be in."""
    if part.is_multipart():
        return ""
    try:
        data = part.get_payload(decode=True) or b""
    # Not even the encoding can be read.
    except (ValueError, LookupError, AssertionError):
        return ""
    data = data[: 4 * MAX_TEXT]
    for charset in (part.get_content_charset("utf-8"), "utf-8", "cp1251"):
        try:
            return data.decode(charset)
        except (ValueError, LookupError):
            continue
    return data.decode("utf-8", "replace")


def from_html(text: str) -> str:
    """What stands on a page, without what a browser would run or fetch; a page that cannot be read says nothing."""
    try:
        return get_text(f"<html><body>{text[:MAX_TEXT]}</body></html>")
    except Exception:
        return ""


def decoded(value: object) -> str:
    """A header as people read it (RFC 2047), on one line; also what was written in it without any rule."""
    text = str(value or "")[:MAX_TEXT]
    try:
        pieces = decode_header(text)
    # Broken beyond reading: as it stands.
    except Exception:
        pieces = [(text, None)]
    words = "".join(_piece(data, charset) for data, charset in pieces)
    return re.sub(r"[\r\n\t ]+", " ", words).strip()


def _piece(data: bytes | str, charset: str | None) -> str:
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogateescape")
    for name in (charset or "utf-8", "utf-8", "cp1251"):
        try:
            return data.decode(name)
        except (ValueError, LookupError):
            continue
    return data.decode("utf-8", "replace")


def addresses(text: str) -> list[str]:
    """The addresses of a header, unfolded or not."""
    text = text[:MAX_TEXT]
    found = [address for _name, address in getaddresses([text]) if "@" in address]
    return [one for one in found if _ADDRESS.fullmatch(one)] or _ADDRESS.findall(text)
