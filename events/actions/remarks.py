"""What came from calendars and from letters in words, and what a person makes of it with one press."""

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.log import log
from core.sealing import seal
from core.text import clean
from mailings.actions import incoming as mailbox
from mailings.models import Incoming

from ..models import Event, Invitation, Remark
from ..pipeline.ical import ANSWERS, Reply
from ..states import Calendar, Letter, RemarkKind, Rsvp, Source, WrongState
from .answers import Word, answer, hold, move, queue
from .guests import new_colleague, note_answer

_CALENDARS = {Rsvp.ACCEPTED: Calendar.ACCEPTED, Rsvp.INVITED: Calendar.ASKS, Rsvp.TENTATIVE: Calendar.ASKS}


def keep(invitation: Invitation, kind: str, reply: Reply) -> None:
    """Put it before a person; the same once more is no news. The caller holds the invitation."""
    is_sealed = invitation.contact is not None and invitation.contact.is_sealed
    is_other = kind == RemarkKind.ADDRESS
    remark = {
        "kind": kind,
        "wish": ANSWERS.get(reply.partstat, ""),
        "starts_at": reply.starts_at if kind == RemarkKind.TIME else None,
        "ends_at": reply.ends_at if kind == RemarkKind.TIME else None,
        "words": "" if is_sealed else reply.comment,
    }
    if invitation.remarks.open().filter(**remark).exists():
        return
    if is_other and not is_sealed:
        remark |= {"name": clean(reply.name)[:200], "sealed_address": seal(reply.attendee[:254])}
    invitation.remarks.create(**remark)


def of_event(event: Event, user: User):
    """What waits for a person, the oldest first."""
    guests = event.invitations.visible_to(user).order_by().values("pk")
    return Remark.objects.open().filter(invitation__in=guests).select_related("invitation").order_by("pk")


def in_words(event: Event, user: User):
    """Answers in words to letters of this event that nobody has looked at: what they mean, a person says."""
    letters = Incoming.objects.answers().visible_to(user)
    found = letters.filter(delivery__mailing__of_event__event=event, settled_at=None, contact__isnull=False)
    return found.filter(contact__invitations__event=event).order_by("pk")


def waiting_for_a_person(user: User, at: datetime) -> list[tuple[Event, int]]:
    """Events to come at which something is to be decided, the next one first: remarks, letters, colleagues named."""
    guests = Invitation.objects.visible_to(user).filter(event__ends_at__gte=at).order_by()
    said = Remark.objects.open().order_by().filter(invitation__in=guests.values("pk"))
    letters = Incoming.objects.answers().visible_to(user).order_by()
    letters = letters.filter(settled_at=None, delivery__mailing__of_event__event__ends_at__gte=at)
    counts: Counter[int] = Counter()
    for rows, event in (
        (said, "invitation__event"),
        (letters, "delivery__mailing__of_event__event"),
        (guests.filter(rsvp=Rsvp.DRAFT, parent__isnull=False), "event"),
    ):
        counts.update(dict(rows.values_list(event).annotate(Count("pk"))))
    found = Event.objects.filter(pk__in=counts).order_by("starts_at", "pk") if counts else []
    return [(event, counts[event.pk]) for event in found]


def _settle(remark: Remark, by: User) -> None:
    if not Remark.objects.open().filter(pk=remark.pk).update(settled_at=timezone.now(), settled_by=by):
        raise WrongState(_("Somebody has settled this already. Nothing was changed."))
    log("events.remark.settled", remark.invitation, by=by, kind=remark.kind)


@transaction.atomic
def put_aside(remark: Remark, *, by: User) -> None:
    hold(remark.invitation)
    _settle(remark, by)


@transaction.atomic
def keep_the_time(remark: Remark, *, by: User) -> None:
    """Another hour was proposed: write that it stays, with the event anew for their calendar. Raises WrongState."""
    guest = remark.invitation
    event = hold(guest)
    if not event.is_open or guest.rsvp == Rsvp.REVOKED:
        raise WrongState(_("Answers are not taken for this event now. Nothing was changed."))
    _settle(remark, by)
    queue(guest, Letter.STAYS, _CALENDARS.get(guest.rsvp, Calendar.NOTHING))


@transaction.atomic
def note_it(remark: Remark, *, by: User) -> Invitation:
    """It was they: note what they answered. Raises WrongState."""
    hold(remark.invitation)
    if not remark.wish:
        raise WrongState(_("This says neither yes nor no. Nothing was changed."))
    _settle(remark, by)
    note = str(remark.get_kind_display())
    return note_answer(remark.invitation, remark.wish, source=Source.EMAIL, note=note, by=by)


@transaction.atomic
def let_come(remark: Remark, *, by: User) -> Invitation:
    """The invitation was passed on: whoever answered from another address comes as a colleague. Raises WrongState."""
    hold(remark.invitation)
    if remark.kind != RemarkKind.ADDRESS or remark.wish != Rsvp.ACCEPTED or not remark.sealed_address:
        raise WrongState(_("Nobody else wants to come. Nothing was changed."))
    _settle(remark, by)
    name = remark.name or _("colleague of %(name)s") % {"name": remark.invitation.name}
    colleague = new_colleague(remark.invitation, name=name, sealed_address=remark.sealed_address, source=Source.ICAL)
    move(colleague, Rsvp.INVITED, Word(Source.SYSTEM, by))
    # As if by letter: what lies in their calendar is the other's, and they get an entry of their own.
    return answer(colleague, Rsvp.ACCEPTED, Word(Source.EMAIL, by, _("instead of a colleague")))


@transaction.atomic
def note_letter(event: Event, letter: Incoming, wish: str, *, by: User) -> Invitation:
    """What somebody answered in words. Raises WrongState."""
    guest = event.invitations.get(contact=letter.contact_id)
    hold(guest)
    mailbox.settle(letter, by=by)
    return note_answer(guest, wish, source=Source.EMAIL, note=_("in a letter"), by=by)
