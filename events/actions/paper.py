"""Names of guests onto paper, written down as every export is."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from audit.log import log
from crm.models import Contact

from ..models import Event, Invitation
from ..pipeline.paper import OnPaper, print_paper, sheet_of
from ..states import Paper, Rsvp, WrongState


def on_paper(event: Event, user: User):
    """Guests who come, without those who must not stand on a sheet: sealed contacts, and whose presence is not
    written down.
    """
    may = Contact.objects.visible_to(user).that_may_leave().order_by().values("pk")
    coming = event.invitations.filter(rsvp=Rsvp.ACCEPTED, records_presence=True)
    return coming.filter(Q(contact=None) | Q(contact__in=may)).exclude(name="").order_by("sort_key", "pk")


def left_out(event: Event, user: User) -> int:
    coming: int = event.invitations.visible_to(user).filter(rsvp=Rsvp.ACCEPTED).count()
    return coming - on_paper(event, user).count()


@transaction.atomic
def print_names(event: Event, what: Paper, *, by: User) -> bytes:
    """Badges, plates or strips to sign. Raises WrongState where there is nobody to name."""
    people = (
        [OnPaper(one.name, one.about) for one in event.speakers.all()] if what is Paper.PLATES else _guests(event, by)
    )
    if not people:
        raise WrongState(
            _("No speakers are named yet. Name them in the programme.")
            if what is Paper.PLATES
            else _("Nobody has accepted yet who may be named on paper.")
        )
    log("events.paper.printed", event, by=by, what=what, rows=len(people))
    return print_paper(sheet_of(event, what, people))


def _guests(event: Event, by: User) -> list[OnPaper]:
    rows: list[Invitation] = list(on_paper(event, by))
    return [OnPaper(row.name, row.outlet_name, row.door_code) for row in rows]
