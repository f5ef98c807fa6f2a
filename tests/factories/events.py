"""Events and guests as far on their way as a test needs them, brought there by the product's own actions."""

from datetime import datetime, timedelta

from django.utils import timezone

from events.actions.answers import BY_ITSELF, move
from events.actions.guests import add_guests
from events.actions.planning import create_event, open_event, set_quotas
from events.models import Event, Invitation, Venue
from tests.factories.contacts import make_contact
from tests.factories.mailings import person

HEAD = "head@events.test"


def make_event(*, is_open: bool = True, in_days: float = 10, quotas: dict | None = None, **fields) -> Event:
    """A press conference of an hour and a half, without quotas unless some are given."""
    starts_at = fields.pop("starts_at", None) or in_the_morning(in_days)
    event = Event(
        **{"title": "Пресс-конференция", "starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=90), **fields}
    )
    create_event(event, by=person(HEAD))
    set_quotas(event, quotas or {}, by=person(HEAD))
    if is_open:
        open_event(event, by=person(HEAD))
    return event


def make_held_today(**fields) -> Event:
    """An event that begins in an hour: its door takes marks."""
    return make_event(starts_at=timezone.now() + timedelta(hours=1), **fields)


def in_the_morning(days: float) -> datetime:
    """Eleven o'clock in Dushanbe, so many days from now."""
    return timezone.localtime(timezone.now() + timedelta(days=days)).replace(hour=11, minute=0, second=0, microsecond=0)


def make_venue(**fields) -> Venue:
    return Venue.objects.create(**{"name": "Зал «Кайхон»", "address": "Душанбе", **fields})


def make_guest(event: Event, name: str = "Ҷамшед Холов", *, invited: bool = True, **fields) -> Invitation:
    """A contact on the list; `fields` are the contact's."""
    add_guests(event, [make_contact(name, **fields)], by=person(HEAD))
    guest = event.invitations.order_by("-pk").first()
    return move(guest, "invited", BY_ITSELF) if invited else guest
