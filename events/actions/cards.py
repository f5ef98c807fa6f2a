"""A card for a guest who has none: then they get what guests with a card get, and stand in the list the next time."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.log import log
from core.phones import NotAPhone, parse
from core.sealing import CannotUnseal, unseal
from crm.actions.contacts import save_contact
from crm.models import Contact

from ..models import Invitation
from ..states import WrongState
from .answers import hold
from .knowing import contact_of


@transaction.atomic
def make_contact(guest: Invitation, *, by: User) -> None:
    """Put a colleague, an applicant or a walk-in into the contacts; who is there already by this address or telephone
    is taken for them. Raises WrongState.
    """
    event = hold(guest)
    if guest.contact_id or not guest.name:
        raise WrongState(_("There is nobody to put into the contacts. Nothing was changed."))
    email, phone = _ways(guest)
    known = contact_of(email, phone)
    if known and not Contact.objects.visible_to(by).filter(pk=known.pk).exists():
        known = None
    if known and event.invitations.filter(contact=known).exists():
        raise WrongState(_("This address is of a contact who stands on the list already. Nothing was changed."))
    text = guest.reveal()
    guest.contact = known or _new(guest, email, phone, by)
    guest.keep(text)
    # The address stands on the card now.
    guest.sealed_address = ""
    guest.save()
    log("events.guest.carded", guest, by=by, contact=guest.contact.pk)


def _ways(guest: Invitation) -> tuple[str, str]:
    """An e-mail address or a telephone number, as far as what they left is one."""
    try:
        reached = unseal(guest.sealed_address) if guest.sealed_address else ""
    except CannotUnseal:
        raise WrongState(_("The key that opens it is not here. Ask whoever looks after the server.")) from None
    if "@" in reached:
        return reached, ""
    try:
        return "", parse(reached)
    except NotAPhone:
        return "", ""


def _new(guest: Invitation, email: str, phone: str, by: User) -> Contact:
    """Its basis is not recorded yet, so that somebody looks."""
    contact = Contact(name=guest.name, languages=guest.language, source=guest.event.title)
    ways = {
        "emails": [email] if email else [],
        "phones": [phone] if phone else [],
        "organisation": guest.outlet_name,
        "title": "",
    }
    return save_contact(contact, ways=ways, by=by)
