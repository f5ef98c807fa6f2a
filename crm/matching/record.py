"""What a merge changes, row by row, so that it can be taken back: the rows of every room that name a contact.

Rooms above are found through their foreign keys and need not be known here. Of sealed columns the record has the
text, for it is sealed as a whole, and outlives the seal keys of today.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, reduce
from operator import or_

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.db.models.fields.files import FieldFile

from core.fields import SealedField
from core.sealing import seal, unseal
from crm.models import SEALED_TEXTS, Contact, EmailAddress, Merge, Suppression

Values = dict[str, object]
Rows = dict[tuple[str, int], Values]
_TOKENS = {f"sealed_{name}" for name in SEALED_TEXTS}


@dataclass(frozen=True)
class Change:
    """One row before and after: whole for a card and where it went, else only the columns that differ."""

    label: str
    pk: int
    before: Values
    # None for a row that is no more.
    after: Values | None

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.label)


@cache
def references(target: type[models.Model] = Contact) -> dict[type[models.Model], list[str]]:
    """Every column of any room that names a contact, or a row of another table."""
    found = defaultdict(list)
    for relation in target._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            found[relation.related_model].append(relation.field.attname)
    return dict(found)


@cache
def uniques(model: type[models.Model], target: type[models.Model] = Contact) -> list[tuple[tuple[str, ...], Q]]:
    """What may be there once for each contact, or row of another table: the columns, and the condition on which."""
    names = [(tuple(columns), Q()) for columns in model._meta.unique_together]
    names += [
        (constraint.fields, constraint.condition or Q())
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
    ]
    names += [((field.name,), Q()) for field in model._meta.concrete_fields if field.unique and not field.primary_key]
    of_target = {model._meta.get_field(column).name for column in references(target)[model]}
    return [(columns, condition) for columns, condition in names if of_target & set(columns)]


def take(contacts: Iterable[int]) -> Rows:
    """The two cards and all rows that name them, held for this transaction: what differs later is our own doing."""
    keys, found = list(contacts), {}
    held = Contact.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    for contact in held:
        found[Contact._meta.label, contact.pk] = card(contact)
    for model, columns in references().items():
        found |= _rows(model, columns, keys)
    for model in [model for model in references() if uniques(model)]:
        lost = [pk for label, pk in found if label == model._meta.label]
        for dependant, columns in references(model).items():
            if dependant not in references():
                found |= _rows(dependant, columns, lost)
    ways = EmailAddress.objects.filter(contact__in=keys).values("key")
    return found | _rows(Suppression, ["key"], ways)


def _rows(model: type[models.Model], columns: list[str], keys: object) -> Rows:
    named = reduce(or_, (Q(**{f"{column}__in": keys}) for column in columns))
    held = model._base_manager.select_for_update().filter(named).order_by("pk")
    return {(model._meta.label, row.pk): values(row) for row in held}


def values(row: models.Model) -> Values:
    """A row as JSON can hold it."""
    # What undoing an earlier merge needs is nothing that a later one changes.
    left_out = {"record"} if isinstance(row, Merge) else set()
    return {
        field.attname: _plain(field, getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.attname not in left_out
    }


def card(contact: Contact) -> Values:
    """The card without what is computed, and with its texts as they read, sealed or not."""
    found = {name: value for name, value in values(contact).items() if name not in _TOKENS}
    return found | contact.reveal()


def _plain(field: models.Field, value: object) -> object:
    if isinstance(field, SealedField):
        return unseal(value) if value else ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, FieldFile):
        return value.name or ""
    return value if value is None or isinstance(value, bool | int | float | str | list | dict) else str(value)


def difference(before: Rows, after: Rows) -> list[Change]:
    """What became of the rows; that none was made is up to the caller."""
    changes = []
    for (label, pk), was in before.items():
        now = after.get((label, pk))
        if now is None or label == Contact._meta.label:
            changes.append(Change(label, pk, was, now))
        elif differs := [name for name in was if was[name] != now[name]]:
            changes.append(Change(label, pk, {n: was[n] for n in differs}, {n: now[n] for n in differs}))
    return changes


def written(model: type[models.Model], plain: Values) -> Values:
    """Values of a record as columns take them."""
    found = {}
    for name, value in plain.items():
        field = model._meta.get_field(name)
        found[name] = (seal(value) if value else "") if isinstance(field, SealedField) else field.to_python(value)
    return found


def put_back(change: Change) -> bool:
    """Bring one row, other than a card, back to what it was. Return whether it could be done.

    What somebody changed since stays as it is now.
    """
    try:
        with transaction.atomic():
            return _bring_back(change) if change.after is None else _turn_back(change)
    except IntegrityError:
        return False


def _bring_back(change: Change) -> bool:
    """Insert a row that went, to the letter, unless something it belongs to is gone."""
    row = change.model(**written(change.model, change.before))
    for field in change.model._meta.concrete_fields:
        if field.is_relation and not _is_there(field, getattr(row, field.attname)):
            if not field.null:
                return False
            setattr(row, field.attname, None)
    # Raw: moments that are set by themselves stay what they were.
    row.save_base(raw=True, force_insert=True)
    return True


def _turn_back(change: Change) -> bool:
    """References to contacts go back one by one, other columns together or not at all: some only fit each other."""
    row = change.model._base_manager.select_for_update().filter(pk=change.pk).first()
    if row is None or _would_show(row):
        return False
    now, named = values(row), references().get(change.model, [])
    moved = {name for name in change.before if name in named and now[name] == change.after[name]}
    others = {name for name in change.before if name not in named}
    if any(now[name] != change.after[name] for name in others):
        others = set()
    plain = {name: change.before[name] for name in moved | others}
    for name in others:
        field = change.model._meta.get_field(name)
        if field.is_relation and not _is_there(field, plain[name]):
            plain[name] = None
    if plain:
        change.model._base_manager.filter(pk=row.pk).update(**written(change.model, plain))
    return moved == set(named) & set(change.before)


def _is_there(field: models.Field, key: object) -> bool:
    return key is None or field.remote_field.model._base_manager.filter(**{field.target_field.attname: key}).exists()


def _would_show(row: models.Model) -> bool:
    """Whether the row is of an address that is kept sealed by now."""
    return isinstance(row, Suppression) and EmailAddress.objects.filter(key=row.key).exclude(sealed="").exists()
