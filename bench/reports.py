"""Opens and clicks: the worker that stores them, and the report that shows them, on SQLite and on PostgreSQL.

`LETTERS=1000000 make bench-reports` measures the report on PostgreSQL beside so many letters of other mailings, three
visits each; on SQLite there are 20,000.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from time import perf_counter

from . import Result, at_least, at_most

OF_A_MAILING, OF_A_READER, VISITS, FEW, ROUNDS = 5_000, 3, 5_000, 20_000, 9
URL = "https://coalition.example/text"


def run() -> list[Result]:
    return [*measure("SQLite", FEW), *elsewhere()]


def elsewhere() -> list[Result]:
    """The same in a process of its own, whose settings name a PostgreSQL started for it."""
    from tests.grown import postgresql

    with tempfile.TemporaryDirectory(prefix="payom-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with postgresql(folder) as url:
            room = os.environ | {"TEST_DATABASE_URL": url}
            told = subprocess.run([sys.executable, "-m", "bench.reports"], env=room, check=True, stdout=subprocess.PIPE)
    return [Result(**row) for row in json.loads(told.stdout)]


def measure(engine: str, letters: int) -> Iterator[Result]:
    from django.test import Client

    from mailings.models import Delivery
    from tests.factories.mailings import make_approved, person

    from .contacts import Table

    import_module("config.wsgi")  # what a web process does when it starts
    Table().add(range(OF_A_MAILING))
    first = _first(make_approved())
    head = Client()
    head.force_login(person("head@payom.test"))
    loaded = _loaded(first.pk)
    _know_the_tables()
    alone = _median(lambda: _page(head, f"/mailings/{first.pk}/report/"))
    _copy(first, max(2, letters // OF_A_MAILING) - 1)
    _know_the_tables()
    among = _median(lambda: _page(head, f"/mailings/{first.pk}/report/"))
    across = _median(lambda: _page(head, "/mailings/reports/"))
    count = Delivery.objects.count()
    yield at_least(f"{engine}: visits stored and judged", VISITS / loaded, "visits/s", 500)
    yield at_most(f"{engine}: report of {OF_A_MAILING:,} letters alone", 1000 * alone, "ms", 150)
    yield at_most(f"{engine}: the same among {count:,} letters", 1000 * among, "ms", 150)
    yield at_most(f"{engine}: among them, against alone", among / alone, "times", 1.2)
    yield at_most(f"{engine}: reports across mailings", 1000 * across, "ms", 300)


def _first(mailing):
    """A finished one with rows as the sender leaves them, and three visits of each."""
    from django.utils import timezone

    from crm.models import Contact
    from mailings.measuring.agents import Agent
    from mailings.measuring.judge import Sort
    from mailings.models import Delivery, Event, Link, Mailing
    from mailings.pipeline import tallying

    begun = timezone.now() - timedelta(days=1)
    Mailing.objects.filter(pk=mailing.pk).update(
        status="finished", started_at=begun, finished_at=begun, frozen_count=OF_A_MAILING, measures="all"
    )
    mailing.refresh_from_db()
    contacts = Contact.objects.order_by("pk").values_list("pk", flat=True)[:OF_A_MAILING]
    rows = [_row(mailing.pk, contact, begun, number) for number, contact in enumerate(contacts)]
    deliveries = Delivery.objects.bulk_create(rows, batch_size=2_000)
    link = Link.objects.create(mailing=mailing, url=URL)
    kind = {"sort": Sort.CLICK, "agent": Agent.BROWSER, "at": begun, "reason": "burst"}
    events = [
        Event(mailing=mailing, delivery=one, link=link, **kind) for one in deliveries for _visit in range(OF_A_READER)
    ]
    Event.objects.bulk_create(events, batch_size=2_000)
    tallying.count(mailing)
    return mailing


def _row(mailing: int, contact: int, begun: datetime, number: int):
    from mailings.models import Delivery
    from mailings.states import DeliveryStatus

    domain = ("gmail.com", "mail.ru", "asia.tj", *(f"outlet{number % 200}.test",) * 3)[number % 6]
    failed = number % 50 == 0
    opened = begun + timedelta(minutes=number % 1_400) if number % 3 and not failed else None
    return Delivery(
        mailing_id=mailing,
        contact_id=contact,
        name="Читатель",
        address=f"r{number}@{domain}",
        domain=domain,
        address_key=f"r{number}",
        language=("ru", "tg", "en")[number % 3],
        kind=("press_service", "journalist", "partner")[number % 3],
        measured_as="person",
        status=DeliveryStatus.FAILED if failed else DeliveryStatus.SENT,
        bounce_class="hard" if failed else "",
        reply="550 5.1.1 User unknown" if failed else "",
        sent_at=begun,
        code=550 if failed else 250,
        opened_at=opened,
    )


def _copy(mailing, copies: int) -> None:
    """Other mailings with the same readers: their rows are made where they are, by one statement a table."""
    from django.core.management.color import no_style
    from django.db import connection

    from mailings.models import Delivery, Event, Link, Mailing, Tally

    link = mailing.links.get(url=URL)
    numbers = range(1, copies + 1)
    Mailing.objects.bulk_create([_as_new(mailing, pk=mailing.pk + number) for number in numbers])
    Link.objects.bulk_create([Link(pk=link.pk + number, mailing_id=mailing.pk + number, url=URL) for number in numbers])
    steps = {"mailing_id": 1, "link_id": 1, "delivery_id": Delivery.objects.latest("pk").pk}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Millions of rows that are right by their making need not be asked for each row they point at.
            cursor.execute("SET session_replication_role = replica")
        for model in (Delivery, Event, Tally):
            last = model.objects.latest("pk").pk
            cursor.execute(*_copying(model, steps | {model._meta.pk.column: last}, mailing.pk, copies))
        for reset in connection.ops.sequence_reset_sql(no_style(), [Mailing, Link, Delivery, Event, Tally]):
            cursor.execute(reset)
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = origin")


def _as_new(mailing, *, pk: int):
    from copy import copy

    fresh = copy(mailing)
    fresh.pk = pk
    return fresh


def _copying(model, steps: dict[str, int], mailing: int, copies: int) -> tuple[str, list[int]]:
    """All rows of the mailing so many times more; a number that leads somewhere goes a step further each time."""
    names = [field.column for field in model._meta.concrete_fields]
    values = [f'old."{name}"' + (f" + number * {steps[name]}" if name in steps else "") for name in names]
    columns, table = ", ".join(f'"{name}"' for name in names), model._meta.db_table
    return (
        f"WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < %s) "
        f"INSERT INTO {table} ({columns}) SELECT {', '.join(values)} FROM numbers, {table} old "
        "WHERE old.mailing_id = %s"
    ), [copies, mailing]


def _know_the_tables() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _loaded(mailing: int) -> float:
    """Seconds that so many visits take from the file into the database, judged."""
    from django.utils import timezone

    from mailings.measuring.agents import Agent
    from mailings.measuring.judge import Sort
    from mailings.measuring.links import Mark
    from mailings.models import Delivery
    from mailings.pipeline import spool, visits

    keys = list(Delivery.objects.filter(mailing=mailing).values_list("pk", flat=True))[:VISITS]
    for key in keys:
        spool.keep(spool.Line(Mark(mailing, key), Sort.CLICK, Agent.BROWSER, timezone.now().timestamp(), URL))
    begun = perf_counter()
    visits.load()
    return perf_counter() - begun


def _page(client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != HTTPStatus.OK:
        raise RuntimeError(f"{address}: {answer.status_code}")


def _median(work: Callable[[], object]) -> float:
    work()
    times = []
    for _round in range(ROUNDS):
        begun = perf_counter()
        work()
        times.append(perf_counter() - begun)
    return statistics.median(times)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    results = measure("PostgreSQL", int(os.environ.get("LETTERS", FEW)))
    print(json.dumps([asdict(result) for result in results]))
