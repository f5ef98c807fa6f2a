"""Importing a messy press list of 2,000 rows, as the wizard does it: read and plan for the review, then write."""

import tempfile
from pathlib import Path
from time import perf_counter

from django.core.files import File

from accounts.models import User
from crm.actions.imports import commit, plan_for, receive
from crm.models import Contact, ImportRow
from demo.press_list import write_press_list

from . import Result, at_least, at_most

ROWS = 2_000


def run() -> list[Result]:
    by = User.objects.create_user("bench@payom.test", "x", name="Bench", role="editor")
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "list.xlsx"
        truth = write_press_list(path, rows=ROWS)
        with path.open("rb") as file:
            batch = receive(File(file, name=path.name), by=by, kind="journalist", basis="unknown")
    planned = seconds(lambda: plan_for(batch))
    written = seconds(lambda: commit(batch, by=by))
    return [
        at_least("reading and planning", ROWS / planned, "rows/s", 500),
        at_least("writing (with reading and planning again)", ROWS / written, "rows/s", 300),
        at_least("rows accounted for", ImportRow.objects.count() / truth.rows, "share", 1),
        at_most(
            "people found against people there are, difference",
            abs(Contact.objects.count() - truth.people),
            "people",
            5,
        ),
    ]


def seconds(work) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun
