"""One change to many contacts at once, and taking it back.

The number of queries grows with chunks of contacts, never with contacts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import User
from accounts.roles import Right
from audit.log import log

from ..models import BulkChange, Contact, Segment, SegmentMember, Tag, Topic, forget_count
from ..states import BulkAction, Scope, Sensitivity
from .stops import add_rule_to_each, withdraw

_CHUNK = 500
# A slip is noticed at once. What was meant is taken back where it is kept, by who may: a stop rule by a manager.
UNDO_FOR = timedelta(hours=1)
# Under which name the journal keeps what was given, so that it is told in words later.
_TOLD = {BulkAction.REGION: "region", BulkAction.STOP: "scope"}


class CannotUndo(Exception):
    """Somebody else's change, or one too old, or undone already."""


@dataclass(frozen=True)
class Outcome:
    """What came of it: the change, if anybody was changed, and how many sealed contacts were left alone."""

    change: BulkChange | None
    sealed: int


class _Kind(Protocol):
    """One kind of change. `put` returns who was changed, with what was there before; `put_back` returns how many."""

    def put(self, keys: list[int]) -> dict[int, object]: ...

    def put_back(self, before: dict[int, object]) -> int: ...


@dataclass(frozen=True)
class _Column:
    name: str
    value: object

    def put(self, keys: list[int]) -> dict[int, object]:
        others = Contact.objects.select_for_update().filter(pk__in=keys).exclude(**{self.name: self.value})
        before = dict(others.order_by("pk").values_list("pk", self.name))
        Contact.objects.filter(pk__in=before).count_save(**{self.name: self.value})
        return before

    def put_back(self, before: dict[int, object]) -> int:
        """Who has another value by now was changed since, and keeps it."""
        keys_of: dict[object, list[int]] = {}
        for key, value in before.items():
            keys_of.setdefault(value, []).append(key)
        ours = Contact.objects.filter(**{self.name: self.value})
        return sum(ours.filter(pk__in=keys).count_save(**{self.name: value}) for value, keys in keys_of.items())


@dataclass(frozen=True)
class _PutAway(_Column):
    """Away since a moment, or back where there is none; the moments before are kept as text."""

    def put(self, keys: list[int]) -> dict[int, object]:
        there = Contact.objects.filter(pk__in=keys, archived_at__isnull=self.value is not None)
        before = super().put(list(there.values_list("pk", flat=True)))
        return {key: moment and moment.isoformat() for key, moment in before.items()}

    def put_back(self, before: dict[int, object]) -> int:
        return super().put_back({key: moment and parse_datetime(moment) for key, moment in before.items()})


@dataclass(frozen=True)
class _Label:
    relation: str
    label: int
    adds: bool = True

    def put(self, keys: list[int]) -> dict[int, object]:
        relation = getattr(Contact, self.relation)
        column = f"{relation.field.m2m_reverse_field_name()}_id"
        there = set(Contact.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))
        rows = relation.through.objects.filter(contact__in=there, **{column: self.label})
        having = set(rows.values_list("contact_id", flat=True))
        if self.adds:
            changed = there - having
            made = (relation.through(contact_id=key, **{column: self.label}) for key in changed)
            relation.through.objects.bulk_create(made, ignore_conflicts=True)
        else:
            changed = having
            rows.delete()
        Contact.objects.filter(pk__in=changed).count_save()
        return dict.fromkeys(changed)

    def put_back(self, before: dict[int, object]) -> int:
        return len(replace(self, adds=not self.adds).put(list(before)))


@dataclass(frozen=True)
class _Membership:
    segment: int
    by: User

    def put(self, keys: list[int]) -> dict[int, object]:
        self._count_anew()
        on_it = set(self._rows().filter(contact__in=keys).values_list("contact_id", flat=True))
        new = [key for key in keys if key not in on_it]
        rows = (SegmentMember(segment_id=self.segment, contact_id=key, added_by=self.by) for key in new)
        SegmentMember.objects.bulk_create(rows, ignore_conflicts=True)
        return dict.fromkeys(new)

    def put_back(self, before: dict[int, object]) -> int:
        self._count_anew()
        return self._rows().filter(contact__in=before, added_by=self.by).delete()[0]

    def _count_anew(self) -> None:
        if segment := Segment.objects.filter(pk=self.segment).first():
            transaction.on_commit(lambda: forget_count(segment))

    def _rows(self) -> QuerySet[SegmentMember]:
        return SegmentMember.objects.filter(segment=self.segment)


@dataclass(frozen=True)
class _Stop:
    scope: str
    by: User
    reason: str = ""

    def put(self, keys: list[int]) -> dict[int, object]:
        rules = add_rule_to_each(keys, scope=self.scope, reason=self.reason, by=self.by)
        return {rule.contact_id: rule.pk for rule in rules}

    def put_back(self, before: dict[int, object]) -> int:
        return withdraw(before.values(), by=self.by)


@transaction.atomic
def change_together(contacts: QuerySet[Contact], action: str, value: object, *, by: User, reason: str = "") -> Outcome:
    """Do one thing to all these contacts, whom `by` sees: `value` is a name, a row or a word, as the action needs.

    A sealed contact is left alone by who may not edit it.
    """
    mine = _editable(contacts, by)
    keys = list(mine.order_by("pk").values_list("pk", flat=True))
    outcome = Outcome(None, contacts.count() - len(keys))
    if not keys:
        return outcome
    what = _written(action, value)
    kind = _kind(action, what, by=by, reason=reason)
    before: dict[int, object] = {}
    for some in _chunks(keys):
        before |= kind.put(some)
    if not before:
        return outcome
    told = {_TOLD.get(action, "given"): str(value or "")}
    log("crm.contacts.changed_together", by=by, done=action, count=len(before), **told)
    change = BulkChange.objects.create(action=action, what=what, before=before, count=len(before), by=by)
    return replace(outcome, change=change)


@transaction.atomic
def take_back(change: BulkChange, *, by: User) -> int:
    """Give everybody back what was there before, but to who was changed since; return how many. Raises CannotUndo."""
    change = BulkChange.objects.select_for_update().get(pk=change.pk)
    if change.by_id != by.pk or change.undone_at or timezone.now() - change.at > UNDO_FOR:
        raise CannotUndo
    kind = _kind(change.action, change.what, by=by)
    before = {int(key): value for key, value in change.before.items()}
    restored = 0
    for some in _chunks(before):
        mine = _editable(Contact.objects.visible_to(by), by).filter(pk__in=some)
        restored += kind.put_back({key: before[key] for key in mine.order_by("pk").values_list("pk", flat=True)})
    change.undone_at, change.before = timezone.now(), {}
    change.save()
    log("crm.contacts.changed_back", by=by, done=change.action, count=restored)
    return restored


def _editable(contacts: QuerySet[Contact], by: User) -> QuerySet[Contact]:
    return contacts if by.may(Right.CONTACTS_SEALED) else contacts.exclude(sensitivity=Sensitivity.SEALED)


def _written(action: str, value: object) -> dict[str, object]:
    """What is given, as it is kept with the change. A tag or a topic comes as a name, and is made if there is none."""
    match action:
        case BulkAction.TAG | BulkAction.UNTAG:
            return {"tag": Tag.objects.named(value).pk}
        case BulkAction.TOPIC:
            return {"topic": Topic.objects.named(value).pk}
        case BulkAction.ARCHIVE:
            return {"archived_at": timezone.now().isoformat()}
        case BulkAction.RESTORE:
            return {"archived_at": None}
    return {action: value.pk if isinstance(value, Model) else value}


def _kind(action: str, what: Mapping[str, object], *, by: User, reason: str = "") -> _Kind:
    (given,) = what.values()
    match action:
        case BulkAction.TAG | BulkAction.UNTAG:
            return _Label("tags", given, adds=action == BulkAction.TAG)
        case BulkAction.TOPIC:
            return _Label("topics", given)
        case BulkAction.LIST:
            return _Membership(given, by)
        case BulkAction.STOP:
            return _Stop(Scope(given), by, reason)
        case BulkAction.ARCHIVE | BulkAction.RESTORE:
            return _PutAway("archived_at", given and parse_datetime(given))
    return _Column({BulkAction.OWNER: "owner_id"}.get(action, action), given)


def _chunks(keys: Iterable[int]) -> Iterator[list[int]]:
    keys = list(keys)
    return (keys[start : start + _CHUNK] for start in range(0, len(keys), _CHUNK))
