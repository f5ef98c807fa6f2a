"""What a change of many does to each, and how that is put back: the number of queries never grows with contacts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import User

from ..models import Contact, Segment, SegmentMember, Tag, Topic, forget_count
from ..states import BulkAction, Scope
from .stops import add_rule_to_each, withdraw


class Kind(Protocol):
    """One kind of change. `put` returns who was changed, with what was there before; `put_back` returns how many."""

    def put(self, keys: list[int]) -> dict[int, object]: ...

    def put_back(self, before: dict[int, object]) -> int: ...


@dataclass(frozen=True)
class Column:
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
class PutAway(Column):
    """Away since a moment, or back where there is none; the moments before are kept as text."""

    def put(self, keys: list[int]) -> dict[int, object]:
        there = Contact.objects.filter(pk__in=keys, archived_at__isnull=self.value is not None)
        before = super().put(list(there.values_list("pk", flat=True)))
        return {key: moment and moment.isoformat() for key, moment in before.items()}

    def put_back(self, before: dict[int, object]) -> int:
        return super().put_back({key: moment and parse_datetime(moment) for key, moment in before.items()})


@dataclass(frozen=True)
class Label:
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
class Membership:
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
class Stop:
    scope: str
    by: User
    reason: str = ""

    def put(self, keys: list[int]) -> dict[int, object]:
        rules = add_rule_to_each(keys, scope=self.scope, reason=self.reason, by=self.by)
        return {rule.contact_id: rule.pk for rule in rules}

    def put_back(self, before: dict[int, object]) -> int:
        return withdraw(before.values(), by=self.by)


def written(action: str, value: object) -> dict[str, object]:
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


def kind_of(action: str, what: Mapping[str, object], *, author: User, reason: str = "") -> Kind:
    (given,) = what.values()
    match action:
        case BulkAction.TAG | BulkAction.UNTAG:
            return Label("tags", given, adds=action == BulkAction.TAG)
        case BulkAction.TOPIC:
            return Label("topics", given)
        case BulkAction.LIST:
            return Membership(given, author)
        case BulkAction.STOP:
            return Stop(Scope(given), author, reason)
        case BulkAction.ARCHIVE | BulkAction.RESTORE:
            return PutAway("archived_at", given and parse_datetime(given))
    return Column({BulkAction.OWNER: "owner_id"}.get(action, action), given)
