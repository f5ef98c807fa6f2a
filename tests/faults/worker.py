"""A sender that can be killed: the product's own loop with short leases. Forked, it is there at once."""

import random
import resource
import signal
import threading
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

import time_machine
from django.conf import settings
from django.db import connections
from django.utils import timezone

from mailings.pipeline import claim, send

LEASE = timedelta(seconds=4)
RETRY = timedelta(seconds=0.5)
ROUND = 1.5


@dataclass(frozen=True)
class Trouble:
    """What is wrong with the machine of one worker."""

    clock: timedelta = timedelta()
    disk: int | None = None
    tls: bool = False
    wrong_port: bool = False


def work(number: int, trouble: Trouble) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    connections.close_all()
    claim.LEASE = send.LEASE = LEASE
    send.RETRY_AFTER = [RETRY] * len(send.RETRY_AFTER)
    claim.uuid4 = partial(_numbered, number)
    settings.EMAIL_USE_TLS = trouble.tls
    if trouble.wrong_port:
        settings.EMAIL_PORT = 1
    if trouble.disk is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (trouble.disk, trouble.disk))
    moved = time_machine.travel(timezone.now() + trouble.clock) if trouble.clock else nullcontext()
    pause = threading.Event()
    with moved:
        while not pause.wait(0.02):
            _round()


def owner(claim_token: UUID) -> int:
    """Which worker has it."""
    return claim_token.int >> 96


def _numbered(number: int) -> UUID:
    return UUID(int=number << 96 | random.SystemRandom().getrandbits(96))


def _round() -> None:
    """What went wrong ends this round, as in the real worker."""
    try:
        send.send_due(seconds=ROUND)
    except Exception:
        connections.close_all()
