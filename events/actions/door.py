"""What phones at the door say. Marks come late, twice and in any order; what they come to is always the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Right
from audit.log import log
from core.sealing import seal
from core.text import clean

from ..models import DoorKeeper, DoorMark, Event, Figures, Invitation
from ..models.door import came_at
from ..states import (
    ATTENDANCE_TRANSITIONS,
    Attendance,
    Fact,
    MarkKind,
    Rsvp,
    Source,
    WrongState,
)
from .answers import Word, entry
from .guests import index

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Said:
    """One mark as a phone sends it. `guest` is a number of ours; of somebody who walked in, the key of that mark."""

    kind: str
    at: datetime
    key: UUID
    guest: int | UUID | None = None
    undoes: UUID | None = None
    name: str = ""
    outlet: str = ""
    contact: str = ""


class State(StrEnum):
    KEPT = "kept"
    # What it is about has not reached us yet: the phone sends it again.
    WAIT = "wait"
    REFUSED = "refused"


@dataclass(frozen=True)
class Reply:
    key: UUID
    state: State = State.KEPT
    words: str = ""


class NotYet(Exception):
    """The mark is about another one that has not reached us."""


@transaction.atomic
def take(event: Event, said: Iterable[Said], *, by: User) -> list[Reply]:
    """Keep marks, and say of each what became of it. Raises WrongState where the door takes none at all.

    The event is locked, so that marks of several phones are numbered in the order in which others can read them.
    """
    event.hold()
    refuse_closed(event, timezone.now())
    replies, marks = [], []
    for one in said:
        try:
            if not _is_there(event, one.key):
                marks.append(_keep(event, one, by))
            replies.append(Reply(one.key))
        except NotYet:
            replies.append(Reply(one.key, State.WAIT))
        except WrongState as refusal:
            replies.append(Reply(one.key, State.REFUSED, str(refusal)))
    for guest in _concerned(event, marks):
        _settle_mark(guest, by)
    if marks:
        # Whom they were about stands with the guests, and goes when names do: the journal lasts longer.
        log("events.door.marked", event, by=by, marks=len(marks))
    return replies


def refuse_closed(event: Event, at: datetime) -> None:
    if not event.has_door:
        raise WrongState(_("The door of this event is not open: the event is being prepared, or was cancelled."))
    if at < event.door_opens_at:
        moment = date_format(timezone.localtime(event.door_opens_at), "DATETIME_FORMAT")
        raise WrongState(_("Arrivals can be marked from %(moment)s on.") % {"moment": moment})
    if at > event.marks_until:
        raise WrongState(_("The event is long over: nothing is marked at its door any more."))
    if Figures.objects.filter(event=event).exists():
        raise WrongState(_("The figures of this event are frozen: nothing is marked any more."))


def _is_there(event: Event, key: UUID) -> bool:
    there = DoorMark.objects.filter(key=key).values_list("event", flat=True).first()
    if there is not None and there != event.pk:
        raise WrongState(_("This mark belongs to another event."))
    return there is not None


def _keep(event: Event, said: Said, by: User) -> DoorMark:
    mark = DoorMark(event=event, key=said.key, kind=said.kind, by=by, at=_moment(event, said.at))
    {
        MarkKind.ARRIVED: _arrived,
        MarkKind.WALK_IN: _walked_in,
        MarkKind.COUNTED: _counted,
        MarkKind.UNDONE: _undone,
    }[MarkKind(said.kind)](mark, said)
    mark.save(force_insert=True)
    return mark


def _moment(event: Event, at: datetime) -> datetime:
    """The phone's time, within what can be."""
    return max(min(at, timezone.now()), event.door_opens_at)


def _arrived(mark: DoorMark, said: Said) -> None:
    guest = _guest(mark, said.guest)
    if guest.records_presence:
        mark.invitation = guest
    else:
        _counted(mark, said)


def _guest(mark: DoorMark, guest: int | UUID | None) -> Invitation:
    if isinstance(guest, UUID):
        walked_in = DoorMark.objects.filter(event=mark.event_id, key=guest).select_related("invitation").first()
        if walked_in is None:
            raise NotYet
        found = walked_in.invitation
    else:
        found = mark.event.invitations.at_door(mark.by).filter(pk=guest or 0).first()
    if found is None:
        raise WrongState(_("This guest is not on your list of this event. Nothing was marked."))
    return found


def _counted(mark: DoorMark, _said: Said) -> None:
    mark.kind, mark.invitation, mark.at = MarkKind.COUNTED, None, None


def _walked_in(mark: DoorMark, said: Said) -> None:
    """Somebody who was not invited: on the list from now on, with a place. How to reach them is kept sealed."""
    name = clean(said.name)[:200]
    if not name:
        raise WrongState(_("Write a name, or count them without one."))
    guest = Invitation(
        event=mark.event,
        name=name,
        outlet_name=clean(said.outlet)[:200],
        sealed_address=seal(clean(said.contact)[:200]) if said.contact.strip() else "",
        rsvp=Rsvp.ACCEPTED,
        came_from=Source.WALK_IN,
        answered_at=mark.at,
    )
    index(guest)
    guest.save()
    entry(guest, Fact.ANSWER, "", Rsvp.ACCEPTED, Word(Source.WALK_IN, mark.by), at=mark.at)
    mark.invitation = guest


def _undone(mark: DoorMark, said: Said) -> None:
    mark.undoes = said.undoes
    mark.is_by_staff = mark.by.may(Right.EVENTS_EDIT)
    target = DoorMark.objects.filter(event=mark.event_id, key=said.undoes).first()
    if target and not mark.takes_back(target):
        raise WrongState(
            _("Marked more than ten minutes ago, or by somebody else: who prepares the event takes it back.")
        )


def _concerned(event: Event, marks: list[DoorMark]) -> list[Invitation]:
    """The guests about whom these marks say something."""
    undone = DoorMark.objects.filter(event=event, key__in=[mark.undoes for mark in marks if mark.undoes])
    keys = {mark.invitation_id for mark in marks} | set(undone.values_list("invitation", flat=True))
    guests = event.invitations.filter(pk__in=keys - {None}).select_related("event")
    return list(guests.select_for_update(of=["self"]).order_by("pk"))


def _settle_mark(guest: Invitation, by: User) -> None:
    """Ask all marks about somebody whether they came, and when."""
    marks = list(guest.marks.all())
    undone = DoorMark.objects.filter(event=guest.event_id, undoes__in=[mark.key for mark in marks])
    at = came_at([*marks, *undone])
    if at:
        set_attendance(guest, Attendance.PRESENT, Word(_source(marks), by), at=at)
    elif guest.attendance == Attendance.PRESENT:
        set_attendance(guest, Attendance.UNKNOWN, Word(Source.DOOR, by))


def _source(marks: list[DoorMark]) -> str:
    return Source.WALK_IN if any(mark.kind == MarkKind.WALK_IN for mark in marks) else Source.DOOR


def set_attendance(guest: Invitation, after: str, word: Word, *, at: datetime | None = None) -> None:
    """Whether somebody came, by the table, into the log. The caller holds the row. Raises WrongState."""
    before = guest.attendance
    if before != after and after not in ATTENDANCE_TRANSITIONS[before]:
        words = _("Attendance is “%(now)s”: this change is not possible.")
        raise WrongState(words % {"now": guest.get_attendance_display()})
    guest.attendance, guest.came_at = after, at
    guest.save(update_fields=["attendance", "came_at"])
    if before != after:
        entry(guest, Fact.ATTENDANCE, before, after, word, at=at)


@transaction.atomic
def mark(event: Event, guest: Invitation, *, by: User) -> Reply:
    """Mark one guest, now: from a page without a script, or from a list on paper."""
    said = Said(MarkKind.ARRIVED, timezone.now(), uuid4(), guest=guest.pk)
    return take(event, [said], by=by)[0]


@transaction.atomic
def take_back(event: Event, guest: Invitation, *, by: User) -> list[Reply]:
    """Take back every mark of one guest that this person may."""
    keys = guest.marks.values_list("key", flat=True)
    said = [Said(MarkKind.UNDONE, timezone.now(), uuid4(), undoes=key) for key in keys]
    return take(event, said, by=by)


@transaction.atomic
def set_keepers(event: Event, users: Iterable[User], *, by: User) -> None:
    """Who of the role of the door opens the page of this door."""
    event.keepers.all().delete()
    made = DoorKeeper.objects.bulk_create(DoorKeeper(event=event, user=user) for user in users)
    log("events.door.keepers_set", event, by=by, keepers=len(made))
