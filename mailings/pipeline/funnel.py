"""How the number of an audience comes about, from the segments it names to the letters that leave. Writes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from crm.criteria import RESTRICTED
from crm.models import Contact, of_criterion
from crm.models.rules import segments_for

from ..models.rules import NOT_MAILING, NOT_SEGMENT, PICK, RECENT, chosen, keys
from ..states import Reason
from .audience import Audience

# Words of a rule that mean nobody: with them alone it is about everybody.
_NOBODY_MORE = {RESTRICTED, NOT_SEGMENT, NOT_MAILING, RECENT}


@dataclass(frozen=True)
class Funnel:
    """segments − twice − unfit + added = meant; meant − everyone left out = letters."""

    sizes: dict[str, int]
    in_segments: int
    twice: int
    unfit: int
    added: int
    meant: int
    left_out: list[tuple[Reason, int]]
    letters: int


def funnel(rule: Mapping[str, list[str]], audience: Audience) -> Funnel:
    """One query, and one more where the rule names segments."""
    named = rule.get("segment", [])
    added = _added(rule) if rule.get(PICK) else 0
    by_rule = audience.chosen - added
    sizes, together = _of_segments(named) if named else ({}, by_rule)
    total = sum(sizes.values()) if named else by_rule
    return Funnel(
        sizes=sizes,
        in_segments=total,
        twice=total - together,
        unfit=together - by_rule,
        added=added,
        meant=audience.chosen,
        left_out=audience.by_reason(),
        letters=len(audience.recipients),
    )


def _of_segments(named: list[str]) -> tuple[dict[str, int], int]:
    """How many people each of these segments has, and all together, each person counted once."""
    known = segments_for({"segment": named})
    each = {
        f"in_{place}": Count("pk", filter=of_criterion("segment", [key], known=known))
        for place, key in enumerate(named)
    }
    both = Count("pk", filter=of_criterion("segment", named, known=known))
    found = Contact.objects.active().order_by().aggregate(together=both, **each)
    return {key: found[f"in_{place}"] for place, key in enumerate(named)}, found["together"]


def _added(rule: Mapping[str, list[str]]) -> int:
    """Those added by hand whom the rest of the rule does not mean."""
    rest = {name: values for name, values in rule.items() if name != PICK}
    picked = Contact.objects.active().filter(pk__in=keys(rule, PICK))
    says_something = any(values for name, values in rest.items() if name not in _NOBODY_MORE)
    return picked.filter(~Q(pk__in=_meant_by(rest))).count() if says_something else picked.count()


def _meant_by(rest: Mapping[str, list[str]]):
    return Contact.objects.filter(chosen(rest)).order_by().values("pk")
