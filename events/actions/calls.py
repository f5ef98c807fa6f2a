"""Calling the invited: who takes whom, and what came of it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.log import log
from crm.models import Phone

from ..models import Call, Event, Invitation
from ..states import CALL_CLAIM, CallOutcome, Rsvp, Source, WrongState
from .guests import note_answer

_ANSWERS = {CallOutcome.COMES: Rsvp.ACCEPTED, CallOutcome.NOT: Rsvp.DECLINED}


def to_call(event: Event):
    """Whom to call: the silent, and those who said perhaps."""
    return event.invitations.filter(rsvp__in=[Rsvp.DRAFT, Rsvp.INVITED, Rsvp.TENTATIVE])


@transaction.atomic
def claim(invitation: Invitation, *, at: datetime, by: User) -> None:
    """Take a number, so that nobody else calls it meanwhile, for whomever. Raises WrongState."""
    # Two who take two guests of one newsroom come one after the other.
    invitation.event.hold()
    numbers = Phone.objects.filter(contact__invitations=invitation, retired_on=None).values("key")
    taken = Invitation.objects.filter(called_until__gt=at, contact__phones__key__in=numbers).exclude(caller=by)
    if other := taken.exclude(pk=invitation.pk).select_related("caller").first():
        raise WrongState(_("%(name)s is calling this number now.") % {"name": other.caller.name})
    free = Invitation.objects.filter(Q(called_until=None) | Q(called_until__lte=at) | Q(caller=by), pk=invitation.pk)
    if not free.update(caller=by, called_until=at + CALL_CLAIM):
        invitation.refresh_from_db()
        raise WrongState(_("%(name)s is calling this person now.") % {"name": invitation.caller.name})
    log("events.call.claimed", invitation, by=by)


@transaction.atomic
def note_call(invitation: Invitation, outcome: str, *, note: str = "", by: User) -> Call:
    """What came of a call. A yes or a no is an answer like any other. Raises WrongState."""
    invitation.refresh_from_db()
    if invitation.is_called_by_another(by, timezone.now()):
        raise WrongState(_("%(name)s is calling this person now.") % {"name": invitation.caller.name})
    if wish := _ANSWERS.get(outcome):
        note_answer(invitation, wish, source=Source.PHONE, note=note, by=by)
    call = Call.objects.create(invitation=invitation, outcome=outcome, by=by)
    Invitation.objects.filter(pk=invitation.pk).update(caller=None, called_until=None)
    log("events.call.noted", invitation, by=by, outcome=outcome)
    return call
