"""Whom reports name, beside flufl.bounce on its own samples: `FLUFL=FOLDER make bench-bounces`, its source unpacked.

A sample counts as right where exactly the addresses are named that its test says: those that failed, and those that
may still. Without a folder, nothing is measured.
"""

import ast
import os
import sys
from email import message_from_bytes
from pathlib import Path
from time import perf_counter

from mailings.pipeline.mailbox.kinds import judge

from . import Result, at_least, at_most


def run() -> list[Result]:
    if not (folder := os.environ.get("FLUFL")):
        return []
    source = Path(folder)
    sys.path.insert(0, str(source / "src"))
    from flufl.bounce import all_failures

    truth = _truth(source / "tests" / "test_detectors.py")
    raws = {name: (source / "tests" / "data" / name).read_bytes() for name in truth}
    begun = perf_counter()
    verdicts = {name: judge(raw)[1] for name, raw in raws.items()}
    ours = perf_counter() - begun
    begun = perf_counter()
    theirs = {name: set().union(*all_failures(message_from_bytes(raw))) for name, raw in raws.items()}
    spent = perf_counter() - begun
    right = sum(truth[name][0] == {one.address.casefold() for one in verdicts[name].recipients} for name in truth)
    flufl = sum(truth[name][0] == {one.decode().casefold() for one in theirs[name]} for name in truth)
    delayed = [name for name, (_people, is_temporary) in truth.items() if is_temporary]
    stopped = sum(one.stops for name in delayed for one in verdicts[name].recipients)
    return [
        at_least("samples named rightly", right / len(truth), "share", 0.97),
        at_least("by flufl.bounce, its own samples", flufl / len(truth), "share", 0),
        at_most("stopped by a report of delay", stopped, "addresses", 0),
        at_least("samples a second, times flufl.bounce", spent / ours, "times", 0),
        at_least("samples", len(truth), "letters", 100),
    ]


def _truth(test: Path) -> dict[str, tuple[set[str], bool]]:
    """By the name of a sample the addresses that its tests find in it, and whether all may still arrive."""
    tree = ast.parse(test.read_text())
    [table] = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "DETECTORS"
    ]
    found: dict[str, tuple[set[str], bool]] = {}
    for _detector, name, people, is_temporary in ast.literal_eval(table):
        before, was_temporary = found.get(name, (set(), True))
        named = before | {one.decode().casefold() for one in people}
        found[name] = (named, was_temporary and is_temporary)
    return found
