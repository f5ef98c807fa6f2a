"""Seal texts so that the database alone gives nothing away, and compare addresses that nobody can read. Pure.

Two secrets, neither in the database: the seal keys (`SEAL_KEYS`, else a file), which `rotate_seal_keys` renews, and
the blind key, which must stay the same for as long as addresses are compared with those kept earlier.
"""

import hashlib
import hmac
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from . import addresses

# What Fernet raises for a wrong key or a changed token, and for text that is not even base64.
_REFUSED = (InvalidToken, ValueError)


class CannotUnseal(ValueError):
    """The text was sealed with a key we do not have, or it is no sealed text at all."""


def seal(text: str) -> str:
    """A token that holds `text`, under the newest key; sealing twice gives two tokens."""
    return MultiFernet(_fernets()).encrypt(text.encode()).decode()


def unseal(token: str) -> str:
    """The text inside a token. Raises CannotUnseal."""
    try:
        return MultiFernet(_fernets()).decrypt(token).decode()
    except _REFUSED:
        raise CannotUnseal("sealed with a key that is not here: look at SEAL_KEYS, or at the file seal_keys") from None


def reseal(token: str) -> str:
    """The same text under the newest key. Raises CannotUnseal."""
    try:
        return MultiFernet(_fernets()).rotate(token).decode()
    except _REFUSED:
        raise CannotUnseal("sealed with a key that is not here: nothing was changed") from None


def is_current(token: str) -> bool:
    """Whether a token is under the newest key."""
    try:
        _fernets()[0].decrypt(token)
    except _REFUSED:
        return False
    return True


def blind(text: str) -> str:
    """The blind index of an address: equal for two spellings of one mailbox, unreadable without the blind key."""
    return hmac.digest(_blind_key(settings.BLIND_KEY), addresses.key(text).encode(), "sha256").hex()


@lru_cache(maxsize=4)
def _blind_key(secret: str) -> bytes:
    return hashlib.sha256(f"payom.blind.v1:{secret}".encode()).digest()


def keys() -> list[str]:
    """All seal keys, the newest first: from the settings, else from their file, which is made on first use."""
    if settings.SEAL_KEYS:
        return list(settings.SEAL_KEYS)
    if not settings.SEAL_KEYS_PATH.exists():
        _write_file([_new_key()], is_first=True)
    stamp = os.stat(settings.SEAL_KEYS_PATH)
    return list(_read_file(settings.SEAL_KEYS_PATH, stamp.st_ino, stamp.st_mtime_ns))


def add_key() -> None:
    """Put a new key before the others. Running processes use it from their next look at the file."""
    _write_file([_new_key(), *keys()])


def drop_old_keys() -> None:
    """Keep the newest key only. Whatever is still sealed with another one is lost."""
    _write_file(keys()[:1])


def _new_key() -> str:
    return Fernet.generate_key().decode()


def _fernets() -> list[Fernet]:
    return list(_fernets_of(tuple(keys())))


@lru_cache(maxsize=4)
def _fernets_of(texts: tuple[str, ...]) -> tuple[Fernet, ...]:
    try:
        return tuple(map(Fernet, texts))
    except ValueError:
        raise ImproperlyConfigured("each of SEAL_KEYS is 32 bytes in URL-safe base64, as Fernet makes them") from None


@lru_cache(maxsize=4)
def _read_file(path: Path, _inode: int, _changed: int) -> tuple[str, ...]:
    return tuple(path.read_text().split())


def _write_file(texts: list[str], *, is_first: bool = False) -> None:
    """Written aside and moved into place whole; of two processes that start at once, both use the same first key."""
    path = settings.SEAL_KEYS_PATH
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as made:
        made.write("\n".join(texts) + "\n")
        made.flush()
        os.fsync(made.fileno())
    if not is_first:
        os.replace(made.name, path)
        return
    with suppress(FileExistsError):
        os.link(made.name, path)
    os.unlink(made.name)


# Who holds tokens in a form of its own, for `rotate_seal_keys`. Columns of core.fields.SealedField are found without.
Holder = Callable[[Callable[[str], str]], None]
_holders: dict[str, Holder] = {}


def register_holder(label: str, holder: Holder) -> None:
    """`holder(change)` puts every token it keeps through `change`, in batches, and saves those that came back other."""
    _holders[label] = holder


def holders() -> dict[str, Holder]:
    return dict(_holders)
