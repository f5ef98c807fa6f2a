"""The folded words of a person's name that two spellings of it share, kept beside the name to find namesakes by."""

import re
from collections.abc import Iterable
from functools import lru_cache

from django.db import models

from core.text import fold

# As `fold` leaves them: Рустамович is "rustamovij", Ильинична "ilinijna".
_PATRONYMIC = re.compile(r"(\w\w+)(?:vij|vna|jna)$")
# Vowels that spellings exchange: Обидов and Абидов, Қодир and Кадыр.
_VOWELS = str.maketrans("oe", "ai")


def patronymic_root(word: str) -> str:
    """What a man's and a woman's patronymic of one father share; "" for a folded word that is none."""
    found = _PATRONYMIC.fullmatch(word)
    return found[1].translate(_VOWELS) if found else ""


@lru_cache(maxsize=8_192)
def name_words(name: str) -> tuple[str, ...]:
    """The folded words of a name, in their order."""
    return tuple(word for part in fold(name).replace("-", " ").split() if (word := part.strip(".+@")))


def name_core(words: Iterable[str]) -> frozenset[str]:
    """Given name and surname: without patronymics and initials, and without the vowels people disagree on."""
    return frozenset(word.translate(_VOWELS) for word in words if len(word) > 1 and not patronymic_root(word))


def name_key(name: str) -> str:
    """Equal for two spellings of one name in any script and order; "" where one word alone says nothing."""
    core = name_core(name_words(name))
    return " ".join(sorted(core))[:200] if len(core) > 1 else ""


class NameKeyField(models.CharField):
    """The key of the row's name, computed whenever the row is written."""

    def __init__(self, **options):
        super().__init__(**({"max_length": 200, "editable": False, "default": "", "db_index": True} | options))

    def pre_save(self, instance, add):
        setattr(instance, self.attname, name_key(instance.name))
        return getattr(instance, self.attname)
