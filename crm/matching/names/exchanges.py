"""The exchanges that spellings of one name make: Қодир and Кадыр, Иброҳим and Ибрагим, Неъмат and Негмат.

The five divides of Tajik, Russian and Latin writing (о/а, ҳ/х/г, ҷ/дж/ч, қ/к and ғ/г, ъ) and the smaller ones.
What no exchange explains makes two names two.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Exchange:
    """Two sounds, either of which may stand for the other; `before` and `after` are what must be around the first."""

    one: str
    other: str
    cost: float
    before: re.Pattern | None = None
    after: re.Pattern | None = None
    # Only where one of the two is Latin.
    in_latin: bool = False
    # Not where both are written in Tajik letters.
    not_in_tajik: bool = False


def _exchange(one: str, other: str, cost: float, before: str = "", after: str = "", **when: bool) -> Exchange:
    left = re.compile(f"(?:{before})$") if before else None
    return Exchange(one, other, cost, left, re.compile(after) if after else None, **when)


# Russian surnames on -ьев, which lose the sign or have an i for it.
_WITH_SIGN = "^(?:solov|vorob|murav|grigor|vasil|afanas|leont|terent|ignat|kondrat|arsen|iur|prokof|zinov|savel|gur)"
VOWEL = "[aoeiuU]"
EXCHANGES = [
    # Қодир, Кадыр; Абдулло, Абдулла. Whoever has Tajik letters tells Ҳомид from Ҳамид, save at the end.
    _exchange("a", "o", 0.1, not_in_tajik=True),
    _exchange("a", "o", 0.1, after="$"),
    _exchange("a", "o", 0.1, after="h$"),
    # Хуршед, Хуршид; Эшонқул, Ишанкул.
    _exchange("e", "i", 0.25),
    # Ҷӯра, Джура, Jo'ra; Jora where the sign was left out.
    _exchange("U", "u", 0.0),
    _exchange("U", "o", 0.3),
    _exchange("u", "o", 0.5, before="^[^aoeiuU]?", in_latin=True),
    _exchange("u", "o", 0.5, before="r", after="z", in_latin=True),
    # Донишҷӯ, whose last sign is lost in Donishjo'.
    _exchange("u", "o", 0.5, before="[jC]", after="$", in_latin=True),
    # Иброҳим, Ибрагим; Ҳусейн, Гусейн.
    _exchange("h", "g", 0.2, after=VOWEL),
    # Неъмат, Негмат, Немат; Саъдулло, Сайдулло.
    _exchange("Q", "", 0.05),
    _exchange("Q", "g", 0.2),
    _exchange("Q", "h", 0.4),
    _exchange("Q", "i", 0.4),
    _exchange("Qa", "a", 0.1, before=VOWEL),
    _exchange("g", "", 0.4, before="[aeiouU]", after="[bdmnrzl]"),
    # Васильев, Vasiliev.
    _exchange("Y", "", 0.0),
    _exchange("Y", "i", 0.1),
    _exchange("i", "", 0.2, before=_WITH_SIGN, after="$"),
    # Ҷамшед, Чамшед on a Russian keyboard; Манижа, Manija.
    _exchange("j", "C", 0.1),
    _exchange("j", "Z", 0.1),
    # Саидҷаъфар, Saidjafar: a Latin dj is one letter or two.
    _exchange("dj", "j", 0.1),
    _exchange("dC", "j", 0.2),
    # Цой, Сой.
    _exchange("c", "s", 0.2),
    # Шариф, Шарип; Мурод, Мурат; Раҷаб, Раджап; Абдурауф, Абдурауп.
    _exchange("f", "p", 0.2),
    _exchange("d", "t", 0.3, before="[aoeiuU]|r", after="$"),
    _exchange("d", "t", 0.3, before="mur[ao]", after="[aouU]"),
    _exchange("d", "t", 0.3, before="^mama"),
    _exchange("b", "p", 0.3, before=VOWEL, after="$"),
    # Бахтиёр, Бахтиер, Бахтияр; Ёқуб, Екуб.
    _exchange("io", "e", 0.2),
    _exchange("ia", "e", 0.3),
    _exchange("o", "e", 0.1, before="i"),
    _exchange("a", "e", 0.2, before="i"),
    # Ҳусайн, Хусейн; Муҳаммад, Мухаммед.
    _exchange("a", "e", 0.2, after="i"),
    _exchange("a", "e", 0.2, before="m", after="d$"),
    # Ҷамила, Джамиля; Ғулом, Гулям.
    _exchange("i", "", 0.1, before="l", after="[aou]"),
    # Насрулло, Насруллоҳ.
    _exchange("h", "", 0.2, before="[oa]", after="$"),
    # Шоҳмурод, Шомурод.
    _exchange("h", "", 0.2, before="^S[oa]", after="[bdfgjklmnrstvz]"),
    # Ҷалолиддин, Джалалуддин; Хайрулло, Хайрилло; Абдураҳмон, Абдирахман.
    _exchange("u", "i", 0.3, after="din$|l[oa]h?$"),
    _exchange("u", "i", 0.3, before="^abd"),
    # Давуд, Дауд; Alexander, Александр.
    _exchange("vu", "v", 0.3, before="[ao]"),
    _exchange("er", "r", 0.3, before="[dt]", after="$"),
    # Letters that a file lost for good.
    *(_exchange("?", letter, 0.3) for letter in "giukhjC"),
]

# Two letters in each other's place, a slip: never at the beginning, where Ашраф would be Шараф.
SLIP = 0.6
SHORTEST_SLIP = 5
# More than this in one word is no spelling of it.
MOST = 1.3
