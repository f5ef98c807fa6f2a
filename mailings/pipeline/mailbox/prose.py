"""Whom a server's report is about, and what became of each: RFC 3464, 6533, and what servers say in prose."""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from itertools import islice

from core.text import clean

from ..bounces import BounceClass, classify, codes_in
from .letter import Letter, addresses, decoded, payload_of, text_of

# Our letters go to one reader each: what names more is no report on one, or means harm.
MOST_RECIPIENTS, MOST_IN_PROSE = 1000, 50
_LONGEST_REASON = 4000
_STATUS_PARTS = {"message/delivery-status", "message/global-delivery-status"}
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
_NO_FAILURE = {"delivered": BounceClass.DELIVERED, "relayed": BounceClass.DELIVERED, "expanded": BounceClass.DELIVERED}


@dataclass(frozen=True)
class Recipient:
    address: str
    bounce: BounceClass
    status: str = ""
    code: int = 0
    words: str = ""
    # Where the letter was handed on to, if the server says that it was.
    final: str = ""

    @property
    def stops(self) -> bool:
        return self.bounce is BounceClass.HARD

    def as_told(self, *, acts: bool) -> dict[str, object]:
        suppress = acts and self.stops
        return {"address": self.address, "class": str(self.bounce), "status": self.status, "suppress": suppress}


def reported(letter: Letter) -> list[Recipient]:
    """What the machine-readable part of a report says; nothing where there is none."""
    reports = (part for part in letter.parts if part.get_content_type() in _STATUS_PARTS)
    blocks = (fields for part in reports for fields in _blocks(part))
    found: dict[str, Recipient] = {}
    for fields in islice(blocks, MOST_RECIPIENTS):
        if recipient := _recipient(fields, letter.text):
            found.setdefault(recipient.address.casefold(), recipient)
    return list(found.values())


def _blocks(part: Message) -> Iterator[dict[str, str]]:
    """The groups of fields of a report; the first one, about the report itself, too."""
    payload = payload_of(part)
    inner = payload if isinstance(payload, list) else []
    if not inner:
        yield from _groups(text_of(part) if not isinstance(payload, list) else "")
    for one in inner:
        if one.keys():
            yield {name.lower(): decoded(value) for name, value in one.raw_items()}
        rest = payload_of(one)
        if isinstance(rest, str) and rest.strip():
            yield from _groups(_unpacked(rest, str(part.get("Content-Transfer-Encoding", ""))))


def _unpacked(text: str, encoding: str) -> str:
    """The parser takes a report for a letter in a letter, and leaves its encoding as it is."""
    if encoding.strip().lower() != "base64":
        return text
    try:
        return b64decode(text).decode("utf-8", "replace")
    except (NotBase64, ValueError):
        return ""


def _groups(text: str) -> Iterator[dict[str, str]]:
    for group in re.split(r"\r?\n[ \t]*\r?\n", text):
        lines = re.sub(r"\r?\n[ \t]+", " ", group.strip()).splitlines()
        fields = dict(line.split(":", 1) for line in lines if ":" in line)
        yield {name.strip().lower(): value.strip() for name, value in fields.items()}


def _recipient(fields: dict[str, str], words: str) -> Recipient | None:
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
    said = _without_addresses(diagnostic) or fields.get("x-display-name", "") or _near(words, address)
    if action in _NO_FAILURE:
        bounce = _NO_FAILURE[action]
    elif action.startswith("delay"):
        bounce = BounceClass.DELAY
    else:
        bounce = classify(code, said, status)
        if bounce is BounceClass.UNKNOWN:
            bounce = classify(code, _near(words, address), status)
    return Recipient(address, bounce, status, code, diagnostic[:500], final)


def _address(field: str) -> str:
    """“rfc822; x@y.tj” and “utf-8; \\x{439}@y.tj” as the address they are."""
    text = field.partition(";")[2] or field
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    found = next(iter(addresses(text.strip())), "").strip("<>.'\"")
    return "" if _is_cut(found) else found


def _is_cut(address: str) -> bool:
    """Whether somebody left letters out of it: no mailbox has two dots in a row (RFC 5321, 4.1.2)."""
    return ".." in address


def _without_addresses(text: str) -> str:
    """A server's words without what looks like an address, whose parts would be taken for words."""
    words = re.sub(r"\S+", lambda word: " " if "@" in word[0] else word[0], text)
    return re.sub(r"\[[\d.:a-f]+\]|https?://\S+", " ", words)


# Prose

# Below is the letter that is sent back.
_RETURNED = re.compile(
    r"""^[\s>*=_-]*(?:
      (?:below|above)\ (?:this|the(?:\ next)?)\ line\b.*
    | .*\bcopy\ of\ (?:the|your)\ (?:original\ )?(?:message|mail)\b.*
      | .*\b(?:original|returned|unsent|your)\ (?:message|mail|text)(?:\ headers?)?
      \ (?:follows|is\ attached|attached|details|reads|begins).*
      | (?:start\ of\ )?(?:original|returned|unsent|forwarded)\ (?:message|mail)(?:\ headers?)?\b
      [\s:=*_-]*(?:follow\w*)?[\s:=*_.-]*
      | your\ message\ reads.* | message\ (?:text|headers?|header)\ follows?.* | text\ of\ (?:the\ )?message.*
      | the\ (?:header|first\ lines?|body)\b.{0,60} | mail\ text:? | message\ contents?:?
      | исходное\ (?:сообщение|письмо).* | .*копия\ (?:вашего\ )?(?:письма|сообщения).* | текст\ (?:вашего\ )?письма.*
      | return-path:\ .* | received:\ (?:from|by)\b.* | x-[a-z-]+:\ .* | mime-version:.*
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
_LOCAL = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\u0080-\uffff-]"
# Looked for where a word begins and no further than an address is long: the time grows with the text, not its square.
_MAILBOX = rf"(?<!{_LOCAL}){_LOCAL}{{1,250}}@[A-Za-z0-9.\u0080-\uffff-]{{0,250}}[A-Za-z0-9\u0080-\uffff]"
# A line that says where our letter begins is no longer, and what says of an address that it is the one stands near it.
_LONGEST_LINE, _LOOKED_BACK, _MOST_LOOKED_AT = 300, 200, 1_000
_FOUND = re.compile(_MAILBOX)
_INTRODUCED = re.compile(
    r"""(?:did\ not\ reach | could\ not\ be\ (?:delivered|reached|sent) | (?:was|were)\ not\ delivered | failed
    | undeliverable
      | not\ deliver(?:ed|able) | unable\ to\ (?:deliver|send) | не\ (?:удалось|может|было|был)\b)
      [^\n:@]{0,120}(?:\n[^\n:@]{0,120})?(?:\bfrom\ [^\s:]{3,250})?:[^\S\n]*(?=\n|$)""",
    re.IGNORECASE | re.VERBOSE,
)
# Words before an address that say it is the one; those that say it is not.
_THIS_ONE = re.compile(
    r"""(?: rcpt\ to:?\s*<?
    | (?:failed|invalid|original|intended|undeliverable|final)?\ ?(?:recipient|address(?:ee)?)s?
      (?:\(s\)|\(es\))?\s*(?:is\s*)?[:=]\s*(?:\[?smtp:|<|\[)? | \bto:?\s*(?:<|\[smtp:)? | \bfor:?\s*<? | \buser:?\s*<?
      | deliver(?:y|ed|ing)?\b.{0,40}\bto\s*<? | addressed\ to\s*['"<]? | mailbox:?\s*<? | error-for:\s*
      | получател\w*:?\s*<? | адрес\w*:?\s*<? | ящик\w*:?\s*<? )$""",
    re.IGNORECASE | re.VERBOSE,
)
_NOT_THIS_ONE = re.compile(
    r"""(?: (?<!generated\ )(?<!expanded\ )\bfrom:?\s*["<]? | sender:?\s*<? | contact\b.{0,60}
    | (?:e-?mail|write|report|send\ mail|forward\w*|questions?|help)\b.{0,40}
      | reply-to:\s*<? | postmaster\b.{0,10} | mailto: | message-id:?\s*<? | \bid\s*<? | mail\ from:?\s*<?
      | \bby\ | (?:отправител\w*|от\ кого|обращ\w+|пишите)\b.{0,40} )$""",
    re.IGNORECASE | re.VERBOSE,
)
_DAEMON = re.compile(
    r"^(?:mailer-?daemon|postmaster|mail\.?daemon|abuse|support|help|noc|hostmaster|root)@", re.IGNORECASE
)


def told(letter: Letter) -> list[Recipient]:
    """What a server that writes no report says in prose. A guess, so it says who, and the table says what."""
    text = letter.text
    text = text if "@" in text or not letter.own_parts else f"{text}\n{_any_text(letter)}"
    head = _explanation(text)
    ours = [address for name in ("To", "Delivered-To") for text in letter.all(name) for address in addresses(text)]
    strangers = {one.casefold() for one in [*ours, letter.sender]}
    named = [one for value in letter.all("X-Failed-Recipients") for one in addresses(value)]
    listed = _listed(head)
    found = named or _named(listed, strangers) or _named(head, strangers) or _bare(listed, letter.sender)
    if not found:
        found = [one for one in _addressees(text[len(head) :] + letter.returned) if one.casefold() not in strangers]
    near = {address: _near(head, address) for address in found[:MOST_IN_PROSE]}
    judged = {address: _judged(said) for address, said in near.items()}
    if any(one[0] is BounceClass.UNKNOWN for one in judged.values()):
        # What is said of none of them is said of all; it is looked at once.
        whole = _judged(_without_addresses(head), f"{head} {letter.subject}")
        judged = {address: whole if one[0] is BounceClass.UNKNOWN else one for address, one in judged.items()}
    return [Recipient(address, *judged[address], clean(said)[:500]) for address, said in near.items()]


def _addressees(returned: str) -> list[str]:
    """Whom the letter that is sent back was to. One to a mailing list says nothing of who of it is gone (RFC 2369)."""
    to = re.search(rf"(?im)^[ \t]*to:.*?({_MAILBOX})", returned)
    if to is None or re.search(rf"(?im)^[ \t]*list-post:.*?{re.escape(to[1])}", returned):
        return []
    return [to[1]]


def _any_text(letter: Letter) -> str:
    return "\n".join(text_of(part) for part in letter.own_parts if part.get_content_maintype() == "text")


def _explanation(text: str) -> str:
    """The text down to the letter that is sent back; whole, if that would leave nothing that names anybody."""
    kept = []
    for line in text.splitlines():
        if len(line) <= _LONGEST_LINE and _RETURNED.match(line) and any("@" in one for one in kept):
            break
        kept.append(line)
    return "\n".join(kept)


def _listed(head: str) -> str:
    """What stands below the words that introduce the addresses; above them is often whom the letter was to."""
    return max((head[found.end() :] for found in _INTRODUCED.finditer(head)), key=len, default="")


def _bare(listed: str, sender: str) -> list[str]:
    """A name alone on the first line of a list: a mailbox at the server that says so."""
    first = next((line.strip() for line in listed.splitlines() if line.strip()), "")
    return [f"{first}@{sender.rpartition('@')[2]}"] if re.fullmatch(r"[\w.-]{2,64}", first, re.ASCII) else []


def _named(head: str, strangers: set[str]) -> list[str]:
    """The addresses that failed: those said to be so, or standing on a line of their own; else any that is left."""
    sure, maybe = {}, {}
    for line, match in islice(_all_in(head), _MOST_LOOKED_AT):
        address = re.sub(r"^.*?\bsmtp=", "", match[0], flags=re.IGNORECASE).strip("'.*`")
        before = line[max(0, match.start() - _LOOKED_BACK) : match.start()]
        after = line[match.end() : match.end() + _LOOKED_BACK]
        if address.casefold() in strangers or "@" not in address.strip("@") or _is_cut(address + after[:2]):
            continue
        if _NOT_THIS_ONE.search(before):
            continue
        stands_alone = not before.strip(" \t<>*[(-'\"=0123456789.") or bool(re.match(r"\s*>?\s*:", after))
        if (_THIS_ONE.search(before) or stands_alone) and not _DAEMON.match(address):
            sure.setdefault(address.casefold(), address)
        elif not _DAEMON.match(address):
            maybe.setdefault(address.casefold(), address)
    return list(sure.values()) or list(maybe.values())[:1]


def _all_in(head: str) -> Iterator[tuple[str, re.Match]]:
    """Whatever looks like an address, with its line."""
    return ((line, match) for line in head.splitlines() for match in _FOUND.finditer(line))


def _judged(*texts: str) -> tuple[BounceClass, str, int]:
    """Class, status and code by the first of these texts that says them."""
    for said in texts:
        code, status = codes_in(said)
        bounce = classify(code, said, status)
        if bounce is not BounceClass.UNKNOWN:
            break
    return bounce, status, code


def _near(text: str, address: str) -> str:
    """What is said around an address: the lines from it on down to the next one, or what stands just before it."""
    lines = text.splitlines()
    at = next((number for number, line in enumerate(lines) if address.casefold() in line.casefold()), None)
    if at is None:
        return _without_addresses(text[:2000])
    block = lines[at : at + 1]
    for line in lines[at + 1 : at + 12]:
        other = _FOUND.search(line)
        if other and other[0].casefold() != address.casefold() and not line[:1].isspace():
            break
        block.append(line)
    return _without_addresses("\n".join([*lines[max(0, at - 2) : at], *block]))
