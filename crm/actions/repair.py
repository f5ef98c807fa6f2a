"""Put right what was typed or imported and could not be read, or take it away."""

from datetime import date

from django.db import transaction

from audit.log import log
from core.sealing import blind

from ..models import Contact, EmailAddress, Phone, Unread
from ..states import Unreadable
from .stops import apply_remembered

_WAYS = {Unreadable.EMAIL: EmailAddress, Unreadable.PHONE: Phone}


@transaction.atomic
def repair(unread: Unread, value: list[str] | tuple[int, int] | date, *, by: object) -> Contact:
    """Keep what was meant where it belongs: addresses or numbers, day and month of the birthday, or a date."""
    contact = Contact.objects.select_for_update().get(pk=unread.contact_id)
    if unread.field in _WAYS:
        _add_ways(_WAYS[unread.field], contact, value)
        apply_remembered(contact, map(blind, value), by=by)
    elif unread.field == Unreadable.BIRTHDAY:
        contact.birth_day, contact.birth_month = value
    else:
        contact.basis_on = value
    contact.save(update_fields=["birth_day", "birth_month", "basis_on"])
    unread.delete()
    _count(contact)
    log("crm.contact.repaired", contact, by=by, field=unread.field)
    return contact


@transaction.atomic
def remove_unread(unread: Unread, *, by: object) -> None:
    """It meant nothing. The text is gone for good."""
    contact = unread.contact
    unread.delete()
    _count(contact)
    log("crm.contact.unread_removed", contact, by=by, field=unread.field)


def _add_ways(model: type[EmailAddress] | type[Phone], contact: Contact, texts: list[str]) -> None:
    """After those that are there; one that is there already stays the one it is."""
    known = list(model.objects.filter(contact=contact).values_list("key", flat=True))
    fresh = [text for text in texts if blind(text) not in known]
    for rank, text in enumerate(fresh, start=len(known)):
        model.of(contact, text, rank).save()


def _count(contact: Contact) -> None:
    changed = Contact.objects.filter(pk=contact.pk)
    changed.count_save()
    changed.reindex()
