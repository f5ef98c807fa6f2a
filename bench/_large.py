"""One worker and its large mailings: `python -m bench._large PORT COUNT…`, on the database of TEST_DATABASE_URL.

Every step is a process of its own, forked from one that has done nothing yet: what it has at its height is what that
step costs a worker. Prints a list of JSON: by count, what the freezing and the sending took.
"""

import json
import os
import sys
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

from ._sending import BODY, fill, measured


def main(port: int, counts: list[int]) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    from tests import network

    network.close()
    django.setup()
    from django.conf import settings

    import mailings.tasks  # noqa: F401 - what a worker has loaded

    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
    apart(migrate)
    found = []
    for count in counts:
        apart(lambda count=count: fill(count))
        apart(approve)
        found.append({"count": count, "freeze": apart(freeze), "send": apart(send), "sent": apart(sent)})
    print(json.dumps(found))


def apart(work: Callable[[], object]) -> dict:
    """What the work returns, with the memory that its process had before and at its height, in MB."""
    ours, theirs = get_context("fork").Pipe(duplex=False)
    process = get_context("fork").Process(target=_answer, args=(work, theirs))
    process.start()
    answer = ours.recv()
    process.join()
    return answer


def _answer(work: Callable[[], object], answers) -> None:
    before = _memory("VmRSS")
    found = work() or {}
    answers.send(found | {"before": before, "peak": _memory("VmHWM")})


def _memory(name: str) -> float:
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines[name].split()[0]) / 1024


def migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def approve() -> None:
    from tests.factories import mailings as factories

    factories.BODY = BODY
    factories.make_approved()


def freeze() -> dict:
    from mailings import actions
    from mailings.models import Mailing

    mailing = Mailing.objects.get(status="approved")
    return measured(lambda: actions.start(mailing, typed=len(mailing.approved_recipients), by=mailing.author))


def send() -> dict:
    """As the worker does: round after round, until nothing is left."""
    from mailings.models import Mailing
    from mailings.pipeline.send import send_due

    def rounds() -> None:
        while Mailing.objects.being_sent().exists():
            send_due()

    return measured(rounds)


def sent() -> dict:
    from mailings.models import Mailing

    mailing = Mailing.objects.latest("pk")
    return {"letters": mailing.deliveries.sent().count(), "frozen": mailing.frozen_count}


if __name__ == "__main__":
    main(int(sys.argv[1]), [int(count) for count in sys.argv[2:]])
