"""Which word of a name is the surname, which the given name, which the father's: every reading that endings allow."""

from dataclasses import dataclass, replace
from functools import lru_cache

from .endings import Stem, father, has_certain_ending, is_new, stems
from .repair import Token, tokens
from .sounds import is_latin, is_tajik, sounds


@dataclass(frozen=True)
class Word:
    """A word of a name as sounds, or an initial."""

    sounds: str
    is_initial: bool = False
    is_latin: bool = False
    is_tajik: bool = False

    def __add__(self, other: "Word") -> "Word":
        """Two words written as one: Муҳаммад Алӣ is Муҳаммадалӣ."""
        return Word(
            self.sounds + other.sounds, False, self.is_latin and other.is_latin, self.is_tajik or other.is_tajik
        )


@dataclass(frozen=True)
class Reading:
    """A name taken apart; what is not there is None."""

    surname: Word | None = None
    given: Word | None = None
    father: Word | None = None
    # In an order that no ending shows, and papers do not have.
    is_guess: bool = False


@dataclass(frozen=True)
class Name:
    words: tuple[Word, ...]
    readings: tuple[Reading, ...]
    # Of a Russian patronymic: Рустамович is a man's.
    gender: str = ""


@lru_cache(maxsize=65_536)
def word(text: str, is_initial: bool = False) -> Word:
    return Word(sounds(text), is_initial, is_latin(text), is_tajik(text))


@lru_cache(maxsize=65_536)
def read(name: str) -> Name:
    """Every way to read a name; none where it has no word."""
    first, *others = (_read(meant) for meant in tokens(name))
    if not others:
        return first
    readings = dict.fromkeys(reading for one in (first, *others) for reading in one.readings)
    return replace(
        first,
        readings=tuple(readings),
        gender="" if any(one.gender != first.gender for one in others) else first.gender,
    )


def _read(found: tuple[Token, ...]) -> Name:
    words = tuple(one for token in found if (one := word(token.text, token.is_initial)).sounds)
    whole = [one for one in words if not one.is_initial]
    initials = [one for one in words if one.is_initial]
    known = next((one for one in whole[1:] if father(one.sounds)), None)
    rest = [one for one in whole if one is not known]
    if not rest:
        rest, known = whole, None
    readings = tuple(_readings(rest, initials, known, whole))
    return Name(words, readings, father(known.sounds).gender if known else "")


def _readings(rest: list[Word], initials: list[Word], known: Word | None, whole: list[Word]):
    if not rest:
        return
    if len(rest) == 1:
        yield from _of_one(rest[0], initials, known)
    elif len(rest) == 2:
        yield from _of_two(rest, known or next(iter(initials), None), known, whole)
    else:
        yield from _of_three(rest, known)


def _of_one(only: Word, initials: list[Word], known: Word | None):
    given, *fathers = [*initials, None, None]
    if given or has_certain_ending(only.sounds):
        yield Reading(only, given, known or fathers[0])
    elif known:
        yield Reading(None, only, known)
    else:
        yield Reading(only, None, None)
        yield Reading(None, only, None)


def _of_two(rest: list[Word], third: Word | None, known: Word | None, whole: list[Word]):
    first, second = rest
    sure = [has_certain_ending(one.sounds) for one in rest]
    if sure[0] != sure[1]:
        surname, given = (first, second) if sure[0] else (second, first)
        yield Reading(surname, given, third)
    elif known and whole[-1] is known:
        yield Reading(first, second, third)
    elif known:
        yield Reading(second, first, third)
    else:
        yield Reading(first, second, third)
        yield Reading(second, first, third)


def _of_three(rest: list[Word], known: Word | None):
    """Surname, given name, father's name; or the surname behind them; or a given name of two words."""
    first, second, third = rest[0], rest[1], rest[-1]
    sure = [has_certain_ending(one.sounds) for one in (first, second, third)]
    # Of a father's name -зода is an ending too, -ов is not.
    if sure[0] or not sure[2] or is_new(third.sounds):
        yield Reading(first, second, known or third)
        yield Reading(first, second + third, known)
    if sure[2] or not sure[0]:
        yield Reading(third, first, known or second, is_guess=not sure[2])
        yield Reading(third, first + second, known, is_guess=not sure[2])
    if sure[1] and not sure[2]:
        yield Reading(second, first, known or third)


@lru_cache(maxsize=65_536)
def surname_stems(surname: Word) -> tuple[Stem, ...]:
    return stems(surname.sounds)
