"""Erase a person for good. What must not be written to them survives, as keys that nobody can read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import CASCADE, Q

from accounts.models import User
from accounts.roles import Right
from audit.log import log
from core.addresses import codes_alone

from ..models import (
    BulkChange,
    Contact,
    EmailAddress,
    ImportBatch,
    ImportRow,
    Merge,
    StopRule,
    Suppression,
)
from ..states import Scope
from .photos import put_photo
from .sealing import empty_the_log, forget_pairs
from .stops import remember


class Refused(Exception):
    """Nothing was erased; the message is for the person who asked."""


@dataclass(frozen=True)
class Holder:
    """A room above that keeps rows about contacts. `forget` empties them, or raises Refused while they are in use."""

    title: str
    count: Callable[[Contact], int]
    forget: Callable[[Contact], None]


_holders: list[Holder] = []


def register(holder: Holder) -> None:
    _holders.append(holder)


def goes(contact: Contact) -> list[tuple[str, int]]:
    """What is deleted with a person, and how many rows of each."""
    counts: dict[str, int] = {}
    for model, condition in _own_rows(contact):
        title = str(model._meta.verbose_name_plural)
        counts[title] = counts.get(title, 0) + model.objects.filter(condition).distinct().count()
    return [(title, count) for title, count in counts.items() if count]


def is_emptied(contact: Contact) -> list[tuple[str, int]]:
    """Which rows stay as numbers, without the person: how many of each."""
    rows = [(str(ImportRow._meta.verbose_name_plural), ImportRow.objects.filter(contact=contact).count())]
    rows += [(str(holder.title), holder.count(contact)) for holder in _holders]
    return [(title, count) for title, count in rows if count]


def _own_rows(contact: Contact) -> Iterator[tuple[type, Q]]:
    """Each model whose rows go with the contact, and which rows: found from the models, so that none is forgotten."""
    conditions: dict[type, Q] = {Merge: Q(dropped=contact.pk)}
    for relation in Contact._meta.get_fields(include_hidden=True):
        is_row = relation.auto_created and not relation.concrete and relation.related_model._meta.auto_created is False
        if is_row and getattr(relation, "on_delete", None) is CASCADE:
            condition = Q(**{relation.field.name: contact})
            conditions[relation.related_model] = conditions.get(relation.related_model, Q()) | condition
    return iter(conditions.items())


def uploads_of(contact: Contact) -> list[ImportBatch]:
    """The lists a person was imported from, whose files are still there. Their cells cannot be erased one by one."""
    of_contact = ImportRow.objects.filter(contact=contact).order_by().values("batch")
    return list(ImportBatch.objects.filter(pk__in=of_contact).exclude(file=""))


@transaction.atomic
def erase(contact: Contact, *, never_again: bool, uploads: bool, by: User) -> None:
    """Delete a person with all that hangs on them, and take their traces out of everything else. Raises Refused.

    `never_again` keeps a rule that whoever comes with one of their addresses is not written to; `uploads` deletes the
    files of the lists they came from.
    """
    if not by.may(Right.CONTACTS_ERASE):
        raise PermissionDenied
    contact = Contact.objects.select_for_update().with_everything().get(pk=contact.pk)
    rows = sum(count for _title, count in [*goes(contact), *is_emptied(contact)])
    if never_again:
        StopRule.objects.create(contact=contact, scope=Scope.EVERYTHING, set_by=by)
    remember(contact)
    _empty_rules(contact)
    for holder in _holders:
        holder.forget(contact)
    put_photo(contact, None)
    files = _without_file(uploads_of(contact)) if uploads else []
    _empty_imports(contact)
    _empty_stop_list(contact)
    _empty_bulk_changes(contact)
    Merge.objects.filter(dropped=contact.pk).delete()
    # The name is not in the entry; the number says which card it was to whoever has it on paper.
    log("crm.contact.erased", by=by, number=contact.pk, rows=rows, never_again=never_again, uploads=uploads)
    contact.delete()
    transaction.on_commit(lambda: _delete_files(files))
    transaction.on_commit(empty_the_log)


def _empty_rules(contact: Contact) -> None:
    """What is remembered stays without a word; a rule that is over, or that no key could ever find, goes."""
    in_force = contact.stop_rules.in_force().values("pk")
    contact.stop_rules.filter(~Q(pk__in=in_force) | Q(keys=None)).delete()
    contact.stop_rules.update(text="", sealed_text="")


def _without_file(batches: list[ImportBatch]) -> list:
    """The files of these batches, which name them no more."""
    files = [batch.file for batch in batches]
    named = ImportBatch.objects.filter(pk__in=[batch.pk for batch in batches])
    named.update(file="")
    named.filter(committed_at=None).update(found={})
    return files


def _delete_files(files: list) -> None:
    for file in files:
        file.storage.delete(file.name)


def _empty_imports(contact: Contact) -> None:
    """The person's rows lose name and all they say; what another row says that quotes the person goes, too."""
    words, empty = _words(contact), {"remarks": [], "changes": [], "proposals": []}
    of_person = Q(contact=contact) | Q(contact=None, name__in=words)
    ImportRow.objects.filter(of_person).update(name="", **empty)
    telling = ImportRow.objects.exclude(**empty).only(*empty)
    quoting = [
        row.pk
        for row in telling.iterator()
        if any(word in _text([row.remarks, row.changes, row.proposals]) for word in words)
    ]
    ImportRow.objects.filter(pk__in=quoting).update(**empty)
    forget_pairs(contact, words)


def _words(contact: Contact) -> set[str]:
    """How others may quote the person. Of a sealed one addresses are quoted nowhere."""
    names = {contact.name, *map(str, contact.names.all())}
    return (
        names | {email.address for email in contact.emails.all()} | {one.number for one in contact.phones.all()}
    ) - {""}


def _text(value: object) -> str:
    """Every text of a JSON value, one below the other."""
    if isinstance(value, dict):
        value = [*value.values()]
    return "\n".join(map(_text, value)) if isinstance(value, list) else str(value)


def _empty_stop_list(contact: Contact) -> None:
    """Entries stay as keys; the address of a shared mailbox stays readable as long as somebody else has it."""
    keys = [email.key for email in contact.emails.all()]
    shared = EmailAddress.objects.filter(key__in=keys).exclude(contact=contact).values_list("key", flat=True)
    for entry in Suppression.objects.filter(key__in=keys):
        is_bounce = entry.reason in Suppression.OF_SERVERS
        entry.evidence = codes_alone(entry.evidence) if is_bounce else ""
        entry.address = entry.address if entry.key in shared else ""
        entry.save()


def _empty_bulk_changes(contact: Contact) -> None:
    """What undoing a change of many would give back to this one."""
    for change in BulkChange.objects.filter(before__has_key=str(contact.pk)):
        del change.before[str(contact.pk)]
        change.save(update_fields=["before"])
