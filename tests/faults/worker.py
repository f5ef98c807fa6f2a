"""A sender that can be killed: the product's own loop with short leases, by itself or as a task of Celery.

Forked, it is there at once.
"""

import random
import resource
import signal
import threading
from collections.abc import Callable, Iterator
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

from config.celery import app
from mailings.pipeline import claim, send, throttle, turn

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
    claim.LEASE = send.LEASE = turn.LEASE = LEASE
    send.RETRY_AFTER, throttle.RESTS = [RETRY] * len(send.RETRY_AFTER), [RETRY] * len(throttle.RESTS)
    settings.EMAIL_USE_TLS = trouble.tls
    if trouble.wrong_port:
        settings.EMAIL_PORT = 1
    if trouble.disk is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (trouble.disk, trouble.disk))
    moved = time_machine.travel(timezone.now() + trouble.clock) if trouble.clock else nullcontext()
    send.send_due = partial(_round, send.send_due, number, count())
    with moved:
        _serve() if settings.REDIS_URL else _loop()


def _serve() -> None:
    """As a host of workers does: whoever looks puts the task there, often more than once."""
    app.worker_main(["--quiet", "worker", "--pool=solo", "--loglevel=CRITICAL", "--without-mingle", "--without-gossip"])


def _loop() -> None:
    pause = threading.Event()
    while not pause.wait(0.02):
        # What went wrong ends this round, as in the real worker.
        try:
            send.send_due()
        except Exception:
            connections.close_all()


def owner(claim_token: UUID) -> tuple[int, int]:
    """Which worker has it, and since which of its rounds: what an earlier one left behind met its own misfortune."""
    return claim_token.int >> 96, claim_token.int >> 64 & 0xFFFFFFFF


def _numbered(number: int, of_round: int) -> UUID:
    return UUID(int=number << 96 | of_round << 64 | random.SystemRandom().getrandbits(64))


def _round(send_due: Callable[..., int], number: int, rounds: Iterator[int]) -> int:
    claim.uuid4 = partial(_numbered, number, next(rounds))
    return send_due(seconds=ROUND)
