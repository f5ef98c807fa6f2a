"""The demo's mail catcher: a real SMTP server on this machine that keeps every letter in a folder and delivers none."""

import os
import re
import time
import uuid
from dataclasses import dataclass
from datetime import datetime
from email import message_from_binary_file, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from django.conf import settings
from django.utils import timezone

# Domains that answer as real servers do when something is wrong.
ANSWERS = {
    "gone.test": "550 5.1.1 <{address}>: Recipient address rejected: User unknown",
    "full.test": "452 4.2.2 The mailbox of {address} is over quota, try again later",
    "strict.test": "550 5.7.1 Message rejected by our policy: attachments and bulk mail are not accepted",
}
_NAME = re.compile(r"[0-9a-f-]{20,60}")


def folder() -> Path:
    return settings.VAR / "catcher"


class Handler:
    """What aiosmtpd calls: refuse by domain, keep the rest."""

    async def handle_RCPT(self, server, session, envelope, address, options):
        domain = address.rpartition("@")[2].casefold()
        for refused, answer in ANSWERS.items():
            if domain == refused or domain.endswith(f".{refused}"):
                return answer.format(address=address)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        name = keep(envelope.content)
        return f"250 2.0.0 Kept as {name[-12:]}"


def keep(letter: bytes) -> str:
    """Write one letter, whole or not at all, and return its name. Names sort by time of arrival."""
    folder().mkdir(parents=True, exist_ok=True)
    name = f"{time.time_ns():020x}-{uuid.uuid4().hex[:12]}"
    unfinished = folder() / f"{name}.part"
    unfinished.write_bytes(letter)
    os.replace(unfinished, folder() / f"{name}.eml")
    return name


def listen(port: int) -> Controller:
    """A catcher on 127.0.0.1:`port` in a thread of its own; the caller stops it."""
    catcher = Controller(Handler(), hostname="127.0.0.1", port=port, decode_data=False, enable_SMTPUTF8=False)
    catcher.start()
    return catcher


@dataclass(frozen=True)
class Letter:
    """A letter in the folder, newest first in lists."""

    name: str
    arrived_at: datetime
    message: EmailMessage

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        return part.get_content() if part else ""

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return part.get_content() if part else ""


def names() -> list[str]:
    """Names of all kept letters, the newest first."""
    return sorted((path.stem for path in folder().glob("*.eml")), reverse=True)


def read(name: str) -> Letter | None:
    path = folder() / f"{name}.eml"
    if not _NAME.fullmatch(name) or not path.is_file():
        return None
    with path.open("rb") as file:
        message = message_from_binary_file(file, policy=policy.default)
    arrived = datetime.fromtimestamp(int(name.partition("-")[0], 16) / 1e9, tz=timezone.get_current_timezone())
    return Letter(name, arrived, message)


def empty() -> None:
    for path in folder().glob("*.eml"):
        path.unlink()
