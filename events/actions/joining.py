"""Who applies to take part by themselves, through a link that may stand anywhere; staff decide on each."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.log import log
from audit.models import RECIPIENT
from core.sealing import blind, seal
from core.signing import make_token
from core.text import clean
from crm.models import Contact, EmailAddress, Organisation

from ..models import Event, Invitation
from ..states import EventStatus, Fact, Letter, LetterStatus, Rsvp, Source, WrongState
from .answers import Needs, Word, answer, entry, hold, move, queue
from .asking import Given, keep_given, refuse_full
from .guests import index, somebody_asks

JOIN = "event application"
# The version of a link stands in its lowest bits.
_VERSIONS = 1024


@dataclass(frozen=True)
class Applicant:
    name: str
    outlet_name: str
    address: str
    language: str


def link_of(event: Event) -> str:
    """Where anybody may apply."""
    number = event.pk * _VERSIONS + event.join_version % _VERSIONS
    return f"{settings.SITE_URL}/take-part/{make_token(JOIN, number)}/"


def event_of(number: int) -> Event | None:
    """Whose link carries this number; none, where it was renewed or the event takes no applications."""
    event = Event.objects.select_related("venue").filter(pk=number // _VERSIONS, takes_applications=True).first()
    return event if event and event.join_version % _VERSIONS == number % _VERSIONS else None


@transaction.atomic
def renew_link(event: Event, *, by: User) -> None:
    """Make another link; the former opens nothing."""
    event.hold()
    event.join_version += 1
    event.save(update_fields=["join_version"])
    log("events.link.renewed", event, by=by)


@transaction.atomic
def apply(event: Event, applicant: Applicant, needs: Needs, given: Given) -> Invitation | None:
    """Put somebody on the list, for staff to decide; None where this address has applied already, and nothing is
    changed. Raises WrongState.
    """
    event.hold()
    if not (event.takes_applications and event.takes_answers(timezone.now())):
        raise WrongState(_("Applications are not taken any more. Write to us if you want to come."))
    # Asked of everybody alike: whether an address has applied before must not show.
    refuse_full(event, given.parts or (), needs.people)
    key = blind(applicant.address)
    if event.invitations.filter(address_key=key).exists():
        return None
    guest = Invitation(
        event=event,
        name=clean(applicant.name)[:200],
        outlet_name=clean(applicant.outlet_name)[:200],
        outlet=Organisation.objects.called(applicant.outlet_name) if applicant.outlet_name else None,
        came_from=Source.WEB,
        applied_at=timezone.now(),
        address_key=key,
        sealed_address=seal(applicant.address),
    )
    needs.put_on(guest)
    guest.language = applicant.language
    index(guest)
    guest.save()
    keep_given(guest, given)
    entry(guest, Fact.ANSWER, "", Rsvp.DRAFT, Word(Source.WEB))
    log("events.guest.applied", guest, by=RECIPIENT)
    somebody_asks(event)
    return guest


@transaction.atomic
def take(guest: Invitation, *, by: User) -> Invitation:
    """Let somebody come who applied: as one of our contacts, where the address is theirs. Where it is full they wait.

    Raises WrongState.
    """
    event = hold(guest)
    _refuse_decided(guest)
    if known := _known(guest, by):
        if event.invitations.filter(contact=known).exists():
            raise WrongState(_("This address is of a contact who stands on the list already. Nothing was changed."))
        guest.contact = known
        guest.keep(guest.text)
        guest.save()
    move(guest, Rsvp.INVITED, Word(Source.SYSTEM, by))
    return answer(guest, Rsvp.ACCEPTED, Word(Source.WEB, by, _("applied by themselves")))


def _known(guest: Invitation, by: User) -> Contact | None:
    """The one contact with this address that this person may know of."""
    owners = EmailAddress.objects.filter(key=guest.address_key).values("contact")
    found = list(Contact.objects.visible_to(by).active().filter(pk__in=owners)[:2])
    return found[0] if len(found) == 1 else None


@transaction.atomic
def refuse(guest: Invitation, *, by: User) -> None:
    """Say no to somebody who applied, politely and without a reason; not to a contact who is invited already.

    Raises WrongState.
    """
    event = hold(guest)
    _refuse_decided(guest)
    move(guest, Rsvp.REVOKED, Word(Source.SYSTEM, by, _("application refused")))
    queue(guest, Letter.REFUSED)
    if event.invitations.in_force().filter(contact__emails__key=guest.address_key).exists():
        guest.letters.filter(status=LetterStatus.QUEUED).delete()


def _refuse_decided(guest: Invitation) -> None:
    if guest.applied_at is None or guest.rsvp != Rsvp.DRAFT:
        raise WrongState(_("Somebody has decided on this application already. Nothing was changed."))


def forget_applicants(day: date) -> int:
    """Make unreadable who had applied and did not come to be a guest, some weeks after the event; after one that was
    called off, all who had applied. Return how many there were.
    """
    over = Invitation.objects.filter(
        applied_at__isnull=False, event__ends_at__date__lt=day - timedelta(days=settings.EVENT_NAMES_DAYS)
    )
    was_not_taken = Q(rsvp__in=[Rsvp.DRAFT, Rsvp.REVOKED]) | Q(event__status=EventStatus.CANCELLED)
    due = over.filter(was_not_taken, contact=None).exclude(name="")
    return due.update(
        name="",
        sort_key="",
        search_text="",
        outlet=None,
        outlet_name="",
        text="",
        sealed_text="",
        sealed_address="",
        address_key="",
        link_version=0,
    )
