"""Telling of a moved or cancelled event by other ways than the letter: whom it has not reached stands first."""

from django.db import transaction
from django.db.models import Case, F, OuterRef, Subquery, When
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from accounts.models import User
from audit.log import log

from ..layouts import DISCREET, MESSAGES
from ..models import Call, Event, EventLetter, Invitation
from ..states import CallOutcome, EventStatus, Letter, LetterStatus
from .planning import concerned

_LETTERS = [Letter.MOVED, Letter.CANCELLED]
# Of one that was on the wire when a worker died nobody knows: such people are called.
_REACHED = [LetterStatus.SENT]


def change_of(event: Event) -> str:
    """What the last change was; empty where there was none."""
    if event.status == EventStatus.CANCELLED:
        return Letter.CANCELLED
    return Letter.MOVED if event.sequence else ""


def _letters(event: Event):
    return EventLetter.objects.filter(invitation__event=event, kind__in=_LETTERS)


def to_tell(event: Event):
    """Everybody concerned, with what became of their letter, and whether somebody has told them since."""
    letters = EventLetter.objects.filter(invitation=OuterRef("pk"), kind__in=_LETTERS).order_by("-pk")
    last = _letters(event).order_by("-asked_at").values_list("asked_at", flat=True).first() or event.created_at
    told = Call.objects.filter(invitation=OuterRef("pk"), outcome=CallOutcome.TOLD, at__gte=last).order_by("-pk")
    rows = concerned(event).annotate(
        letter=Subquery(letters.values("status")[:1]), told_at=Subquery(told.values("at")[:1])
    )
    rows = rows.annotate(has_letter=Case(When(letter__in=_REACHED, then=True), default=False))
    # Whom nothing has reached stands first.
    return rows.order_by(F("told_at").asc(nulls_first=True), "has_letter", "sort_key", "pk")


def messages_of(event: Event, change: str) -> dict[str, str]:
    """A short text for messengers in each language; of a discreet event it does not name the subject."""
    letter = _letters(event).filter(kind=Letter.MOVED).exclude(was="").order_by("-pk").first()
    made = {}
    for language, text in MESSAGES["now" if change == Letter.MOVED and letter is None else change].items():
        with override(language):
            was = letter.was_in_words if letter else ""
            day = date_format(timezone.localtime(event.starts_at), "DATETIME_FORMAT")
        title = DISCREET[language] if event.is_discreet else event.title
        made[language] = text.format(event=title, was=was, when=", ".join(filter(None, [day, event.place])))
    return made


@transaction.atomic
def told(guest: Invitation, *, by: User) -> Call:
    """Note that somebody was told, by telephone or messenger."""
    call = Call.objects.create(invitation=guest, outcome=CallOutcome.TOLD, by=by)
    Invitation.objects.filter(pk=guest.pk).update(caller=None, called_until=None)
    log("events.call.noted", guest, by=by, outcome=CallOutcome.TOLD)
    return call
