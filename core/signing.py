"""Tokens for public links: purpose and number, with a 128-bit MAC. A token of one purpose is refused for another."""

import base64
import hashlib
import hmac
from functools import lru_cache

from django.conf import settings

_MAC_BYTES = 16


class BadToken(ValueError):
    """Not a token of ours, or not for this purpose."""


def make_token(purpose: str, number: int) -> str:
    """A URL-safe token that carries `number`; it names nobody and never expires."""
    return base64.urlsafe_b64encode(raw_token(purpose, number)).rstrip(b"=").decode()


def raw_token(purpose: str, number: int) -> bytes:
    """The token before it is written in letters: the MAC, then one to eight bytes of the number."""
    body = number.to_bytes((number.bit_length() + 7) // 8 or 1)
    return _mac(purpose, body) + body


def read_token(purpose: str, token: str) -> int:
    """The number inside `token`. Raises BadToken."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise BadToken from error
    mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    number = int.from_bytes(body)
    # Compared as text, too: unused bits at the end of base64 must not give a second token for the same number.
    if (
        not body
        or len(body) > 8
        or not hmac.compare_digest(mac, _mac(purpose, body))
        or make_token(purpose, number) != token
    ):
        raise BadToken
    return number


def cache_key(key: str, prefix: str, version: int) -> str:
    """The name of an entry in the cache; it tells neither a network address nor whose guesses are counted."""
    secret = hashlib.sha256(f"payom.cache.v1:{settings.SECRET_KEY}".encode()).digest()
    return hmac.digest(secret, f"{prefix}:{version}:{key}".encode(), "sha256").hex()


def _mac(purpose: str, body: bytes) -> bytes:
    keyed = _keyed(purpose, settings.SECRET_KEY).copy()
    keyed.update(body)
    return keyed.digest()[:_MAC_BYTES]


# A letter has five tokens: the key is made ready once, and a copy of it keeps other threads from nothing.
@lru_cache(maxsize=64)
def _keyed(purpose: str, secret: str) -> hmac.HMAC:
    key = hashlib.sha256(f"payom.token.v1:{purpose}:{secret}".encode()).digest()
    return hmac.new(key, digestmod="sha256")
