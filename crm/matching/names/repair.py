"""Words of a name as they were meant: old fonts, look-alike letters, titles, remarks and the dative are put right."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from core.text import LEGACY_TAJIK, clean

# Letters of other keyboards and alphabets that are typed where a Tajik one is missing.
_STAND_INS = str.maketrans("ӷҝҡӄүұһҹӌіїѝӥӱ", "ғқққӯӯҳҷҷиӣиӣӯ")
_LETTERS = "[A-Za-zА-яЁёҒғӢӣҚқӮӯҲҳҶҷ'.-]+"
# Most names: nothing to repair, so that the long way is not taken.
_IS_CLEAN = re.compile(f"{_LETTERS}(?: {_LETTERS})*").fullmatch
# Letters of old fonts, and the many signs for an apostrophe and a dash.
_SIGNS = str.maketrans(dict.fromkeys("’‘`´ʼʻʹʾʿ′ˈ", "'") | dict.fromkeys("‐‑‒–—−", "-")) | LEGACY_TAJIK
_CYRILLIC_OF = dict(zip("aceopxykmthbijsqg", "асеорхукмтҳвиҷсқғ", strict=True))
_LATIN_OF = dict(zip("асеорхукмтнвіҳқһ", "aceopxykmthbihqh", strict=True))
_TITLES = frozenset(
    "г-н г-жа г-ну г-же гн господин господину госпожа госпоже тов товарищ уважаемый уважаемая уважаемому дорогой "
    "д-р доктор проф профессор академик акад кфн дфн кюн дюн ктн мухтарам муҳтарам мӯҳтарам ҷаноби чаноби джаноби "
    "дорогая ҷаноб хонум хонуми устод домулло домла "
    "mr mrs ms miss dr prof professor dear sir madam".split()
)
# Whatever is longer is no name, and would take long to compare.
_MOST_WORDS, _LONGEST = 8, 40
_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]?")
_NOT_NAME = re.compile(r"[\d_/|\\+=*#№«»\"<>:;&%$~^]+")
_WORD = re.compile(r"[^\W\d_]?(?:[^\W\d_]|['?\-])*\.?")
_TAIL = re.compile(r"\s*,\s*|\s-\s")
# A dot is the end of an abbreviation, save in a mail address: bakhtiyor.homidov.
_MAILBOX = re.compile(r"^[\w.+-]+\.[\w.+-]+$|^[\w.+-]+@")
_IS_CYRILLIC = re.compile("[а-яёҷҳқғӣӯўњљќѓї]")
# Letters of two, as initials of Latin and of Russian names are.
_LONG_INITIALS = frozenset("дж sh ch kh zh dj dzh gh yu ya yo iu ia".split())


@dataclass(frozen=True)
class Token:
    """A word in small letters of one script."""

    text: str
    is_initial: bool = False


def tokens(name: str) -> tuple[tuple[Token, ...], ...]:
    """The words of a name, in their order, without what is no part of it; twice where a slip has two explanations."""
    is_clean = _IS_CLEAN(name)
    text = name if is_clean else clean(name).translate(_SIGNS)
    if is_mailbox := bool(_MAILBOX.match(text)):
        text = text.partition("@")[0].replace(".", " ").replace("+", " ").replace("-", " ")
    if not is_clean:
        text = _NOT_NAME.sub(" ", _BRACKETS.sub(" ", text))
    meant = _unslipped(text) if _CAPITAL_WITHIN.search(text) else (text,)
    return tuple(_tokens(one, is_mailbox=is_mailbox) for one in meant)


def _tokens(text: str, *, is_mailbox: bool) -> tuple[Token, ...]:
    found = _nominative(_named(_without_tail(text)))
    return tuple(_token(word, known_initial=is_mailbox and len(word) == 1) for word in found)


# A letter on the wrong side of a space, which capitals show: «Рыбников аЕкатерина», «ЗахидзодаА лим».
_CAPITAL_WITHIN = re.compile("[a-zа-яёғӣқӯҳҷ][A-ZА-ЯЁҒӢҚӮҲҶ]")
_TOO_LATE = re.compile(r"(?<=[^\W\d_]) ([^\W\d_])(?=[^\W\d_]{3})")
_TOO_EARLY = re.compile(r"(?<=[^\W\d_]{2})([^\W\d_]) (?=[^\W\d_]{2})")
# The first two letters of a word in each other's place, which capitals show as well: «жДамшед».
_TURNED = re.compile(r"(?<![\w'-])([a-zа-яёғӣқӯҳҷ])([A-ZА-ЯЁҒӢҚӮҲҶ])(?=[a-zа-яёғӣқӯҳҷ])")


def _unslipped(text: str) -> tuple[str, ...]:
    """What was meant by a small letter before a capital: of «Шакиров аМхмуд» the space slipped, or the letters."""
    turned, spaced = _TURNED.sub(r"\2\1", text), _spaced(text)
    return tuple(dict.fromkeys(one for one in (spaced, turned) if one != text)) or (text,)


def _spaced(text: str) -> str:
    def late(found: re.Match) -> str:
        is_slip = found[1].islower() and text[found.end()].isupper() and text[found.start() - 1].islower()
        return f"{found[1]} " if is_slip else found[0]

    def early(found: re.Match) -> str:
        is_slip = found[1].isupper() and text[found.end()].islower() and text[found.start() - 1].islower()
        return f" {found[1]}" if is_slip else found[0]

    return _TOO_EARLY.sub(early, text) if (late_put := _TOO_LATE.sub(late, text)) == text else late_put


def _without_tail(text: str) -> str:
    """«Каримов Джамшед, редактор»: what follows a whole name is a remark; «Каримов, Джамшед» is a name."""
    head, *tail = _TAIL.split(text.strip(" ,-"), maxsplit=1)
    words = [word for word in head.split() if not _is_title(word)]
    return head if len(words) > 1 else " ".join([head, *tail])


def _named(text: str) -> list[str]:
    words = (_meant(found[:_LONGEST]) for found in _WORD.findall(text) if found)
    return list(islice(filter(None, words), _MOST_WORDS))


@lru_cache(maxsize=65_536)
def _meant(word: str) -> str:
    """A word as it was meant; "" for signs and titles."""
    word = _one_script(word).strip("'-")
    return word if any(map(str.isalpha, word)) and not _is_title(word) else ""


def _is_title(word: str) -> bool:
    return word.casefold().replace(".", "") in _TITLES


def _one_script(word: str) -> str:
    """A word in small letters, each letter of the script that most of them have: a Latin «c» in «Cаидов» is a «с»."""
    # A capital that looks like the Cyrillic Н, В or Р is one of them; a small h is meant as ҳ.
    cyrillic_capitals = {"H": "Н", "B": "В"}
    lower = word.casefold().translate(_STAND_INS)
    cyrillic = len(_IS_CYRILLIC.findall(lower))
    latin = sum("a" <= letter <= "z" for letter in lower)
    if not cyrillic or not latin:
        return lower
    if cyrillic >= latin:
        word = "".join(cyrillic_capitals.get(letter, letter) for letter in word)
        return "".join(_CYRILLIC_OF.get(letter, letter) for letter in word.casefold().translate(_STAND_INS))
    return "".join(_LATIN_OF.get(letter, letter) for letter in lower)


@lru_cache(maxsize=65_536)
def _token(word: str, *, known_initial: bool) -> Token:
    bare = word.rstrip(".")
    is_initial = known_initial or len(bare) == 1 or (bare in _LONG_INITIALS and (bare != word or len(bare) < 3))
    return Token(bare, is_initial)


# Greeting sheets have the person in the dative: «Каримову Джамшеду Рустамовичу», «Каримовой Мадине Рустамовне».
_DATIVE_MAN = re.compile(r"(?:[оеё]ву|ичу|скому)$")
_DATIVE_WOMAN = re.compile(r"(?:[оеё]вой|[оеё]вне|ичне|ской)$")


def _nominative(words: list[str]) -> list[str]:
    """The words as they are called, where an ending says that they stand in the Russian dative."""
    if any(_DATIVE_MAN.search(word) for word in words):
        return [_called(word, _MAN) for word in words]
    if any(_DATIVE_WOMAN.search(word) for word in words):
        return [_called(word, _WOMAN) for word in words]
    return words


_MAN = (
    (r"скому$", "ский"),
    (r"([оеё]в|ич)у$", r"\1"),
    (r"(?<=[аеоу])ю$", "й"),
    (r"ию$", "ий"),
    (r"(?<=[бвгдзклмнпрстфхчшжҷҳқғ])у$", ""),
    (r"(?<=[лнтрь])ю$", ""),
)
_WOMAN = (
    (r"([оеё]в)ой$", r"\1а"),
    (r"(вн|чн)е$", r"\1а"),
    (r"ской$", "ская"),
    (r"ии$", "ия"),
    (r"(?<=[^оуиеа])е$", "а"),
)


def _called(word: str, endings: tuple[tuple[str, str], ...]) -> str:
    for ending, nominative in endings:
        changed, count = re.subn(ending, nominative, word)
        if count:
            return changed
    return word
