"""Mailings of an event: begun here, written and approved there; who gets one stands on the list and may answer."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.log import log
from crm.models import Contact
from mailings.actions.approval import reopen
from mailings.actions.audience import set_audience
from mailings.actions.texts import create
from mailings.message import Calendar as Part
from mailings.models import Delivery, Mailing

from ..models import Event, EventMailing, Invitation
from ..pipeline.ical import for_guest
from ..states import Purpose, Rsvp, WrongState
from .answers import BY_ITSELF, move
from .guests import of_contact

WHOM = {
    Purpose.INVITATION: [Rsvp.DRAFT],
    Purpose.REMINDER: [Rsvp.INVITED],
    Purpose.DETAILS: [Rsvp.ACCEPTED],
}


@transaction.atomic
def begin_mailing(event: Event, purpose: str, *, by: User) -> Mailing:
    """A draft to those of the list whom it concerns; a reminder goes to the silent alone. Raises WrongState."""
    guests = event.invitations.visible_to(by).filter(contact__isnull=False)
    guests = guests.filter(rsvp__in=WHOM[purpose])
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
    EventMailing.objects.create(event=event, mailing=mailing, purpose=purpose)
    set_audience(mailing, {"pick": picked}, by=by)
    log("events.mailing.begun", event, by=by, mailing=mailing.title)
    return mailing


def reopen_mailings(event: Event, *, by: User) -> None:
    """The event is another than the one that was approved: its mailings that have not left are to be approved anew."""
    for one in event.mailings.select_related("mailing"):
        one.mailing.hold()
        if one.mailing.is_editable:
            reopen(one.mailing, by=by)


class InvitationCompanion:
    """What an event gives to its mailings: facts to approve, a link and a calendar for each reader."""

    def said(self, mailing: Mailing) -> object:
        bond = _bond(mailing)
        if bond is None or not bond.asks:
            return None
        event = bond.event
        moments = [event.starts_at.isoformat(), event.ends_at.isoformat()]
        return [event.pk, bond.purpose, event.title, *moments, event.place, event.is_discreet]

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

    def calendar(self, delivery: Delivery, to: str) -> Part | None:
        """The question for their calendar; not for who has answered already, nor after the event was called off."""
        guest = _guest(delivery)
        if guest is None or not guest.event.is_open or guest.rsvp not in {Rsvp.DRAFT, Rsvp.INVITED}:
            return None
        return for_guest(guest.event, guest, to=to)

    def left(self, delivery: Delivery) -> None:
        guest = _guest(delivery)
        if guest is None:
            return
        if guest.rsvp == Rsvp.DRAFT:
            move(guest, Rsvp.INVITED, BY_ITSELF)
        if guest.event.is_open:
            Invitation.objects.filter(pk=guest.pk, rsvp=Rsvp.INVITED).update(is_in_calendar=True)


def _bond(mailing: Mailing) -> EventMailing | None:
    return EventMailing.objects.select_related("event__venue").filter(mailing=mailing.pk).first()


def _guest(delivery: Delivery) -> Invitation | None:
    """The invitation that a letter is about; of other letters there is none."""
    if delivery.mailing.kind != Mailing.Kind.INVITATION or delivery.contact_id is None:
        return None
    bond = _bond(delivery.mailing)
    if bond is None or not bond.asks:
        return None
    guests = Invitation.objects.select_related("event__venue").filter(event=bond.event_id)
    return guests.filter(contact=delivery.contact_id).first()
