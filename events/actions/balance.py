"""Who is in the room: independent and state outlets, state bodies, partners; and what became of letters. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from crm.states import OUTLETS, OrganisationKind, Ownership
from mailings.models import Delivery

from ..models import Event, Invitation
from ..states import SEATED, SHUT_OUT

INDEPENDENT, STATE, BODIES, PARTNERS, NOBODY = "independent", "state", "bodies", "partners", ""
_LABELS = {
    INDEPENDENT: _("independent outlets"),
    STATE: _("state outlets"),
    BODIES: _("state bodies"),
    PARTNERS: _("partners and others"),
    NOBODY: _("without an organisation"),
}


@dataclass
class Side:
    label: str
    invited: int = 0
    come: int = 0


def sides(guests) -> list[Side]:
    """How many are invited and how many have a place, by whose they are; without sides of which nobody is invited."""
    found = {side: Side(label) for side, label in _LABELS.items()}
    rows = guests.in_force().order_by().values_list("outlet__kind", "outlet__ownership")
    has_place = Q(rsvp__in=SEATED) & ~Q(accreditation__in=SHUT_OUT)
    for kind, ownership, number, come in rows.annotate(number=Count("pk"), come=Sum("people", filter=has_place)):
        side = found[_side(kind, ownership)]
        side.invited += number
        side.come += come or 0
    return [side for side in found.values() if side.invited]


def _side(kind: str | None, ownership: str | None) -> str:
    if kind is None:
        return NOBODY
    if kind in OUTLETS:
        return STATE if ownership == Ownership.STATE else INDEPENDENT
    return BODIES if kind == OrganisationKind.STATE_BODY else PARTNERS


def with_letters(event: Event, guests: Iterable[Invitation]) -> list[Invitation]:
    """The same guests, each with the newest row of a mailing of this event; mailings know it, nothing is copied."""
    guests = list(guests)
    rows = Delivery.objects.filter(
        mailing__of_event__event=event, contact__in=[guest.contact_id for guest in guests if guest.contact_id]
    )
    letters = {row.contact_id: row for row in rows.only("contact", "status", "opened_at", "sent_at").order_by("pk")}
    for guest in guests:
        guest.letter_row = letters.get(guest.contact_id)
    return guests
