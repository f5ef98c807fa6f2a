"""Telling people from machines on a recorded stream of events with its truth: `DATA=FOLDER make bench-analytics`.

The folder has mailings.csv, deliveries.csv.gz, events.jsonl.gz and truth.json.gz. Without one, nothing is measured.
"""

import csv
import gzip
import json
import os
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from time import perf_counter

from mailings.measuring.agents import agent_of
from mailings.measuring.judge import PEOPLE, Sort, Visit, judge

from . import Result, at_least, at_most

_SORTS = {"opened": Sort.OPEN, "clicked": Sort.CLICK}
# The link of that stream which no person sees.
_TRAP = "/x/hp"


def run() -> list[Result]:
    if not (folder := os.environ.get("DATA")):
        return []
    data = Path(folder)
    sent, arrived, visits = _read(data)
    begun = perf_counter()
    verdicts, clickers, naive = _judge(sent, arrived, visits)
    spent = perf_counter() - begun
    truth = json.loads(gzip.decompress((data / "truth.json.gz").read_bytes()))
    machines = truth["events_not_human"]
    right = sum((event not in machines) == is_person for event, is_person in verdicts.items())
    people = sum(one["human_clickers"] for one in truth["mailings"].values())
    return [
        at_least("person or machine told rightly", 100 * right / len(verdicts), "% of events", 95),
        at_most("people who clicked, off the truth", 100 * abs(clickers - people) / people, "%", 3),
        at_least("naive counting against the truth", naive / people, "times", 1),
        at_least("events judged", len(verdicts) / spent, "events/s", 20_000),
    ]


def _read(data: Path):
    """Letters by their Message-ID, when each was handed over, and what was asked for of each; an event counts once."""
    with gzip.open(data / "deliveries.csv.gz", "rt", encoding="utf-8") as file:
        sent = {row["message_id"]: row for row in csv.DictReader(file)}
    arrived: dict[str, datetime] = {}
    visits: dict[str, dict[str, Visit]] = defaultdict(dict)
    with gzip.open(data / "events.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            event = json.loads(line)
            letter, at = event["message_id"], datetime.fromisoformat(event["ts"])
            if event["type"] == "delivered":
                arrived[letter] = at
            elif sort := _SORTS.get(event["type"]):
                url = event["url"] or ""
                visit = Visit(at, sort, agent_of(event["ua"]), url, is_trap=url.endswith(_TRAP))
                visits[letter][event["event_id"]] = visit
    return sent, arrived, visits


def _judge(sent, arrived, visits):
    """The verdict on each event; how many people clicked, each once a mailing; and how many clicked at all."""
    verdicts, clickers, naive = {}, set(), set()
    for letter, found in visits.items():
        delivery = sent.get(letter)
        reasons = judge(list(found.values()), arrived.get(letter))
        for (event, visit), reason in zip(found.items(), reasons, strict=True):
            # What names no letter of ours is nobody's.
            verdicts[event] = delivery is not None and reason in PEOPLE
            if delivery is not None and visit.sort is Sort.CLICK:
                naive.add(delivery["id"])
                if verdicts[event]:
                    clickers.add(delivery["id"])
    return verdicts, len(clickers), len(naive)
