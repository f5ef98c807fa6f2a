"""Say how much may be measured of each recipient of a mailing. Writes nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crm.models import Contact, restricted_people

from ..measuring.policy import Measured, measured, without_small_groups

_CHUNK = 2_000
Chosen = tuple[int | None, str]


@dataclass(frozen=True)
class Known:
    """Of one recipient: what kind of contact it is, and what may be measured."""

    kind: str
    measured: Measured


def known_of(chosen: Sequence[Chosen]) -> list[Known]:
    """Of each recipient, named by contact and language of the letter; who is no contact is not measured."""
    found = _contacts({contact for contact, _language in chosen if contact})
    nobody = Known("", Measured.NOT)
    known = [found.get(contact, nobody) for contact, _language in chosen]
    readers = [(one.kind, language, one.measured) for one, (_contact, language) in zip(known, chosen, strict=True)]
    return [replace(one, measured=kept) for one, kept in zip(known, without_small_groups(readers), strict=True)]


def _contacts(keys: set[int]) -> dict[int, Known]:
    ordered, found = sorted(keys), {}
    for start in range(0, len(ordered), _CHUNK):
        some = Contact.objects.filter(pk__in=ordered[start : start + _CHUNK]).order_by()
        banned = set(restricted_people().filter(contact__in=some.values("pk")).values_list("contact", flat=True))
        for key, kind, sensitivity in some.values_list("pk", "kind", "sensitivity"):
            found[key] = Known(kind, measured(kind, sensitivity, is_restricted=key in banned))
    return found


def numbers(chosen: Sequence[Chosen]) -> dict[str, int]:
    """How many of these recipients would be measured by name, only counted, and not measured at all."""
    counts = Counter(one.measured for one in known_of(chosen))
    return {"person": counts[Measured.PERSON], "totals": counts[Measured.TOTALS], "nothing": counts[Measured.NOT]}
