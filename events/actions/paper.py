"""Names of guests onto paper, written down as every export is."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.log import log
from crm.models import Contact

from ..models import Event, Invitation, ProgrammeItem
from ..pipeline.paper import OnPaper, print_paper, sheet_of
from ..states import MAY_ENTER, SHUT_OUT, TRAININGS, Attendance, Paper, Rsvp, WrongState


def on_paper(event: Event, user: User, **which: str):
    """Guests without those who must not stand on a sheet: sealed contacts, and whose presence is not written down."""
    may = Contact.objects.visible_to(user).that_may_leave().order_by().values("pk")
    guests = event.invitations.filter(records_presence=True, **which)
    return guests.filter(Q(contact=None) | Q(contact__in=may)).exclude(name="").order_by("sort_key", "pk")


def coming(event: Event, user: User, part: ProgrammeItem | None = None):
    """Who comes; to one part of the programme, where it is named."""
    guests = on_paper(event, user, rsvp=Rsvp.ACCEPTED).exclude(accreditation__in=SHUT_OUT)
    return guests.filter(sign_ups__part=part) if part else guests


def trained(event: Event, user: User):
    """Who came to a training; nobody, where it is none."""
    guests = on_paper(event, user, attendance=Attendance.PRESENT)
    return guests if event.kind in TRAININGS else guests.none()


def left_out(event: Event, user: User) -> int:
    known: int = event.invitations.visible_to(user).filter(rsvp=Rsvp.ACCEPTED).count()
    return known - coming(event, user).count()


_NOBODY = {
    Paper.PLATES: _("No speakers are named yet. Name them in the programme."),
    Paper.CERTIFICATES: _("Nobody is marked yet as having come, or it is no training."),
}


@transaction.atomic
def print_names(event: Event, what: Paper, part: ProgrammeItem | None = None, *, by: User) -> bytes:
    """Badges, plates, strips to sign or certificates; strips also of one part of the programme. Raises WrongState where
    there is nobody to name.
    """
    people = _people(event, what, by, part)
    if not people:
        raise WrongState(str(_NOBODY.get(what, _("Nobody has accepted yet who may be named on paper."))))
    log("events.paper.printed", event, by=by, what=what, rows=len(people))
    return print_paper(sheet_of(event, what, people, part))


def _people(event: Event, what: Paper, by: User, part: ProgrammeItem | None) -> list[OnPaper]:
    if what is Paper.PLATES:
        return [OnPaper(one.name, one.about) for one in event.speakers.all()]
    if what is Paper.GUARDS:
        # Whoever stands at the gate needs names, and of a crew how many.
        let_in = coming(event, by).filter(accreditation__in=MAY_ENTER)
        return [OnPaper(row.name, _with_crew(row)) for row in let_in]
    rows: list[Invitation] = list(trained(event, by) if what is Paper.CERTIFICATES else coming(event, by, part))
    return [OnPaper(row.name, row.outlet_name, row.door_code) for row in rows]


def _with_crew(guest: Invitation) -> str:
    return ", ".join(filter(None, [guest.outlet_name, f"+{guest.people - 1}" if guest.people > 1 else ""]))
