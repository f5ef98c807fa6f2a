"""Whom a server's report is about, what became of each, and which of its words are about whom."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..bounces import BounceClass, classify
from ..bounces.words import DEAD
from .letter import Letter, addresses

# What no server answers to a recipient, but to whoever sends: the greeting, the name, the sender (RFC 5321, 3.1-3.3),
# in the words of Postfix, Exim, qmail and DragonFly, and in Sendmail's transcript.
_BEFORE_ANY_RECIPIENT = re.compile(
    r"""(?:in\ reply\ to | after(?:\ pipelined)?)\ (?:MAIL | [EHL]{2}LO | AUTH | STARTTLS | initial\ connection)\b
    | refused\ to\ talk\ to\ me | but\ (?:sender\ was\ rejected | greeting\ failed | my\ name\ was\ rejected)
    | did\ not\ like\ our\ (?:MAIL | [EHL]{2}LO)\b
    | >>>\ (?:MAIL | [EHL]{2}LO)\b[^\n]*\n\s*<<<\ 5""",
    re.IGNORECASE | re.VERBOSE,
)
# What takes no letter it has read, for no reason that it gives, dislikes the letter.
_AFTER_THE_LETTER = re.compile(r"(?:in reply to|after) end of data\b", re.IGNORECASE)
# A session, as Sendmail shows it: what was said to a server, and what it said.
_TRANSCRIPT = (">>>", "<<<")
# Our letters go to one reader each: what names more is no report on one, or means harm.
MOST_RECIPIENTS, MOST_IN_PROSE, _MOST_OF_OURS = 100, 50, 5
# Of what is said around an address, so much is read.
_NEAR, _LINES_BEFORE, _LINES_AFTER = 2000, 2, 11
_LOCAL = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\u0080-\uffff-]"
# Looked for where a word begins and no further than an address is long: the time grows with the text, not its square.
MAILBOX = rf"(?<!{_LOCAL}){_LOCAL}{{1,250}}@[A-Za-z0-9.\u0080-\uffff-]{{0,250}}[A-Za-z0-9\u0080-\uffff]"
FOUND = re.compile(MAILBOX)
_WROTE = re.compile(rf"^from:[^\n]{{0,200}}?({MAILBOX})", re.IGNORECASE | re.MULTILINE)


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


def our_addresses(letter: Letter) -> list[str]:
    """The addresses that a report came back to, in lower case, in the order of the letter."""
    to = (text for name in ("To", "Delivered-To", "Envelope-To") for text in letter.all(name))
    return list(dict.fromkeys(address.casefold() for text in to for address in addresses(text)))


def our_domains(letter: Letter) -> list[str]:
    """The domains that a report came back to, and the one that the letter sent back was from."""
    wrote = _WROTE.search(letter.returned)
    ours = [*our_addresses(letter)[:_MOST_OF_OURS], *([wrote[1]] if wrote else [])]
    return list(dict.fromkeys(domain_of(address) for address in ours))


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].casefold()


def class_of(code: int, words: str, status: str, *, around: str, address: str, ours: Iterable[str]) -> BounceClass:
    """The class of a server's `words` on `address`, with what the report says `around` it.

    Whatever a server says before it has heard of any recipient says nothing of one; nor does what names a domain of
    `ours` and not the recipient.
    """
    bounce = classify(code, without_addresses(words), status)
    if bounce not in {BounceClass.HARD, BounceClass.FULL, BounceClass.UNKNOWN}:
        return bounce
    is_about_us = (
        _BEFORE_ANY_RECIPIENT.search(around)
        or (bounce is BounceClass.UNKNOWN and _AFTER_THE_LETTER.search(around))
        or (bounce is BounceClass.HARD and _is_of_us_alone(words.casefold(), address.casefold(), ours))
    )
    return BounceClass.BLOCK if is_about_us else bounce


def _is_of_us_alone(words: str, address: str, ours: Iterable[str]) -> bool:
    """Whether the line that says so names a domain of ours, and neither the recipient's nor the recipient."""
    theirs = domain_of(address)
    foreign = [domain for domain in ours if domain != theirs]
    said = (line for line in words.splitlines() if any(_names(line, domain, within=r"\w-") for domain in foreign))
    return any(not _names(line, theirs, within=r"\w.-") and DEAD.search(without_addresses(line)) for line in said)


def _names(line: str, domain: str, *, within: str) -> bool:
    """Whether a line has this domain; letters `within` before it make it another."""
    return bool(re.search(rf"(?<![{within}]){re.escape(domain)}(?![\w-])", line))


def is_cut(address: str) -> bool:
    """Whether somebody left letters out of it: no mailbox has two dots in a row (RFC 5321, 4.1.2)."""
    return ".." in address


def without_addresses(text: str) -> str:
    """A server's words without addresses and ways of links, whose parts would be taken for words; a host says a lot."""
    words = re.sub(r"\S+", lambda word: " " if "@" in word[0] else word[0], text)
    return re.sub(r"\[[\d.:a-f]+\]|https?://([\w.-]*)\S*", r" \1 ", words)


def near(text: str, address: str) -> str:
    """What is said around an address: its line, those down to the next one, and what leads to it."""
    at = _place_of(address, text)
    if at is None:
        return text[:_NEAR]
    before = []
    for line in reversed(text[max(0, at - _NEAR) : at].split("\n")[-1 - _LINES_BEFORE : -1]):
        # Words that are indented, or stand above an empty line, are of somebody else.
        if not line.strip() or line[:1].isspace() or not _leads(line, address):
            break
        before.insert(0, line)
    begin = text.rfind("\n", 0, at) + 1
    lines = text[begin : at + _NEAR].split("\n")
    block = lines[:1]
    for line in lines[1 : 1 + _LINES_AFTER]:
        if _is_of_another(line, address):
            break
        block.append(line)
    return "\n".join([*before, *block])[:_NEAR]


def _place_of(address: str, text: str) -> int | None:
    """Where an address stands, and not a longer one that ends or begins like it."""
    text, address = text.lower(), address.lower()
    at = text.find(address)
    while at >= 0:
        beyond = text[at + len(address) : at + len(address) + 1]
        if not (at and re.match(_LOCAL, text[at - 1])) and not (beyond.isalnum() or beyond == "-"):
            return at
        at = text.find(address, at + 1)
    return None


def _leads(line: str, address: str) -> bool:
    return line.startswith(_TRANSCRIPT) or _is_of_another(line, address) is None


def _is_of_another(line: str, address: str) -> bool | None:
    """Whether a line begins with another address; None where it names none other."""
    others = [found for found in FOUND.finditer(line[:1000]) if found[0].casefold() != address.casefold()]
    return not line[: others[0].start()].strip(" \t<(\"'") if others else None
