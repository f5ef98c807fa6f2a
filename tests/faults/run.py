"""One fault run: a mailing, workers that are killed, everything else that can go wrong, and the sink's own record."""

import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

from django.conf import settings
from django.db import Error, connections

from crm.models import Contact, EmailAddress, search_text
from mailings import actions
from mailings.models import Delivery, Mailing, MailingVersion, SendingAccount
from mailings.pipeline.send import LOT
from mailings.states import DeliveryStatus, MailingStatus, WrongState
from tests.factories.mailings import make_approved

from .worker import Trouble, owner, work

WORKERS = 2
CONNECTIONS = SendingAccount._meta.get_field("connections").default
UNKNOWN_PER_KILL = CONNECTIONS * 2 * LOT
# How often each is chosen among a hundred events.
EVENTS = {
    "kill": 62,
    "pause": 6,
    "edit": 4,
    "crash the database": 6,
    "wrong clock": 6,
    "full disk": 5,
    "no TLS": 4,
    "nobody listens": 4,
    "stop the sink for a while": 3,
}
RESTORES_AFTER = 0.5  # of the kills


class Run:
    def __init__(self, database, folder: Path, *, recipients: int, kills: int, seed: int, latency: float):
        self._database, self._folder = database, folder
        self._recipients, self._kills = recipients, kills
        self._random, self._pause = random.Random(seed), threading.Event()
        self._record = folder / "accepted.jsonl"
        self._sink = self._start_sink(seed, latency)
        self._workers, self._number = {}, 0
        self.counts, self.unknown_per_kill = Counter(), []

    def _start_sink(self, seed: int, latency: float) -> subprocess.Popen:
        words = ["--record", self._record, "--seed", str(seed), "--latency", str(latency)]
        sink = subprocess.Popen([sys.executable, "-m", "tests.faults.sink", *words], stdout=subprocess.PIPE, text=True)
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sink.stdout.readline())
        return sink

    # The run

    def go(self) -> dict:
        begun = time.monotonic()
        try:
            self._start_mailing()
            for _number in range(WORKERS):
                self._start_worker()
            self._misfortunes()
            self._sink.send_signal(signal.SIGUSR1)
            self._go_on_quietly()
        finally:
            for number in list(self._workers):
                self._kill(number)
            self._sink.terminate()
            self._sink.wait()
            self._sink.stdout.close()
        return self._judge() | {"seconds": round(time.monotonic() - begun, 1)}

    def _start_mailing(self) -> None:
        people = [
            Contact(name=f"Читатель {number}", languages=("ru", "tg ru")[number % 2], search_text=search_text("x"))
            for number in range(self._recipients)
        ]
        contacts = Contact.objects.bulk_create(people, batch_size=500)
        EmailAddress.objects.bulk_create(
            [
                EmailAddress.of(contact, f"reader{number}@mail{number % 7}.test")
                for number, contact in enumerate(contacts)
            ],
            batch_size=500,
        )
        mailing = make_approved("ru tg")
        actions.start(mailing, typed=self._recipients, by=mailing.author)

    def _misfortunes(self) -> None:
        """One after another, until there were kills enough; halfway an old backup comes back."""
        backed_up = restored = False
        # Some letters leave while a backup is made and put back.
        share = 0.75 * self._recipients / self._kills * EVENTS["kill"] / sum(EVENTS.values())
        while self.counts["kill"] < self._kills and self._is_under_way():
            self._wait_for_letters(self._random.random() * 2 * share)
            if not backed_up and self.counts["kill"] >= self._kills * RESTORES_AFTER / 2:
                backed_up = self._back_up()
            elif backed_up and not restored and self.counts["kill"] >= self._kills * RESTORES_AFTER:
                restored = self._restore()
            else:
                event = self._random.choices(list(EVENTS), list(EVENTS.values()))[0]
                self.counts[event] += 1
                # The mailing may have been paused, or gone on, a moment before.
                with suppress(Error, WrongState):
                    self._happen(event)
            self._operate()

    def _wait_for_letters(self, count: float) -> None:
        """So that misfortunes are spread over the whole mailing, however fast the machine is."""
        wanted, until = self._taken() + count, time.monotonic() + 4
        while self._taken() < wanted and time.monotonic() < until:
            self._pause.wait(0.05)
            self._operate()

    def _happen(self, event: str) -> None:
        match event:
            case "kill":
                self.unknown_per_kill.append(self._replace(Trouble()))
            case "pause":
                actions.pause(self._mailing(), by=self._mailing().author) if self._is_sending() else None
            case "edit":
                self._edit()
            case "crash the database":
                self._database.crash()
            case "wrong clock":
                self._replace(Trouble(clock=timedelta(seconds=self._random.choice([-86400, -60, -2, 2]))))
            case "full disk":
                self._replace(Trouble(disk=self._database.room_for(self._random.randrange(60_000))))
            case "no TLS":
                self._replace(Trouble(tls=True))
            case "nobody listens":
                self._replace(Trouble(wrong_port=True))
            case "stop the sink for a while":
                self._sink.send_signal(signal.SIGSTOP)
                self._pause.wait(0.5)
                self._sink.send_signal(signal.SIGCONT)

    def _go_on_quietly(self) -> None:
        """Nothing goes wrong any more: what is left ends, and a person looks at what is not known."""
        for number in list(self._workers):
            self._kill(number)
        self._pause.wait(1)
        for _number in range(WORKERS):
            self._start_worker()
        until = time.monotonic() + 300
        while time.monotonic() < until:
            self._pause.wait(0.3)
            self._operate()
            open_rows = Delivery.objects.open().count()
            unknown = Delivery.objects.filter(status=DeliveryStatus.UNKNOWN)
            if not open_rows and unknown.exists():
                self._decide(unknown)
            elif self._mailing().status == MailingStatus.FINISHED:
                return

    # Workers

    def _start_worker(self, trouble: Trouble | None = None) -> None:
        connections.close_all()
        self._number += 1
        process = get_context("fork").Process(target=work, args=(self._number, trouble or Trouble()), daemon=True)
        process.start()
        self._workers[self._number] = process

    def _kill(self, number: int) -> int:
        """Return how many letters it had on the wire."""
        process = self._workers.pop(number)
        process.kill()
        process.join()
        with suppress(Error):
            tokens = Delivery.objects.filter(status=DeliveryStatus.INFLIGHT).values_list("claim", flat=True)
            return max(Counter(owner(token) for token in tokens if owner(token)[0] == number).values(), default=0)
        return 0

    def _replace(self, trouble: Trouble) -> int:
        """The worker that ran longest makes room for another, which may stand on a bad machine."""
        left = self._kill(min(self._workers))
        self._start_worker(trouble)
        return left

    # People

    def _operate(self) -> None:
        """Somebody looks at the page now and then, and goes on."""
        with suppress(Error, WrongState):
            mailing = self._mailing()
            if mailing.status == MailingStatus.PAUSED and mailing.pause_kind != Mailing.PauseKind.RESTORED:
                self.counts[f"paused: {mailing.pause_kind}"] += 1
                actions.resume(mailing, by=mailing.author)

    def _edit(self) -> None:
        """Behind the product's back: the text is not what was approved until it is put back."""
        version = MailingVersion.objects.first()
        MailingVersion.objects.filter(pk=version.pk).update(body="<p>Другое</p>")
        self._pause.wait(0.3)
        MailingVersion.objects.filter(pk=version.pk).update(body=version.body)

    def _decide(self, unknown) -> None:
        """As somebody who asks each reader: count it as sent, or send it again."""
        got, mailing = self._accepted(), self._mailing()
        addresses = dict(unknown.values_list("pk", "address"))
        taken = [pk for pk, address in addresses.items() if address in got]
        self.counts["unknown that had arrived"] += len(taken)
        self.counts["unknown that had not"] += len(addresses) - len(taken)
        for start in range(0, len(taken), 500):
            some = Delivery.objects.filter(pk__in=taken[start : start + 500])
            some.update(status=DeliveryStatus.SENT, sent_at=mailing.started_at)
        unknown.update(status=DeliveryStatus.QUEUED)
        ended = Mailing.objects.filter(status__in=[MailingStatus.FINISHED, MailingStatus.PAUSED])
        ended.update(status=MailingStatus.SENDING, finished_at=None, pause_kind="")

    # Backups

    def _back_up(self) -> bool:
        self._stop_all()
        self._database.back_up()
        for _number in range(WORKERS):
            self._start_worker()
        self._taken_then = self._taken()
        return True

    def _restore(self) -> bool:
        """The old queue comes back, and workers start on it: not one letter may leave of it before a person decides."""
        if self._taken() < self._taken_then + 20:
            return False
        self._stop_all()
        self._pause.wait(4)  # what lies in the sink's hands is written down
        self._database.restore()
        before = self._accepted()
        for _number in range(WORKERS):
            self._start_worker()
        self._wait_for_alarm()
        self.counts["restore"] += 1
        self.counts["left after the restore, unasked"] += sum((self._accepted() - before).values())
        self._decide(Delivery.objects.filter(status=DeliveryStatus.UNKNOWN))
        return True

    def _stop_all(self) -> None:
        for number in list(self._workers):
            self._kill(number)
        connections.close_all()

    def _wait_for_alarm(self) -> None:
        for _number in range(300):
            if self._mailing().pause_kind == Mailing.PauseKind.RESTORED and self._mailing().status == "paused":
                return
            self._pause.wait(0.1)
        raise AssertionError("nobody noticed the old backup")

    # What is known

    def _mailing(self) -> Mailing:
        return Mailing.objects.get()

    def _is_sending(self) -> bool:
        return self._mailing().status == MailingStatus.SENDING

    def _is_under_way(self) -> bool:
        try:
            return self._mailing().status != MailingStatus.FINISHED
        except Error:
            connections.close_all()
            return True

    def _accepted(self) -> Counter:
        lines = self._record.read_text().splitlines() if self._record.exists() else []
        return Counter(json.loads(line)["to"] for line in lines)

    def _taken(self) -> int:
        return self._record.read_bytes().count(b"\n") if self._record.exists() else 0

    def _judge(self) -> dict:
        """The sink's record beside the database."""
        accepted, rows = self._accepted(), dict(Delivery.objects.values_list("address", "status"))
        fates = Counter(rows.values())
        lost = [to for to, status in rows.items() if status == DeliveryStatus.SENT and to not in accepted]
        return {
            "recipients": len(rows),
            "states": dict(fates),
            "lost": len(lost) + sum(fates[status] for status in ("queued", "claimed", "inflight", "deferred")),
            "doubled": sum(count - 1 for count in accepted.values()),
            "refused and yet accepted": sum(rows[to] != DeliveryStatus.SENT for to in accepted),
            "finished": self._mailing().status == MailingStatus.FINISHED,
            "kills": self.counts["kill"],
            "most unknown per kill": max(self.unknown_per_kill, default=0),
            "unknown per kill, bound": UNKNOWN_PER_KILL,
            "events": dict(self.counts),
        }


def holds(result: dict) -> bool:
    """Whether nothing was lost and nothing sent twice."""
    none = ["lost", "doubled", "refused and yet accepted"]
    events = result["events"]
    return (
        all(result[name] == 0 for name in none)
        and result["finished"]
        and events.get("left after the restore, unasked", 0) == 0
        and result["most unknown per kill"] <= result["unknown per kill, bound"]
    )
