"""What a report says of each recipient in the part that machines read: RFC 3464 and 6533, broken ones included."""

import re
import sys
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Iterator
from email.message import Message
from itertools import islice

from core.text import clean

from ..bounces import BounceClass, codes_in
from .letter import Letter, addresses, decoded, payload_of, text_of
from .recipients import MOST_RECIPIENTS, Recipient, class_of, is_cut, near, our_domains

_LONGEST_REASON = 4000
_STATUS_PARTS = {"message/delivery-status", "message/global-delivery-status"}
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]*)[ \t]*:(.*)")
_QUOTED = re.compile(r'"([^"\s]+)"(@[^\s<>"@]+)')
_ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
# Besides those of RFC 3464, 2.3.3, what Postfix says to who asks whether a letter would arrive.
_NO_FAILURE = {"delivered", "relayed", "expanded", "deliverable"}


def reported(letter: Letter, *, within: bool = False) -> list[Recipient]:
    """What the machine-readable part of a report says, or of one `within` it; nothing where there is none."""
    parts = (
        part for part in (letter.parts if within else letter.own_parts) if part.get_content_type() in _STATUS_PARTS
    )
    return _recipients((fields for part in parts for fields in _blocks(part)), letter)


def reported_in_text(letter: Letter) -> list[Recipient]:
    """The same where somebody broke the parts of a letter, so that the report stands in its text."""
    groups = _groups(letter.text)
    return _recipients((fields for fields in groups if "action" in fields or "status" in fields), letter)


def _recipients(blocks: Iterable[dict[str, str]], letter: Letter) -> list[Recipient]:
    found: dict[str, Recipient] = {}
    text, ours = letter.text, our_domains(letter)
    for fields in islice(blocks, MOST_RECIPIENTS):
        if recipient := _recipient(fields, text, ours):
            found.setdefault(recipient.address.casefold(), recipient)
    return list(found.values())


def _blocks(part: Message) -> Iterator[dict[str, str]]:
    """The groups of fields of a report; the first one, about the report itself, too."""
    payload = payload_of(part)
    if not isinstance(payload, list):
        yield from _groups(text_of(part))
        return
    for one in payload:
        # What the parser takes for a text after the fields is the rest of them, below a line that is none.
        rest = payload_of(one)
        rest = _unpacked(rest, str(part.get("Content-Transfer-Encoding", ""))) if isinstance(rest, str) else ""
        between = "\n" if one.defects else "\n\n"
        yield from _groups("\n".join(f"{name}: {decoded(value)}" for name, value in one.raw_items()) + between + rest)


def _unpacked(text: str, encoding: str) -> str:
    """The parser takes a report for a letter in a letter, and leaves its encoding as it is."""
    if encoding.strip().lower() != "base64":
        return text
    try:
        return b64decode(text).decode("utf-8", "replace")
    except (NotBase64, ValueError):
        return ""


def _groups(text: str) -> Iterator[dict[str, str]]:
    """Fields by their names in lower case; a line that is none goes on with the one before, indented or not."""
    for group in re.split(r"\r?\n[ \t]*\r?\n", text):
        fields: dict[str, list[str]] = {}
        last: list[str] = []
        for line in group.splitlines():
            if field := _FIELD.match(line):
                last = fields[field[1].lower()] = [field[2].strip()]
            else:
                last.append(line.strip())
        yield {name: " ".join(lines) for name, lines in fields.items()}


def _recipient(fields: dict[str, str], text: str, ours: list[str]) -> Recipient | None:
    final, original = (_address(fields.get(name, "")) for name in ("final-recipient", "original-recipient"))
    address = original or final or _address(fields.get("x-actual-recipient", ""))
    if not address:
        return None
    action = fields.get("action", "").split()[0:1]
    action = action[0].strip(";,").lower() if action else "failed"
    said = fields.get("diagnostic-code", "")[:_LONGEST_REASON]
    diagnostic = clean(said.partition(";")[2] or said)
    status = (_STATUS.search(fields.get("status", "")) or _STATUS.search(diagnostic) or [None, ""])[1]
    code, _enhanced = codes_in(diagnostic)
    around = near(text, address)
    said = diagnostic or fields.get("x-display-name", "")
    if action in _NO_FAILURE:
        bounce = BounceClass.DELIVERED
    elif action.startswith("delay"):
        bounce = BounceClass.DELAY
    else:
        bounce = class_of(code, said, status, around=around, address=address, ours=ours)
        if bounce is BounceClass.UNKNOWN:
            bounce = class_of(code, around, status, around=around, address=address, ours=ours)
    return Recipient(address, bounce, status, code, diagnostic[:500], final)


def _address(field: str) -> str:
    """“rfc822; x@y.tj” and “utf-8; \\x{439}@y.tj” as the address they are."""
    text = field.partition(";")[2] or field
    text = _ESCAPED.sub(_letter_of, text).strip()
    if quoted := _QUOTED.fullmatch(text.strip("<>")):
        return quoted[1] + quoted[2]
    found = next(iter(addresses(text)), "").strip("<>.'\"")
    return "" if is_cut(found) else found


def _letter_of(escaped: re.Match) -> str:
    """RFC 6533, 3: a letter by its number, if there is one of that number."""
    number = int(escaped[1], 16)
    return chr(number) if number <= sys.maxunicode and not 0xD800 <= number <= 0xDFFF else escaped[0]
