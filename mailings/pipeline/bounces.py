"""Classify an SMTP reply: a table. Touches no database.

Classes decide what a refusal means for the next mailing. Only `hard` is about the recipient's mailbox and stops the
address; `block` is about us (policy, reputation, authentication) and must never stop anybody (RFC 3463 for the codes).
"""

import re
from enum import StrEnum


class BounceClass(StrEnum):
    HARD = "hard"
    SOFT = "soft"
    FULL = "full"
    BLOCK = "block"
    UNKNOWN = "unknown"


_BY_ENHANCED_CODE = [
    (r"5\.1\.(1|2|3|6|10)", BounceClass.HARD),
    (r"5\.2\.1", BounceClass.HARD),
    (r"[45]\.2\.2", BounceClass.FULL),
    (r"[45]\.7\.\d+", BounceClass.BLOCK),
    (r"5\.1\.(7|8)", BounceClass.BLOCK),
    (r"4\.\d+\.\d+", BounceClass.SOFT),
    (r"5\.2\.3", BounceClass.BLOCK),
]
_BY_WORDS = [
    (r"spam|blocked|blacklist|policy|reputation|spf|dkim|dmarc|спам", BounceClass.BLOCK),
    (r"quota|full|переполнен", BounceClass.FULL),
    (r"user unknown|no such user|unknown user|does not exist|no mailbox|не существует", BounceClass.HARD),
]


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


def classify(code: int, reply: str) -> BounceClass:
    """The class of a refusal with this SMTP `code` (550) and `reply` ("5.1.1 No such user")."""
    words = reply.casefold()
    by_words = next((found for pattern, found in _BY_WORDS if re.search(pattern, words)), None)
    if by_words is BounceClass.BLOCK:
        # Some servers say "5.1.1" and mean our reputation: the doubt is in the recipient's favour.
        return BounceClass.BLOCK
    if enhanced := re.match(r"\s*([245]\.\d{1,3}\.\d{1,3})\b", reply):
        for pattern, found in _BY_ENHANCED_CODE:
            if re.fullmatch(pattern, enhanced[1]):
                return found
    if by_words:
        return by_words
    return BounceClass.SOFT if 400 <= code < 500 else BounceClass.UNKNOWN
