"""Opens and clicks: the pages that take them, the worker that stores them, and the report that shows them.

`LETTERS=1000000 make bench-reports` measures the report beside so many letters of other mailings, three visits each.
"""

import os
import statistics
from collections.abc import Callable
from datetime import timedelta
from time import perf_counter, process_time

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from config import urls
from mailings.measuring.agents import Agent
from mailings.measuring.judge import Sort
from mailings.measuring.links import Mark, make_token
from mailings.models import Delivery, Event, Link, Mailing
from mailings.pipeline import spool, tallying, visits
from mailings.states import DeliveryStatus
from tests.factories.mailings import make_approved, make_reader, person

from . import Result, at_least, at_most

OF_A_MAILING, ROUNDS, VISITS = 5_000, 300, 5_000
URL = "https://coalition.example/text"


@login_not_required
def empty(_request):
    return HttpResponse()


def run() -> list[Result]:
    urls.urlpatterns.insert(0, path("bench-empty/", empty))
    make_reader()
    first, *others = [_mailing() for _number in range(max(2, _letters() // OF_A_MAILING))]
    click, opened = f"/l/{make_token(Mark(first, 1), URL)}/", f"/o/{make_token(Mark(first, 1))}.gif"
    speed = {name: _a_second(where) for name, where in (("", "/bench-empty/"), ("click", click), ("open", opened))}
    head = Client()
    head.force_login(person("head@payom.test"))
    loaded = _loaded(first)
    alone = _median(lambda: head.get(f"/mailings/{first}/report/"))
    return [
        at_least("clicks noted, against an empty view", speed["click"] / speed[""], "share", 0.8),
        at_least("opens noted, against an empty view", speed["open"] / speed[""], "share", 0.8),
        at_least("visits stored and judged", VISITS / loaded, "visits/s", 500),
        at_most(f"report of {OF_A_MAILING:,} letters among {_letters():,}", 1000 * alone, "ms", 150),
        at_most("reports across mailings", 1000 * _median(lambda: head.get("/mailings/reports/")), "ms", 300),
    ]


def _letters() -> int:
    return int(os.environ.get("LETTERS", "20000"))


def _mailing() -> int:
    """A finished one with rows as the sender leaves them, and three visits of each."""
    mailing = make_approved() if not Mailing.objects.exists() else _copy(Mailing.objects.earliest("pk"))
    begun = timezone.now() - timedelta(days=1)
    Mailing.objects.filter(pk=mailing.pk).update(
        status="finished", started_at=begun, finished_at=begun, frozen_count=OF_A_MAILING, measures="all"
    )
    contact = mailing.deliveries.model.contact.field.related_model.objects.first()
    rows = [_row(mailing.pk, contact.pk, begun, number) for number in range(OF_A_MAILING)]
    deliveries = Delivery.objects.bulk_create(rows, batch_size=2_000)
    link = Link.objects.create(mailing=mailing, url=URL)
    Event.objects.bulk_create(
        (
            Event(
                mailing=mailing, delivery=one, link=link, sort=Sort.CLICK, agent=Agent.BROWSER, at=begun, reason="burst"
            )
            for one in deliveries
            for _visit in range(3)
        ),
        batch_size=2_000,
    )
    tallying.count(Mailing.objects.get(pk=mailing.pk))
    return mailing.pk


def _copy(mailing: Mailing) -> Mailing:
    mailing.pk = None
    mailing._state.adding = True
    mailing.save()
    return mailing


def _row(mailing: int, contact: int, begun, number: int) -> Delivery:
    domain = ("gmail.com", "mail.ru", "asia.tj", "navid.test")[number % 4]
    opened = begun + timedelta(minutes=number % 1_400) if number % 3 else None
    return Delivery(
        mailing_id=mailing,
        contact_id=contact,
        name="Читатель",
        address=f"r{number}@{domain}",
        domain=domain,
        address_key=f"{mailing}-{number}",
        language=("ru", "tg", "en")[number % 3],
        kind="press_service",
        measured_as="person",
        status=DeliveryStatus.SENT,
        sent_at=begun,
        code=250,
        opened_at=opened,
    )


def _a_second(where: str) -> float:
    """Requests a second of the processor's time, through all middleware; the best of three rounds."""
    client = Client()
    rounds = []
    for _round in range(3):
        begun = process_time()
        for _number in range(ROUNDS):
            client.get(where)
        rounds.append(ROUNDS / (process_time() - begun))
    return max(rounds)


def _loaded(mailing: int) -> float:
    """Seconds that so many visits take from the file into the database, judged."""
    keys = list(Delivery.objects.filter(mailing=mailing).values_list("pk", flat=True))[:VISITS]
    for key in keys:
        spool.keep(spool.Line(Mark(mailing, key), Sort.CLICK, Agent.BROWSER, timezone.now().timestamp(), URL))
    begun = perf_counter()
    visits.load()
    return perf_counter() - begun


def _median(work: Callable[[], object]) -> float:
    times = []
    for _round in range(7):
        begun = perf_counter()
        work()
        times.append(perf_counter() - begun)
    return statistics.median(times)
