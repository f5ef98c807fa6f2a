"""Whom a report names that is written for people alone, as qmail, Exim and many a service write it."""

import re
from collections.abc import Iterator
from itertools import islice

from core.text import clean

from ..bounces import BounceClass, codes_in
from .letter import Letter, addresses, text_of
from .recipients import (
    FOUND,
    MAILBOX,
    MOST_IN_PROSE,
    Recipient,
    class_of,
    is_cut,
    near,
    our_addresses,
    our_domains,
    without_addresses,
)

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
# A line that says where our letter begins is no longer, and what says of an address that it is the one stands near it.
_LONGEST_LINE, _LOOKED_BACK, _MOST_LOOKED_AT = 300, 200, 1_000
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
    strangers = {*our_addresses(letter), letter.sender.casefold()}
    named = [one for value in letter.all("X-Failed-Recipients") for one in addresses(value)]
    listed = _listed(head)
    found = named or _named(listed, strangers) or _named(head, strangers) or _bare(listed, letter.sender)
    if not found:
        found = [one for one in _addressees(text[len(head) :] + letter.returned) if one.casefold() not in strangers]
    said_of, ours = {address: near(head, address) for address in found[:MOST_IN_PROSE]}, our_domains(letter)
    judged = {address: _judged(said, address=address, ours=ours) for address, said in said_of.items()}
    if judged and all(one[0] is BounceClass.UNKNOWN for one in judged.values()):
        # What is said of none of them is said of all.
        whole = _judged(head, f"{head}\n{letter.subject}", address=found[0], ours=ours)
        judged = dict.fromkeys(judged, whole)
    return [
        Recipient(address, *judged[address], clean(without_addresses(said))[:500]) for address, said in said_of.items()
    ]


def _addressees(returned: str) -> list[str]:
    """Whom the letter that is sent back was to. One to a mailing list says nothing of who of it is gone (RFC 2369)."""
    to = re.search(rf"(?im)^[ \t]*to:.*?({MAILBOX})", returned)
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
        if address.casefold() in strangers or "@" not in address.strip("@") or is_cut(address + after[:2]):
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
    return ((line, match) for line in head.splitlines() for match in FOUND.finditer(line))


def _judged(*texts: str, address: str, ours: list[str]) -> tuple[BounceClass, str, int]:
    """Class, status and code by the first of these texts that says them."""
    for said in texts:
        code, status = codes_in(without_addresses(said))
        # Below the address that it is about; whom else it names is asked of the rest.
        words = re.sub(re.escape(address), " ", said, count=1, flags=re.IGNORECASE)
        bounce = class_of(code, words, status, around=said, address=address, ours=ours)
        if bounce is not BounceClass.UNKNOWN:
            break
    return bounce, status, code
