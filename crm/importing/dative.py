"""Put a name that a list of cards gives in the Russian dative back into the nominative: «Каримову Умару». Pure."""

import re

_TAJIK = re.compile("[ғӣқӯҳҷҒӢҚӮҲҶ]|Муҳтарам")
_CYRILLIC = re.compile(r"[а-яё’'-]+", re.IGNORECASE)
# What only the dative of a surname or a patronymic ends in, and what the nominative has there.
_CERTAIN = [
    (re.compile(r"(?<=[оеё]в)ичу$"), "ич"),
    (re.compile(r"ьичу$"), "ьич"),
    (re.compile(r"(?<=[оеё]в)не$"), "на"),
    (re.compile(r"ичне$"), "ична"),
    (re.compile(r"(?<=\w[оеё]в)у$"), ""),
    (re.compile(r"(?<=[сц]к)ому$"), "ий"),
    (re.compile(r"(?<=\w[оеё]в)ой$"), "а"),
    (re.compile(r"(?<=[сц]к)ой$"), "ая"),
]
# Given names. Which gender it is, the ending itself tells, but for -е, where a man's and a woman's are alike.
_GIVEN = [
    (re.compile(r"(?<=и)и$"), "я"),
    (re.compile(r"(?<=[аеиоуыэюяё])ю$"), "й"),
    (re.compile(r"(?<=[^аеиоуыэюяё])ю$"), "ь"),
    (re.compile(r"(?<=ь)е$|(?<=джамил)е$|(?<=наил)е$|(?<=адил)е$"), "я"),
    (re.compile(r"(?<=[^аеиоуыэюяё])е$"), "а"),
    (re.compile(r"(?<=[^аеиоуыэюяё])у$"), ""),
]
# Names that end so in the nominative: Шахрбону, Гулру, Махлику.
_NOMINATIVE = re.compile(r"(?:бону|гулру|м[ао]хру|париру|хушру|лулу)$")


def nominative(name: str, salutation: str = "") -> str:
    """The name as it is called, "" where it does not stand in the dative.

    `salutation` («Уважаемая Джамиля Каримовна!») has some of the words as they are called, and decides.
    """
    words = name.split()
    if len(words) < 2 or not all(map(_CYRILLIC.fullmatch, words)):
        return ""
    read = [_certain(word) or _given(word) for word in words]
    if not any(read):
        return ""
    called = [] if _TAJIK.search(salutation) else re.findall(r"[^\W\d_][\w’'-]*", salutation)
    return " ".join(((_heard(word, called) or new) if new else word) for word, new in zip(words, read, strict=True))


def _certain(word: str) -> str:
    for ending, instead in _CERTAIN:
        if ending.search(word.casefold()):
            return _changed(word, ending, instead)
    return ""


def _given(word: str) -> str:
    if _NOMINATIVE.search(word.casefold()):
        return ""
    return next((_changed(word, ending, instead) for ending, instead in _GIVEN if ending.search(word.casefold())), "")


def _changed(word: str, ending: re.Pattern, instead: str) -> str:
    cut = ending.search(word.casefold()).start()
    return word[:cut] + (instead.upper() if word.isupper() else instead)


def _heard(word: str, called: list[str]) -> str:
    """The word of a salutation that is this one in the nominative: all but the ending is the same."""
    stem = word.casefold()[: max(3, len(word) - 2)]
    return next((one for one in called if one.casefold().startswith(stem) and abs(len(one) - len(word)) <= 2), "")
