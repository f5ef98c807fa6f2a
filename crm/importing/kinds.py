"""Read who a person is to us: «журналист», «хадамоти матбуот», "partner". Pure."""

from core.text import fold

from .exported import KINDS

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
