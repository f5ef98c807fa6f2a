"""Classify a refusal: a table. Touches no database.

Classes decide what a refusal means for the next mailing. Only `hard` is about the recipient's mailbox and stops the
address; `block` is about us (policy, reputation, authentication, what the letter is) and must never stop anybody
(RFC 3463 for the codes).
"""

import re
from enum import StrEnum

from .words import ABOUT_US, DEAD, FOR_NOW, FULL, SAID_TO_PASS


class BounceClass(StrEnum):
    HARD = "hard"
    SOFT = "soft"
    FULL = "full"
    BLOCK = "block"
    UNKNOWN = "unknown"
    # No refusals: what a report says of a letter that is still tried, or has come.
    DELAY = "delay"
    DELIVERED = "delivered"


# What is looked at from top to bottom; the first that fits says the class. What somebody else's server calls
# “user unknown, blocked as spam” is about us: the doubt is in the recipient's favour.
_BY_WORDS = [
    (ABOUT_US, BounceClass.BLOCK),
    (FULL, BounceClass.FULL),
    (DEAD, BounceClass.HARD),
    (FOR_NOW, BounceClass.SOFT),
]
_BY_ENHANCED_CODE = [
    (r"[45]\.7\.\d+", BounceClass.BLOCK),
    (r"[45]\.2\.2", BounceClass.FULL),
    (r"5\.1\.(?:7|8|9)", BounceClass.BLOCK),
    (r"5\.(?:2\.3|3\.4|6\.\d+)", BounceClass.BLOCK),
    (r"5\.1\.(?:1|2|3|6|10)", BounceClass.HARD),
    (r"5\.2\.1|5\.4\.310", BounceClass.HARD),
    (r"4\.\d+\.\d+", BounceClass.SOFT),
    (r"5\.4\.(?:1|6|7|8)|5\.3\.[12]", BounceClass.SOFT),
]
# A letter was given up: why, a code in the words may say.
_GIVEN_UP = {"4.4.7"}
# Codes that say no more than “refused”: there the words decide.
_VAGUE = re.compile(r"5\.(?:0\.0|1\.[024]|2\.0|2\.4|3\.\d+|4\.\d+|5\.\d+)")
# A code of policy anywhere in a refusal is one of policy, whatever others stand beside it.
_POLICY_CODE = re.compile(r"(?<![\d.])[45]\.7\.\d{1,3}\b")
_REPLY = re.compile(r"(?<![\d.@-])([45]\d\d)(?:[ -](?=\D|[45]\.\d)|(?=:))")
_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")

_OWN_FAULT_CODES = frozenset({421, 530, 534, 535, 538})
_OWN_FAULT_WORDS = re.compile(
    r"relay|authentication required|must authenticate|sender (?:address )?rejected"
    # What we may send today or this hour is used up.
    r"|(?:daily|hourly) (?:user )?(?:sending )?(?:limit|quota)|sending (?:limit|quota)",
    re.IGNORECASE,
)


def is_own_fault(code: int, reply: str) -> bool:
    """Whether our relay, password or address is refused, whoever the letter was for; a reply that is none, too."""
    return code in _OWN_FAULT_CODES or not 400 <= code < 600 or bool(_OWN_FAULT_WORDS.search(reply))


def codes_in(text: str) -> tuple[int, str]:
    """The SMTP code and the enhanced one somewhere in a server's words; 0 and nothing where there is none."""
    reply = _REPLY.search(text)
    enhanced = next((one for one in _ENHANCED.findall(text) if one[0] != "2"), "")
    return int(reply[1]) if reply else 0, enhanced


def classify(code: int, reply: str, enhanced: str = "") -> BounceClass:
    """The class of a refusal with this SMTP `code` (550) and `reply` ("5.1.1 No such user").

    `enhanced` is the code of a report, where the reply does not begin with one.
    """
    found = _ENHANCED.search(reply[:120])
    if found and _says_more(found[1], enhanced):
        enhanced = found[1]
    by_words = next((name for pattern, name in _BY_WORDS if pattern.search(reply)), None)
    by_code = next((name for pattern, name in _BY_ENHANCED_CODE if re.fullmatch(pattern, enhanced)), None)
    if by_words is BounceClass.BLOCK:
        return BounceClass.BLOCK
    if BounceClass.FULL in {by_words, by_code}:
        return BounceClass.FULL
    if by_code is BounceClass.BLOCK or _POLICY_CODE.search(reply):
        return BounceClass.BLOCK
    for_now = enhanced.startswith("4") or 400 <= code < 500
    if for_now or SAID_TO_PASS.search(reply):
        return BounceClass.SOFT
    if _VAGUE.fullmatch(enhanced) and by_words:
        return by_words
    return by_code or by_words or BounceClass.UNKNOWN


def _says_more(inner: str, outer: str) -> bool:
    """Whether the code in a server's words says more than the one in the report on it."""
    return not outer or bool(_VAGUE.fullmatch(outer)) or (outer in _GIVEN_UP and not _VAGUE.fullmatch(inner))
