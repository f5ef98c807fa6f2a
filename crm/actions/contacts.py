"""Add or change a contact with all that hangs on it."""

from collections.abc import Mapping

from django.db import transaction

from audit.changes import difference, snapshot
from audit.log import log
from core import addresses

from ..models import Contact, EmailAddress, Organisation, Phone, Position

_FIELDS = ["name", "given_name", "kind", "languages", "city", "basis", "basis_on", "source", "note"]


@transaction.atomic
def save_contact(contact: Contact, *, ways: Mapping[str, object], by: object) -> Contact:
    """Save a contact and replace its ways to reach by `ways`: emails, phones, organisation, title."""
    added = contact.pk is None
    before = None if added else _as_it_is(contact.pk)
    contact.save()
    _replace_emails(contact, ways["emails"])
    contact.phones.all().delete()
    Phone.objects.bulk_create(
        Phone(contact=contact, number=number, rank=rank) for rank, number in enumerate(ways["phones"])
    )
    _set_position(contact, ways["organisation"], ways["title"])
    # Read again: what was prefetched before is no longer so.
    contact = Contact.objects.for_list().get(pk=contact.pk)
    contact.index_for_search()
    contact.save()
    if added:
        log("crm.contact.added", contact, by=by)
    else:
        log("crm.contact.changed", contact, by=by, changes=difference(before, _as_it_is(contact.pk)))
    return contact


def _as_it_is(pk: int) -> dict[str, object]:
    """What the journal compares: the fields and ways to reach that stand in the database now."""
    contact = Contact.objects.for_list().get(pk=pk)
    position = next(iter(contact.positions.all()), None)
    return snapshot(contact, _FIELDS) | {
        "emails": [email.address for email in contact.emails.all()],
        "phones": [phone.number for phone in contact.phones.all()],
        "organisation": position.organisation.name if position else "",
        "title": position.title if position else "",
    }


def _replace_emails(contact: Contact, typed: list[str]) -> None:
    unique = {addresses.key(address): address for address in reversed(typed)}
    contact.emails.all().delete()
    ranked = sorted(unique.items(), key=lambda item: typed.index(item[1]))
    EmailAddress.objects.bulk_create(
        EmailAddress(contact=contact, address=address, key=key, rank=rank) for rank, (key, address) in enumerate(ranked)
    )


def _set_position(contact: Contact, organisation: str, title: str) -> None:
    """The form shows the first position and changes that one; the others stay, in their order."""
    first = contact.positions.first()
    if not organisation:
        if first:
            first.delete()
        return
    first = first or Position(contact=contact)
    first.organisation, first.title = Organisation.objects.named(organisation), title
    contact.positions.filter(organisation=first.organisation).exclude(pk=first.pk).delete()
    first.save()
