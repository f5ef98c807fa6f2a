"""Words of the room: what an event and an invitation may be, and which change may follow which."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.states import OrganisationKind


class WrongState(Exception):
    """What was asked for is not possible now; nothing was changed. The message is for the person who asked."""


class EventKind(TextChoices):
    PRESS_CONFERENCE = "press_conf", _("Press conference")
    FORUM = "forum", _("Conference or forum")
    BRIEFING = "briefing", _("Briefing")
    TRAINING = "training", _("Training")
    FILM_CLUB = "film_club", _("Film club")
    DEBATE = "debate", _("Debate tournament")
    MARATHON = "marathon", _("Marathon of trainings")
    BOOK = "book", _("Book presentation")


# Who came there is what they are held for: it stays on people's cards.
TRAININGS = frozenset({EventKind.TRAINING, EventKind.MARATHON})


class Mode(TextChoices):
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    BOTH = "both", _("In person and online")


class EventStatus(TextChoices):
    DRAFT = "draft", pgettext_lazy("event", "Being prepared")
    OPEN = "open", pgettext_lazy("event", "Open for answers")
    HELD = "held", pgettext_lazy("event", "Over")
    CANCELLED = "cancelled", pgettext_lazy("event", "Cancelled")


EVENT_TRANSITIONS: dict[str, set[str]] = {
    EventStatus.DRAFT: {EventStatus.OPEN, EventStatus.CANCELLED},
    EventStatus.OPEN: {EventStatus.HELD, EventStatus.CANCELLED},
    EventStatus.HELD: {EventStatus.OPEN},
    EventStatus.CANCELLED: set(),
}


class Rsvp(TextChoices):
    """What somebody answered. “No answer” is an invited one whose deadline is over."""

    DRAFT = "draft", pgettext_lazy("invitation", "not invited yet")
    INVITED = "invited", pgettext_lazy("invitation", "no answer")
    ACCEPTED = "accepted", pgettext_lazy("invitation", "will come")
    TENTATIVE = "tentative", pgettext_lazy("invitation", "perhaps")
    DECLINED = "declined", pgettext_lazy("invitation", "will not come")
    WAITLISTED = "waitlisted", pgettext_lazy("invitation", "waits for a place")
    OFFERED = "offered", pgettext_lazy("invitation", "is offered a place")
    REVOKED = "revoked", pgettext_lazy("invitation", "invitation withdrawn")


# Whom the door may meet: everybody who was invited, whatever they answered.
AT_DOOR = frozenset({Rsvp.INVITED, Rsvp.ACCEPTED, Rsvp.TENTATIVE, Rsvp.DECLINED, Rsvp.WAITLISTED, Rsvp.OFFERED})
# Who holds a place in the room: an offer keeps one, too, until it expires.
SEATED = frozenset({Rsvp.ACCEPTED, Rsvp.OFFERED})


class Accreditation(TextChoices):
    NOT_NEEDED = "not_needed", pgettext_lazy("accreditation", "not needed")
    PENDING = "pending", pgettext_lazy("accreditation", "to be decided")
    APPROVED = "approved", pgettext_lazy("accreditation", "approved")
    REFUSED = "refused", pgettext_lazy("accreditation", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("accreditation", "withdrawn")


ACCREDITATION_TRANSITIONS: dict[str, set[str]] = {
    Accreditation.NOT_NEEDED: {Accreditation.PENDING},
    Accreditation.PENDING: {Accreditation.APPROVED, Accreditation.REFUSED},
    Accreditation.APPROVED: {Accreditation.WITHDRAWN},
    Accreditation.REFUSED: {Accreditation.APPROVED},
    Accreditation.WITHDRAWN: {Accreditation.APPROVED},
}
MAY_ENTER = frozenset({Accreditation.NOT_NEEDED, Accreditation.APPROVED})
# Who will not be let in, whatever they answered: they hold no place, and get nothing that is for guests.
SHUT_OUT = frozenset({Accreditation.REFUSED, Accreditation.WITHDRAWN})


class Attendance(TextChoices):
    UNKNOWN = "unknown", pgettext_lazy("attendance", "not known")
    PRESENT = "present", pgettext_lazy("attendance", "came")
    ABSENT = "absent", pgettext_lazy("attendance", "did not come")
    EXCUSED = "excused", pgettext_lazy("attendance", "excused")


# Marks of the door may come days late, from a phone that had no line: they are facts whatever was closed meanwhile.
ATTENDANCE_TRANSITIONS: dict[str, set[str]] = {
    Attendance.UNKNOWN: {Attendance.PRESENT, Attendance.ABSENT, Attendance.EXCUSED},
    Attendance.PRESENT: {Attendance.UNKNOWN},
    Attendance.ABSENT: {Attendance.PRESENT, Attendance.EXCUSED, Attendance.UNKNOWN},
    Attendance.EXCUSED: {Attendance.PRESENT, Attendance.UNKNOWN},
}


class MarkKind(TextChoices):
    """What a phone at the door may say."""

    ARRIVED = "arrived", pgettext_lazy("mark", "came")
    WALK_IN = "walk_in", pgettext_lazy("mark", "came without an invitation")
    # Somebody came whose name is not to be written down.
    COUNTED = "counted", pgettext_lazy("mark", "counted without a name")
    UNDONE = "undone", pgettext_lazy("mark", "taken back")


# Who marked somebody takes it back within minutes; later somebody who prepares the event does.
UNDO_WITHIN = timedelta(minutes=10)
# The door takes marks from hours before until days after: a phone may be without a line for the whole event. The list
# itself is on phones only until the event is surely over.
DOOR_OPENS, DOOR_CLOSES, LATE_MARKS = timedelta(hours=12), timedelta(hours=3), timedelta(days=7)


class Source(TextChoices):
    """How an answer reached us."""

    WEB = "web", pgettext_lazy("source", "on the page")
    ICAL = "ical", pgettext_lazy("source", "from a calendar")
    EMAIL = "email", pgettext_lazy("source", "by e-mail")
    PHONE = "phone", pgettext_lazy("source", "by telephone")
    TELEGRAM = "telegram", pgettext_lazy("source", "by messenger")
    PAPER = "paper", pgettext_lazy("source", "on paper")
    WALK_IN = "walk_in", pgettext_lazy("source", "came without an invitation")
    DOOR = "door", pgettext_lazy("source", "at the door")
    IMPORT = "import", pgettext_lazy("source", "from a list")
    SYSTEM = "system", pgettext_lazy("source", "by itself")


# What staff can say when they note an answer for somebody.
ON_BEHALF = [Source.PHONE, Source.TELEGRAM, Source.EMAIL, Source.PAPER]
# How the invited answer without anybody between.
OWN_WORD = frozenset({Source.WEB, Source.ICAL})


class Fact(TextChoices):
    """Which of the facts about an invitation an entry of its log is about."""

    ANSWER = "answer", pgettext_lazy("fact", "Answer")
    ACCREDITATION = "accreditation", pgettext_lazy("fact", "Accreditation")
    ATTENDANCE = "attendance", pgettext_lazy("fact", "Attendance")
    EVENT = "event", pgettext_lazy("fact", "Event")


class DeclineReason(TextChoices):
    BUSY = "busy", pgettext_lazy("reason", "Busy on that day")
    COLLEAGUE = "colleague", pgettext_lazy("reason", "A colleague instead")
    TOPIC = "topic", pgettext_lazy("reason", "Not our topic")


class Actor(StrEnum):
    """Who changes an answer."""

    INVITED = "invited"
    STAFF = "staff"
    SYSTEM = "system"


class Letter(TextChoices):
    """The letters that follow from a change. The invitation itself, and reminders, are mailings that people write."""

    CONFIRMED = "confirmed", pgettext_lazy("letter", "Place confirmed")
    WAITING = "waiting", pgettext_lazy("letter", "On the waiting list")
    OFFER = "offer", pgettext_lazy("letter", "A place is free")
    EXPIRED = "expired", pgettext_lazy("letter", "Offer expired")
    OFF = "off", pgettext_lazy("letter", "Taken off the list")
    MOVED = "moved", pgettext_lazy("letter", "Event changed")
    CANCELLED = "cancelled", pgettext_lazy("letter", "Event cancelled")
    STAYS = "stays", pgettext_lazy("letter", "The time stays")
    REFUSED = "refused", pgettext_lazy("letter", "Application refused")
    ADMITTED = "admitted", pgettext_lazy("letter", "Accreditation given")
    SHUT_OUT = "shut_out", pgettext_lazy("letter", "Accreditation refused")


class Calendar(StrEnum):
    """What goes into the reader's calendar with such a letter."""

    NOTHING = ""
    # The event as accepted: their calendar shows it without asking again.
    ACCEPTED = "accepted"
    # The event anew, and the question with it.
    ASKS = "asks"
    CANCEL = "cancel"


_ALL = frozenset({Actor.INVITED, Actor.STAFF})
_STAFF, _SYSTEM = frozenset({Actor.STAFF}), frozenset({Actor.SYSTEM})


@dataclass(frozen=True)
class Transition:
    """One change of an answer: its number in the plan, from what to what, who may, and what follows from it."""

    number: int
    before: frozenset[str]
    after: Rsvp
    who: frozenset[Actor]
    letter: Letter | None = None
    calendar: Calendar = Calendar.NOTHING
    needs_reason: bool = False


def _from(*before: str) -> frozenset[str]:
    return frozenset(before)


# Numbers 6, 12, 13 and 14 change no answer by themselves: a colleague gets an invitation of their own, an event is
# moved or cancelled, a reminder asks again.
TRANSITIONS = [
    Transition(1, _from(Rsvp.DRAFT), Rsvp.INVITED, frozenset({Actor.STAFF, Actor.SYSTEM})),
    # Withdrawn by mistake: on the list again as if for the first time, with a link of their own.
    Transition(1, _from(Rsvp.REVOKED), Rsvp.DRAFT, _STAFF),
    Transition(
        2,
        _from(Rsvp.INVITED, Rsvp.TENTATIVE, Rsvp.DECLINED),
        Rsvp.ACCEPTED,
        _ALL,
        Letter.CONFIRMED,
        Calendar.ACCEPTED,
    ),
    Transition(2, _from(Rsvp.WAITLISTED), Rsvp.ACCEPTED, _STAFF, Letter.CONFIRMED, Calendar.ACCEPTED),
    Transition(
        3, _from(Rsvp.INVITED, Rsvp.TENTATIVE, Rsvp.DECLINED), Rsvp.WAITLISTED, _ALL, Letter.WAITING, Calendar.NOTHING
    ),
    Transition(
        4,
        _from(Rsvp.INVITED, Rsvp.ACCEPTED, Rsvp.DECLINED, Rsvp.WAITLISTED, Rsvp.OFFERED),
        Rsvp.TENTATIVE,
        _ALL,
    ),
    Transition(
        5, _from(Rsvp.INVITED, Rsvp.ACCEPTED, Rsvp.TENTATIVE, Rsvp.WAITLISTED, Rsvp.OFFERED), Rsvp.DECLINED, _ALL
    ),
    Transition(
        7,
        _from(Rsvp.ACCEPTED),
        Rsvp.WAITLISTED,
        _STAFF,
        Letter.WAITING,
        Calendar.CANCEL,
        needs_reason=True,
    ),
    Transition(8, _from(Rsvp.WAITLISTED), Rsvp.OFFERED, _STAFF | _SYSTEM, Letter.OFFER),
    Transition(9, _from(Rsvp.OFFERED), Rsvp.ACCEPTED, _ALL, Letter.CONFIRMED, Calendar.ACCEPTED),
    Transition(10, _from(Rsvp.OFFERED), Rsvp.WAITLISTED, _SYSTEM, Letter.EXPIRED),
    Transition(10, _from(Rsvp.OFFERED), Rsvp.DECLINED, _SYSTEM, Letter.EXPIRED),
    Transition(
        11,
        frozenset(Rsvp) - {Rsvp.REVOKED},
        Rsvp.REVOKED,
        _STAFF,
        Letter.OFF,
        Calendar.CANCEL,
        needs_reason=True,
    ),
    # The day or the hour moved: whoever had accepted is asked again.
    Transition(12, _from(Rsvp.ACCEPTED), Rsvp.INVITED, _SYSTEM),
]


def transition(before: str, after: str, actor: Actor) -> Transition | None:
    """The row of the table that allows this; None where it is not allowed."""
    return next(
        (one for one in TRANSITIONS if before in one.before and one.after == after and actor in one.who),
        None,
    )


# How many people one outlet may send, by what it is. What is not named has no limit.
QUOTAS = {OrganisationKind.NEWSPAPER: 1, OrganisationKind.AGENCY: 2, OrganisationKind.TV: 3}
MOST_PEOPLE = 20

# Offers from the waiting list: never at night, and not when it is too late to come.
OFFER_HOURS, OFFERS_STOP, SHORTEST_OFFER = timedelta(hours=12), timedelta(hours=3), timedelta(hours=2)
DAY_BEGINS, DAY_ENDS = 8, 22


class Paper(TextChoices):
    """What of an event is printed."""

    BADGES = "badges", pgettext_lazy("paper", "Badges")
    PLATES = "plates", pgettext_lazy("paper", "Plates for the table")
    STRIPS = "strips", pgettext_lazy("paper", "Strips to sign")
    CERTIFICATES = "certs", pgettext_lazy("paper", "Certificates")
    GUARDS = "guards", pgettext_lazy("paper", "List for the guards")


class TravelStatus(TextChoices):
    """How far we are with somebody's journey."""

    ASKED = "asked", pgettext_lazy("journey", "asked for")
    ARRANGED = "arranged", pgettext_lazy("journey", "arranged")
    REFUSED = "refused", pgettext_lazy("journey", "cannot be arranged")


class Way(TextChoices):
    """How somebody travels."""

    AIR = "air", pgettext_lazy("way", "by air")
    RAIL = "rail", pgettext_lazy("way", "by train")
    ROAD = "road", pgettext_lazy("way", "by bus or shared taxi")
    CAR = "car", pgettext_lazy("way", "in a car of their own")


class TaskKind(TextChoices):
    SAVE_THE_DATE = "save", _("Save the date")
    INVITE = "invite", _("Invitations")
    CALL = "call", _("Call those who matter most")
    REMIND = "remind", _("Remind the silent")
    DETAILS = "details", _("Details to those who come")
    MATERIALS = "materials", _("Materials")
    THANKS = "thanks", _("Thanks")
    COVERAGE = "coverage", _("Look for coverage")
    OTHER = "other", pgettext_lazy("task", "Something else")


# Days from the event, as press offices count them.
TIME_LINE = {
    TaskKind.SAVE_THE_DATE: -14,
    TaskKind.INVITE: -7,
    TaskKind.CALL: -4,
    TaskKind.REMIND: -2,
    TaskKind.DETAILS: -1,
    TaskKind.MATERIALS: 0,
    TaskKind.THANKS: 1,
    TaskKind.COVERAGE: 7,
}


class CallOutcome(TextChoices):
    COMES = "comes", pgettext_lazy("call", "Will come")
    NOT = "not", pgettext_lazy("call", "Will not come")
    LATER = "later", pgettext_lazy("call", "Call back")
    MISSED = "missed", pgettext_lazy("call", "Not reached")
    TOLD = "told", pgettext_lazy("call", "Told of the change")


# Nobody else calls somebody whom a colleague has taken, for so long.
CALL_CLAIM = timedelta(minutes=15)


class Purpose(TextChoices):
    """What a mailing is for its event."""

    INVITATION = "invitation", pgettext_lazy("purpose", "Invitation")
    REMINDER = "reminder", pgettext_lazy("purpose", "Reminder")
    DETAILS = "details", pgettext_lazy("purpose", "Details")
    THANKS = "thanks", pgettext_lazy("purpose", "Thanks to those who came")
    ABSENT = "absent", pgettext_lazy("purpose", "Materials to those who could not come")
    MATERIALS = "materials", pgettext_lazy("purpose", "Materials to everybody")


# What is written after the event.
AFTERWARDS = [Purpose.THANKS, Purpose.ABSENT, Purpose.MATERIALS]
# A number below this could be somebody.
LEAST_SHOWN = 5


# Which of them are answered, and stand in the reader's calendar.
ASKS = frozenset({Purpose.INVITATION, Purpose.REMINDER})


class RemarkKind(TextChoices):
    """What came from a calendar and waits for a person."""

    TIME = "time", pgettext_lazy("remark", "proposes another time")
    ADDRESS = "address", pgettext_lazy("remark", "answered from another address")
    UNPROVED = "unproved", pgettext_lazy("remark", "it is not proved who answered")
    FORMER = "former", pgettext_lazy("remark", "answered the former time")
    LATE = "late", pgettext_lazy("remark", "answered when answers were taken no more")
    FULL = "full", pgettext_lazy("remark", "said yes when no place was free")


class LetterStatus(TextChoices):
    QUEUED = "queued", _("waiting its turn")
    INFLIGHT = "inflight", _("on the wire")
    SENT = "sent", _("accepted by the mail server")
    FAILED = "failed", _("refused")
