"""How fast letters are taken in, and, of samples with a list of what is true, how rightly they are read.

MAILBOX_SAMPLES names a folder: letters, and `truth.jsonl` with a line for each as `read_mailbox --json` writes it, the
name of the file alone.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, process_time

from django.conf import settings

from mailings import actions
from mailings.actions.incoming import read_mailbox, take_all
from mailings.models import Delivery, Incoming
from mailings.pipeline.mailbox.kinds import judge
from mailings.states import DeliveryStatus
from tests.factories.incoming import report, written
from tests.factories.mailings import make_approved
from tests.imap_server import ImapServer

from . import Result, at_least, at_most
from ._sending import fill

LETTERS = 2_000


def run() -> list[Result]:
    return [*_speed(), *_accuracy(os.environ.get("MAILBOX_SAMPLES", ""))]


def _speed() -> Iterator[Result]:
    fill(LETTERS)
    mailing = make_approved()
    actions.start(mailing, typed=LETTERS, by=mailing.author)
    Delivery.objects.update(status=DeliveryStatus.SENT, sent_at="2026-11-01T00:00:00Z")
    raws = [_letter(number, row) for number, row in enumerate(Delivery.objects.all())]
    for name, work in (
        ("told apart", lambda: [judge(raw) for raw in raws]),
        ("taken in", lambda: list(take_all(raws))),
        ("read a second time", lambda: list(take_all(raws))),
    ):
        clock, processor = _spent(work)
        yield at_least(f"letters {name}", len(raws) / clock, "letters/s", 200)
        yield at_most(f"letters {name}, processor", 1000 * processor / len(raws), "ms/letter", 5)
    yield at_most("letters kept twice", Incoming.objects.count() - len(raws), "letters", 0)
    yield from _imap([_letter(number + LETTERS, row) for number, row in enumerate(Delivery.objects.all()[:500])])
    strangers = [written(sender=f"{number}@other.test", number=f"s{number}") for number in range(500)]
    clock, _processor = _spent(lambda: list(take_all(strangers)))
    yield at_least("letters of strangers, each a press request", len(strangers) / clock, "letters/s", 50)


def _imap(raws: list[bytes]) -> Iterator[Result]:
    """The same from a server that answers after as long as one far away does."""
    server = ImapServer(latency=0.1)
    server.letters = dict(enumerate(raws, start=1))
    server.start()
    settings.MAILBOX_HOST, settings.MAILBOX_PORT, settings.MAILBOX_TLS = "127.0.0.1", server.port, False
    settings.MAILBOX_USER, settings.MAILBOX_PASSWORD = "press", server.password
    clock, _processor = _spent(read_mailbox)
    server.stop()
    yield at_least("letters read over IMAP, 100 ms away", len(raws) / clock, "letters/s", 200)


def _spent(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of the processor: the first wait for the disk, too, and for whatever else runs here."""
    begun, processor = perf_counter(), process_time()
    work()
    return perf_counter() - begun, process_time() - processor


def _letter(number: int, row: Delivery) -> bytes:
    """Four reports of five, half of them on dead mailboxes, and an answer."""
    if number % 5 == 4:
        return written(sender=row.address, answers=row, number=f"n{number}")
    status, words = [("5.1.1", "550 5.1.1 User unknown"), ("5.2.2", "552 5.2.2 Mailbox full")][number % 2]
    return report(row, address=row.address, status=status, diagnostic=words, number=f"n{number}")


def _accuracy(folder: str) -> Iterator[Result]:
    if not folder:
        return
    truth = [json.loads(line) for line in (Path(folder) / "truth.jsonl").read_text().splitlines()]
    found = [judge((Path(folder) / one["file"]).read_bytes())[1] for one in truth]
    pairs = [({_key(one) for one in said["recipients"]}, verdict) for said, verdict in zip(truth, found, strict=True)]
    named = sum(
        {one.address.casefold() for one in verdict.recipients} == {key for key, _ in says} for says, verdict in pairs
    )
    classes = [
        (name, str(one.bounce)) in says or name not in dict(says)
        for says, verdict in pairs
        for one in verdict.recipients
        for name in [one.address.casefold()]
    ]
    kinds = sum(said["kind"] == verdict.kind for said, verdict in zip(truth, found, strict=True))
    stopped = sum(
        one.stops and dict(says).get(one.address.casefold()) not in {None, "hard"}
        for says, verdict in pairs
        for one in verdict.recipients
    )
    yield at_least("kind told rightly", kinds / len(truth), "share", 0.95)
    yield at_least("recipients named rightly", named / len(truth), "share", 0.97)
    yield at_least("class told rightly", sum(classes) / max(1, len(classes)), "share", 0.95)
    yield at_most("stopped and should not have been", stopped, "addresses", 0)


def _key(recipient: dict) -> tuple[str, str]:
    return recipient["address"].casefold(), recipient["class"]
