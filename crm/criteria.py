"""The words of a rule that selects contacts: plain JSON, {criterion: values}. Any value of a criterion, all together.

What each one means as a query is in crm.models.rules; the contact list, segments and audiences share them.
"""

from collections.abc import Mapping

CRITERIA = (
    "q", "kind", "language", "region", "city", "topic", "tag", "organisation", "organisation_kind", "ownership",
    "basis", "owner", "entity", "letters", "sensitivity", "segment", "active", "not_tag", "not_segment",
)  # fmt: skip
# Not about who is meant but about who then stays out: a mailing leaves restricted people out unless its rule says so.
RESTRICTED, INCLUDE = "restricted", "include"


def check(rule: Mapping[str, list[str]]) -> None:
    """Raises ValueError for a criterion there is not: a rule that is not understood selects nobody, never everybody."""
    unknown = set(rule) - {*CRITERIA, RESTRICTED}
    if unknown:
        raise ValueError(f"unknown criteria: {sorted(unknown)}")


def includes_restricted(rule: Mapping[str, list[str]]) -> bool:
    """Whether a rule says that people of banned organisations are written to, too. Raises ValueError on other words."""
    words = rule.get(RESTRICTED, [])
    if set(words) - {INCLUDE}:
        raise ValueError(f"unknown words on restricted people: {words}")
    return bool(words)
