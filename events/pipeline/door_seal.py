"""Words about who walked in, sealed on the phone of the door: who finds it, or is signed out of it, reads no name."""

import base64
import json
from binascii import Error

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.crypto import salted_hmac

from ..models import Event

_NONCE = 12
WORDS = ("name", "outlet", "contact")


def key_of(event: Event) -> bytes:
    """The phone has it as long as it has the list of guests."""
    return salted_hmac("events.door", str(event.pk), algorithm="sha256").digest()


def for_phone(event: Event) -> str:
    return base64.b64encode(key_of(event)).decode()


def seal_words(event: Event, words: dict[str, str], nonce: bytes) -> str:
    """As the phone does it."""
    return base64.b64encode(nonce + AESGCM(key_of(event)).encrypt(nonce, json.dumps(words).encode(), None)).decode()


def words_in(event: Event, sealed: str) -> dict[str, str]:
    """What was written down; nothing where it cannot be opened, or is no such thing."""
    try:
        raw = base64.b64decode(sealed, validate=True)
        words = json.loads(AESGCM(key_of(event)).decrypt(raw[:_NONCE], raw[_NONCE:], None))
        return {name: words[name][:500] for name in WORDS}
    except (Error, InvalidTag, ValueError, KeyError, TypeError):
        return {}
