"""Read who a person is to us, and how carefully they are kept: «журналист», «хадамоти матбуот», "internal". Pure."""

from core.text import fold

from .exported import KINDS, LEVELS

_WORDS = {fold(word): kind for kind, words in KINDS.items() for word in words}
_MORE = {
    "journalist": "журналистка, корреспондент, сми, хабарнигор, вао, media",
    "press_service": "пресс служба, пресс центр, госорган, press office",
    "partner": "партнер, партнёрская организация, нпо, ngo",
    "other": "другой, прочее, прочие",
}
_WORDS |= {fold(word): kind for kind, words in _MORE.items() for word in words.split(",")}


def read(cell: str) -> str:
    """The Contact.Kind a word names, "" if it names none."""
    return _WORDS.get(fold(cell), "")


def level(cell: str) -> str:
    """The Sensitivity that a word names; a word nobody knows means the more careful one, no word means nothing."""
    word = fold(cell) if cell else ""
    if not word:
        return ""
    return "open" if word in map(fold, LEVELS["open"]) else "internal"
