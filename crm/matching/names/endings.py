"""Endings of surnames and patronymics, by class and gender: Шариф-ов, Шариф-зода, Шариф-ӣ are one family's.

The forms are those of the acts of 2016 and 2020, which ask for -зода, -ӣ, -иён and a bare father's name in place of
-ов and -ев, and allow -фар, -пур, -духт, -ниё, -ёр and -зой.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

MAN, WOMAN = "m", "f"


@dataclass(frozen=True)
class Stem:
    """A surname without its ending; `ending` is its class, "" for a bare one."""

    sounds: str
    ending: str = ""
    gender: str = ""


# Endings no given name has: whatever wears one is a surname.
_CERTAIN = [
    ("ov", re.compile(r"(?P<stem>..+?)[oe](?:v|f)(?P<woman>[ao]?)$")),
    ("sky", re.compile(r"(?P<stem>..+?)[sc]k(?:i|oi|(?P<woman>aia|aa))$")),
    ("zoda", re.compile(r"(?P<stem>..+?)z[oa]d(?:a|o|e)h?$")),
]
# Endings that given names have as well: Беҳзод, Комрон, Шералӣ, Бахтиёр.
_POSSIBLE = [
    ("zod", re.compile(r"(?P<stem>...*)z[oa]d$")),
    ("on", re.compile(r"(?P<stem>..+i)[oae]n$")),
    ("on", re.compile(r"(?P<stem>..+?)i?[oae]n$")),
    ("i", re.compile(r"(?P<stem>...+)i$")),
    ("far", re.compile(r"(?P<stem>..+)far$")),
    ("pur", re.compile(r"(?P<stem>..+)pur$")),
    ("duht", re.compile(r"(?P<stem>..+)duht$")),
    ("nio", re.compile(r"(?P<stem>..+)ni[oa]$")),
    ("ior", re.compile(r"(?P<stem>..+)i[oa]r$")),
    ("zoi", re.compile(r"(?P<stem>..+)z[oa]i$")),
]
_IS_PATRONYMIC = re.compile(r"(?:[oe]viC|[oe]vna|[^v]iC|iCna)$")
_ABDUL = re.compile(r"^abdul(?=[^oaeiu]|[oaeiu]..)")


@lru_cache(maxsize=65_536)
def stems(sounds: str) -> tuple[Stem, ...]:
    """How a word may be read as a surname; of a certain ending there is one reading alone."""
    for ending, pattern in _CERTAIN:
        if found := pattern.fullmatch(sounds):
            gender = ""
            if ending != "zoda":
                gender = WOMAN if found["woman"] else MAN
            return tuple(Stem(plain(stem), ending, gender) for stem in _before(found["stem"], ending))
    cut = [
        Stem(plain(stem), ending)
        for ending, pattern in _POSSIBLE
        if (found := pattern.fullmatch(sounds))
        for stem in _before(found["stem"], ending)
    ]
    return (Stem(plain(sounds)), *dict.fromkeys(cut))


def _before(stem: str, ending: str) -> tuple[str, ...]:
    """The stem; of Наврӯззода, where two з are heard as one, with the з as well."""
    return (stem, f"{stem}z") if ending.startswith("zod") and stem[-1] in "aoeiuU" else (stem,)


def has_certain_ending(sounds: str) -> bool:
    return bool(stems(sounds)[0].ending)


def is_new(sounds: str) -> bool:
    """Whether a word ends in -зода, as surnames and, since 2016, fathers' names do."""
    return stems(sounds)[0].ending == "zoda"


@lru_cache(maxsize=16_384)
def father(sounds: str) -> Stem | None:
    """The father's name in a Russian patronymic, with the gender of the child; nothing where a word is none."""
    if not _IS_PATRONYMIC.search(sounds) or len(sounds) < 5:
        return None
    found = re.fullmatch(r"(..+?)(?:[oe]v)?(?:iC|(na|iCna))", sounds)
    return Stem(plain(found[1]), "viC", WOMAN if found[2] else MAN) if found else None


def plain(sounds: str) -> str:
    """Абдулваҳҳоб and Абдуваҳҳоб are one name: the l of the article is there or not."""
    return _ABDUL.sub("abdu", sounds)
