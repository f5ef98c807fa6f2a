"""Add or change a contact with all that hangs on it."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from accounts.roles import Right
from audit.changes import difference, snapshot
from audit.log import log
from core import addresses

from ..models import Contact, EmailAddress, Organisation, Phone, Position
from ..permissions import levels_for
from ..states import Sensitivity
from .sealing import keep_texts, remove_traces
from .stops import apply_remembered

_FIELDS = ["name", "sensitivity", "given_name", "kind", "languages", "city", "basis", "basis_on", "source", "note"]


@transaction.atomic
def save_contact(contact: Contact, *, ways: Mapping[str, object], by: object) -> Contact:
    """Save a contact and replace its ways to reach by `ways`: emails, phones, organisation, title, perhaps note.

    Raises PermissionDenied where `by` may not keep it as carefully as asked: see crm.permissions.
    """
    added = contact.pk is None
    before = None if added else _as_it_is(contact.pk)
    present = before and before["sensitivity"]
    sees_sealed = isinstance(by, User) and by.may(Right.CONTACTS_SEALED)
    if contact.sensitivity not in levels_for(present, sees_sealed=sees_sealed):
        raise PermissionDenied
    contact.keep_note(ways["note"] if "note" in ways else contact.reveal_note())
    contact.save()
    _replace_emails(contact, ways["emails"])
    contact.phones.all().delete()
    Phone.objects.bulk_create(Phone.of(contact, number, rank) for rank, number in enumerate(ways["phones"]))
    _set_position(contact, ways["organisation"], ways["title"])
    apply_remembered(contact, [way.key for way in [*contact.emails.all(), *contact.phones.all()]], by=by)
    # Read again: what was prefetched before is no longer so.
    contact = Contact.objects.with_everything().get(pk=contact.pk)
    contact.index_for_search()
    contact.save()
    if present is not None and present != contact.sensitivity:
        keep_texts(contact)
    if contact.is_sealed:
        remove_traces(contact)
    if added:
        log("crm.contact.added", contact, by=by)
    else:
        _log_changes(contact, before, by=by)
    return contact


def _log_changes(contact: Contact, before: dict[str, object], *, by: object) -> None:
    """Of a contact that is or was sealed the journal keeps no way to reach it, not even masked."""
    after = _as_it_is(contact.pk)
    levels = [before.pop("sensitivity"), after.pop("sensitivity")]
    if Sensitivity.SEALED in levels:
        for name in ("emails", "phones", "note"):
            del before[name], after[name]
    log("crm.contact.changed", contact, by=by, changes=difference(before, after))
    if levels[0] != levels[1]:
        log("crm.contact.sensitivity", contact, by=by, changes={"sensitivity": levels})


def _as_it_is(pk: int) -> dict[str, object]:
    """What the journal compares: the fields and ways to reach that stand in the database now."""
    contact = Contact.objects.for_list().select_for_update().get(pk=pk)
    position = contact.position
    return snapshot(contact, _FIELDS) | {
        "emails": [email.address for email in contact.emails.all()],
        "phones": [phone.number for phone in contact.phones.all()],
        "organisation": position.organisation.name if position else "",
        "title": position.title if position else "",
    }


def _replace_emails(contact: Contact, typed: list[str]) -> None:
    unique = {addresses.key(address): address for address in reversed(typed)}
    contact.emails.all().delete()
    ranked = sorted(unique.values(), key=typed.index)
    EmailAddress.objects.bulk_create(EmailAddress.of(contact, address, rank) for rank, address in enumerate(ranked))


def _set_position(contact: Contact, organisation: str, title: str) -> None:
    """The form shows the first current position and changes that one; the others stay, in their order."""
    current = contact.positions.current()
    first = current.first()
    if not organisation:
        if first:
            first.delete()
        return
    first = first or Position(contact=contact)
    first.organisation, first.title = Organisation.objects.named(organisation), title
    current.filter(organisation=first.organisation).exclude(pk=first.pk).delete()
    first.save()
