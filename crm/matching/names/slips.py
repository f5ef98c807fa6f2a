"""Whether two letters in each other's place are all that parts two names, whatever letters they are.

Every swap is tried: too slow for names at large, and too trusting for names that have nothing else in common.
"""

from collections.abc import Iterator
from functools import lru_cache

from ..reasons import Reason
from .verdict import match

_ONE_PART = {Reason.OTHER_GIVEN, Reason.OTHER_SURNAME, Reason.OTHER_FATHER}
# Shorter words are others by chance, longer names are none.
_SHORTEST, _LONGEST = 4, 60


@lru_cache(maxsize=8_192)
def is_slip(one: str, other: str) -> bool:
    """Whether the names contradict in one part, and no more once two letters of one of them change places."""
    if len(one) > _LONGEST or len(other) > _LONGEST or match(one, other).reasons[0] not in _ONE_PART:
        return False
    return any(
        not match(meant, right).contradicts
        for typed, right in ((one, other), (other, one))
        for meant in _swapped(typed)
    )


def _swapped(name: str) -> Iterator[str]:
    words = name.casefold().split()
    for number, word in enumerate(words):
        for at in range(len(word) - 1 if len(word) >= _SHORTEST else 0):
            first, second = word[at : at + 2]
            if first != second and first.isalpha() and second.isalpha():
                meant = f"{word[:at]}{second}{first}{word[at + 2 :]}"
                yield " ".join([*words[:number], meant, *words[number + 1 :]])
