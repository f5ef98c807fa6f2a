"""The address to which a reader's mail program writes to unsubscribe: our mailbox's, with a token of the row in it."""

import base64

from django.conf import settings

from core.signing import BadToken, make_token, read_token

UNSUBSCRIBE = "unsubscribe"
_MARK = "+u-"


def ways_out(number: int, url: str) -> str:
    """The header List-Unsubscribe (RFC 2369): the page, which RFC 8058 posts to, before the letter."""
    address = address_of(number)
    return f"<{url}>, <mailto:{address}?subject=unsubscribe>" if address else f"<{url}>"


def address_of(number: int) -> str:
    """Where to write to be unsubscribed; empty where no mailbox of ours is read."""
    name, _at, domain = settings.MAILBOX_ADDRESS.rpartition("@")
    return f"{name}{_MARK}{_lower(make_token(UNSUBSCRIBE, number))}@{domain}" if name else ""


def number_in(address: str) -> int:
    """The number of the row whose reader writes to this address of ours. Raises BadToken.

    Who the letter says it comes from is not asked: anybody can write that.
    """
    local, _at, domain = address.strip().casefold().rpartition("@")
    name, mark, token = local.partition(_MARK)
    if not mark or f"{name}@{domain}" != settings.MAILBOX_ADDRESS.casefold():
        raise BadToken
    try:
        raw = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except ValueError as error:
        raise BadToken from error
    if _lower_of(raw) != token:
        raise BadToken
    return read_token(UNSUBSCRIBE, base64.urlsafe_b64encode(raw).rstrip(b"=").decode())


def _lower(token: str) -> str:
    """The same token in letters that no mail server changes: some write every address small."""
    return _lower_of(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))


def _lower_of(raw: bytes) -> str:
    return base64.b32encode(raw).rstrip(b"=").decode().lower()
