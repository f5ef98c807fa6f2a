"""Whether two names are of one organisation, by quotes, legal forms, kinds of media, scripts, known names. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from core.text import LEGACY_TAJIK, clean

from .known_organisations import LINES
from .names.sounds import sounds

# What an organisation is, in the three languages: a newspaper is not the magazine of the same name.
_KINDS = {
    "agency": "иа аи ниат амит информагентство агентство агентии agency",
    "paper": "газета газетаи рӯзнома рӯзномаи рузнома рузномаи ҳафтанома ҳафтаномаи еженедельник newspaper weekly",
    "magazine": "журнал маҷалла маҷаллаи маджалла маджаллаи мачалла мачаллаи magazine",
    "tv": "тв тв-канал телевидение телеканал телевизион телевизиони шабака шабакаи tv television channel",
    "radio": "радио радиои radio радиостанция",
    "online": "онлайн online сайт сомона сомонаи портал",
    "organisation": "оо тҷ тч po общественная ташкилоти ҷамъиятии",
    "foundation": "оф бҷ бч pf фонд бунёди",
    "association": "асс assoc ассоциация ассотсиатсияи association",
    "non-commercial": "нко тғт тгт nco",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
# What says nothing of which one it is.
_EMPTY = frozenset("рт ҷт чт таджикистан таджикистана тоҷикистон точикистон tajikistan the of и ва and news".split())
_STATE = re.compile(r"республик[аи] таджикистан|ҷумҳурии тоҷикистон|чумхурии точикистон|republic of tajikistan")
_DOMAIN = re.compile(r"(?<=\w)\.(?:test|tj|com|org|net|info|ru|news|asia)\b")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?|(?<=\s)[—–](?=\s)")
_DASH = re.compile("—")
_BRACKETED = re.compile(r"\(([^)]*)\)?")
# Sounds that spellings of one word exchange, as one.
_COARSE = str.maketrans(
    {"o": "a", "e": "i", "U": "u", "j": "J", "C": "J", "Z": "J", "c": "s", "f": "p", "Q": "", "Y": ""}
)


@dataclass(frozen=True)
class Organisation:
    """A name taken apart: «ОО «Навид — права человека» (Бохтар)» has a word, two more behind the dash, and a place."""

    known: str = ""
    kinds: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    motto: tuple[str, ...] = ()
    place: tuple[str, ...] = ()


def same_organisation(one: str, other: str) -> bool:
    """Whether two names are of one; what only one of them adds behind a dash or in brackets does not part them."""
    first, second = read(one), read(other)
    if first.known or second.known:
        return first.known == second.known
    if first.kinds != second.kinds or not first.words or not second.words:
        return False
    if first.place and second.place and first.place != second.place:
        return False
    if (*first.words, *first.motto) == (*second.words, *second.motto):
        return True
    return first.words == second.words and not (first.motto and second.motto)


def keys(name: str) -> frozenset[str]:
    """What two names of one organisation share: of a known body its first name, else kind and first word."""
    found = read(name)
    if found.known:
        return frozenset([found.known])
    return frozenset([f"{'+'.join(sorted(found.kinds))}: {found.words[0]}"]) if found.words else frozenset()


@lru_cache(maxsize=16_384)
def read(name: str) -> Organisation:
    text = _STATE.sub(" ", clean(name).translate(LEGACY_TAJIK).casefold())
    outer, brackets = _BRACKETED.sub(" ", text), _BRACKETED.findall(text)
    for part in (outer, *brackets):
        if known := _KNOWN.get(_plain(part)):
            return Organisation(known)
    kinds, words = _taken_apart(outer)
    more_kinds, place = _taken_apart(" ".join(brackets))
    head, *tail = _DASH.split(" ".join(words), maxsplit=1)
    return Organisation(
        "", frozenset(kinds | more_kinds), tuple(head.split()), tuple(" ".join(tail).split()), tuple(place)
    )


def _taken_apart(text: str) -> tuple[set[str], list[str]]:
    """The kinds that a name tells, and its other words, coarsely."""
    kinds, words = set(), []
    if _DOMAIN.search(text):
        kinds.add("online")
        text = _DOMAIN.sub(" ", text)
    for word in _WORD.findall(text):
        if word in _KIND_OF:
            kinds.add(_KIND_OF[word])
        elif word not in _EMPTY and not word.isdigit():
            words.append("—" if word in "—–" else _coarse(word))
    return kinds, words


@lru_cache(maxsize=16_384)
def _coarse(word: str) -> str:
    heard = sounds(word).translate(_COARSE)
    return re.sub(r"(.)\1+", r"\1", heard) if heard.isalpha() else heard


def _plain(text: str) -> str:
    return " ".join(_coarse(word) for word in _WORD.findall(text) if word not in _EMPTY and word not in "—–")


def _known() -> Iterator[tuple[str, str]]:
    for line in LINES.replace("\n  ", " ").strip().splitlines():
        names = [name.strip() for name in line.split(";")]
        for name in names:
            yield _plain(clean(name).casefold()), names[0]


_KNOWN = dict(_known())
