"""Sign a letter with the domain's own key (DKIM, RFC 6376). Pure."""

import re

import dkim

from ..message import Dkim

# What a reader relies on; that one click unsubscribes has to be among it (RFC 8058).
SIGNED = ["From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type", "In-Reply-To"]
SIGNED += ["References", "List-Unsubscribe", "List-Unsubscribe-Post"]
_NAME = re.compile(rb"^([!-9;-~]+):", re.MULTILINE)


class BadKey(ValueError):
    """What is given as a key is none that letters can be signed with."""


def signed(letter: bytes, key: Dkim) -> bytes:
    """The letter with its signature on top. Raises BadKey."""
    there = {name.lower() for name in _NAME.findall(letter.partition(b"\r\n\r\n")[0])}
    names = [name.lower().encode() for name in SIGNED if name.lower().encode() in there]
    try:
        # From is named once more, so that nobody adds another one above it.
        signature = dkim.sign(
            letter,
            key.selector.encode("ascii"),
            key.domain.encode("idna"),
            key.key.encode("ascii"),
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[*names, b"from"],
        )
    except (dkim.DKIMException, ValueError) as error:
        raise BadKey(type(error).__name__) from None
    return signature + letter


def check_key(key: Dkim) -> None:
    """Raises BadKey for a key that would sign nothing."""
    signed(b"From: a@b.test\r\n\r\nx\r\n", key)
