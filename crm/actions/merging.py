"""Make two cards of one person one, and two again for as long as that can be undone."""

import base64
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Right
from audit.changes import difference, snapshot
from audit.log import log
from audit.models import WORKER
from core.sealing import seal, unseal
from crm.matching import fields, record
from crm.matching.moving import move

from ..models import SEALED_TEXTS, Contact, Distinct, Merge, forget_every_count
from .sealing import keep_rows, remove_traces

_PHOTOS = Contact._meta.get_field("photo").storage
# What the journal compares: no way to reach anybody, and of a note nothing.
_TOLD = ["name", "sensitivity", "kind", "languages", "city", "region", "basis", "basis_on", "archived_at"]

# Rows that name these `contacts` go to another card or come back: sent before anything is held, so that rooms above
# hold first what they lock first everywhere else.
rows_change = Signal()


class Refused(Exception):
    """Nothing was changed; the message is for the person who asked."""


@dataclass
class Split:
    """Two cards again: what could not be put back, and what stays on the first one since somebody changed it."""

    contact: Contact
    skipped: int = 0
    stayed: list[str | Promise] = field(default_factory=list)


@transaction.atomic
def merge(keep: Contact, drop: Contact, choices: Mapping[str, str] | None = None, *, by: User) -> Merge:
    """Put everything of `drop` on `keep`; `choices` say per field which answer stays. The stricter rule wins.

    Raises Refused, and PermissionDenied for who may not edit both.
    """
    choices = choices or {}
    rows_change.send(Contact, contacts=[keep.pk, drop.pk])
    keep, drop = _both(keep.pk, drop.pk, by=by)
    if choices.get("basis") and fields.needs_proof(keep, drop, choices["basis"]):
        raise Refused(_("The stronger basis has no proof. Nothing was changed: write its proof on the card first."))
    told, before, pictures = snapshot(keep, _TOLD), record.take([keep.pk, drop.pk]), [keep.photo.name, drop.photo.name]
    was_mixed = keep.is_sealed != drop.is_sealed
    move(drop, keep, choices)
    fields.fill(keep, drop, choices)
    log("crm.contact.merged_away", drop, by=by, into=keep.pk)
    dropped, name = drop.pk, drop.name
    drop.delete()
    keep.revision += 1
    keep.save()
    _settle(keep)
    if was_mixed:
        remove_traces(keep)
    stored = {
        "changes": [vars(change) for change in record.difference(before, record.take([keep.pk]))],
        "pictures": _put_away(pictures, keep),
        "level": keep.sensitivity,
    }
    made = Merge.objects.create(kept=keep, dropped=dropped, dropped_name=name, record=seal(json.dumps(stored)), by=by)
    after = snapshot(keep, _TOLD)
    log(
        "crm.contact.merged", keep, by=by, changes=difference(told, after), dropped=dropped, rows=len(stored["changes"])
    )
    return made


@transaction.atomic
def unmerge(merge: Merge, *, by: User) -> Split:
    """Bring the dropped card back with all that was its own. What came to the kept one since stays there.

    Raises Refused, PermissionDenied, and CannotUnseal where the key is not on this machine.
    """
    rows_change.send(Contact, contacts=[merge.kept_id])
    kept = _one(merge.kept_id, by=by)
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    _refuse_to_undo(merge, kept)
    stored = json.loads(unseal(merge.record))
    changes = [record.Change(**change) for change in stored["changes"]]
    cards = {change.pk: change for change in changes if change.label == Contact._meta.label}
    split = Split(_restored(cards.pop(merge.dropped).before, stored["level"], kept), stayed=_turn_back(kept, cards))
    rows = [change for change in changes if change.label != Contact._meta.label]
    # Rows that went come first: others may belong to them.
    for change in sorted(rows, key=lambda change: change.after is not None):
        split.skipped += not record.put_back(change)
    _repeat_stop_rules(merge, kept, split.contact)
    _settle(kept, split.contact)
    _bring_pictures(stored["pictures"], [kept, split.contact])
    Merge.objects.filter(pk=merge.pk).update(undone_at=timezone.now(), undone_by=by, record="")
    log("crm.contact.split", kept, by=by, contact=merge.dropped, skipped=split.skipped)
    log("crm.contact.restored", split.contact, by=by, was_in=kept.pk)
    return split


@transaction.atomic
def call_different(first: Contact, second: Contact, *, by: User) -> Distinct:
    """Remember that these are two people; saying it twice is saying it once."""
    first, second = _both(*sorted([first.pk, second.pk]), by=by)
    made, is_news = Distinct.objects.get_or_create(first=first, second=second, defaults={"by": by})
    if is_news:
        log("crm.contacts.distinct", first, by=by, other=second.pk)
    return made


@transaction.atomic
def forget_difference(distinct: Distinct, *, by: User) -> None:
    """Let the pair be offered again."""
    log("crm.contacts.distinct_forgotten", distinct.first, by=by, other=distinct.second_id)
    distinct.delete()


@transaction.atomic
def forget() -> int:
    """Empty the records of merges that can be undone no more. Return how many."""
    count = Merge.objects.forgettable().update(record="")
    if count:
        log("crm.merges.forgotten", by=WORKER, count=count)
    return count


def _both(keep: int, drop: int, *, by: User) -> tuple[Contact, Contact]:
    """The two cards, held; always in the same order, so that two people who merge them wait for each other."""
    if keep == drop:
        raise Refused(_("This is one card. Choose another one to merge it with."))
    held = Contact.objects.visible_to(by).select_for_update().order_by("pk")
    found = {contact.pk: contact for contact in held.filter(pk__in=[keep, drop])}
    if len(found) < 2:
        raise Refused(_("One of these cards is not there any more. Perhaps somebody has just merged it."))
    for contact in found.values():
        _may_edit(contact, by)
    if found[keep].is_post != found[drop].is_post:
        raise Refused(_("One card is of a person, the other one of a post. They cannot become one."))
    return found[keep], found[drop]


def _one(pk: int, *, by: User) -> Contact:
    contact = Contact.objects.visible_to(by).select_for_update().filter(pk=pk).first()
    if contact is None:
        raise Refused(_("This card is not there any more."))
    _may_edit(contact, by)
    return contact


def _may_edit(contact: Contact, by: User) -> None:
    if not by.may(Right.CONTACTS_EDIT) or contact.is_sealed and not by.may(Right.CONTACTS_SEALED):
        raise PermissionDenied


def _refuse_to_undo(merge: Merge, kept: Contact) -> None:
    if merge.undone_at:
        raise Refused(_("Somebody has split these cards already."))
    if not merge.can_be_undone or not merge.record:
        raise Refused(_("The time to split these cards has run out: what that needs is not kept any more."))
    # Each record tells what its merge changed on the card as it then was.
    later = Merge.objects.in_force().filter(kept=kept, pk__gt=merge.pk).order_by("-pk").first()
    if later:
        raise Refused(
            _("“%(name)s” was merged into this card later. Split that one first.") % {"name": later.dropped_name}
        )


def _settle(*contacts: Contact) -> None:
    """What hangs on the cards is kept as they are, search finds them by what they have now, and segments count anew."""
    for contact in contacts:
        keep_rows(contact)
    Contact.objects.filter(pk__in=[contact.pk for contact in contacts]).reindex()
    transaction.on_commit(forget_every_count)


def _put_away(pictures: list[str], kept: Contact) -> dict[str, str]:
    """Photos that no card shows any more go into the record, and with it; their files go at once."""
    put_away = {}
    for name in {*pictures} - {"", kept.photo.name}:
        with suppress(FileNotFoundError), _PHOTOS.open(name) as file:
            put_away[name] = base64.b64encode(file.read()).decode()
        transaction.on_commit(lambda name=name: _PHOTOS.delete(name))
    return put_away


def _bring_pictures(pictures: Mapping[str, str], contacts: list[Contact]) -> None:
    for name in {contact.photo.name for contact in contacts} & set(pictures):
        content = base64.b64decode(pictures[name])
        transaction.on_commit(lambda name=name, content=content: _PHOTOS.save(name, ContentFile(content)))


def _restored(plain: record.Values, level: str, kept: Contact) -> Contact:
    """The dropped card to the letter; where the kept one was made more careful since the merge, this one is, too."""
    contact = Contact(**record.written(Contact, plain))
    if fields.is_stricter(kept.sensitivity, level):
        contact.sensitivity = fields.stricter(kept, contact)
    contact.keep({name: plain.get(name, "") for name in SEALED_TEXTS})
    if contact.is_sealed:
        contact.photo = ""
    contact.save_base(raw=True, force_insert=True)
    return contact


def _turn_back(kept: Contact, cards: Mapping[int, record.Change]) -> list[str | Promise]:
    """The kept card says again what it said, but for what somebody changed since. Return the names of that."""
    stayed = []
    if change := cards.get(kept.pk):
        now = record.card(kept)
        for name, columns in fields.columns().items():
            # A record knows nothing of columns that are younger than itself.
            if all(change.before.get(column) == change.after.get(column) for column in columns):
                continue
            if any(now[column] != change.after[column] for column in columns):
                stayed.append(fields.label(name))
                continue
            now |= {column: change.before[column] for column in columns}
        texts = {name: now.pop(name) for name in SEALED_TEXTS}
        for column, value in record.written(Contact, now).items():
            setattr(kept, column, value)
        kept.keep(texts)
    if kept.is_sealed:
        kept.photo = ""
    kept.revision += 1
    kept.save()
    return stayed


def _repeat_stop_rules(merge: Merge, kept: Contact, contact: Contact) -> None:
    """What was asked of us while the two were one holds for both: nobody knows which of them asked."""
    for rule in kept.stop_rules.in_force().filter(set_at__gt=merge.at).order_by("pk"):
        text, rule.pk, rule.contact = rule.reveal(), None, contact
        rule.keep(text)
        rule.save(force_insert=True)
