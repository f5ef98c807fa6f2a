"""Importing a messy press list of 2,000 rows, as the wizard does it: read and plan for the review, then write."""

import tempfile
from pathlib import Path
from time import perf_counter

from django.core.files.base import ContentFile

from accounts.models import User
from crm.actions.imports import plan_of, write_at_once
from crm.models import Contact, ImportBatch, ImportRow
from demo.press_list import write_press_list

from . import Result, at_least, at_most

ROWS = 2_000


def run() -> list[Result]:
    by = User.objects.create_user("bench@payom.test", "x", name="Bench", role="editor")
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "list.xlsx"
        truth = write_press_list(path, rows=ROWS)
        data = path.read_bytes()
    planned = seconds(lambda: plan_of(data, ImportBatch(uploaded_by=by)))
    upload = ContentFile(data, name=path.name)
    written = seconds(lambda: write_at_once(upload, by=by, kind="journalist", basis="unknown"))
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
