"""Read a letter as it came from the wire: who writes what, as safe text. Touches no database."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses

from inscriptis import get_text

from core.addresses import NotAnAddress, normalise
from core.html import sanitise
from core.text import clean, clean_lines

_LONGEST = 50_000
_MOST_PARTS = 200
_MOST_FILES = 20
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,240}>")
_REPLY = re.compile(r"^\s*(?:(?:re|fwd?|ответ|отв|ҷавоб)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_BULK = {"bulk", "junk", "list", "auto_reply"}
_ROBOTS = re.compile(r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply)(?:[+@]|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Incoming:
    """A letter read. `files` are names and bytes as they came: nothing of them is clean yet."""

    sender: str
    name: str
    subject: str
    text: str
    message_id: str
    references: tuple[str, ...] = ()
    # Sent by a program, or to many: nobody waits for an answer, and one could begin a loop.
    is_automatic: bool = False
    files: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)

    @property
    def matter(self) -> str:
        """The subject without what answering put before it."""
        return _REPLY.sub("", self.subject).casefold().strip()


def read(raw: bytes) -> Incoming | None:
    """The letter in `raw`, or nothing where no sender can be told: nobody could be answered."""
    letter = message_from_bytes(raw, policy=policy.default)
    name, sender = _sender(letter)
    if not sender:
        return None
    parts = list(_parts(letter))
    return Incoming(
        sender=sender,
        name=clean(name)[:200],
        subject=clean(_header(letter, "Subject"))[:200],
        text=_text(parts),
        message_id=next(iter(_ids(letter, "Message-ID")), ""),
        references=tuple(dict.fromkeys([*_ids(letter, "References"), *_ids(letter, "In-Reply-To")])),
        is_automatic=_is_automatic(letter, sender),
        files=tuple(_files(parts))[:_MOST_FILES],
    )


def _header(letter: EmailMessage, name: str) -> str:
    """A header as text. What breaks the rules of headers is read as far as it goes."""
    try:
        return str(letter.get(name, ""))
    except (ValueError, IndexError, AttributeError, TypeError, UnicodeError):
        return ""


def _ids(letter: EmailMessage, name: str) -> list[str]:
    return _MESSAGE_ID.findall(_header(letter, name))


def _sender(letter: EmailMessage) -> tuple[str, str]:
    for header in ("Reply-To", "From"):
        for _name, address in getaddresses([_header(letter, header)]):
            try:
                found = normalise(address)
            except NotAnAddress:
                continue
            # The name is the writer's, wherever they want the answer.
            return next(iter(getaddresses([_header(letter, "From")])), ("", ""))[0], found
    return "", ""


def _is_automatic(letter: EmailMessage, sender: str) -> bool:
    marked = _header(letter, "Auto-Submitted").casefold().strip()
    return bool(
        marked
        and not marked.startswith("no")
        or _header(letter, "Precedence").casefold().strip() in _BULK
        or _header(letter, "Return-Path").strip() == "<>"
        or any(letter.get(name) for name in ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond"))
        or letter.get_content_type() == "multipart/report"
        or _ROBOTS.match(sender)
    )


def _parts(letter: EmailMessage) -> Iterator[EmailMessage]:
    """The leaves, however deep they lie, up to a number that no honest letter has."""
    for number, part in enumerate(letter.walk()):
        if number >= _MOST_PARTS:
            return
        if not part.is_multipart():
            yield part


def _text(parts: list[EmailMessage]) -> str:
    """What was written: the plain text, else the HTML without all that is none."""
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
                text = _content(part)
                text = get_text(sanitise(text)) if kind == "text/html" else text
                if text := without_quotation(clean_lines(text)):
                    return text[:_LONGEST]
    return ""


def _content(part: EmailMessage) -> str:
    """The text of a part in whatever encoding it says, or as well as can be told."""
    data = part.get_payload(decode=True) or b""
    try:
        return data.decode(part.get_content_charset("utf-8"))
    except (LookupError, UnicodeError):
        return data.decode("utf-8", "replace")


def without_quotation(text: str) -> str:
    """Without the letter that is answered, where it stands quoted at the end."""
    lines = text.split("\n")
    while lines and (lines[-1].startswith(">") or not lines[-1].strip()):
        quoted = lines.pop().startswith(">")
        if quoted and lines and lines[-1].rstrip().endswith(":") and not lines[-1].startswith(">"):
            lines.pop()
    return "\n".join(lines).strip()


def _files(parts: list[EmailMessage]) -> Iterator[tuple[str, bytes]]:
    for part in parts:
        name = part.get_filename() if part.get_content_maintype() != "multipart" else ""
        if name or part.get_content_disposition() == "attachment":
            yield clean(name or "file")[:200], part.get_payload(decode=True) or b""
