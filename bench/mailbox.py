"""How fast letters are taken in, and, of samples with a list of what is true, how rightly they are read.

MAILBOX_SAMPLES names a folder: letters, and `truth.jsonl` with a line for each as `read_mailbox --json` writes it, the
name of the file alone.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from mailings.actions.incoming import take_all
from mailings.models import Delivery, Incoming
from mailings.pipeline.mailbox.kinds import judge
from mailings.states import DeliveryStatus
from tests.factories.incoming import report, written
from tests.factories.mailings import make_approved

from . import Result, at_least, at_most
from .send import fill, seconds, start


def run() -> list[Result]:
    return [*_speed(), *_accuracy(os.environ.get("MAILBOX_SAMPLES", ""))]


def _speed() -> Iterator[Result]:
    fill()
    start(make_approved())
    Delivery.objects.update(status=DeliveryStatus.SENT, sent_at="2026-11-01T00:00:00Z")
    raws = [_letter(number, row) for number, row in enumerate(Delivery.objects.all())]
    judged = seconds(lambda: [judge(raw) for raw in raws])
    taken = seconds(lambda: list(take_all(raws)))
    again = seconds(lambda: list(take_all(raws)))
    yield at_least("letters told apart", len(raws) / judged, "letters/s", 200)
    yield at_least("letters taken in", len(raws) / taken, "letters/s", 200)
    yield at_least("letters read a second time", len(raws) / again, "letters/s", 200)
    yield at_most("letters kept twice", Incoming.objects.count() - len(raws), "letters", 0)


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
