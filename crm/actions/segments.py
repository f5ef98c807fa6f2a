"""Make, change and delete a segment, and put people on a fixed list."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.dispatch import Signal
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Right
from audit.changes import difference
from audit.log import log

from ..models import BulkChange, Contact, Segment, SegmentMember, forget_count
from ..models.wording import for_journal, keys_in

UNDO_DAYS = timedelta(days=30)
_DELETED = "segment"

# Sent with `segments` (keys) and `by` inside the transaction that changes a rule: these select other people now.
rule_changed = Signal()


class SegmentRefusal(Exception):
    """It cannot be done as asked. The message is for the person who asked."""


@dataclass(frozen=True)
class Use:
    """Where a segment is used. While a use holds it, the segment is not deleted."""

    segment: int
    title: str
    url: str
    holds: bool
    right: str


Finder = Callable[[set[int]], list[Use]]
_finders: list[Finder] = []


def register_use(find: Finder) -> None:
    """Rooms above say which of their records use some segments."""
    if find not in _finders:
        _finders.append(find)


def uses_of(segments: Iterable[int]) -> dict[int, list[Use]]:
    keys, found = set(segments), defaultdict(list)
    for find in _finders:
        for use in find(keys):
            found[use.segment].append(use)
    return found


def _other_segments(keys: set[int]) -> list[Use]:
    """Segments whose own rules name these."""
    return [
        Use(key, segment.name, reverse("crm:segment-detail", args=[segment.pk]), True, Right.CONTACTS_VIEW)
        for segment in Segment.objects.exclude(rule={})
        for key in sorted(keys & named_in(segment.rule))
    ]


register_use(_other_segments)


def named_in(rule: Mapping[str, list[str]]) -> set[int]:
    """The segments that a rule names."""
    return keys_in([*rule.get("segment", []), *rule.get("not_segment", [])])


@transaction.atomic
def save_segment(segment: Segment, *, by: User) -> Segment:
    """Raises SegmentRefusal for a rule that leads back to its own segment."""
    stored = Segment.objects.select_for_update().filter(pk=segment.pk).first()
    if stored is None:
        segment.made_by = by
    elif segment.pk in _reached(segment.rule):
        raise SegmentRefusal(_("This rule leads back to the segment itself. Take the segment out of its filter."))
    segment.save()
    changes = difference(_as_it_is(stored) if stored else {}, _as_it_is(segment))
    log("crm.segment.changed" if stored else "crm.segment.made", segment, by=by, changes=changes)
    if stored and stored.rule != segment.rule:
        rule_changed.send(Segment, segments=_containing(segment.pk), by=by)
    return segment


@transaction.atomic
def delete_segment(segment: Segment, *, by: User) -> BulkChange:
    """Raises SegmentRefusal while something uses it. What is returned brings it back: see restore_segment."""
    segment = Segment.objects.select_for_update().get(pk=segment.pk)
    if holding := [use.title for use in uses_of([segment.pk])[segment.pk] if use.holds]:
        words = _("“%(name)s” stays: it is used in %(where)s. Change them first.")
        where = ", ".join(f"“{title}”" for title in holding)
        raise SegmentRefusal(words % {"name": segment.name, "where": where})
    what = {name: getattr(segment, name) for name in ("pk", "name", "kind", "rule", "colour", "made_by_id")}
    members = segment.memberships.values_list("contact", "added_by", "added_at")
    kept = BulkChange.objects.create(
        action=_DELETED,
        what=what | {"made_at": segment.made_at.isoformat()},
        before={contact: [added_by, added_at.isoformat()] for contact, added_by, added_at in members},
        count=len(members),
        by=by,
    )
    log("crm.segment.deleted", segment, by=by, count=kept.count)
    segment.delete()
    return kept


def deleted_segments():
    """What can still be brought back."""
    return BulkChange.objects.filter(action=_DELETED, undone_at=None, at__gte=timezone.now() - UNDO_DAYS)


@transaction.atomic
def restore_segment(deleted: BulkChange, *, by: User) -> Segment:
    """The segment under its old number, with its people as far as they are still there. Raises SegmentRefusal."""
    deleted = BulkChange.objects.select_for_update().get(pk=deleted.pk)
    what = dict(deleted.what)
    if deleted.undone_at or Segment.objects.filter(pk=what["pk"]).exists():
        raise SegmentRefusal(_("It is back already."))
    if Segment.objects.filter(name=what["name"]).exists():
        words = _("Another segment is called “%(name)s” now. Rename that one first.")
        raise SegmentRefusal(words % {"name": what["name"]})
    made_at = datetime.fromisoformat(what.pop("made_at"))
    segment = Segment.objects.create(**what)
    Segment.objects.filter(pk=segment.pk).update(made_at=made_at)
    _put_back(segment, deleted.before)
    deleted.undone_at = timezone.now()
    deleted.save(update_fields=["undone_at"])
    log("crm.segment.restored", segment, by=by)
    return segment


@transaction.atomic
def add_member(segment: Segment, contact: Contact, *, by: User) -> bool:
    """Put somebody on a fixed list; whether they were not on it before. Raises SegmentRefusal for a rule."""
    _refuse_rule(segment)
    _member, is_new = SegmentMember.objects.get_or_create(segment=segment, contact=contact, defaults={"added_by": by})
    if is_new:
        log("crm.contact.listed", contact, by=by, segment=segment.name)
        transaction.on_commit(lambda: forget_count(segment))
    return is_new


@transaction.atomic
def remove_member(segment: Segment, contact: Contact, *, by: User) -> bool:
    _refuse_rule(segment)
    removed, _models = SegmentMember.objects.filter(segment=segment, contact=contact).delete()
    if removed:
        log("crm.contact.unlisted", contact, by=by, segment=segment.name)
        transaction.on_commit(lambda: forget_count(segment))
    return bool(removed)


def _refuse_rule(segment: Segment) -> None:
    if not segment.is_list:
        words = _("“%(name)s” follows a rule: nobody is put in or taken out by hand.")
        raise SegmentRefusal(words % {"name": segment.name})


def _as_it_is(segment: Segment) -> dict[str, object]:
    return {"name": segment.name, "colour": segment.colour, "kind": segment.kind, **for_journal(segment.rule)}


def _graph() -> dict[int, set[int]]:
    return {pk: named_in(rule) for pk, rule in Segment.objects.exclude(rule={}).values_list("pk", "rule")}


def _reached(rule: Mapping[str, list[str]]) -> set[int]:
    """Every segment that a rule reads, directly or through others."""
    graph, reached, waiting = _graph(), set(), named_in(rule)
    while waiting:
        reached |= waiting
        waiting = set().union(*(graph.get(key, set()) for key in waiting)) - reached
    return reached


def _containing(key: int) -> set[int]:
    """The segment and every other that reads it, directly or through others."""
    graph, found = _graph(), {key}
    while more := {other for other, named in graph.items() if named & found} - found:
        found |= more
    return found


def _put_back(segment: Segment, before: Mapping[str, list]) -> None:
    there = set(Contact.objects.order_by().values_list("pk", flat=True))
    members = [
        SegmentMember(segment=segment, contact_id=int(key), added_by_id=added_by)
        for key, (added_by, _added_at) in before.items()
        if int(key) in there
    ]
    SegmentMember.objects.bulk_create(members, batch_size=1000)
    # The day somebody was added is a day of then: auto_now_add has written today's.
    for member in members:
        member.added_at = datetime.fromisoformat(before[str(member.contact_id)][1])
    SegmentMember.objects.bulk_update(members, ["added_at"], batch_size=500)
