"""Short keys by which names are found that may be one: two spellings of a name share a key, few strangers do."""

from functools import lru_cache
from itertools import product

from .alignment import bones
from .endings import plain
from .given import foreign_forms, full_forms, without_courtesy
from .readings import Reading, Word, read, surname_stems

# Letters that an initial has in other spellings, as one: Ҷ., Дж., Д. and Ч.
_INITIALS = {letter: group[0] for group in ("jCZdtz", "hgk", "aoeiuUYQ", "csS", "fpb") for letter in group}


@lru_cache(maxsize=65_536)
def keys(name: str) -> frozenset[str]:
    """Surname and given name by their consonants; none of a single word. A slip within -ов leads to another key."""
    return frozenset(key for reading in read(name).readings for key in _keys(reading))


def _keys(reading: Reading):
    if not reading.surname or not reading.given:
        return
    surnames = {bones(stem.sounds) for stem in surname_stems(reading.surname)}
    for surname, given in product(surnames, _given(reading.given)):
        yield f"{surname}|{given}"


@lru_cache(maxsize=16_384)
def _given(given: Word) -> frozenset[str]:
    """The given name in every form, and its initial, with a dot."""
    initial = f"{_INITIALS.get(given.sounds[0], given.sounds[0])}."
    if given.is_initial:
        return frozenset([initial])
    forms = (
        {plain(given.sounds), without_courtesy(given.sounds)} | foreign_forms(given.sounds) | full_forms(given.sounds)
    )
    return frozenset([initial, *(bones(form) for form in forms if form)])
