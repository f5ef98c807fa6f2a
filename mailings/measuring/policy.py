"""What may be measured of whom: one table. Nobody who could come to harm by having read a letter is ever measured."""

from collections import Counter
from collections.abc import Mapping, Sequence
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
# Who is only counted is counted in a group of a kind and a language. One of fewer readers would tell who they are:
# of those nothing is measured.
SMALLEST_GROUP = 5
_LANGUAGES = ("ru", "tg", "en")
GROUPS = tuple((kind, language) for kind in _OF_KIND for language in _LANGUAGES)


def measured(kind: str, sensitivity: str, *, is_restricted: bool) -> Measured:
    """Of internal and sealed contacts, and of people of banned organisations, nothing is ever measured."""
    if sensitivity != "open" or is_restricted:
        return Measured.NOT
    return _OF_KIND.get(kind, Measured.NOT)


def too_small(sizes: Mapping[tuple[str, str], int]) -> set[tuple[str, str]]:
    """The groups (kind, language) of which nothing is measured, by how many readers each has."""
    return {group for group, readers in sizes.items() if readers < SMALLEST_GROUP}


def without_small_groups(readers: Sequence[tuple[str, str, Measured]]) -> list[Measured]:
    """What is measured of each reader (kind, language, measured) once groups that are too small are left out."""
    small = too_small(Counter((kind, language) for kind, language, known in readers if known == Measured.TOTALS))
    return [
        Measured.NOT if known == Measured.TOTALS and (kind, language) in small else known
        for kind, language, known in readers
    ]
