"""What in a letter of ours says which delivery it is: its number, a header, its return path. Each carries a MAC.

Relays replace numbers, servers leave headers out, forwarding changes the return path: whoever looks for a delivery
looks for each of them. None names anybody.
"""

import re
from base64 import b32decode, b32encode, urlsafe_b64encode
from functools import lru_cache

from django.conf import settings

from core.signing import BadToken, make_token, raw_token, read_token

HEADER = "X-Payom-Delivery"
_NUMBER, _HEADER, _BOUNCE, _LEAVE = "message", "delivery", "bounce", "leave"
# 16 bytes of MAC and one to eight of the number, in base64 and in base32.
_BASE64, _BASE32 = r"[A-Za-z0-9_-]{23,32}", r"[a-z2-7]{28,39}"
# A thread has a few; more are an attack.
_MOST = 50
_IN_NUMBER = re.compile(rf"<({_BASE64})@([A-Za-z0-9.-]+)>")
_IN_HEADER = re.compile(rf"{HEADER}:\s*({_BASE64})(?![\w-])", re.IGNORECASE)
_BARE_NUMBER = re.compile(rf"(?<![\w-])({_BASE64})@")
_BARE_HEADER = re.compile(rf"(?<![\w-])({_BASE64})(?![\w@-])")
_TAGGED = re.compile(rf"\+(b|d|u)-({_BASE32})@", re.IGNORECASE)


def message_id(delivery: int) -> str:
    """Of one domain for all accounts: a correction answers a letter that may have left over another."""
    return f"<{make_token(_NUMBER, delivery)}@{_domain()}>"


def header(delivery: int) -> str:
    return make_token(_HEADER, delivery)


def return_path(delivery: int) -> str:
    """Where servers report to: an address of its own for each letter; empty where MAIL_BOUNCES_TO names no mailbox."""
    if not settings.MAIL_BOUNCES_TO:
        return ""
    return _tagged("b", raw_token(_BOUNCE, delivery))


def return_path_of(purpose: str, number: int) -> str:
    """The same for a letter of a room above, which says by its purpose what it numbers."""
    return _tagged("d", raw_token(purpose, number)) if settings.MAIL_BOUNCES_TO else ""


def leave_link(delivery: int) -> str:
    """Where a letter unsubscribes by being sent (RFC 2369); empty where no mailbox is read."""
    if not settings.MAIL_BOUNCES_TO:
        return ""
    return f"<mailto:{_tagged('u', raw_token(_LEAVE, delivery))}?subject=unsubscribe>"


def _tagged(kind: str, token: bytes) -> str:
    """In base32, since servers change the case of what stands before the @."""
    local, domain = _cut(settings.MAIL_BOUNCES_TO)
    return f"{local}+{kind}-{b32encode(token).rstrip(b'=').decode().lower()}@{domain}"


def _untagged(text: str) -> str:
    raw = b32decode(text.upper() + "=" * (-len(text) % 8))
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def of_bounce(address: str) -> int | None:
    """The delivery whose return path an address is; None for any other address. Raises BadToken for a forged one."""
    return _of_tagged("b", _BOUNCE, address)


def of_leaving(address: str) -> int | None:
    """The delivery whose address for unsubscribing this is. Raises BadToken for a forged one."""
    return _of_tagged("u", _LEAVE, address)


def of_return_path(purpose: str, address: str) -> int | None:
    """The letter of a room above whose return path an address is. Raises BadToken for one of another purpose, too."""
    return _of_tagged("d", purpose, address)


def _of_tagged(kind: str, purpose: str, address: str) -> int | None:
    found = _TAGGED.search(address)
    if not found or found[1].lower() != kind:
        return None
    try:
        return read_token(purpose, _untagged(found[2]))
    except ValueError as error:
        raise BadToken from error


def of_header(text: str) -> int | None:
    """The delivery that a header of ours in a text names. Raises BadToken where all that are there are forged."""
    tokens = _IN_HEADER.findall(text)
    return _first(_HEADER, tokens, forged=bool(tokens))


def of_number(text: str) -> int | None:
    """The delivery whose Message-ID stands in a text. Raises BadToken for one that only looks like ours."""
    found = _IN_NUMBER.findall(text)
    forged = any(domain.lower() == _domain().lower() for _token, domain in found)
    return _first(_NUMBER, [token for token, _domain in found], forged=forged)


def anywhere(text: str) -> int | None:
    """The delivery that a text of a mail service names by one of our marks, however it writes it."""
    for purpose, pattern in ((_NUMBER, _BARE_NUMBER), (_HEADER, _BARE_HEADER)):
        for token in pattern.findall(text)[:_MOST]:
            try:
                return read_token(purpose, token)
            except BadToken:
                continue
    return None


def _first(purpose: str, tokens: list[str], *, forged: bool) -> int | None:
    for token in tokens[:_MOST]:
        try:
            return read_token(purpose, token)
        except BadToken:
            continue
    if forged:
        raise BadToken
    return None


def _domain() -> str:
    return _cut(settings.DEFAULT_FROM_EMAIL)[1]


@lru_cache(maxsize=8)
def _cut(address: str) -> tuple[str, str]:
    local, _at, domain = address.rpartition("@")
    return local, domain
