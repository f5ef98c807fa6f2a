"""What is counted or gathered from all the people that somebody may see, and remembered for a minute."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache

from accounts.models import User
from accounts.roles import Right

from .contact import Contact
from .rules import of_criterion
from .segments import Segment

_SECONDS = 60
# Who sees internal contacts, and who people of banned organisations.
_VIEWS = ("00", "01", "10", "11")


@dataclass(frozen=True)
class Counted:
    """A segment with its number, or without one that a page would have to wait for."""

    segment: Segment
    count: int | None = None


def known_counts(segments: Iterable[Segment], *, by: User) -> dict[int, int]:
    """The numbers that were counted within the last minute; asks the cache alone."""
    keys = {_key(segment, by): segment.pk for segment in segments}
    return {keys[key]: count for key, count in cache.get_many(keys).items()}


def counts(segments: Iterable[Segment], *, by: User) -> dict[int, int]:
    """The number of every segment: one query for each that was not counted lately."""
    segments = list(segments)
    found = known_counts(segments, by=by)
    for segment in segments:
        if segment.pk not in found:
            found[segment.pk] = people_of(segment, by=by).count()
            cache.set(_key(segment, by), found[segment.pk], _SECONDS)
    return found


def cities(by: User) -> list[str]:
    """The cities of those whom somebody may see, each once, in order; of one organisation's people always anew."""
    visible = Contact.objects.visible_to(by)
    if not by.may(Right.CONTACTS_VIEW):
        return list(visible.cities())
    return cache.get_or_set(f"crm.cities:{_view(by)}", lambda: list(visible.cities()), _SECONDS)


def people_of(segment: Segment, *, by: User):
    """Whom the contact list shows for this segment: nobody who was put away."""
    return Contact.objects.visible_to(by).active().filter(of_criterion("segment", [str(segment.pk)])).order_by()


def forget_count(segment: Segment) -> None:
    """After somebody was put on a list, or taken off it, the next page counts anew."""
    cache.delete_many([_name(segment, view) for view in _VIEWS])


def forget_every_count() -> None:
    """After a change that may put somebody into any segment, or out of it."""
    cache.delete_many([_name(segment, view) for segment in Segment.objects.all() for view in _VIEWS])


def _key(segment: Segment, by: User) -> str:
    return _name(segment, _view(by))


def _view(by: User) -> str:
    return f"{by.may(Right.CONTACTS_INTERNAL):d}{by.may(Right.CONTACTS_RESTRICTED):d}"


def _name(segment: Segment, view: str) -> str:
    """A rule that was changed has another name, so that its old number is not shown."""
    rule = hashlib.sha256(json.dumps(segment.rule, sort_keys=True).encode()).hexdigest()[:16]
    return f"crm.segment:{segment.pk}:{rule}:{view}"
