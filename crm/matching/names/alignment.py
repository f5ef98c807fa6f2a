"""Lay two words over each other: whether exchanges explain every difference, and what they cost together."""

from dataclasses import dataclass
from functools import lru_cache

from .exchanges import EXCHANGES, MOST, SHORTEST_SLIP, SLIP, Exchange


@dataclass(frozen=True)
class Alignment:
    """Two words that may be one; `slip` where two letters changed places, `lost` where a letter is gone for good."""

    cost: float
    slip: bool = False
    lost: bool = False


def _by_first_letters() -> dict[tuple[str, str], list[tuple[str, str, Exchange, bool]]]:
    """The exchanges by the letters where they begin, each in both directions."""
    table: dict[tuple[str, str], list] = {}
    for exchange in EXCHANGES:
        for one, other, turned in ((exchange.one, exchange.other, False), (exchange.other, exchange.one, True)):
            table.setdefault((one[:1], other[:1]), []).append((one, other, exchange, turned))
    return table


_TABLE = _by_first_letters()
# How people write the same name has no more classes of sounds than these; words of two classes are never one.
_BONES = str.maketrans(
    {"j": "J", "C": "J", "Z": "J", "c": "s", "f": "p", "b": "p", "d": "t"} | dict.fromkeys("aoeiuUQYgh")
)

# What spellings exchange letter for letter, so that a slip is seen through another spelling.
_COARSE = str.maketrans({"o": "a", "e": "i", "U": "u", "C": "j", "Z": "j", "p": "f"})


@lru_cache(maxsize=65_536)
def bones(word: str) -> str:
    """The consonants that no exchange removes, by class, in the order of the alphabet so that a slip changes none."""
    kept = word.translate(_BONES).replace("tJ", "J")
    return "".join(sorted(kept)) if "?" not in kept else "?"


@lru_cache(maxsize=262_144)
def align(one: str, other: str, in_latin: bool = False, in_tajik: bool = False) -> Alignment | None:
    """How two words of sounds are one, or nothing."""
    if one == other:
        return Alignment(0.0, lost="?" in one)
    bare, bare_other = bones(one), bones(other)
    if bare != bare_other and "?" not in (bare, bare_other):
        return None
    cost = _cost(one, other, in_latin, in_tajik)
    if cost <= MOST:
        return Alignment(cost, lost="?" in one or "?" in other)
    return Alignment(SLIP, slip=True) if _is_slip(one.translate(_COARSE), other.translate(_COARSE)) else None


def _is_slip(one: str, other: str) -> bool:
    if len(one) != len(other) or len(one) < SHORTEST_SLIP:
        return False
    at = next((index for index, letter in enumerate(one) if letter != other[index]), 0)
    return at > 0 and one[:at] + one[at : at + 2][::-1] + one[at + 2 :] == other


def _cost(one: str, other: str, in_latin: bool, in_tajik: bool) -> float:
    """The least cost of all ways to get from one word to the other; beyond `MOST` it is only known to be so."""
    far = MOST + 1
    costs = [[far] * (len(other) + 1) for _letter in range(len(one) + 1)]
    costs[0][0] = 0.0
    for i in range(len(one) + 1):
        row = costs[i]
        for j in range(len(other) + 1):
            if row[j] > MOST:
                continue
            if i < len(one) and j < len(other) and one[i] == other[j]:
                costs[i + 1][j + 1] = min(costs[i + 1][j + 1], row[j])
            for left, right, cost in _steps(one, i, other, j, in_latin, in_tajik):
                reached = costs[i + len(left)]
                reached[j + len(right)] = min(reached[j + len(right)], row[j] + cost)
    return round(costs[-1][-1], 2)


def _steps(one: str, i: int, other: str, j: int, in_latin: bool, in_tajik: bool):
    """The exchanges possible at these places of two words."""
    first, second = one[i : i + 1], other[j : j + 1]
    for letters in {(first, second), (first, ""), ("", second)}:
        for left, right, exchange, turned in _TABLE.get(letters, ()):
            if not (one.startswith(left, i) and other.startswith(right, j)):
                continue
            if (exchange.in_latin and not in_latin) or (exchange.not_in_tajik and in_tajik):
                continue
            around = (other, j, exchange) if turned else (one, i, exchange)
            if _fits(*around):
                yield left, right, exchange.cost


def _fits(word: str, at: int, exchange: Exchange) -> bool:
    """Whether the sounds around are those that this exchange wants."""
    if exchange.before and not exchange.before.search(word, 0, at):
        return False
    return not exchange.after or bool(exchange.after.match(word, at + len(exchange.one)))
