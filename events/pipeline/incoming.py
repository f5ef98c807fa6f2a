"""Read what a reporter wrote out of a letter that came in: who asks, what, about which letters of ours."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.utils import getaddresses

from core.addresses import NotAnAddress, normalise
from core.text import clean
from mailings.pipeline.mailbox.kinds import is_robot
from mailings.pipeline.mailbox.letter import Letter, decoded

_LONGEST = 50_000
_MOST_FILES = 20
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,240}>")
_REPLY = re.compile(r"^\s*(?:(?:re|fwd?|ответ|отв|ҷавоб)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)


@dataclass(frozen=True)
class Written:
    """What somebody wrote. `files` are names and bytes as they came: nothing of them is clean yet."""

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


def read(letter: Letter) -> Written | None:
    """What was written, or nothing where no sender can be told: nobody could be answered."""
    name, sender = _sender(letter)
    if not sender:
        return None
    return Written(
        sender=sender,
        name=clean(name)[:200],
        subject=letter.subject[:200],
        text=without_quotation(letter.text)[:_LONGEST],
        message_id=next(iter(_ids(letter, "Message-ID")), ""),
        references=tuple(dict.fromkeys([*_ids(letter, "References"), *_ids(letter, "In-Reply-To")])),
        is_automatic=is_robot(letter),
        files=tuple(_files(letter))[:_MOST_FILES],
    )


def _ids(letter: Letter, name: str) -> list[str]:
    return _MESSAGE_ID.findall(letter.header(name))


def _sender(letter: Letter) -> tuple[str, str]:
    for header in ("Reply-To", "From"):
        for _name, address in getaddresses([letter.header(header)]):
            try:
                found = normalise(address)
            except NotAnAddress:
                continue
            # The name is the writer's, wherever they want the answer.
            return next(iter(getaddresses([letter.header("From")])), ("", ""))[0], found
    return "", ""


def without_quotation(text: str) -> str:
    """Without the letter that is answered, where it stands quoted at the end."""
    lines = text.split("\n")
    while lines and (lines[-1].startswith(">") or not lines[-1].strip()):
        quoted = lines.pop().startswith(">")
        if quoted and lines and lines[-1].rstrip().endswith(":") and not lines[-1].startswith(">"):
            lines.pop()
    return "\n".join(lines).strip()


def _files(letter: Letter) -> Iterator[tuple[str, bytes]]:
    """The files that came with it, and those of letters that it passes on."""
    for part in letter.parts:
        name = _name_of(part)
        if not part.is_multipart() and (name or part.get_content_disposition() == "attachment"):
            yield clean(name or "file")[:200], _data_of(part)


def _name_of(part: Message) -> str:
    return decoded(part.get_filename() or "")


def _data_of(part: Message) -> bytes:
    try:
        return part.get_payload(decode=True) or b""
    # Not even the encoding can be read.
    except (ValueError, LookupError, AssertionError):
        return b""
