"""5,000 invitations to one event: what the server takes for its page with the guest list, for an editor; and for what a
phone at its door asks: news every five seconds, and every minute whether the list is another one. Then fifty phones ask
a running server at once, as long as some of them ask for the list, too.
"""

import asyncio
import random
import resource
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from . import Result, at_least, at_most
from ._server import ask, served
from .contacts import Table, page, times

GUESTS, CONTACTS = 5_000, 10_000
MEDIAN = 150
# Fifty phones ask ten times a second for news: a fifth of one processor.
POLL = 20
PHONES, EVERY, TURNS = 50, 5, 6
ANSWERS = frozenset([b"200", b"304"])


def run() -> list[Result]:
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["testserver"]
    table, client = Table(), Client()
    client.force_login(table.user)
    table.add(range(CONTACTS))
    address = f"/events/{invited(table.user).pk}/"
    pages = [address, f"{address}?group=come", f"{address}?q=рахмонов", f"{address}?page=50", f"{address}calls/"]
    list_of_guests = f"{address}door/guests/"
    known = {"If-None-Match": client.get(list_of_guests)["ETag"]}
    return [
        *times("page of an event", [lambda one=one: page(client, one) for one in pages], median_goal=MEDIAN),
        *times("a phone asks for news", [lambda: page(client, f"{address}door/marks/?after=0")], median_goal=POLL),
        *times("a phone asks for the list", [lambda: client.get(list_of_guests, headers=known)], median_goal=2 * POLL),
        *fifty_phones(address, client.cookies[settings.SESSION_COOKIE_NAME].value, known["If-None-Match"]),
    ]


def fifty_phones(address: str, session: str, known: str) -> list[Result]:
    """What phones at the door wait, and what the server spends on them, with two workers, as deploy/ starts it."""
    from django.conf import settings
    from django.db import connection

    database = Path(connection.settings_dict["NAME"])
    connection.close()
    # The folder of this process has the keys that sessions are sealed with; in the demo nobody needs a second factor.
    with served(settings.VAR, database, workers=2, DEMO="1") as port:
        begun = perf_counter()
        waits = asyncio.run(_ask_for_news(port, address, f"{settings.SESSION_COOKIE_NAME}={session}", known))
        took = perf_counter() - begun
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    share = 100 * (spent.ru_utime + spent.ru_stime) / took
    return [
        at_least("fifty phones: questions answered", len(waits), "", PHONES * TURNS),
        at_most("fifty phones wait for news, p95", 1000 * quantiles(waits, n=20)[-1], "ms", 500),
        at_most("processor of the server, start included", share, "% of one", 100),
    ]


async def _ask_for_news(port: int, address: str, cookie: str, known: str) -> list[float]:
    waits: list[float] = []

    async def phone(number: int) -> None:
        await asyncio.sleep(EVERY * number / PHONES)
        for turn in range(TURNS):
            begun = perf_counter()
            # The server closes a line that says nothing for two seconds.
            line = await asyncio.open_connection("127.0.0.1", port)
            await ask(line, f"{address}door/marks/?after=0", answers=ANSWERS, Cookie=cookie)
            waits.append(perf_counter() - begun)
            if turn == 0:
                await ask(line, f"{address}door/guests/", answers=ANSWERS, Cookie=cookie, If_None_Match=known)
            line[1].close()
            await asyncio.sleep(EVERY)

    await asyncio.gather(*(phone(number) for number in range(PHONES)))
    return waits


def invited(user):
    """An event of tomorrow whose guests have answered in every way that takes no place in turn."""
    from django.utils import timezone

    from crm.models import Contact
    from events.actions.guests import add_guests
    from events.actions.planning import create_event, open_event
    from events.models import Event, Invitation, InvitationEvent
    from events.states import Fact, Rsvp, Source

    begins = timezone.now() + timedelta(days=1)
    event = Event(title="Форум", starts_at=begins, ends_at=begins + timedelta(hours=8), capacity=GUESTS)
    create_event(event, by=user)
    open_event(event, by=user)
    people = Contact.objects.prefetch_related("positions__organisation").order_by("pk")[:GUESTS]
    add_guests(event, people, by=user)
    chance = random.Random(9)
    guests = list(event.invitations.all())
    for guest in guests:
        guest.rsvp = chance.choice([Rsvp.INVITED, Rsvp.ACCEPTED, Rsvp.TENTATIVE, Rsvp.DECLINED])
        guest.answered_at = None if guest.rsvp == Rsvp.INVITED else timezone.now()
    Invitation.objects.bulk_update(guests, ["rsvp", "answered_at"], batch_size=500)
    seats = sum(guest.rsvp == Rsvp.ACCEPTED for guest in guests)
    Event.objects.filter(pk=event.pk).update(seats_taken=seats)
    InvitationEvent.objects.bulk_create(
        (
            InvitationEvent(invitation=guest, fact=Fact.ANSWER, before="draft", after=guest.rsvp, source=Source.WEB)
            for guest in guests
        ),
        batch_size=500,
    )
    return event
