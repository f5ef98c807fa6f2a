"""Links and pictures that tell: everything they need is signed inside, so that a link leads on whatever happens here.

A token names a row, or, where readers are only counted, a number that is drawn when the letter is made and kept
nowhere: two visits of one reader are seen to be one's, whose they are nobody knows.
"""

import base64
import hashlib
import hmac
import secrets
import struct
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

from core.signing import BadToken

from .policy import GROUPS

_MAC = 16
_HEAD = struct.Struct(">BBQQ")
_DELIVERY, _READER, _TRAP = 1, 2, 4


@dataclass(frozen=True)
class Mark:
    """Whose link it is: `delivery` of the mailing, or `reader`, a number that says nothing, of a `group`."""

    mailing: int
    delivery: int = 0
    reader: int = 0
    group: int = 0


def anonymous(mailing: int, kind: str, language: str) -> Mark:
    """A new reader of a mailing. 63 bits, as much as a database's number holds."""
    return Mark(mailing, reader=secrets.randbits(63) or 1, group=GROUPS.index((kind, language)))


def make_token(mark: Mark, url: str = "", *, is_trap: bool = False) -> str:
    """What stands in the address of the picture (no `url`), of a link, or of the trap."""
    kind = (_DELIVERY if mark.delivery else _READER) | (_TRAP if is_trap else 0)
    body = _HEAD.pack(kind, mark.group, mark.mailing, mark.delivery or mark.reader) + url.encode()
    return _written(_mac(body) + body)


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def read_token(token: str) -> tuple[Mark, str, bool]:
    """The mark, where it leads, and whether it is the trap. Raises BadToken."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        body = raw[_MAC:]
        kind, group, mailing, number = _HEAD.unpack_from(body)
        url = body[_HEAD.size :].decode()
    except (ValueError, struct.error) as error:
        raise BadToken from error
    # Written in one way only: the last letter has bits that mean nothing.
    if not hmac.compare_digest(raw[:_MAC], _mac(body)) or _written(raw) != token:
        raise BadToken
    mark = Mark(mailing, delivery=number) if kind & _DELIVERY else Mark(mailing, reader=number, group=group)
    return mark, url, bool(kind & _TRAP)


def with_ascii_host(url: str) -> str:
    """The address as a Location says it: the host as the DNS writes it, which percent-encoding is not (RFC 5890)."""
    parts = urlsplit(url)
    user, at, rest = parts.netloc.rpartition("@")
    host, colon, port = rest.partition(":")
    if host.isascii():
        return url
    try:
        return parts._replace(netloc=f"{user}{at}{host.encode('idna').decode()}{colon}{port}").geturl()
    except UnicodeError:
        return url


def _mac(body: bytes) -> bytes:
    return hmac.digest(_key(settings.SECRET_KEY), body, "sha256")[:_MAC]


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    return hashlib.sha256(f"payom.link.v1:{secret}".encode()).digest()
