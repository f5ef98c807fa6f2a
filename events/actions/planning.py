"""What an event is: made, changed, opened, moved, held, cancelled; and the steps of its time line."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from audit.changes import difference, snapshot
from audit.log import log
from crm.models import EmailAddress, StopRule, Suppression
from crm.states import Channel, Scope

from ..models import (
    Event,
    EventLetter,
    EventTask,
    Invitation,
    InvitationEvent,
    Particulars,
    ProgrammeItem,
    Quota,
    Speaker,
    Venue,
)
from ..states import (
    QUOTAS,
    SHUT_OUT,
    TIME_LINE,
    Calendar,
    EventStatus,
    Fact,
    Letter,
    LetterStatus,
    Rsvp,
    Source,
    TaskKind,
    TravelStatus,
    WrongState,
)
from .answers import note_for_each
from .invitations import hold_with_mailings, reopen_mailings

_CHUNK = 500
_IN_THE_QUEUE = frozenset({Rsvp.WAITLISTED, Rsvp.OFFERED})
_TOLD = [
    "title", "kind", "mode", "starts_at", "ends_at", "doors_at", "answer_by", "venue_id", "room", "languages",
    "has_interpretation", "capacity", "camera_places", "has_waiting_list", "needs_accreditation", "is_discreet",
]  # fmt: skip
# What a reader's calendar holds: a change of it is a new version there.
_WHEN, _WHERE = ("starts_at", "ends_at"), ("venue_id", "room", "online_url", "mode")
# What was set beside the beginning, and goes with it.
_BESIDE = ("doors_at", "answer_by")


@transaction.atomic
def create_event(event: Event, *, by: User) -> Event:
    """Keep a new event, with the time line and the quotas that events of ours have."""
    event.author = by
    event.manager = event.manager or by
    event.save()
    day = timezone.localdate(event.starts_at)
    EventTask.objects.bulk_create(
        EventTask(event=event, kind=kind, due_on=day + timedelta(days=days)) for kind, days in TIME_LINE.items()
    )
    Quota.objects.bulk_create(Quota(event=event, kind=kind, people=people) for kind, people in QUOTAS.items())
    log("events.event.added", event, by=by)
    return event


@transaction.atomic
def change_event(event: Event, *, tells: bool = True, by: User) -> int:
    """Keep what was changed. Where day, hour or place are others, everybody concerned is told, and whoever said yes to
    another beginning is asked again; unless `tells` says no: then answers stay as they are.

    Return how many are told.
    """
    old = Event(pk=event.pk)
    mailings = hold_with_mailings(old)
    before = snapshot(old, _TOLD)
    event.seats_taken, event.cameras_taken = old.seats_taken, old.cameras_taken
    event.status = old.status
    is_told, asks_again, told = _is_told(old, event), tells and old.starts_at != event.starts_at, 0
    _shift(old, event, asks_again=asks_again)
    if is_told:
        event.sequence = old.sequence + 1
    event.save()
    if is_told:
        told = _tell_everybody(event, was=_was(old, event), asks_again=asks_again, tells=tells, by=by)
    if _differs(old, event, (*_WHEN, *_WHERE, "title", "is_discreet")):
        reopen_mailings(mailings, by=by)
    log("events.event.changed", event, by=by, changes=difference(before, snapshot(event, _TOLD)), told=told)
    return told


def _differs(old: Event, new: Event, names: Iterable[str]) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in names)


def _is_told(old: Event, new: Event) -> bool:
    """Whether it is another for those who were invited. A link that was still missing moves nothing."""
    names = [name for name in (*_WHEN, *_WHERE) if name != "online_url" or old.online_url]
    return old.is_open and _differs(old, new, names)


def _was(old: Event, new: Event) -> str:
    """When and where it was; empty where only its end or its link is another."""
    was, becomes = (f"{one.starts_at.isoformat()} {one.place}"[:300] for one in (old, new))
    return was if was != becomes else ""


def _shift(old: Event, event: Event, *, asks_again: bool) -> None:
    """What is still to be done moves with the day; the programme, and what nobody has set anew, with the hour."""
    later = event.starts_at - old.starts_at
    for name in _BESIDE:
        if (moment := getattr(event, name)) and moment == getattr(old, name):
            setattr(event, name, moment + later)
    if asks_again and event.answer_by and event.answer_by <= timezone.now():
        # Who is asked again must be able to answer.
        event.answer_by = None
    if later:
        event.programme.update(starts_at=F("starts_at") + later)
    days = timezone.localdate(event.starts_at) - timezone.localdate(old.starts_at)
    for task in event.tasks.filter(done_at=None) if days else []:
        task.due_on += days
        task.save(update_fields=["due_on"])


def concerned(event: Event):
    """Whoever is told when the event changes: all who were invited, have not said no, and may be let in."""
    told = [Rsvp.INVITED, Rsvp.ACCEPTED, Rsvp.TENTATIVE, Rsvp.WAITLISTED, Rsvp.OFFERED]
    return event.invitations.filter(rsvp__in=told).exclude(accreditation__in=SHUT_OUT)


def concerned_by_the_end(event: Event):
    """Whoever is told that it is called off: who applied or was named as a colleague, and waits for staff, too."""
    return concerned(event) | event.invitations.undecided()


def preview(old: Event, new: Event) -> dict[str, int]:
    """Who would be told of this change, by their answers; nobody where it concerns nobody."""
    if not _is_told(old, new):
        return {}
    return answers_of(concerned(old))


def by_letter(guests) -> int:
    """How many of them a letter can reach, as far as is known without opening an address; the others are called."""
    theirs = EmailAddress.objects.filter(contact=OuterRef("contact"))
    alive = theirs.filter(retired_on=None).exclude(key__in=Suppression.objects.values("key"))
    wished = Suppression.objects.filter(reason__in=Suppression.WISHES).values("key")
    rules = StopRule.objects.in_force().filter(contact=OuterRef("contact"))
    forbids = Q(scope=Scope.EVERYTHING) | Q(scope=Scope.CHANNEL, channel=Channel.EMAIL)
    reached = guests.filter(Exists(alive), ~Exists(theirs.filter(key__in=wished)), ~Exists(rules.filter(forbids)))
    found: int = reached.filter(contact__archived_at=None).count()
    return found


def answers_of(guests) -> dict[str, int]:
    """How many guests there are of each answer, as people read it."""
    return {str(Rsvp(answer).label): count for answer, count in guests.counts().items() if count}


def when_and_where(event: Event) -> str:
    day = date_format(timezone.localtime(event.starts_at), "DATETIME_FORMAT")
    return ", ".join(filter(None, [day, event.place]))[:300]


def _tell_everybody(event: Event, *, was: str, asks_again: bool, tells: bool, by: User) -> int:
    """A newer version for every calendar, and a letter; a few statements, however many guests there are."""
    if asks_again:
        _ask_again(event)
    guests = concerned(event)
    # A yes pressed on the former entry is one to the former time, whatever they had answered to it.
    (guests | event.invitations.filter(is_in_calendar=True)).update(sequence=F("sequence") + 1)
    told = list(guests)
    _note_for_each(told, "moved", by=by)
    if not tells:
        return 0
    letters = [
        EventLetter(invitation=guest, kind=Letter.MOVED, calendar=_calendar_of_a_move(guest), was=was) for guest in told
    ]
    _queue_for_each(event, letters)
    guests.exclude(rsvp__in=_IN_THE_QUEUE).update(is_in_calendar=True)
    return len(letters)


def _calendar_of_a_move(guest: Invitation) -> Calendar:
    if guest.rsvp == Rsvp.ACCEPTED:
        return Calendar.ACCEPTED
    # Who waits has nothing to confirm: what lies in their calendar already is put right, and nothing else put there.
    return Calendar.NOTHING if guest.rsvp in _IN_THE_QUEUE and not guest.is_in_calendar else Calendar.ASKS


def _ask_again(event: Event) -> None:
    """Whoever had said yes to another hour is asked anew, and holds no place meanwhile."""
    coming = list(event.invitations.seated().filter(rsvp=Rsvp.ACCEPTED))
    Event.objects.give_back(event, sum(one.people for one in coming), sum(one.cameras for one in coming))
    arranged = Particulars.objects.filter(invitation__event=event, travel=TravelStatus.ARRANGED)
    arranged.update(travel=TravelStatus.ASKED, settled_at=None, settled_by=None)
    event.invitations.seated().filter(rsvp=Rsvp.ACCEPTED).update(rsvp=Rsvp.INVITED, must_reconfirm=True)
    note_for_each(coming, Rsvp.ACCEPTED, Rsvp.INVITED)


def _note_for_each(guests: Iterable[Invitation], what: str, *, by: User) -> None:
    InvitationEvent.objects.bulk_create(
        (InvitationEvent(invitation=one, fact=Fact.EVENT, after=what, source=Source.SYSTEM, by=by) for one in guests),
        batch_size=_CHUNK,
    )


def _queue_for_each(event: Event, letters: list[EventLetter]) -> None:
    """Older letters that have not left are overtaken by these."""
    told = [letter.invitation_id for letter in letters]
    queued = EventLetter.objects.filter(invitation__event=event, status=LetterStatus.QUEUED)
    cancelled = set(queued.filter(calendar=Calendar.CANCEL).values_list("invitation", flat=True))
    for letter in letters:
        if letter.calendar == Calendar.NOTHING and letter.invitation_id in cancelled:
            letter.calendar = Calendar.CANCEL
    for start in range(0, len(told), _CHUNK):
        queued.filter(invitation__in=told[start : start + _CHUNK]).delete()
    EventLetter.objects.bulk_create(letters, batch_size=_CHUNK)


@transaction.atomic
def open_event(event: Event, *, by: User) -> None:
    """Let the invited answer."""
    event.move_to(EventStatus.OPEN)
    log("events.event.opened", event, by=by)


@transaction.atomic
def cancel_event(event: Event, *, by: User) -> int:
    """Call it off. Answers stay as they were given; everybody concerned is told. Return how many."""
    mailings = hold_with_mailings(event)
    event.move_to(EventStatus.CANCELLED)
    Event.objects.filter(pk=event.pk).update(sequence=event.sequence + 1)
    guests = concerned_by_the_end(event)
    guests.filter(is_in_calendar=True).update(sequence=F("sequence") + 1)
    told = list(guests)
    _note_for_each(told, "cancelled", by=by)
    letters = [
        EventLetter(
            invitation=guest,
            kind=Letter.CANCELLED,
            calendar=Calendar.CANCEL if guest.is_in_calendar else Calendar.NOTHING,
        )
        for guest in told
    ]
    _queue_for_each(event, letters)
    guests.update(is_in_calendar=False)
    reopen_mailings(mailings, by=by)
    log("events.event.cancelled", event, by=by, told=len(told))
    return len(told)


@transaction.atomic
def set_held(event: Event, *, by: User) -> None:
    """Say that it is over: no answers any more, and the list can be closed."""
    event.move_to(EventStatus.HELD)
    log("events.event.held", event, by=by)


@transaction.atomic
def set_programme(event: Event, items: Iterable[ProgrammeItem], speakers: Iterable[Speaker], *, by: User) -> None:
    """Put programme and speakers in the place of those before. A part that stays, under its title or at its hour, keeps
    who has chosen it. Raises WrongState where a part would go that somebody has chosen.
    """
    event.hold()
    kept, gone = same_parts(event, items)
    if chosen := ProgrammeItem.objects.filter(pk__in=[part.pk for part in gone], sign_ups__isnull=False).first():
        words = _("Guests have chosen “%(part)s”. Nothing was changed: leave its line; its title may be another.")
        raise WrongState(words % {"part": chosen.title})
    event.programme.filter(pk__in=[part.pk for part in gone]).delete()
    for part in kept:
        part.save()
    event.speakers.all().delete()
    named = Speaker.objects.bulk_create(speakers)
    log("events.programme.set", event, by=by, items=len(kept), speakers=len(named))


def same_parts(event: Event, items: Iterable[ProgrammeItem]) -> tuple[list[ProgrammeItem], list[ProgrammeItem]]:
    """The new programme, of rows of the old one where title or hour are the same; and the rows that are left over."""
    left, new = list(event.programme.all()), list(items)
    found: dict[int, ProgrammeItem] = {}
    for trait in (_title_and_hour, _title, _hour):
        olds = Counter(trait(old) for old in left)
        news = Counter(trait(item) for place, item in enumerate(new) if place not in found)
        for place, item in enumerate(new):
            # Of several that are alike nobody can tell which became which.
            if place not in found and olds[trait(item)] == news[trait(item)] == 1:
                found[place] = next(old for old in left if trait(old) == trait(item))
                left.remove(found[place])
    for place, old in found.items():
        old.title, old.starts_at = new[place].title, new[place].starts_at
    return [found.get(place, item) for place, item in enumerate(new)], left


def _title_and_hour(part: ProgrammeItem) -> object:
    return part.title, part.starts_at


def _title(part: ProgrammeItem) -> object:
    return part.title


def _hour(part: ProgrammeItem) -> object:
    return part.starts_at


@transaction.atomic
def set_quotas(event: Event, quotas: Mapping[str, int], *, by: User) -> None:
    """How many people an outlet of each kind may send. What is not named has no limit."""
    event.hold()
    before = dict(event.quotas.values_list("kind", "people"))
    event.quotas.all().delete()
    Quota.objects.bulk_create(Quota(event=event, kind=kind, people=people) for kind, people in quotas.items())
    log("events.quotas.set", event, by=by, changes=difference({"quotas": before}, {"quotas": dict(quotas)}))


@transaction.atomic
def save_venue(venue: Venue, *, by: User) -> None:
    venue.save()
    log("events.venue.changed", venue, by=by)


@transaction.atomic
def finish_task(task: EventTask, *, is_done: bool, by: User) -> None:
    task.done_at, task.done_by = (timezone.now(), by) if is_done else (None, None)
    task.save(update_fields=["done_at", "done_by"])
    log("events.task.done" if is_done else "events.task.reopened", task.event, by=by, kind=task.kind)


@transaction.atomic
def add_task(event: Event, *, words: str, due_on, by: User) -> EventTask:
    task = EventTask.objects.create(event=event, kind=TaskKind.OTHER, words=words, due_on=due_on)
    log("events.task.added", event, by=by)
    return task
