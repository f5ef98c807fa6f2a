"""Whom a server's report is about, what became of each, and which of its words are about whom."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from ..bounces import BounceClass, classify
from .letter import Letter, addresses

# What no server answers to a recipient, but to whoever sends: the greeting, the name, the sender (RFC 5321, 3.1-3.3),
# in the words of Postfix, Exim, qmail and DragonFly, and in Sendmail's transcript.
_BEFORE_ANY_RECIPIENT = re.compile(
    r"""(?:in\ reply\ to | after(?:\ pipelined)?)\ (?:MAIL | [EHL]{2}LO | AUTH | STARTTLS | initial\ connection)\b
    | but\ (?:sender\ was\ rejected | greeting\ failed | my\ name\ was\ rejected)
    | did\ not\ like\ our\ (?:MAIL | [EHL]{2}LO)\b
    | >>>\ (?:MAIL | [EHL]{2}LO)\b[^\n]*\n\s*<<<\ 5""",
    re.IGNORECASE | re.VERBOSE,
)
# What takes no letter it has read, for no reason that it gives, dislikes the letter.
_AFTER_THE_LETTER = re.compile(r"(?:in reply to|after) end of data\b", re.IGNORECASE)
_NOT_THERE = (
    r"does\ not\ exist | doesn't\ exist | not\ found | unknown | invalid | (?:can\ ?not|can't)\ be\ (?:found|resolved)"
)

# A session, as Sendmail shows it: what was said to a server, and what it said.
_TRANSCRIPT = (">>>", "<<<")
# Our letters go to one reader each: what names more is no report on one, or means harm.
MOST_RECIPIENTS, MOST_IN_PROSE, _MOST_OF_OURS = 1000, 50, 5
_LOCAL = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\u0080-\uffff-]"
# Looked for where a word begins and no further than an address is long: the time grows with the text, not its square.
MAILBOX = rf"(?<!{_LOCAL}){_LOCAL}{{1,250}}@[A-Za-z0-9.\u0080-\uffff-]{{0,250}}[A-Za-z0-9\u0080-\uffff]"
FOUND = re.compile(MAILBOX)


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


def our_addresses(letter: Letter) -> set[str]:
    """The addresses that a report came back to, in lower case."""
    to = (text for name in ("To", "Delivered-To", "Envelope-To") for text in letter.all(name))
    return {address.casefold() for text in to for address in addresses(text)}


def our_domains(letter: Letter, named: Iterable[str]) -> set[str]:
    """The domains that a report came back to, but for those of the addresses that it names."""
    theirs = {_domain(address) for address in named}
    return {_domain(address) for address in islice(our_addresses(letter), _MOST_OF_OURS)} - theirs


def _domain(address: str) -> str:
    return address.rpartition("@")[2].casefold()


def class_of(code: int, words: str, status: str, *, around: str, ours: Iterable[str]) -> BounceClass:
    """The class of a refusal, with what the report says `around` it; a domain of `ours` that is not there is our fault.

    Whatever a server says before it has heard of any recipient says nothing of one.
    """
    bounce = classify(code, words, status)
    if bounce not in {BounceClass.HARD, BounceClass.FULL, BounceClass.UNKNOWN}:
        return bounce
    is_about_us = (
        _BEFORE_ANY_RECIPIENT.search(around)
        or (bounce is BounceClass.UNKNOWN and _AFTER_THE_LETTER.search(around))
        or any(_is_not_there(domain, words) for domain in ours)
    )
    return BounceClass.BLOCK if is_about_us else bounce


def _is_not_there(domain: str, words: str) -> bool:
    return bool(
        re.search(
            rf"(?<![\w.-]){re.escape(domain)}\W{{1,5}}(?:\w+\W+){{0,3}}(?:{_NOT_THERE})",
            words,
            re.IGNORECASE | re.VERBOSE,
        )
    )


def is_cut(address: str) -> bool:
    """Whether somebody left letters out of it: no mailbox has two dots in a row (RFC 5321, 4.1.2)."""
    return ".." in address


def without_addresses(text: str) -> str:
    """A server's words without addresses and ways of links, whose parts would be taken for words; a host says a lot."""
    words = re.sub(r"\S+", lambda word: " " if "@" in word[0] else word[0], text)
    return re.sub(r"\[[\d.:a-f]+\]|https?://([\w.-]*)\S*", r" \1 ", words)


def near(text: str, address: str) -> str:
    """What is said around an address: the lines from it on down to the next one, and what stands just before it."""
    lines = text.splitlines()
    at = next((number for number, line in enumerate(lines) if address.casefold() in line.casefold()), None)
    if at is None:
        return without_addresses(text[:2000])
    before = []
    for line in reversed(lines[max(0, at - 2) : at]):
        if not line.startswith(_TRANSCRIPT) and _is_of_another(line, address) is not None:
            break
        before.insert(0, line)
    block = lines[at : at + 1]
    for line in lines[at + 1 : at + 12]:
        if _is_of_another(line, address):
            break
        block.append(line)
    return without_addresses("\n".join([*before, *block]))


def _is_of_another(line: str, address: str) -> bool | None:
    """Whether a line begins with another address; None where it names none other."""
    others = [found for found in FOUND.finditer(line[:1000]) if found[0].casefold() != address.casefold()]
    return not line[: others[0].start()].strip(" \t<(\"'") if others else None
