"""Sending beside others, in one run: smtp-source is the limit, django-post-office and Django itself are the others.

The sink is postfix's smtp-sink where it is installed, else our own. Everything goes in turn, five times, and the median
counts: whatever else the machine does, all of them feel.
"""

import contextlib
import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from functools import cached_property
from pathlib import Path
from statistics import median
from time import perf_counter

from config.supervisor import free_port
from tests.grown import postgresql

from . import Result, at_least, at_most

ROUNDS, LETTERS, OTHERS = 5, 5_000, 150
LATENCY, LONG_LATENCY = 0.02, 0.1


class Sender:
    """A process of bench._sending."""

    def __init__(self, way: str, **environment: str):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench._sending", way],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | environment,
            text=True,
        )

    @cached_property
    def is_there(self) -> bool:
        """Asked late: all of them make themselves ready at once."""
        return json.loads(self._process.stdout.readline()) is not None

    def go(self, **words: int) -> dict[str, float]:
        if not self.is_there:
            raise RuntimeError("asked to go without being there")
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


@contextlib.contextmanager
def sink(folder: Path, latency: float = 0):
    """A port where letters are taken; with a latency only ours can, since postfix's has none."""
    program = shutil.which("smtp-sink", path="/usr/sbin:/usr/bin")
    port = free_port()
    ours = [sys.executable, "-m", "tests.faults.sink", "--good", "--record", folder / "sink.jsonl"]
    command = [*ours, "--port", str(port), "--latency", str(latency)]
    if program and not latency:
        command = [program, *(["-u", "nobody"] if os.geteuid() == 0 else []), f"127.0.0.1:{port}", "100"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port
    finally:
        process.kill()
        process.wait()


def wait_for(port: int) -> None:
    pause = threading.Event()
    for _number in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        pause.wait(0.05)
    raise RuntimeError("the sink does not listen")


def run() -> list[Result]:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="payom-bench-")))
        folder.chmod(0o711)
        on_sqlite = Sender("ours")
        on_postgresql = Sender("ours", TEST_DATABASE_URL=stack.enter_context(postgresql(folder)))
        others = {way: Sender(way, BENCH_FOLDER=str(folder)) for way in ("post_office", "plain")}
        for sender in (on_sqlite, on_postgresql, *others.values()):
            stack.callback(sender.close)
        rounds = side_by_side(folder, {"sqlite": on_sqlite, "postgresql": on_postgresql, **others})
        return [*compared(rounds), *with_latency(folder, on_sqlite)]


def side_by_side(folder: Path, senders: dict[str, Sender]) -> list[dict[str, dict]]:
    """The rounds, by sender. The first round of all warms up, and is not counted."""
    rounds = []
    with sink(folder) as port:
        for _number in range(ROUNDS + 1):
            found = {name: senders[name].go(port=port, letters=LETTERS) for name in ("sqlite", "postgresql")}
            size = int(found["sqlite"]["size"])
            found["limit"] = the_limit(port, size)
            for name in ("post_office", "plain"):
                if senders[name].is_there:
                    found[name] = senders[name].go(port=port, letters=OTHERS, size=size)
            rounds.append(found)
    return rounds[1:]


def the_limit(port: int, size: int) -> dict[str, float]:
    """What C does, if it is installed."""
    program = shutil.which("smtp-source", path="/usr/sbin:/usr/bin")
    if program is None:
        return {}
    command = [program, "-s", "4", "-l", str(size), "-m", str(LETTERS), "-f", "a@navid.test", "-t", "b@navid.test"]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    subprocess.run([*command, f"127.0.0.1:{port}"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"letters": LETTERS, "seconds": perf_counter() - begun, "processor": spent}


def compared(rounds: list[dict[str, dict]]) -> list[Result]:
    def rate(name: str) -> float:
        return median(found[name]["letters"] / found[name]["seconds"] for found in rounds)

    def ratio(ours: str, name: str) -> float:
        return median(
            found[ours]["letters"] / found[ours]["seconds"] * found[name]["seconds"] / found[name]["letters"]
            for found in rounds
        )

    def processor(name: str) -> float:
        return median(1000 * found[name]["processor"] / found[name]["letters"] for found in rounds)

    first = rounds[0]
    results = [
        at_least(f"letters of {first['sqlite']['size'] / 1000:.0f} KB, SQLite", rate("sqlite"), "letters/s", 30),
        at_least("PostgreSQL", rate("postgresql"), "letters/s", 30),
        at_most("processor, SQLite", processor("sqlite"), "s/1000", 0.3),
        at_most("processor, PostgreSQL", processor("postgresql"), "s/1000", 0.3),
        at_least(
            "sent, of those frozen",
            min(found[name]["letters"] / LETTERS for found in rounds for name in ("sqlite", "postgresql")),
            "share",
            1,
        ),
        at_most(
            "freezing the audience",
            median(1000 * found["sqlite"]["frozen"] / LETTERS for found in rounds),
            "ms/recipient",
            0.2,
        ),
    ]
    if first["limit"]:
        results += [
            at_least("smtp-source", rate("limit"), "letters/s", 0),
            at_least("of smtp-source, SQLite", ratio("sqlite", "limit"), "times", 0.7),
            at_least("of smtp-source, PostgreSQL", ratio("postgresql", "limit"), "times", 0.6),
        ]
    for name, goal in (("post_office", 12), ("plain", 1)):
        if name in first:
            results += [
                at_least(f"{name}", rate(name), "letters/s", 0),
                at_least(f"of {name}, SQLite", ratio("sqlite", name), "times", goal),
                at_least(f"processor of {name}", processor(name) / processor("sqlite"), "times ours", 1),
            ]
        else:
            print(f"{name} is not installed here, and is left out.")
    return results


def with_latency(folder: Path, sender: Sender) -> list[Result]:
    def rate(port: int, letters: int, **how: int) -> float:
        done = sender.go(port=port, letters=letters, **how)
        return done["letters"] / done["seconds"]

    with sink(folder, LATENCY) as port:
        two = median(rate(port, 600, workers=2) / rate(port, 600) for _number in range(3))
    with sink(folder, LONG_LATENCY) as port:
        eight = rate(port, 8 * 40, lines=8) / rate(port, 40, lines=1)
    return [
        at_least("two workers at 20 ms", two, "times one", 1.7),
        at_least("eight lines at 100 ms", eight, "times one line", 6),
    ]
