"""Say how much may be measured of the recipients of a mailing. Writes nothing."""

from collections import Counter
from collections.abc import Sequence

from ..measuring.policy import Measured, without_small_groups


def numbers(readers: Sequence[tuple[str, str, Measured]]) -> dict[str, int]:
    """How many readers (kind, language, measured) would be measured by name, only counted, and not measured at all."""
    counts = Counter(without_small_groups(readers))
    return {"person": counts[Measured.PERSON], "totals": counts[Measured.TOTALS], "nothing": counts[Measured.NOT]}
