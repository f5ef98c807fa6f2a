"""Say how much may be measured of the recipients of a mailing. Writes nothing."""

from collections import Counter
from collections.abc import Iterable

from ..measuring.policy import Measured, without_small_groups
from .audience import Recipient


def numbers(recipients: Iterable[Recipient]) -> dict[str, int]:
    """How many of these would be measured by name, only counted, and not measured at all."""
    counts = Counter(without_small_groups([(one.kind, one.language, one.measured) for one in recipients]))
    return {"person": counts[Measured.PERSON], "totals": counts[Measured.TOTALS], "nothing": counts[Measured.NOT]}
