"""What somebody answers, and every other change of an invitation: one way through the tables, one log."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from audit.log import log, log_each
from audit.models import RECIPIENT, WORKER
from core.sealing import seal

from ..models import Event, EventLetter, Invitation, InvitationEvent, Particulars
from ..states import (
    ACCREDITATION_TRANSITIONS,
    OWN_WORD,
    SEATED,
    Accreditation,
    Actor,
    Calendar,
    Fact,
    Letter,
    LetterStatus,
    Rsvp,
    Source,
    Transition,
    WrongState,
    transition,
)
from .asking import Given, keep_given, leave_full_parts
from .hours import is_night, morning, offer_ends

# Letters that say what an answer came to.
_OF_AN_ANSWER = [Letter.CONFIRMED, Letter.WAITING, Letter.OFFER, Letter.EXPIRED]


@dataclass(frozen=True)
class Needs:
    """What somebody says beside yes or no."""

    people: int = 1
    needs_camera: bool = False
    needs_interpretation: bool = False
    needs_access: bool = False
    wants_interview: bool = False
    wants_materials: bool = False
    language: str = ""
    decline_reason: str = ""
    text: str | None = None

    @classmethod
    def of(cls, invitation: Invitation, **changed: object) -> "Needs":
        """What they said before, but for what is given."""
        said = {field.name: getattr(invitation, field.name) for field in fields(cls) if field.name != "text"}
        return cls(**said | changed)

    def put_on(self, invitation: Invitation) -> None:
        for field in fields(self):
            if field.name != "text":
                setattr(invitation, field.name, getattr(self, field.name))
        if self.text is not None:
            invitation.keep(self.text)


@dataclass(frozen=True)
class Word:
    """Who says something about an invitation, and how we know."""

    source: str
    by: User | None = None
    note: str = ""
    is_unconfirmed: bool = False
    # What staff add to the letter that follows; the note is for themselves.
    to_guest: str = ""

    @property
    def actor(self) -> Actor:
        if self.by is not None:
            return Actor.STAFF
        return Actor.INVITED if self.source in OWN_WORD else Actor.SYSTEM

    @property
    def author(self) -> object:
        """As the journal names them."""
        return self.by or (RECIPIENT if self.actor is Actor.INVITED else WORKER)


BY_ITSELF = Word(Source.SYSTEM)


@transaction.atomic
def answer(
    invitation: Invitation, wish: str, word: Word, needs: Needs | None = None, given: Given | None = None
) -> Invitation:
    """Take down that somebody comes, perhaps comes, or does not. Where no place is free they wait. Raises WrongState.

    Saying the same again changes the needs alone; of two answers the later one holds.
    """
    event = hold(invitation)
    refuse_late(invitation, word)
    if invitation.rsvp == Rsvp.REVOKED:
        raise WrongState(_("This invitation was withdrawn. Nothing was changed."))
    if invitation.is_shut_out and wish in {Rsvp.ACCEPTED, Rsvp.TENTATIVE}:
        raise WrongState(_("The accreditation was not given. Nothing was changed."))
    if invitation.rsvp == Rsvp.OFFERED and invitation.offered_until <= timezone.now():
        _expire(invitation)
    held = _places(invitation) if invitation.has_place else (0, 0)
    if needs:
        needs.put_on(invitation)
    after = wish
    if wish == Rsvp.ACCEPTED and _fits(invitation, held):
        # Who keeps a place, or needs less of it, is asked nothing: the capacity may have been lowered meanwhile.
        Event.objects.give_back(event, *(old - new for old, new in zip(held, _places(invitation), strict=True)))
    else:
        # A refusal further on undoes this, too.
        Event.objects.give_back(event, *held)
        after = _after(event, invitation, wish, word)
        if after in SEATED and not Event.objects.take_places(event, *_places(invitation)):
            raise WrongState(_no_place(event, invitation))
    _note(invitation, after, word)
    if given and after != Rsvp.DECLINED:
        keep_given(invitation, given, held=held[0])
    return invitation


def _fits(invitation: Invitation, held: tuple[int, int]) -> bool:
    return invitation.has_place and all(new <= old for old, new in zip(held, _places(invitation), strict=True))


def _after(event: Event, invitation: Invitation, wish: str, word: Word) -> str:
    """What the wish comes to: a yes without a free place, or past its outlet's quota, waits."""
    if wish != Rsvp.ACCEPTED:
        return wish
    if invitation.rsvp == Rsvp.WAITLISTED and word.actor is Actor.INVITED:
        # Nobody jumps the queue by asking twice.
        return Rsvp.WAITLISTED
    event.refresh_from_db(fields=["seats_taken", "cameras_taken"])
    # A place that was given, offered, passed on to a colleague, or is given by staff is nobody else's turn; nor is that
    # of somebody who had it until the event was moved.
    is_new = invitation.rsvp in {Rsvp.INVITED, Rsvp.TENTATIVE, Rsvp.DECLINED}
    is_new = is_new and not invitation.parent_id and not invitation.must_reconfirm
    is_next = word.actor is Actor.INVITED and is_new and _is_awaited(event)
    if has_room(event, invitation) and not is_next:
        return Rsvp.ACCEPTED
    if invitation.has_place or invitation.rsvp == Rsvp.WAITLISTED or not event.has_waiting_list:
        raise WrongState(_no_place(event, invitation))
    return Rsvp.WAITLISTED


def _is_awaited(event: Event) -> bool:
    """Whether what is free is somebody's turn, to whom it will be offered by day."""
    now = timezone.now()
    if offer_ends(morning(now) if is_night(now) else now, event.starts_at) is None:
        return False
    return any(has_room(event, one) for one in event.invitations.in_turn().select_related("outlet"))


def has_room(event: Event, invitation: Invitation) -> bool:
    """Whether there are places for them, and their outlet has not sent all it may."""
    return _is_free(event, invitation) and not _is_over_quota(event, invitation)


def _is_free(event: Event, invitation: Invitation) -> bool:
    """Whether there are places for them beside those that are kept for others."""
    seats, cameras = event.free_places, event.free_cameras
    if seats is None and cameras is None:
        return True
    others = event.invitations.with_a_claim(event, timezone.now()).exclude(pk=invitation.pk)
    kept = others.order_by().aggregate(people=Sum("people"), cameras=Count("pk", filter=Q(needs_camera=True)))
    is_seat = seats is None or seats - (kept["people"] or 0) >= invitation.people
    is_camera = cameras is None or not invitation.cameras or cameras - kept["cameras"] >= invitation.cameras
    return is_seat and is_camera


def _is_over_quota(event: Event, invitation: Invitation) -> bool:
    limit = quota_of(event, invitation)
    if limit is None:
        return False
    others = event.invitations.exclude(pk=invitation.pk)
    return others.people_of(invitation.outlet_id) + invitation.people > limit


def quota_of(event: Event, invitation: Invitation) -> int | None:
    """How many people their outlet may send; None without a limit."""
    if invitation.outlet_id is None:
        return None
    return event.quotas.filter(kind=invitation.outlet.kind).values_list("people", flat=True).first()


def _no_place(event: Event, invitation: Invitation) -> str:
    event.refresh_from_db(fields=["seats_taken", "cameras_taken"])
    if invitation.needs_camera and event.free_cameras == 0:
        return _("No place for a camera is free. Nothing was changed.")
    free = event.free_places
    if free is not None and free < invitation.people:
        words = ngettext(
            "%(count)s place is free, and more are asked for. Nothing was changed.",
            "%(count)s places are free, and more are asked for. Nothing was changed.",
            free,
        )
        return words % {"count": free}
    if _is_over_quota(event, invitation):
        return _("This outlet has sent as many people as it may. Nothing was changed.")
    return _("What is free is kept for guests who were asked again, or whose colleague waits. Nothing was changed.")


@transaction.atomic
def move(invitation: Invitation, after: str, word: Word, *, offered_until: datetime | None = None) -> Invitation:
    """One change that is no answer: invited, given a place, sent to wait, withdrawn. Raises WrongState."""
    event = hold(invitation)
    places = _places(invitation)
    if invitation.has_place and after not in SEATED:
        Event.objects.give_back(event, *places)
    elif after in SEATED and not invitation.has_place and not Event.objects.take_places(event, *places):
        raise WrongState(_no_place(event, invitation))
    invitation.offered_until = offered_until
    _note(invitation, after, word)
    return invitation


def hold(invitation: Invitation) -> Event:
    """Lock the event, then its invitation, always in this order (`invitations.hold_with_mailings` says why)."""
    event = invitation.event
    event.hold()
    rows = Invitation.objects.select_for_update(of=["self"]).select_related(None)
    try:
        invitation.refresh_from_db(from_queryset=rows)
    except Invitation.DoesNotExist:
        raise WrongState(_("They stand on the list no more. Nothing was changed.")) from None
    invitation.event = event
    return event


def _places(invitation: Invitation) -> tuple[int, int]:
    return invitation.people, invitation.cameras


def refuse_late(invitation: Invitation, word: Word) -> None:
    """The invited answer until the deadline; staff later, too, if they say why. Raises WrongState."""
    event = invitation.event
    if invitation.takes_answers(timezone.now()) or word.actor is Actor.SYSTEM:
        return
    if not event.is_open:
        raise WrongState(_("Answers are not taken for this event now. Nothing was changed."))
    if word.by is None or not word.note:
        until = date_format(timezone.localtime(event.answer_by or event.starts_at), "DATETIME_FORMAT")
        raise WrongState(
            _("Answers were taken until %(until)s. Whoever notes a later one says why.") % {"until": until}
        )


def _note(invitation: Invitation, after: str, word: Word) -> None:
    """Ask the table, set the answer, write it into log and journal, queue the letter that follows."""
    before = invitation.rsvp
    if before == after:
        _stay(invitation, word)
        return
    row = transition(before, after, word.actor)
    if row is None:
        raise _not_possible(invitation)
    if row.needs_reason and not word.note:
        raise WrongState(_("Say why: the reason stays among us. Nothing was changed."))
    _set(invitation, after, word)
    invitation.save()
    if after in {Rsvp.DECLINED, Rsvp.REVOKED}:
        _give_up(invitation)
    elif after in SEATED and before not in SEATED:
        leave_full_parts(invitation)
    entry(invitation, Fact.ANSWER, before, after, word)
    changes = {"rsvp": [before, after]}
    log("events.answer.changed", invitation, by=word.author, changes=changes, source=word.source)
    _write(invitation, before, row, word)


def _stay(invitation: Invitation, word: Word) -> None:
    """The same answer: the needs may be others, and one that was in doubt may be certain now."""
    invitation.is_unconfirmed &= word.is_unconfirmed
    invitation.answered_at = timezone.now()
    invitation.save()
    log("events.answer.completed", invitation, by=word.author, source=word.source)


def _not_possible(invitation: Invitation) -> WrongState:
    words = _("The answer is “%(answer)s” now: this change is not possible. Nothing was changed.")
    return WrongState(words % {"answer": invitation.get_rsvp_display()})


def _set(invitation: Invitation, after: str, word: Word) -> None:
    now = timezone.now()
    invitation.rsvp, invitation.is_unconfirmed = after, word.is_unconfirmed
    _set_moments(invitation, word, now)
    if after == Rsvp.WAITLISTED:
        # Who let an offer pass goes to the end.
        invitation.waiting_since = now
    elif after != Rsvp.OFFERED:
        invitation.waiting_since = None
    if after != Rsvp.OFFERED:
        invitation.offered_until = None
    if after != Rsvp.DECLINED:
        invitation.decline_reason = ""
    if after == Rsvp.ACCEPTED and invitation.event.needs_accreditation:
        if invitation.accreditation == Accreditation.NOT_NEEDED:
            invitation.accreditation = Accreditation.PENDING
    elif after == Rsvp.REVOKED:
        invitation.link_version += 1


def _set_moments(invitation: Invitation, word: Word, now: datetime) -> None:
    if invitation.rsvp == Rsvp.DRAFT:
        invitation.invited_at = invitation.answered_at = None
    elif invitation.rsvp == Rsvp.INVITED:
        invitation.invited_at = invitation.invited_at or now
    elif word.actor is not Actor.SYSTEM:
        invitation.answered_at = now
        invitation.must_reconfirm = False


def _give_up(invitation: Invitation) -> None:
    """Whoever does not come holds no place in any part, and no journey is arranged for them."""
    invitation.sign_ups.all().delete()
    Particulars.objects.filter(invitation=invitation).update(sealed_travel="", travel="", sealed_arrangement="")


def _write(invitation: Invitation, before: str, row: Transition, word: Word) -> None:
    """Queue the letter of this change. What their own calendar told us, it knows already."""
    if row.letter is None:
        # What was to be said of the former answer is true no more.
        invitation.letters.filter(status=LetterStatus.QUEUED, kind__in=_OF_AN_ANSWER).exclude(
            calendar=Calendar.CANCEL
        ).delete()
        stands = before == Rsvp.ACCEPTED or _stands_as_accepted(invitation)
        if stands and row.after == Rsvp.DECLINED and word.source != Source.ICAL:
            queue(invitation, Letter.OFF, Calendar.CANCEL)
        return
    if row.after == Rsvp.REVOKED and before == Rsvp.DRAFT:
        # They never heard of it.
        return
    calendar = Calendar.NOTHING if word.source == Source.ICAL else row.calendar
    queue(invitation, row.letter, calendar, words=word.to_guest)


def _stands_as_accepted(invitation: Invitation) -> bool:
    """Whether their calendar shows it as something that they come to, by the last that left for it."""
    left = invitation.letters.exclude(status=LetterStatus.QUEUED).exclude(calendar=Calendar.NOTHING).order_by("-pk")
    return left.values_list("calendar", flat=True).first() == Calendar.ACCEPTED


def queue(
    invitation: Invitation, letter: str, calendar: str = Calendar.NOTHING, *, was: str = "", words: str = ""
) -> None:
    """A letter to one guest. Older ones that have not left are overtaken by it."""
    if calendar == Calendar.CANCEL:
        if not invitation.is_in_calendar:
            calendar = Calendar.NOTHING
            if letter == Letter.OFF and invitation.rsvp == Rsvp.DECLINED:
                return
        else:
            _raise_sequence(invitation, is_in_calendar=False)
    elif calendar != Calendar.NOTHING and not invitation.is_in_calendar:
        if invitation.letters.filter(calendar=Calendar.CANCEL).exclude(status=LetterStatus.QUEUED).exists():
            # Their calendar has cancelled the version that it knows: this is another one (RFC 5546).
            _raise_sequence(invitation, is_in_calendar=True)
        else:
            Invitation.objects.filter(pk=invitation.pk).update(is_in_calendar=True)
            invitation.is_in_calendar = True
    overtaken = EventLetter.objects.filter(invitation=invitation, status=LetterStatus.QUEUED)
    if calendar == Calendar.NOTHING and overtaken.filter(calendar=Calendar.CANCEL).exists():
        calendar = Calendar.CANCEL
    overtaken.delete()
    sealed = {"sealed_words": seal(words)} if words else {}
    EventLetter.objects.create(invitation=invitation, kind=letter, calendar=calendar, was=was, **sealed)


def _raise_sequence(invitation: Invitation, **values: object) -> None:
    invitation.sequence += 1
    for name, value in values.items():
        setattr(invitation, name, value)
    invitation.save(update_fields=["sequence", *values])


def entry(invitation: Invitation, fact: str, before: str, after: str, word: Word, at: datetime | None = None) -> None:
    """A row of the log."""
    InvitationEvent.objects.create(
        invitation=invitation,
        fact=fact,
        before=before,
        after=after,
        source=word.source,
        by=word.by,
        note=word.note[:300],
        is_unconfirmed=word.is_unconfirmed,
        at=at or timezone.now(),
    )


def note_for_each(guests: Iterable[Invitation], before: str, after: str) -> None:
    """The same change of many, which came about by itself: into log and journal in a few statements."""
    guests = list(guests)
    InvitationEvent.objects.bulk_create(
        (
            InvitationEvent(invitation=one, fact=Fact.ANSWER, before=before, after=after, source=Source.SYSTEM)
            for one in guests
        ),
        batch_size=500,
    )
    log_each("events.answer.changed", guests, by=WORKER, source=Source.SYSTEM)


def _expire(invitation: Invitation) -> None:
    """An offer whose time is over: the first time they wait again, at the end; the second time they have declined."""
    after = Rsvp.WAITLISTED if invitation.offers < 2 else Rsvp.DECLINED
    if invitation.has_place:
        Event.objects.give_back(invitation.event, *_places(invitation))
    _note(invitation, after, BY_ITSELF)


@transaction.atomic
def expire(invitation: Invitation) -> None:
    """Take back an offer whose time is over, if it still stands."""
    event = hold(invitation)
    if event.is_open and invitation.rsvp == Rsvp.OFFERED and invitation.offered_until <= timezone.now():
        _expire(invitation)


def _tell_of_accreditation(invitation: Invitation, had_place: bool) -> None:
    if invitation.is_shut_out:
        queue(invitation, Letter.SHUT_OUT, Calendar.CANCEL)
    elif invitation.is_let_in:
        queue(invitation, Letter.ADMITTED, Calendar.NOTHING if had_place else Calendar.ACCEPTED)


@transaction.atomic
def accredit(invitation: Invitation, after: str, *, note: str = "", by: User) -> None:
    """Decide whether somebody is let in, which is not whether they want to come; who said that they come is told, and
    whoever is not let in holds no place. Raises WrongState.
    """
    event = hold(invitation)
    before, had_place = invitation.accreditation, invitation.has_place
    if after not in ACCREDITATION_TRANSITIONS[before]:
        raise WrongState(_("Somebody has decided on this accreditation already. Nothing was changed."))
    invitation.accreditation = after
    if had_place and not invitation.has_place:
        Event.objects.give_back(event, *_places(invitation))
        _give_up(invitation)
    elif invitation.has_place and not had_place and not Event.objects.take_places(event, *_places(invitation)):
        raise WrongState(_no_place(event, invitation))
    invitation.save(update_fields=["accreditation"])
    if invitation.rsvp == Rsvp.ACCEPTED and event.is_open:
        _tell_of_accreditation(invitation, had_place)
    entry(invitation, Fact.ACCREDITATION, before, after, Word(Source.SYSTEM, by, note))
    log("events.accreditation.decided", invitation, by=by, changes={"accreditation": [before, after]})
