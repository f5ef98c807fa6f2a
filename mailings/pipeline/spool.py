"""Keep visits in a file until a worker reads them: a click waits for no database. Touches none.

Lines are appended under a shared lock. The reader takes the file by renaming it, and waits for those who still write.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from ..measuring.agents import Agent
from ..measuring.judge import Sort
from ..measuring.links import Mark

_OPEN, _TAKEN = "visits", "visits-*.taken"


@dataclass(frozen=True)
class Line:
    """One visit as it was seen. `at` is in seconds since 1970; neither who asked nor from where is in it."""

    mark: Mark
    sort: Sort
    agent: Agent
    at: float
    url: str = ""
    is_trap: bool = False


def keep(line: Line) -> None:
    """Append one visit. Returns when it is in the file."""
    mark = line.mark
    fields = [
        mark.mailing,
        mark.delivery,
        mark.reader,
        mark.group,
        line.sort,
        line.agent,
        line.at,
        line.url,
        int(line.is_trap),
    ]
    with _writable() as file:
        os.write(file, json.dumps(fields, ensure_ascii=False).encode() + b"\n")


@contextmanager
def _writable() -> Iterator[int]:
    """The open file, held so that nobody takes it away meanwhile."""
    # A text, not a Path: every click comes through here.
    path = os.path.join(settings.VISITS, _OPEN)
    while True:
        file = _opened(path)
        try:
            fcntl.flock(file, fcntl.LOCK_SH)
            if _is_at(path, file):
                yield file
                return
        finally:
            os.close(file)


def _opened(path: str) -> int:
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    try:
        return os.open(path, flags, 0o600)
    except FileNotFoundError:
        settings.VISITS.mkdir(parents=True, exist_ok=True)
        return os.open(path, flags, 0o600)


def _is_at(path: str, file: int) -> bool:
    """Whether the file that was opened is still the one of this name: it may have been taken in between."""
    try:
        return os.stat(path).st_ino == os.fstat(file).st_ino
    except FileNotFoundError:
        return False


def taken() -> list[Path]:
    """The files to be read, the one that is being written among them. Each is deleted by who has stored it."""
    path = settings.VISITS / _OPEN
    if path.exists():
        path.rename(path.with_name(f"visits-{uuid4().hex}.taken"))
    return sorted(settings.VISITS.glob(_TAKEN))


def lines(path: Path) -> Iterator[Line]:
    """What a taken file holds. A line that a power cut left half written is nothing."""
    with path.open(encoding="utf-8", errors="replace") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        for text in file:
            try:
                mailing, delivery, reader, group, sort, agent, at, url, is_trap = json.loads(text)
                yield Line(Mark(mailing, delivery, reader, group), Sort(sort), Agent(agent), at, url, bool(is_trap))
            except ValueError:
                continue
