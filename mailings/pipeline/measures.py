"""Say how much may be measured of each recipient of a mailing. Writes nothing."""

from collections import Counter
from collections.abc import Collection, Iterable

from crm.models import Contact, restricted_people

from ..measuring.policy import Measured, measured

_CHUNK = 2_000


def measured_of(contacts: Collection[int | None]) -> dict[int, Measured]:
    """By the policy, of each of these contacts. Who is none of them, is not measured."""
    keys, found = sorted({key for key in contacts if key}), {}
    for start in range(0, len(keys), _CHUNK):
        some = Contact.objects.filter(pk__in=keys[start : start + _CHUNK]).order_by()
        banned = set(restricted_people().filter(contact__in=some.values("pk")).values_list("contact", flat=True))
        for key, kind, sensitivity in some.values_list("pk", "kind", "sensitivity"):
            found[key] = measured(kind, sensitivity, is_restricted=key in banned)
    return found


def numbers(contacts: Collection[int | None]) -> dict[str, int]:
    """How many of these recipients would be measured by name, only counted, and not measured at all."""
    known = measured_of(contacts)
    counts = Counter(known.get(key, Measured.NOT) for key in contacts)
    return {"person": counts[Measured.PERSON], "totals": counts[Measured.TOTALS], "nothing": counts[Measured.NOT]}


def give(contacts: Iterable[int | None], measures: str) -> list[Measured]:
    """What is frozen of each recipient, in their order."""
    contacts = list(contacts)
    known = measured_of(contacts) if measures else {}
    return [known.get(key, Measured.NOT) if key else Measured.NOT for key in contacts]
