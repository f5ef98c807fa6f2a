"""After an event: who did not come, figures that stay, letters to those who came and those who did not, and the day
on which nobody can read any more who it was.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit.log import log
from audit.models import WORKER
from mailings.actions.audience import set_audience
from mailings.actions.texts import create
from mailings.actions.writing import save_version
from mailings.models import Mailing

from ..layouts import PREPARED
from ..models import DoorMark, Event, EventMailing, Figures, Invitation, InvitationEvent, Particulars, Remark
from ..models.door import standing
from ..states import (
    AFTERWARDS,
    LEAST_SHOWN,
    SHUT_OUT,
    TRAININGS,
    Attendance,
    EventStatus,
    Fact,
    MarkKind,
    Purpose,
    Rsvp,
    Source,
    TravelStatus,
    WrongState,
)
from .asking import people_in

_CHUNK = 500
# Whoever could not come and asked for the text gets what those get who said yes and were not seen.
WHOM_AFTER = {
    Purpose.THANKS: Q(attendance=Attendance.PRESENT),
    Purpose.ABSENT: Q(rsvp=Rsvp.ACCEPTED, attendance=Attendance.ABSENT) | Q(rsvp=Rsvp.DECLINED, wants_materials=True),
    Purpose.MATERIALS: Q(rsvp=Rsvp.ACCEPTED) | Q(attendance=Attendance.PRESENT) | Q(wants_materials=True),
}


def hide_small(cells: Mapping[str, int]) -> dict[str, int | None]:
    """Counts without those that could be somebody: few are hidden, and further cells where the sum would tell.

    The sum is known. So what is hidden is at least two cells, and not few together; of few people nothing is told.
    """
    hidden: dict[str, int] = {}
    for name, count in sorted(((name, count) for name, count in cells.items() if count), key=lambda one: one[::-1]):
        if count < LEAST_SHOWN or hidden and (len(hidden) == 1 or sum(hidden.values()) < LEAST_SHOWN):
            hidden[name] = count
    if hidden and sum(cells.values()) < LEAST_SHOWN:
        return {}
    return {name: None if name in hidden else count for name, count in cells.items() if count}


def count(event: Event) -> dict[str, object]:
    """The figures as they are now."""
    guests = event.invitations.order_by()
    here = guests.filter(attendance=Attendance.PRESENT)
    nameless = _nameless(event)
    people = here.annotate(is_known=Exists(_invited_before(event)))
    present = list(people.values_list("rsvp", "came_from"))
    asked = guests.exclude(came_from=Source.WALK_IN).exclude(rsvp=Rsvp.DRAFT)
    answers = {name: number for name, number in asked.counts().items() if number}
    return {
        "answers": answers,
        "came": len(present) + nameless,
        "of_accepted": sum(rsvp == Rsvp.ACCEPTED and source != Source.WALK_IN for rsvp, source in present),
        "walk_ins": sum(source == Source.WALK_IN for _rsvp, source in present),
        "hours": _hours(event) if event.kind in TRAININGS else None,
        "by_kind": _by(people, "outlet__kind", nameless),
        "by_language": _by(people, "language", nameless),
        "by_gender": _by(people, "contact__gender", nameless),
        "by_region": _by(people, "contact__region", nameless),
        "parts": [[part.title, people_in(part)] for part in event.programme.filter(is_chosen=True)],
        "journeys": event.invitations.filter(particulars__travel=TravelStatus.ARRANGED).count(),
        "speakers": _speakers(event),
        "by_times": _by(people.filter(contact__isnull=False), "is_known", len(present) - _with_card(people) + nameless),
    }


def _by(people, name: str, unknown: int) -> dict[str, int | None]:
    """Who came by one trait. Of whom nothing is known stands under no word."""
    cells = Counter({"": unknown})
    for trait, number in people.values_list(name).annotate(Count("pk")):
        cells[_WORDS.get(trait, trait) or ""] += number
    return hide_small(cells)


# As JSON keeps them.
_WORDS = {True: "before", False: "first"}


def _with_card(people) -> int:
    found: int = people.filter(contact__isnull=False).count()
    return found


def _invited_before(event: Event):
    """Earlier invitations: they stay when it is forgotten who came, so that first-timers are counted the same later."""
    invited = Invitation.objects.filter(contact=OuterRef("contact"), event__starts_at__lt=event.starts_at)
    return invited.exclude(rsvp__in=[Rsvp.DRAFT, Rsvp.REVOKED])


def _speakers(event: Event) -> list[list]:
    """How many spoke for each organisation; those of whom it is not said stand under no name. They speak in public."""
    found = event.speakers.order_by().values_list("organisation__name").annotate(Count("pk"))
    return sorted([name or "", number] for name, number in found)


def _hours(event: Event) -> float:
    """How long it was held, day by day from its first hour to its last."""
    begins, ends = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
    days = (ends.date() - begins.date()).days
    a_day = ends - begins - timedelta(days=days)
    return round(((days + 1) * a_day if a_day > timedelta() else ends - begins) / timedelta(hours=1), 1)


def _nameless(event: Event) -> int:
    marks = event.marks.filter(kind__in=[MarkKind.COUNTED, MarkKind.UNDONE])
    return len(standing(marks))


@transaction.atomic
def freeze(event: Event, *, by: User | None) -> Figures:
    """Close attendance and count: from now on the figures stay. Raises WrongState."""
    event.hold()
    if Figures.objects.filter(event=event).exists():
        raise WrongState(_("The figures are frozen already. Nothing was changed."))
    if event.status != EventStatus.HELD:
        raise WrongState(_("Say first that the event is over. Nothing was changed."))
    if by or event.marks.exists():
        # Of a door that nobody kept nothing follows by itself.
        _close_attendance(event, by)
    keeps = event.kind in TRAININGS
    until = None if keeps else timezone.localdate() + timedelta(days=settings.EVENT_NAMES_DAYS)
    figures = Figures.objects.create(event=event, data=count(event), by=by, names_until=until)
    log("events.figures.frozen", event, by=by or WORKER, came=figures.data["came"])
    return figures


def frozen_by_itself_on(event: Event) -> date:
    """The day on which figures are counted that nobody has frozen by then."""
    return timezone.localdate(event.ends_at) + timedelta(days=settings.EVENT_NAMES_DAYS + 1)


def freeze_forgotten(day: date) -> int:
    """Count what nobody has counted for so long that names are due to go. Return how many events that are."""
    over = day - timedelta(days=settings.EVENT_NAMES_DAYS)
    states = [EventStatus.OPEN, EventStatus.HELD]
    due = Event.objects.filter(ends_at__date__lt=over, status__in=states, figures=None).order_by("pk")
    return sum(_freeze_forgotten(event) for event in due)


@transaction.atomic
def _freeze_forgotten(event: Event) -> bool:
    event.hold()
    if Figures.objects.filter(event=event).exists():
        return False
    if event.is_open:
        event.move_to(EventStatus.HELD)
    freeze(event, by=None)
    return True


def _close_attendance(event: Event, by: User | None) -> None:
    """Who had said yes and was not seen did not come."""
    missed = event.invitations.filter(rsvp=Rsvp.ACCEPTED, attendance=Attendance.UNKNOWN, records_presence=True)
    # Of a walk-in who was taken back at the door nothing is left but that there was a mistake.
    missed = missed.exclude(accreditation__in=SHUT_OUT).exclude(came_from=Source.WALK_IN)
    rows = [
        InvitationEvent(
            invitation_id=key,
            fact=Fact.ATTENDANCE,
            before=Attendance.UNKNOWN,
            after=Attendance.ABSENT,
            source=Source.SYSTEM,
            by=by,
        )
        for key in missed.values_list("pk", flat=True)
    ]
    missed.update(attendance=Attendance.ABSENT)
    InvitationEvent.objects.bulk_create(rows, batch_size=_CHUNK)


def purge_names(day: date) -> int:
    """Make unreadable who came to events whose day is over. Return how many events there were."""
    due = Figures.objects.filter(names_until__lt=day, names_purged_at=None).select_related("event")
    for figures in due:
        _purge(figures)
    return len(due)


@transaction.atomic
def _purge(figures: Figures) -> None:
    event = figures.event
    event.hold()
    DoorMark.objects.filter(event=event).delete()
    InvitationEvent.objects.filter(invitation__event=event, fact=Fact.ATTENDANCE).delete()
    Remark.objects.filter(invitation__event=event).delete()
    Particulars.objects.filter(invitation__event=event).delete()
    guests: int = event.invitations.update(
        attendance=Attendance.UNKNOWN, came_at=None, text="", sealed_text="", sealed_address="", address_key=""
    )
    # Whoever has a card was invited, and that stands on it; of others nothing stays but that there was one.
    nobodies = event.invitations.filter(contact=None)
    nobodies.update(name="", sort_key="", search_text="", outlet=None, outlet_name="", link_version=0)
    InvitationEvent.objects.filter(invitation__in=nobodies, source=Source.WALK_IN).delete()
    figures.names_purged_at = timezone.now()
    figures.save(update_fields=["names_purged_at"])
    log("events.names.purged", event, by=WORKER, guests=guests)


@transaction.atomic
def begin_after(event: Event, purpose: str, *, by: User) -> Mailing:
    """A draft with prepared words to those who came, those who did not, or everybody. Raises WrongState."""
    guests: list[Invitation] = list(
        event.invitations.visible_to(by).filter(WHOM_AFTER[purpose], contact__isnull=False).exclude(rsvp=Rsvp.REVOKED)
    )
    if not guests:
        raise WrongState(_("There is nobody to write to."))
    title = f"{Purpose(purpose).label}: {event.title}"[:200]
    mailing = create(title=title, kind=Mailing.Kind.PRESS_RELEASE, by=by)
    EventMailing.objects.create(event=event, mailing=mailing, purpose=purpose)
    set_audience(mailing, {"pick": sorted(str(one.contact_id) for one in guests)}, by=by)
    for language, (subject, body) in PREPARED[purpose].items():
        with override(language):
            day = date_format(timezone.localtime(event.starts_at), "DATE_FORMAT")
        words = {"subject": subject.format(event=event.title), "preheader": ""}
        words["body"] = body.format(event=escape(event.title), day=day)
        save_version(mailing, language, words=words, revision=0, by=by)
    log("events.mailing.begun", event, by=by, mailing=mailing.title)
    return mailing


def kinds_after(event: Event) -> list[Purpose]:
    """The letters that can be written now."""
    return [purpose for purpose in AFTERWARDS if event.invitations.filter(WHOM_AFTER[purpose]).exists()]
