"""Read the languages of a person: «рус», «тоҷ/рус», "EN, RU" become ordered codes. Pure."""

import re
from functools import lru_cache

from core.text import fold

_PREFIXES = {"rus": "ru", "toj": "tg", "taj": "tg", "tg": "tg", "tj": "tg", "angl": "en", "eng": "en", "ingl": "en"}
_SHORT = {"r": "ru", "ru": "ru", "t": "tg", "a": "en", "e": "en", "en": "en"}
_NOISE = {"zaboni", "zabon", "iazik", "i", "va", "and", "language", "na"}


@lru_cache(maxsize=1_024)
def read(cell: str) -> tuple[str, tuple[str, ...]]:
    """Codes joined by spaces, the preferred first, and the words that name no language of ours."""
    codes, unread = [], []
    for word in re.split(r"[^\w]+", cell):
        folded = fold(word)
        code = _SHORT.get(folded) or next(
            (code for prefix, code in _PREFIXES.items() if folded.startswith(prefix)), None
        )
        if code and code not in codes:
            codes.append(code)
        elif word and not code and folded not in _NOISE:
            unread.append(word)
    return " ".join(codes), tuple(unread)
