"""Events that ask more than yes or no."""

from datetime import date

from django.test import Client

from events.actions.asking import Asks, open_particulars, set_asks
from events.actions.planning import set_programme
from events.models import Event, Invitation, ProgrammeItem, Question
from tests.factories.events import HEAD, make_event
from tests.factories.mailings import person

JOURNEY = {
    "needs_travel": "on",
    "comes_from": "Хоруғ",
    "arrives_on": date(2027, 3, 1).isoformat(),
    "leaves_on": date(2027, 3, 3).isoformat(),
    "way": "road",
    "needs_room": "on",
    "travel_words": "без лестниц",
}


def make_forum(*parts: tuple[str, int | None], questions=(), travels=False, applies=False, **fields) -> Event:
    """A forum whose parts guests choose, each a title and its places; `questions` are (words, ready answers, must)."""
    event = make_event(title="Форум", kind="forum", **fields)
    items = [ProgrammeItem(event=event, starts_at=event.starts_at, title=title) for title, _places in parts]
    set_programme(event, items, [], by=person(HEAD))
    asks = Asks(
        parts={event.programme.get(title=title).pk: places for title, places in parts},
        questions=[Question(words=words, choices=ready, is_required=must) for words, ready, must in questions],
        arranges_travel=travels,
        takes_applications=applies,
    )
    set_asks(event, asks, by=person(HEAD))
    return Event.objects.get(pk=event.pk)


def part_of(event: Event, title: str) -> ProgrammeItem:
    return event.programme.get(title=title)


def post(guest, **typed):
    """The guest answers on their page, yes unless something else is given."""
    path = guest.link[guest.link.index("/r/") :]
    return Client(enforce_csrf_checks=True).post(path, {"answer": "accepted", "people": "1"} | typed)


def parts_of(guest) -> list[str]:
    return list(guest.sign_ups.values_list("part__title", flat=True))


def opened(guest):
    """What the guest said under the seal."""
    return open_particulars(guest.event, Invitation.objects.filter(pk=guest.pk), by=person(HEAD))[guest.pk]
