"""A sender that can be killed: the product's own loop with short leases. Forked, it is there at once."""

import random
import resource
import signal
import threading
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import count
from uuid import UUID

import time_machine
from django.conf import settings
from django.db import connections
from django.utils import timezone

from mailings.pipeline import claim, send

# As in life long enough for one whole dialogue after the last moment to begin it (EMAIL_TIMEOUT is a second).
LEASE = timedelta(seconds=10)
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
    settings.EMAIL_USE_TLS = trouble.tls
    if trouble.wrong_port:
        settings.EMAIL_PORT = 1
    if trouble.disk is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (trouble.disk, trouble.disk))
    moved = time_machine.travel(timezone.now() + trouble.clock) if trouble.clock else nullcontext()
    pause, rounds = threading.Event(), count()
    with moved:
        while not pause.wait(0.02):
            claim.uuid4 = partial(_numbered, number, next(rounds))
            _round()


def owner(claim_token: UUID) -> tuple[int, int]:
    """Which worker has it, and since which of its rounds: what an earlier one left behind met its own misfortune."""
    return claim_token.int >> 96, claim_token.int >> 64 & 0xFFFFFFFF


def _numbered(number: int, of_round: int) -> UUID:
    return UUID(int=number << 96 | of_round << 64 | random.SystemRandom().getrandbits(64))


def _round() -> None:
    """What went wrong ends this round, as in the real worker."""
    try:
        send.send_due(seconds=ROUND)
    except Exception:
        connections.close_all()
