"""What may be measured of whom: one table. Nobody who could come to harm by having read a letter is ever measured."""

from enum import StrEnum


class Measured(StrEnum):
    """How much is known of one reader's opens and clicks."""

    NOT = ""
    # Counted, without knowing whose they are.
    TOTALS = "totals"
    PERSON = "person"


# By kind of contact. Who keeps an office answers for what reaches it; all others are only counted.
_OF_KIND = {
    "press_service": Measured.PERSON,
    "partner": Measured.TOTALS,
    "journalist": Measured.TOTALS,
    "other": Measured.TOTALS,
}
# A group of fewer readers would tell who they are.
SMALLEST_GROUP = 5


def measured(kind: str, sensitivity: str, *, is_restricted: bool) -> Measured:
    """Of internal and sealed contacts, and of people of banned organisations, nothing is ever measured."""
    if sensitivity != "open" or is_restricted:
        return Measured.NOT
    return _OF_KIND.get(kind, Measured.NOT)
