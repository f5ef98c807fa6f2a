"""What an event asks of its guests beside yes or no: parts of the programme, questions of its own, the journey."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Right
from audit.log import log
from audit.models import WORKER
from core.sealing import CannotUnseal
from crm.states import Sensitivity

from ..models import Event, Invitation, Particulars, ProgrammeItem, Question, SignUp
from ..states import SEATED, TravelStatus, Way, WrongState

_DAYS = ("arrives_on", "leaves_on")


@dataclass(frozen=True)
class Asks:
    """What staff decided to ask: the parts that guests choose with the places in each, and the questions."""

    parts: Mapping[int, int | None] = field(default_factory=dict)
    questions: Iterable[Question] = ()
    arranges_travel: bool = False
    takes_applications: bool = False


@dataclass(frozen=True)
class Given:
    """What somebody said. None: they were not asked, or left what they had said before as it is."""

    parts: frozenset[int] | None = None
    answers: list[tuple[str, str]] | None = None
    # Nothing in it: they need no help with the journey.
    travel: dict[str, object] | None = None


@transaction.atomic
def set_asks(event: Event, asks: Asks, *, by: User) -> None:
    """Ask this from now on. What guests said to a question that is gone stays with them; so do choices of a part."""
    event.hold()
    for part in event.programme.all():
        part.is_chosen, part.places = part.pk in asks.parts, asks.parts.get(part.pk)
        part.save(update_fields=["is_chosen", "places"])
    kept = [question for question in asks.questions if question.words]
    event.questions.exclude(pk__in=[question.pk for question in kept if question.pk]).delete()
    for question in kept:
        question.event = event
        question.save()
    event.arranges_travel, event.takes_applications = asks.arranges_travel, asks.takes_applications
    event.save(update_fields=["arranges_travel", "takes_applications"])
    log("events.asks.set", event, by=by, parts=len(asks.parts), questions=len(kept))


def keep_given(invitation: Invitation, given: Given, *, held: int = 0) -> None:
    """Write down what was said. The caller holds the event; `held` people of theirs had a place before. Raises
    WrongState where a part is full.
    """
    if given.parts is not None:
        _sign_up(invitation, given.parts, held)
    if given.answers is None and given.travel is None:
        return
    rows = Particulars.objects.select_for_update().filter(invitation=invitation)
    particulars = rows.first() or Particulars(invitation=invitation)
    if given.answers is not None:
        try:
            particulars.keep_answers(given.answers)
        except CannotUnseal:
            raise WrongState(_("What you wrote before cannot be opened now. Write to us what has changed.")) from None
    if given.travel is not None:
        particulars.keep_travel(given.travel)
    particulars.save()


def _sign_up(invitation: Invitation, chosen: frozenset[int], held: int) -> None:
    parts = invitation.event.programme.filter(is_chosen=True)
    there = set(invitation.sign_ups.values_list("part", flat=True))
    # Who keeps a place is asked nothing: there may be fewer of them meanwhile.
    kept = there if invitation.people <= held else set()
    refuse_full(invitation.event, chosen - kept, invitation.people, without=invitation)
    invitation.sign_ups.filter(part__in=parts.exclude(pk__in=chosen)).delete()
    new = parts.filter(pk__in=chosen - there).values_list("pk", flat=True)
    SignUp.objects.bulk_create(SignUp(invitation=invitation, part_id=key) for key in new)


def refuse_full(event: Event, chosen: Iterable[int], people: int, *, without: Invitation | None = None) -> None:
    """Raises WrongState where one of these parts has no place for so many."""
    for part in event.programme.filter(is_chosen=True, pk__in=chosen).exclude(places=None):
        if people_in(part, without=without) + people > part.places:
            raise WrongState(_("“%(part)s” is full. Nothing was changed: choose another part.") % {"part": part.title})


def leave_full_parts(invitation: Invitation) -> None:
    """Somebody who had no place has one now: of the parts they chose, those that are full by now are theirs no more.
    Their page shows it.
    """
    for sign_up in invitation.sign_ups.exclude(part__places=None).select_related("part"):
        if people_in(sign_up.part, without=invitation) + invitation.people > sign_up.part.places:
            sign_up.delete()


def people_in(part: ProgrammeItem, *, without: Invitation | None = None) -> int:
    """How many people hold a place in this part: those who have one at the event."""
    sign_ups = part.sign_ups.filter(invitation__rsvp__in=SEATED)
    if without and without.pk:
        sign_ups = sign_ups.exclude(invitation=without)
    return sign_ups.aggregate(people=Sum("invitation__people"))["people"] or 0


@dataclass(frozen=True)
class Opened:
    """Particulars without their seal, in words."""

    answers: list[tuple[str, str]]
    journey: list[str]
    arrangement: str


def in_words(wishes: Mapping[str, object]) -> list[str]:
    """Wishes for a journey as people read them: from where, from when until when, how, a room, what else."""
    if not wishes:
        return []
    days = [date_format(date.fromisoformat(str(wishes[name])), "j E") for name in _DAYS if wishes.get(name)]
    return [
        str(one)
        for one in (
            wishes.get("comes_from", ""),
            " – ".join(days),
            Way(wishes["way"]).label if wishes.get("way") else "",
            _("a room for the night") if wishes.get("needs_room") else "",
            wishes.get("travel_words", ""),
        )
        if one
    ]


@transaction.atomic
def open_particulars(event: Event, guests: QuerySet[Invitation], *, by: User) -> dict[int, Opened]:
    """What these guests said under the seal, as far as this person may know of them, by the numbers of their rows; the
    look is written down. Raises CannotUnseal.
    """
    visible = guests.visible_to(by).order_by()
    if not by.may(Right.CONTACTS_SEALED):
        # Of a sealed contact this is sealed twice.
        visible = visible.exclude(contact__sensitivity=Sensitivity.SEALED)
    rows = Particulars.objects.filter(invitation__in=visible.values("pk"))
    opened = {row.invitation_id: Opened(row.answers(), in_words(row.wishes()), row.arrangement()) for row in rows}
    if opened:
        log("events.particulars.opened", event, by=by, rows=len(opened))
    return opened


@transaction.atomic
def forget_particulars(day: date) -> int:
    """Delete what guests said under the seal once their event is some weeks over, trainings too: who came is what those
    are held for, not where they slept. Return how many there were.
    """
    over = day - timedelta(days=settings.EVENT_NAMES_DAYS)
    events = Event.objects.filter(ends_at__date__lt=over, invitations__particulars__isnull=False)
    forgotten = 0
    for event in events.distinct():
        count, _by_table = Particulars.objects.filter(invitation__event=event).delete()
        log("events.particulars.forgotten", event, by=WORKER, count=count)
        forgotten += count
    return forgotten


@transaction.atomic
def settle_travel(invitation: Invitation, status: str, *, words: str, by: User) -> None:
    """Say what came of a guest's journey. Raises WrongState."""
    invitation.event.hold()
    rows = Particulars.objects.select_for_update().filter(invitation=invitation).exclude(travel="")
    particulars = rows.first()
    if particulars is None or status not in TravelStatus.values:
        raise WrongState(_("They ask for no journey any more. Nothing was changed."))
    particulars.settle(status, words, by=by, at=timezone.now())
    log("events.travel.settled", invitation, by=by, status=status)
