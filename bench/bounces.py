"""Whom reports name and why, beside flufl.bounce, on letters that are not ours.

`FLUFL=FOLDER make bench-bounces` takes its source, unpacked, with its own samples; `REPORTS=FOLDER` any others: letters
in `samples/`, and in `truth*.jsonl` a line of each:

    {"file": "x.eml", "kind": "bounce", "failed": ["a@navid.test"], "also": [], "class": ["hard"]}

`also` names who may fairly be named for the same person; a delay that was given up counts as soft. Without a folder,
nothing is measured.
"""

import ast
import json
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from time import perf_counter

from mailings.pipeline.mailbox.kinds import judge
from mailings.pipeline.mailbox.recipients import Recipient

from . import Result, at_least, at_most

# What a robot answers, a complaint and a report on our domain name nobody whose letter came back.
_RETURNS = {"bounce", "delay", "delivered"}


@dataclass(frozen=True)
class Sample:
    raw: bytes
    failed: set[str]
    also: set[str]
    classes: dict[str, str]

    def is_named_by(self, found: set[str]) -> bool:
        is_the_other = len(self.failed) == 1 and bool(found & self.also)
        return (self.failed <= found or is_the_other) and found <= self.failed | self.also


def run() -> list[Result]:
    results: list[Result] = []
    if flufl := os.environ.get("FLUFL"):
        sys.path.insert(0, str(Path(flufl) / "src"))
        logging.getLogger("flufl.bounce").setLevel(logging.WARNING)
        results += _named("flufl.bounce's own", _of_flufl(Path(flufl)), beside=bool(flufl))
    if reports := os.environ.get("REPORTS"):
        samples = _of_folder(Path(reports))
        results += _named("others'", samples, beside=bool(flufl)) + _classed(samples)
    return results


def _named(whose: str, samples: list[Sample], *, beside: bool) -> list[Result]:
    found, ours = _timed(_by_us, samples)
    right = sum(sample.is_named_by(names) for sample, names in zip(samples, found, strict=True))
    results = [
        at_least(f"{whose}: letters", len(samples), "letters", 100),
        at_least(f"{whose}: named rightly", right / len(samples), "share", 0.97),
    ]
    if beside:
        found, theirs = _timed(_by_flufl, samples)
        right = sum(sample.is_named_by(names) for sample, names in zip(samples, found, strict=True))
        results += [
            at_least(f"{whose}: by flufl.bounce", right / len(samples), "share", 0),
            at_least(f"{whose}: letters a second, of flufl.bounce's", theirs / ours, "times", 0),
        ]
    return results


def _classed(samples: list[Sample]) -> list[Result]:
    pairs = [
        (sample.classes[one.address.casefold()], one)
        for sample in samples
        for one in judge(sample.raw)[1].recipients
        if one.address.casefold() in sample.classes
    ]
    right = sum(truth == _class_of(one) for truth, one in pairs)
    return [
        at_least("others': classed rightly", right / len(pairs), "share", 0.95),
        at_most("others': stopped though not dead", _stopped(pairs), "addresses", 0),
    ]


def _class_of(one: Recipient) -> str:
    """A delay that a report tells beside failures is as good as soft."""
    return {"delay": "soft"}.get(str(one.bounce), str(one.bounce))


def _stopped(pairs: list[tuple[str, Recipient]]) -> int:
    return sum(truth != "hard" and one.stops for truth, one in pairs)


def _timed(names: Callable[[bytes], set[str]], samples: list[Sample]) -> tuple[list[set[str]], float]:
    begun = perf_counter()
    found = [names(sample.raw) for sample in samples]
    return found, perf_counter() - begun


def _by_us(raw: bytes) -> set[str]:
    return {one.address.casefold() for one in judge(raw)[1].recipients}


def _by_flufl(raw: bytes) -> set[str]:
    from flufl.bounce import all_failures

    try:
        found = all_failures(message_from_bytes(raw))
    # A letter without a sender stops it.
    except IndexError:
        return set()
    return {one.decode().casefold() for one in set().union(*found)}


def _of_folder(folder: Path) -> list[Sample]:
    rows = [json.loads(line) for truth in sorted(folder.glob("truth*.jsonl")) for line in truth.open() if line.strip()]
    return [
        Sample(
            (folder / "samples" / row["file"]).read_bytes(),
            set(row["failed"]),
            set(row["also"]),
            {
                address: {"delay": "soft"}.get(name, name)
                for address, name in zip(row["failed"], row["class"], strict=False)
            },
        )
        for row in rows
        if row["kind"] in _RETURNS
    ]


def _of_flufl(source: Path) -> list[Sample]:
    """The addresses that its own tests find in each of its samples."""
    tree = ast.parse((source / "tests" / "test_detectors.py").read_text())
    [table] = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "DETECTORS"
    ]
    failed: dict[str, set[str]] = {}
    for _detector, name, people, _is_temporary in ast.literal_eval(table):
        failed.setdefault(name, set()).update(one.decode().casefold() for one in people)
    return [
        Sample((source / "tests" / "data" / name).read_bytes(), people, set(), {}) for name, people in failed.items()
    ]
