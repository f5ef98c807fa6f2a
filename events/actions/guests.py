"""Who is on the list of an event: put there by staff, a colleague named by somebody invited, taken off."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.letters import tell
from accounts.models import StaffLetter, User
from audit.log import log
from audit.models import RECIPIENT
from core.sealing import seal
from core.text import clean, fold, sort_key
from crm.models import Contact

from ..models import Event, Invitation, OfficialLetter
from ..states import DeclineReason, Fact, Letter, Rsvp, Source, WrongState
from .answers import BY_ITSELF, Needs, Word, answer, entry, hold, move, queue, refuse_late
from .asking import Given

_CHUNK = 500
# Who leads an event is not written to for each of many who ask.
NEWS_AFTER = timedelta(hours=3)


@transaction.atomic
def add_guests(event: Event, contacts: Iterable[Contact], *, letter: OfficialLetter | None = None, by: User) -> int:
    """Put contacts on the list; who stands there already is left as they are, and whose invitation was withdrawn comes
    back. Return how many that are.

    `letter` is the one by which their body names them.
    """
    contacts = list(contacts)
    event.hold()
    there = set(event.invitations.values_list("contact", flat=True))
    new = [of_contact(event, contact, nominated_by=letter) for contact in contacts if contact.pk not in there]
    Invitation.objects.bulk_create(new, batch_size=_CHUNK)
    withdrawn = list(event.invitations.filter(rsvp=Rsvp.REVOKED, contact__in=contacts).order_by("pk"))
    for invitation in withdrawn:
        move(invitation, Rsvp.DRAFT, Word(Source.SYSTEM, by))
    if number := len(new) + len(withdrawn):
        log("events.guests.added", event, by=by, count=number)
    return number


def of_contact(event: Event, contact: Contact, **fields: object) -> Invitation:
    """An invitation, not saved yet, with what the door and the list call a contact by."""
    position = contact.position
    invitation = Invitation(event=event, contact=contact, name=contact.name, **fields)
    invitation.language = contact.language_codes[0]
    if position:
        invitation.outlet, invitation.outlet_name = position.organisation, position.organisation.name
    index(invitation)
    return invitation


def index(invitation: Invitation) -> None:
    """Recompute what list and door sort and search by, in any script. The caller saves."""
    invitation.sort_key = sort_key(invitation.name)[:400]
    invitation.search_text = fold(f"{invitation.name} {invitation.outlet_name}")


@transaction.atomic
def note_answer(
    invitation: Invitation,
    wish: str,
    *,
    source: str,
    note: str = "",
    needs: Needs | None = None,
    given: Given | None = None,
    confirms: bool = False,
    by: User,
) -> Invitation:
    """An answer that reached staff: by telephone, messenger, letter. Who was not written to is invited by that.

    A no is confirmed by a letter where staff wish it; every other answer has one of its own.
    """
    if invitation.rsvp == Rsvp.DRAFT:
        move(invitation, Rsvp.INVITED, Word(source, by))
    answered = answer(invitation, wish, Word(source, by, note), needs, given)
    if confirms and answered.rsvp == Rsvp.DECLINED:
        queue(answered, Letter.OFF)
    return answered


@transaction.atomic
def nominate(invitation: Invitation, *, letter: OfficialLetter | None, by: User) -> None:
    """Note by which letter a body named them, or that none did."""
    Invitation.objects.filter(pk=invitation.pk).update(nominated_by=letter)
    log("events.guest.nominated", invitation.event, by=by, letter=str(letter or ""))


@transaction.atomic
def withdraw(invitation: Invitation, *, note: str, to_guest: str = "", by: User) -> None:
    """Take an invitation back, and its link with it. The reason stays among us; `to_guest` stands in the letter."""
    move(invitation, Rsvp.REVOKED, Word(Source.SYSTEM, by, note, to_guest=to_guest))


@transaction.atomic
def take_off(invitation: Invitation, *, by: User) -> None:
    """Off the list without a trace, as long as nobody was written to."""
    hold(invitation)
    if invitation.rsvp != Rsvp.DRAFT:
        raise WrongState(_("They were invited already: withdraw the invitation instead. Nothing was changed."))
    log("events.guest.taken_off", invitation.event, by=by)
    invitation.delete()


@transaction.atomic
def name_colleague(invitation: Invitation, *, name: str, address: str) -> Invitation:
    """Somebody says that a colleague comes in their place: they decline, the colleague waits for staff, or, where the
    event allows it, is invited at once.
    """
    event = invitation.event
    needs = Needs.of(invitation, decline_reason=DeclineReason.COLLEAGUE)
    word = Word(Source.WEB)
    if invitation.rsvp != Rsvp.DECLINED:
        answer(invitation, Rsvp.DECLINED, word, needs)
    hold(invitation)
    refuse_late(invitation, word)
    if invitation.replacements.exclude(rsvp=Rsvp.REVOKED).exists():
        raise WrongState(_("A colleague is named already. Write to us if it is somebody else."))
    sealed = seal(address) if address else ""
    colleague = new_colleague(invitation, name=name, sealed_address=sealed, source=Source.WEB)
    log("events.colleague.named", invitation, by=RECIPIENT)
    if not event.takes_colleagues:
        somebody_asks(event)
    if event.takes_colleagues:
        move(colleague, Rsvp.INVITED, BY_ITSELF)
        answer(colleague, Rsvp.ACCEPTED, Word(Source.WEB))
    return colleague


def somebody_asks(event: Event) -> None:
    """Write to who leads the event that somebody waits for a decision: once in some hours, however many ask. What it is
    about stands on the page alone.
    """
    path = reverse("events:event-detail", args=[event.pk])
    since = timezone.now() - NEWS_AFTER
    told = StaffLetter.objects.filter(kind=StaffLetter.Kind.GUEST_ASKS, facts__path=path, created_at__gte=since)
    leads = event.manager if event.manager and event.manager.is_current else event.author
    if leads.is_current and not told.exists():
        tell(leads, StaffLetter.Kind.GUEST_ASKS, path=path)


def new_colleague(invitation: Invitation, *, name: str, sealed_address: str, source: str) -> Invitation:
    """Somebody of the same outlet on the list, not invited yet."""
    colleague = Invitation(
        event=invitation.event,
        name=clean(name)[:200],
        outlet=invitation.outlet,
        outlet_name=invitation.outlet_name,
        language=invitation.language,
        parent=invitation,
        came_from=source,
        sealed_address=sealed_address,
    )
    index(colleague)
    colleague.save()
    entry(colleague, Fact.ANSWER, "", Rsvp.DRAFT, Word(source))
    return colleague


@transaction.atomic
def accept_colleague(colleague: Invitation, *, by: User) -> Invitation:
    """Let the colleague come who was named; their outlet's quota is kept."""
    move(colleague, Rsvp.INVITED, Word(Source.SYSTEM, by))
    return answer(colleague, Rsvp.ACCEPTED, Word(Source.WEB, by, _("instead of a colleague")))


@transaction.atomic
def set_presence(invitation: Invitation, *, records: bool, by: User) -> None:
    """Say whether it may be written down that somebody came."""
    hold(invitation)
    if not records and invitation.attendance != "unknown":
        raise WrongState(_("Their presence is written down already: take the mark back first."))
    if not records:
        # What was marked and taken back says that they were near, too.
        invitation.marks.all().delete()
        invitation.log.filter(fact=Fact.ATTENDANCE).delete()
    invitation.records_presence = records
    invitation.save(update_fields=["records_presence"])
    log("events.presence.set", invitation, by=by, records=records)
