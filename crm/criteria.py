"""Every way to select contacts: a stored rule (plain JSON) to a query. The list and a mailing's audience share it."""

from collections.abc import Mapping

from django.db.models import Q

CRITERIA = ("kind", "language", "city")
# Not about who is meant but about who then stays out: a mailing leaves restricted people out unless its rule says so.
RESTRICTED, INCLUDE = "restricted", "include"


def matching(rule: Mapping[str, list[str]]) -> Q:
    """The contacts of a rule: any of the values of a criterion, all criteria together. Raises ValueError on others."""
    unknown = set(rule) - {*CRITERIA, RESTRICTED}
    if unknown:
        raise ValueError(f"unknown criteria: {sorted(unknown)}")
    chosen = Q()
    if kinds := rule.get("kind"):
        chosen &= Q(kind__in=kinds)
    if languages := rule.get("language"):
        chosen &= speaks(*languages)
    if cities := rule.get("city"):
        chosen &= Q(city__in=cities)
    return chosen


def includes_restricted(rule: Mapping[str, list[str]]) -> bool:
    """Whether a rule says that people of banned organisations are written to, too. Raises ValueError on other words."""
    words = rule.get(RESTRICTED, [])
    if set(words) - {INCLUDE}:
        raise ValueError(f"unknown words on restricted people: {words}")
    return bool(words)


def speaks(*languages: str) -> Q:
    """Contacts with any of these languages, whatever their order."""
    spoken = Q()
    for language in languages:
        spoken |= Q(languages__contains=language)
    return spoken
