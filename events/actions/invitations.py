"""Mailings of an event: begun here, written and approved there; who gets one stands on the list and may answer."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.log import log
from crm.models import Contact
from mailings.actions.accounts import choose_account
from mailings.actions.approval import reopen
from mailings.actions.audience import set_audience
from mailings.actions.texts import create
from mailings.models import Delivery, Mailing, SendingAccount, companions

from ..models import Event, EventMailing, Invitation
from ..pipeline.ical import for_guest
from ..states import ASKS, SHUT_OUT, EventStatus, Purpose, Rsvp, WrongState
from .answers import note_for_each
from .guests import of_contact

WHOM = {
    Purpose.INVITATION: [Rsvp.DRAFT],
    Purpose.REMINDER: [Rsvp.INVITED],
    Purpose.DETAILS: [Rsvp.ACCEPTED],
}
# Hours pass between a draft and its letters: who has answered otherwise by then gets none.
STILL = {
    Purpose.INVITATION: frozenset(Rsvp) - {Rsvp.DECLINED, Rsvp.REVOKED},
    Purpose.REMINDER: frozenset({Rsvp.INVITED}),
    Purpose.DETAILS: frozenset({Rsvp.ACCEPTED}),
}


@transaction.atomic
def begin_mailing(event: Event, purpose: str, *, by: User) -> Mailing:
    """A draft to those of the list whom it concerns; a reminder goes to the silent alone. Raises WrongState."""
    guests = event.invitations.visible_to(by).filter(contact__isnull=False)
    guests = guests.filter(rsvp__in=WHOM[purpose])
    if purpose == Purpose.DETAILS:
        guests = guests.exclude(accreditation__in=SHUT_OUT)
    picked = sorted(str(key) for key in guests.values_list("contact", flat=True))
    if not picked:
        raise WrongState(_("There is nobody to write to. Put guests on the list first."))
    titles = {
        Purpose.INVITATION: _("Invitation: %(title)s"),
        Purpose.REMINDER: _("Reminder: %(title)s"),
        Purpose.DETAILS: _("Details: %(title)s"),
    }
    title = (titles[purpose] % {"title": event.title})[:200]
    mailing = create(title=title, kind=Mailing.Kind.INVITATION, by=by)
    if asked := EventMailing.first_that_asked(event):
        # From the same address, or calendars take it for somebody else's.
        _ask_from(mailing, asked.account or SendingAccount.environment(), by)
    EventMailing.objects.create(event=event, mailing=mailing, purpose=purpose)
    set_audience(mailing, {"pick": picked}, by=by)
    log("events.mailing.begun", event, by=by, mailing=mailing.title)
    return mailing


def _ask_from(mailing: Mailing, account: SendingAccount, by: User) -> None:
    if account.is_active:
        choose_account(mailing, account, by=by)


def hold_with_mailings(event: Event) -> list[Mailing]:
    """Lock an event that is about to change, in the one order that holds everywhere: mailings, the event, invitations.

    A mailing that leaves is locked before it writes its guests: whoever held the event first would wait for it, and it
    for them.
    """
    of_event = Mailing.objects.filter(of_event__event=event).order_by("pk")
    mailings = list(of_event.select_for_update(of=["self"]))
    event.hold()
    return mailings


def reopen_mailings(mailings: Iterable[Mailing], *, by: User) -> None:
    """The event is another than the one that was approved: its mailings that have not left are to be approved anew."""
    for mailing in mailings:
        if mailing.is_editable:
            reopen(mailing, by=by)


class InvitationCompanion:
    """What an event gives to its mailings: facts to approve, a link and a calendar for each reader."""

    kinds = frozenset({Mailing.Kind.INVITATION})

    def said(self, mailing: Mailing) -> object:
        bond = _bond(mailing)
        if bond is None or not bond.asks:
            return None
        event = bond.event
        moments = [event.starts_at.isoformat(), event.ends_at.isoformat()]
        facts = [event.pk, bond.purpose, event.title, *moments, event.place, event.is_discreet]
        # Nobody is invited to what was called off: a mailing on its way stops there.
        return [*facts, event.status] if event.status == EventStatus.CANCELLED else facts

    def record(self, mailing: Mailing, deliveries: Iterable[Delivery]) -> None:
        """Whoever gets it stands on the list from now on, and finds their own link in the letter."""
        bond = _bond(mailing)
        if bond is None or not bond.asks:
            return
        deliveries = [one for one in deliveries if one.contact_id]
        there = {one.contact_id: one for one in bond.event.invitations.filter(contact__isnull=False)}
        new = {one.contact_id for one in deliveries} - there.keys()
        contacts = Contact.objects.filter(pk__in=new).prefetch_related("positions__organisation")
        made = Invitation.objects.bulk_create((of_contact(bond.event, one) for one in contacts), batch_size=500)
        there |= {one.contact_id: one for one in made}
        for delivery in deliveries:
            delivery.merge_data = delivery.merge_data | {"rsvp_url": there[delivery.contact_id].link}
        Delivery.objects.bulk_update(deliveries, ["merge_data"], batch_size=500)

    def withheld(self, deliveries: list[Delivery]) -> set[int]:
        return {
            delivery.pk
            for delivery, guest, purpose in _guests(deliveries, STILL)
            if guest.rsvp not in STILL[purpose] or purpose == Purpose.DETAILS and guest.is_shut_out
        }

    def calendars(self, deliveries: list[Delivery]) -> dict[int, companions.Make]:
        """The question for their calendar; not for who has answered already, nor after the event was called off."""
        return {
            delivery.pk: _maker(guest, delivery.mailing.account)
            for delivery, guest, _purpose in _guests(deliveries, ASKS)
            if guest.event.is_open and guest.rsvp in {Rsvp.DRAFT, Rsvp.INVITED}
        }

    def left(self, deliveries: list[Delivery]) -> None:
        guests = [guest for _delivery, guest, _purpose in _guests(deliveries, ASKS)]
        drafts = [guest.pk for guest in guests if guest.rsvp == Rsvp.DRAFT]
        if invited := list(
            Invitation.objects.select_for_update().filter(pk__in=drafts, rsvp=Rsvp.DRAFT).order_by("pk")
        ):
            keys = [guest.pk for guest in invited]
            Invitation.objects.filter(pk__in=keys).update(rsvp=Rsvp.INVITED, invited_at=timezone.now())
            note_for_each(invited, Rsvp.DRAFT, Rsvp.INVITED)
        asked = [guest.pk for guest in guests if guest.event.is_open]
        Invitation.objects.filter(pk__in=asked, rsvp=Rsvp.INVITED).update(is_in_calendar=True)


def _bond(mailing: Mailing) -> EventMailing | None:
    return EventMailing.objects.select_related("event__venue").filter(mailing=mailing.pk).first()


def _guests(deliveries: list[Delivery], purposes: Iterable[str]) -> list[tuple[Delivery, Invitation, str]]:
    """The invitations that letters of these purposes are about, in two queries; of other letters there is none."""
    bonds = EventMailing.objects.filter(mailing__in={one.mailing_id for one in deliveries}, purpose__in=purposes)
    of_mailing = {bond.mailing_id: bond for bond in bonds}
    about = {
        one: (of_mailing[one.mailing_id].event_id, one.contact_id) for one in deliveries if one.mailing_id in of_mailing
    }
    rows = Invitation.objects.select_related("event__venue").filter(
        event__in={event for event, _contact in about.values()},
        contact__in={contact for _event, contact in about.values()},
    )
    guests = {(row.event_id, row.contact_id): row for row in rows}
    return [(one, guests[key], of_mailing[one.mailing_id].purpose) for one, key in about.items() if key in guests]


def _maker(guest: Invitation, account: SendingAccount | None) -> companions.Make:
    return lambda to: for_guest(guest.event, guest, to=to, account=account)
