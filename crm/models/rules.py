"""What each criterion of crm.criteria means as a query. Every condition is on the contact's own row or `pk IN (…)`:
no join multiplies people, and conditions combine freely.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.text import search_words

from ..criteria import RESTRICTED, check
from .contact import Contact
from .position import Position
from .reach import EmailAddress
from .segments import Segment, SegmentMember
from .suppression import Suppression
from .touches import Touch

NOBODY = Q(pk__in=[])
Segments = Mapping[int, Segment]
NESTED = {"segment", "not_segment"}
_LONGEST_KEY = 18
_PERIODS = {"month": timedelta(days=31), "year": timedelta(days=366)}

# Rooms above say who else was in touch since a moment: a query of contacts' keys.
Activity = Callable[[datetime], QuerySet]
_activities: list[Activity] = [lambda since: Touch.objects.filter(at__gte=since).order_by().values("contact")]


def register_activity(found: Activity) -> None:
    if found not in _activities:
        _activities.append(found)


def condition(
    rule: Mapping[str, list[str]], *, within: frozenset[int] = frozenset(), known: Segments | None = None
) -> Q:
    """The contacts of a rule. Raises ValueError for criteria there are not.

    `within` are the segments this rule is read inside of: one that would contain itself selects nobody.
    """
    check(rule)
    known = segments_for(rule) if known is None else known
    chosen = Q()
    for name, values in rule.items():
        if values and name != RESTRICTED:
            chosen &= of_criterion(name, values, within=within, known=known)
    return chosen


def of_criterion(
    name: str, values: list[str], *, within: frozenset[int] = frozenset(), known: Segments | None = None
) -> Q:
    """The contacts that fit any of the values of one criterion."""
    if name not in NESTED:
        return _CONDITIONS[name](values)
    known = segments_for({name: values}) if known is None else known
    chosen = _any(_of_segment(pk, within, known) for pk in values)
    return ~chosen if name == "not_segment" else chosen


def segments_for(rule: Mapping[str, list[str]]) -> Segments:
    """Every segment, in one query, for a rule that names any: however they name one another, none is read again."""
    return Segment.objects.in_bulk() if NESTED & rule.keys() else {}


def speaks(*languages: str) -> Q:
    """Contacts with any of these languages, whatever their order."""
    return _any(Q(languages__contains=language) for language in languages)


def _any(conditions) -> Q:
    found = NOBODY
    for one in conditions:
        found |= one
    return found


def _of_segment(pk: str, within: frozenset[int], known: Segments) -> Q:
    segment = known.get(int(pk)) if is_key(pk) else None
    if segment is None or segment.pk in within:
        return NOBODY
    if segment.is_list:
        return Q(pk__in=SegmentMember.objects.filter(segment=segment).order_by().values("contact"))
    # A rule that asks for nothing is everybody; an empty condition would vanish from an "or".
    return condition(segment.rule, within=within | {segment.pk}, known=known) or ~NOBODY


def _words(values: list[str]) -> Q:
    found = Q()
    for word in search_words(" ".join(values)):
        found &= Q(search_text__contains=word)
    return found


def _labelled(relation: str) -> Callable[[list[str]], Q]:
    through = Contact._meta.get_field(relation).remote_field.through
    label = Contact._meta.get_field(relation).m2m_reverse_field_name()
    return lambda values: Q(
        pk__in=through.objects.filter(**{f"{label}__in": _numbers(values)}).order_by().values("contact")
    )


def _works_at(path: str, read: Callable[[list[str]], list] = list) -> Callable[[list[str]], Q]:
    def found(values: list[str]) -> Q:
        return Q(pk__in=Position.objects.current().filter(**{f"{path}__in": read(values)}).order_by().values("contact"))

    return found


def _owned(values: list[str]) -> Q:
    found = Q(owner__in=_numbers(values))
    return found | Q(owner=None) if "none" in values else found


def _letters(values: list[str]) -> Q:
    """A dead mailbox only moves us to the next address; a wish is its owner's, at whatever address they said it."""
    addresses, stops = EmailAddress.objects.order_by(), Suppression.objects.order_by()
    in_use = addresses.filter(retired_on=None)
    free = in_use.exclude(key__in=stops.values("key"))
    unwilling = addresses.filter(key__in=stops.filter(reason__in=Suppression.WISHES).values("key"))
    has_address = Q(pk__in=in_use.values("contact"))
    can_get = Q(pk__in=free.values("contact")) & ~Q(pk__in=unwilling.values("contact"))
    kinds = {"yes": can_get, "stopped": has_address & ~can_get, "no_address": ~has_address}
    return _any(kinds[value] for value in values if value in kinds)


def _active(values: list[str]) -> Q:
    since = timezone.now() - max((_PERIODS[value] for value in values if value in _PERIODS), default=timedelta())
    return _any(Q(pk__in=activity(since)) for activity in _activities)


def _numbers(values: list[str]) -> list[int]:
    return [int(value) for value in values if is_key(value)]


def is_key(value: object) -> bool:
    """Whether an address can mean a row by it: “²” is a digit and no number, and no database counts so far as 10²⁰."""
    return str(value).isdecimal() and len(str(value)) <= _LONGEST_KEY


_CONDITIONS: dict[str, Callable[[list[str]], Q]] = {
    "q": _words,
    "kind": lambda values: Q(kind__in=values),
    "language": lambda values: speaks(*values),
    "region": lambda values: Q(region__in=values),
    "city": lambda values: Q(city__in=values),
    "topic": _labelled("topics"),
    "tag": _labelled("tags"),
    "not_tag": lambda values: ~_CONDITIONS["tag"](values),
    "organisation": _works_at("organisation", _numbers),
    "organisation_kind": _works_at("organisation__kind"),
    "ownership": _works_at("organisation__ownership"),
    "basis": lambda values: Q(basis__in=values),
    "owner": _owned,
    "entity": lambda values: _any(Q(is_post=value == "post") for value in values),
    "letters": _letters,
    "sensitivity": lambda values: Q(sensitivity__in=values),
    "active": _active,
}
