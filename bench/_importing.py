"""What an import costs, and what django-import-export's default Resources cost, each in a process and a database.

Ratios are of the processor's time, children included, and so hold on a machine that does other things as well.
"""

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from . import Result, at_least, at_most

# A default Resource takes minutes for a long list: it gets so many rows of it, and its time is scaled linearly.
SAMPLE = 2_000
CARD = ("name", "given_name", "kind", "languages", "city", "postal_address", "note")


@dataclass(frozen=True)
class Cost:
    """`peak` is the most memory at any time, in megabytes; `joining` a part of `processor`."""

    rows: int
    seconds: float
    processor: float
    peak: float
    joining: float = 0.0


def compared(path: Path, label: str) -> list[Result]:
    """Ours on the whole list; the default ones on its rows, as plain as they like them."""
    with tempfile.TemporaryDirectory(prefix="payom-bench-") as name:
        ours, unmatched, card, whole = (measured(way, path, Path(name)) for way in WAYS)
    times = ours.rows / card.rows
    sample = f"{card.rows:,} of {ours.rows:,} rows, scaled" if times > 1 else f"{ours.rows:,} rows"
    return [
        noted(f"{label}: file to committed contacts, rows joined", ours.seconds, "s"),
        noted(f"{label}: the same by the processor", ours.processor, "s"),
        noted(f"{label}: nothing joined, by the processor", unmatched.processor, "s"),
        noted(f"{label}: default Resource, cards alone ({sample})", card.processor * times, "s"),
        noted(f"{label}: default Resources, what we write ({sample})", whole.processor * times, "s"),
        at_least(f"{label}: against what we write", whole.processor * times / ours.processor, "times", 5),
        at_least(f"{label}: the same, nothing joined", whole.processor * times / unmatched.processor, "times", 10),
        at_least(f"{label}: against cards alone", card.processor * times / ours.processor, "times", 5),
        at_least(f"{label}: the same, nothing joined", card.processor * times / unmatched.processor, "times", 10),
        at_most(f"{label}: joining", ours.joining, "s", 10),
        at_most(f"{label}: peak of memory", ours.peak, "MB", 300),
        noted(f"{label}: peak of memory, default Resource ({card.rows:,} rows)", card.peak, "MB"),
    ]


def noted(name: str, value: float, unit: str) -> Result:
    return Result(name, round(value, 2), unit, "for comparison", True)


def previewed(path: Path, label: str) -> Result:
    """From the bytes to the plan of the review."""
    from accounts.models import User
    from crm.actions.imports import plan_of
    from crm.models import ImportBatch

    begun = perf_counter()
    plan_of(path.read_bytes(), ImportBatch(uploaded_by=User()))
    return at_most(f"{label}: preview", perf_counter() - begun, "s", 2)


def measured(way: str, path: Path, room: Path) -> Cost:
    """In a process that finds its tables made, as the product does."""
    from django.db import connection

    database = room / f"{way}.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(database)])
    told = subprocess.run(
        [sys.executable, "-m", "bench._importing", way, str(path)],
        env=os.environ | {"TEST_DATABASE_URL": f"sqlite:///{database}"},
        check=True,
        stdout=subprocess.PIPE,
    )
    return Cost(**json.loads(told.stdout))


def ours(path: Path) -> dict[str, float]:
    from django.core.files.base import ContentFile

    from accounts.models import User
    from crm.actions.imports import write_at_once

    by = User.objects.create_user("bench@payom.test", "x", name="Bench", role="editor")
    upload, joining = ContentFile(path.read_bytes(), name=path.name), watched()
    cost = cost_of(lambda: len(write_at_once(upload, by=by, kind="journalist", basis="unknown").rows))
    return cost | {"joining": sum(joining)}


def watched() -> list[float]:
    """The seconds that each joining takes from now on."""
    from crm.importing import together

    seconds, join = [], together.join

    def joined(*asked):
        begun = processor()
        found = join(*asked)
        seconds.append(processor() - begun)
        return found

    together.join = joined
    return seconds


def unmatched(path: Path) -> dict[str, float]:
    """Ours, with each row a new person."""
    from crm.importing import together

    together.join = lambda *_asked: together.Together()
    return ours(path)


def card(path: Path) -> dict[str, float]:
    """Contacts alone, without addresses and telephones: the library's own reading, every option as it comes."""
    from crm.models import Contact

    book = workbook(CARD, [[getattr(row, name) for name in CARD] for row in people(path)])
    return cost_of(lambda: imported(Contact, book))


def whole(path: Path) -> dict[str, float]:
    """What we write, in the same tables: a sheet and a Resource for each. That rows find each other is a gift."""
    from core.sealing import blind
    from crm.models import Contact, EmailAddress, Organisation, Phone, Position, organisation_key

    rows = people(path)
    houses = {organisation_key(row.organisation): row.organisation for row in rows if row.organisation}
    numbers = {key: number for number, key in enumerate(houses, start=1)}
    emails = [[pk, way, blind(way)] for pk, row in enumerate(rows, start=1) for way in row.emails]
    phones = [[pk, way, blind(way)] for pk, row in enumerate(rows, start=1) for way in row.phones]
    posts = [
        [pk, numbers[organisation_key(row.organisation)], row.title]
        for pk, row in enumerate(rows, start=1)
        if row.organisation
    ]
    books = {
        Contact: workbook(CARD, [[getattr(row, name) for name in CARD] for row in rows]),
        Organisation: workbook(("name", "name_key"), [[name, key] for key, name in houses.items()]),
        EmailAddress: workbook(("contact", "address", "key"), emails),
        Phone: workbook(("contact", "number", "key"), phones),
        Position: workbook(("contact", "organisation", "title"), posts),
    }
    return cost_of(lambda: [imported(model, book) for model, book in books.items()][0])


def people(path: Path) -> list:
    """The first rows of people, as we read them, with what a card must have."""
    from crm.importing import headers, plan, reader

    sheets = reader.read(path.read_bytes())
    records = [record for reading in plan.read(sheets, headers.guess(sheets)) for record in reading.records]
    rows = [record for record in records if not record.refusal][:SAMPLE]
    for row in rows:
        row.kind, row.languages = row.kind or "journalist", row.languages or "ru"
    return rows


def workbook(columns: tuple[str, ...], rows: list[list]) -> bytes:
    from openpyxl import Workbook

    book, file = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for row in [columns, *rows]:
        # An empty cell is None to the library, which no text column of ours takes.
        sheet.append([cell or "-" for cell in row])
    book.save(file)
    return file.getvalue()


def imported(model: type, book: bytes) -> int:
    """How many rows the default Resource of a model made of a workbook."""
    from import_export.formats.base_formats import XLSX
    from import_export.resources import modelresource_factory

    result = modelresource_factory(model)().import_data(XLSX().create_dataset(book), raise_errors=True)
    return result.totals["new"]


def cost_of(work: Callable[[], int]) -> dict[str, float]:
    begun, taken = perf_counter(), processor()
    rows = work()
    return {
        "rows": rows,
        "seconds": perf_counter() - begun,
        "processor": processor() - taken,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def processor() -> float:
    """Seconds of the processor, of this process and of the readers it started."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


WAYS = {"ours": ours, "unmatched": unmatched, "card": card, "whole": whole}

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    print(json.dumps(WAYS[sys.argv[1]](Path(sys.argv[2]))))
