"""A large mailing frozen and sent: how long its freezing takes, and whether the memory of the worker stays flat.

RECIPIENTS=100000 of them; a tenth and a half of that come first, so that what grows with their number is seen.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.grown import postgresql

from . import Result, at_least, at_most
from .send import sink

RECIPIENTS = int(os.environ.get("RECIPIENTS", 20_000))
# Seconds for a hundred thousand, on two cores that have nothing else to do, and MB.
FREEZE, MEMORY, GROWTH = 20, 120, 20
# As the worker's unit has it.
UNIT = {"SQLITE_CACHE_MB": "4", "MALLOC_ARENA_MAX": "2"}


def run() -> list[Result]:
    with tempfile.TemporaryDirectory(prefix="payom-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with sink(folder) as port, postgresql(folder) as url:
            databases = {"SQLite": f"sqlite:///{folder / 'large.sqlite3'}", "PostgreSQL": url}
            return [line for where, url in databases.items() for line in _lines(where, _measured(port, url))]


def _measured(port: int, url: str) -> list[dict]:
    counts = [str(RECIPIENTS // part) for part in (10, 2, 1)]
    command = [sys.executable, "-m", "bench._large", str(port), *counts]
    return json.loads(subprocess.check_output(command, env=os.environ | UNIT | {"TEST_DATABASE_URL": url}, text=True))


def _lines(where: str, found: list[dict]) -> list[Result]:
    last, per_thousand = found[-1], 1000 / RECIPIENTS
    limit = FREEZE * RECIPIENTS / 100_000
    results = [
        at_most(f"{where}: freezing {last['count']}", last["freeze"]["seconds"], "s", limit),
        at_most(f"{where}: processor of freezing", last["freeze"]["processor"] * per_thousand, "s/1000", 0.2),
        at_most(f"{where}: processor of sending", last["send"]["processor"] * per_thousand, "s/1000", 0.3),
        at_least(f"{where}: sent, of those frozen", min(_share(one) for one in found), "share", 1),
    ]
    for step in ("freeze", "send"):
        grown = [one[step]["peak"] - one[step]["before"] for one in found]
        for one, more in zip(found, grown, strict=True):
            results.append(at_most(f"{where}: {step} {one['count']}, memory on top", more, "MB", MEMORY))
        results.append(at_most(f"{where}: {step}, memory of ten times as many", grown[-1] - grown[0], "MB", GROWTH))
    results.append(at_most(f"{where}: all that the sender has", last["send"]["peak"], "MB", MEMORY))
    return results


def _share(one: dict) -> float:
    return one["sent"]["letters"] / one["count"]
