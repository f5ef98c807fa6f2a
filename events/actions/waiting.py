"""The waiting list: whoever's turn it is gets an offer when a place is free, by day, and not too late."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import log

from ..models import Event, Invitation
from ..states import EventStatus, LetterStatus, Rsvp, WrongState
from .answers import BY_ITSELF, Word, expire, has_room, hold, move
from .hours import is_night, morning, offer_ends


def give_places(at: datetime) -> int:
    """Take back offers whose time is over, and make new ones. Return how many were made."""
    for invitation in Invitation.objects.expired(at).select_related("event"):
        expire(invitation)
    if is_night(at):
        return 0
    waiting = Event.objects.filter(status=EventStatus.OPEN, starts_at__gt=at, invitations__rsvp=Rsvp.WAITLISTED)
    return sum(offer_free_places(event, at=at) for event in waiting.distinct())


@transaction.atomic
def offer_free_places(event: Event, *, at: datetime) -> int:
    """Offer what is free to those whose turn it is. Who does not fit is passed by, and keeps their turn."""
    event.hold()
    offered = 0
    if offer_ends(at, event.starts_at) is None:
        return offered
    while chosen := _next(event):
        _offer(chosen, BY_ITSELF, at=at)
        offered += 1
    return offered


def _next(event: Event) -> Invitation | None:
    event.refresh_from_db(fields=["seats_taken", "cameras_taken"])
    if event.free_places == 0:
        return None
    waiting = event.invitations.in_turn().select_related("outlet")
    return next((one for one in waiting if has_room(event, one)), None)


@transaction.atomic
def give_place(invitation: Invitation, *, by) -> Invitation:
    """Offer a place by hand, out of turn. Raises WrongState."""
    now = timezone.now()
    # Nobody is written to at night.
    begins = morning(now) if is_night(now) else now
    event = hold(invitation)
    if not event.is_open or offer_ends(begins, event.starts_at) is None:
        raise WrongState(_("It is too late for an offer: call, and note the answer. Nothing was changed."))
    _offer(invitation, Word("system", by), at=begins)
    invitation.letters.filter(status=LetterStatus.QUEUED).update(next_try_at=begins)
    return invitation


def _offer(invitation: Invitation, word: Word, *, at: datetime) -> Invitation:
    """Hold a place for them until an hour that is not in the night."""
    until = offer_ends(at, invitation.event.starts_at)
    Invitation.objects.filter(pk=invitation.pk, rsvp=Rsvp.WAITLISTED).update(offers=invitation.offers + 1)
    return move(invitation, Rsvp.OFFERED, word, offered_until=until)


@transaction.atomic
def put_first(invitation: Invitation, *, by) -> None:
    """Put somebody who waits before the others."""
    hold(invitation)
    first = invitation.event.invitations.order_by("-priority").values_list("priority", flat=True).first() or 0
    Invitation.objects.filter(pk=invitation.pk).update(priority=first + 1)
    log("events.waiting.put_first", invitation, by=by)


@transaction.atomic
def send_to_wait(invitation: Invitation, *, note: str, to_guest: str = "", by) -> None:
    """Take a place from somebody who has one, since the room is smaller than it was; `to_guest` stands in the letter.

    Raises WrongState.
    """
    move(invitation, Rsvp.WAITLISTED, Word("system", by, note, to_guest=to_guest))
