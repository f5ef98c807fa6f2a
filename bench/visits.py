"""Clicks and opens as gunicorn takes them, beside a page of the same server that does nothing; also while the database
is locked for ten seconds by somebody else.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from mailings.measuring.links import Mark, make_token

from . import Result, at_least, at_most
from ._server import ask, served

ROUNDS, REQUESTS, CONNECTIONS, LOCKED_SECONDS = 7, 1_500, 8, 10
URL = "https://coalition.example/text"
CLICK, OPEN, EMPTY = f"/l/{make_token(Mark(1, 1), URL)}/", f"/o/{make_token(Mark(1, 1))}.gif", "/bench-empty/"
ANSWERS = frozenset([b"200", b"302"])
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0"


def run() -> list[Result]:
    with (
        tempfile.TemporaryDirectory(prefix="payom-bench-") as name,
        served(Path(name), Path(name) / "payom.sqlite3") as port,
    ):
        asyncio.run(_rounds(port, [EMPTY, CLICK, OPEN], REQUESTS // 5))
        rounds = [asyncio.run(_rounds(port, [EMPTY, CLICK, OPEN], REQUESTS)) for _number in range(ROUNDS)]
        locked, answered, slowest = _while_locked(Path(name) / "payom.sqlite3", port)
        asked = 2 * (REQUESTS // 5 + ROUNDS * REQUESTS) + answered
        kept = sum(len(path.read_bytes().splitlines()) for path in (Path(name) / "visits").iterdir())
    return [
        at_least("an empty page", median(found[EMPTY] for found in rounds), "requests/s", 0),
        at_least("clicks noted, against it", median(found[CLICK] / found[EMPTY] for found in rounds), "times", 0.8),
        at_least("opens noted, against it", median(found[OPEN] / found[EMPTY] for found in rounds), "times", 0.8),
        at_least("database locked by somebody else", locked, "s", LOCKED_SECONDS),
        at_least("clicks and opens answered meanwhile", answered, "visits", 1),
        at_most("the slowest twenty of them", 1000 * slowest, "ms", 1_000),
        at_most("visits lost", asked - kept, "visits", 0),
    ]


async def _rounds(port: int, paths: list[str], count: int) -> dict[str, float]:
    """Requests a second of each path, one path after another over the same connections."""
    lines = [await asyncio.open_connection("127.0.0.1", port) for _number in range(CONNECTIONS)]
    found = {}
    for path in paths:
        left, begun = iter(range(count)), perf_counter()
        await asyncio.gather(*(_ask_all(line, path, left) for line in lines))
        found[path] = count / (perf_counter() - begun)
    for _reader, writer in lines:
        writer.close()
    return found


async def _ask_all(line, path: str, left: Iterator[int]) -> None:
    for _number in left:
        await ask(line, path, answers=ANSWERS, User_Agent=BROWSER)


def _while_locked(database: Path, port: int) -> tuple[float, int, float]:
    """Ask while another connection holds the right to write: for how long, how many, the slowest twenty of them."""
    lock = sqlite3.connect(database, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    begun, answered, slowest = perf_counter(), 0, 0.0
    while perf_counter() - begun < LOCKED_SECONDS:
        found = asyncio.run(_rounds(port, [CLICK, OPEN], 20))
        answered, slowest = answered + 40, max(slowest, *(20 / rate for rate in found.values()))
    lock.execute("ROLLBACK")
    lock.close()
    return perf_counter() - begun, answered, slowest
