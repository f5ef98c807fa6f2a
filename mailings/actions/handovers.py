"""Writing down what was handed to whom: printed cards, wall calendars, books."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from accounts.models import User
from audit.changes import difference, snapshot
from audit.log import log
from crm.models import Contact

from ..models import Card, Greeting, Handover
from ..states import Thing

_TOLD = ["thing", "count", "year", "on"]


@transaction.atomic
def hand_over(handover: Handover, *, note: str, by) -> Handover:
    """Keep what somebody wrote down; of a card, that the person has got this year's."""
    handover.keep(note)
    handover.save()
    _greet(handover)
    log("mailings.handover.added", handover.contact, by=by, thing=handover.thing, count=handover.count)
    return handover


@transaction.atomic
def change_handover(handover: Handover, *, note: str | None, by) -> None:
    """Correct it. `note` None leaves a sealed note as it is."""
    before = snapshot(Handover.objects.get(pk=handover.pk), _TOLD)
    if note is not None:
        handover.keep(note)
    handover.save()
    handover.greetings.all().delete()
    _greet(handover)
    changes = difference(before, snapshot(handover, _TOLD))
    log("mailings.handover.changed", handover.contact, by=by, changes=changes)


@transaction.atomic
def remove_handover(handover: Handover, *, by) -> None:
    """Take it off. The journal keeps that there was one."""
    contact, thing = handover.contact, handover.thing
    handover.delete()
    log("mailings.handover.removed", contact, by=by, thing=thing)


@transaction.atomic
def hand_out(card: Card, contacts: Iterable[Contact], *, on: date, giver: User, by) -> int:
    """Printed cards of one occasion to many. Who has one of them already gets no second row. Return how many got it."""
    contacts = list(contacts)
    have = Handover.objects.filter(
        contact__in=contacts, thing=Thing.CARD, occasion_id=card.occasion_id, year=card.year
    ).values_list("contact", flat=True)
    new = [contact for contact in contacts if contact.pk not in set(have)]
    for contact in new:
        row = Handover(contact=contact, thing=Thing.CARD, occasion_id=card.occasion_id, year=card.year, on=on, by=giver)
        hand_over(row, note="", by=by)
    return len(new)


def _greet(handover: Handover) -> None:
    """A card in the hand is the card of its year, unless a letter was it."""
    if handover.thing != Thing.CARD:
        return
    of_year = Greeting.objects.of(handover.occasion_id, handover.year).filter(contact=handover.contact)
    of_year.void().delete()
    of_year.get_or_create(
        contact=handover.contact,
        occasion_id=handover.occasion_id,
        year=handover.year,
        defaults={"handover": handover},
    )
