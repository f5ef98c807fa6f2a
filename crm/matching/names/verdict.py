"""Whether two names may be of one person: parts are compared reading by reading, and what contradicts is a veto."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from ..reasons import Reason
from .alignment import Alignment, align, bones
from .endings import father, plain
from .given import foreign_forms, full_forms, nominatives, without_courtesy
from .readings import Name, Reading, Word, read, surname_stems


class Grade(StrEnum):
    STRONG = "strong"
    WEAK = "weak"
    NONE = "none"


STRONG, WEAK, NONE = Grade.STRONG, Grade.WEAK, Grade.NONE


@dataclass(frozen=True)
class Verdict:
    """`score` is 1 for the same letters and 0 for different people; `reasons` are words for a person."""

    grade: Grade
    score: float
    reasons: tuple[Reason, ...] = ()

    @property
    def is_strong(self) -> bool:
        return self.grade == STRONG

    @property
    def contradicts(self) -> bool:
        return self.grade == NONE


_VETOES = [Reason.OTHER_GENDER, Reason.OTHER_FATHER, Reason.OTHER_GIVEN, Reason.OTHER_SURNAME, Reason.OTHER]


@dataclass(frozen=True)
class _Part:
    """How two parts of names compare: what the exchanges cost, what makes it less than sure, and what forbids it."""

    cost: float = 0.0
    doubts: tuple[Reason, ...] = ()
    veto: Reason | None = None


def match(one: str, other: str) -> Verdict:
    """Compare two names as they were typed, in any script and order."""
    first, second = read(one), read(other)
    if not first.readings or not second.readings:
        return Verdict(NONE, 0.0, (Reason.NO_NAME,))
    if first.gender and second.gender and first.gender != second.gender:
        return Verdict(NONE, 0.0, (Reason.OTHER_GENDER,))
    return _best(first, second)


def _best(first: Name, second: Name) -> Verdict:
    found = [_compared(one, other) for one, other in product(first.readings, second.readings)]
    allowed = [verdict for verdict in found if verdict.grade != NONE]
    if allowed:
        return max(allowed, key=lambda verdict: verdict.score)
    return _run_together(first, second) or _nearest(found)


def _nearest(found: list[Verdict]) -> Verdict:
    """The veto that says most: of readings that differ in one part before those that differ in all."""
    return min(found, key=lambda verdict: _VETOES.index(verdict.reasons[0]))


def _compared(one: Reading, other: Reading) -> Verdict:
    if not (one.surname and other.surname) and not (one.given and other.given):
        return Verdict(NONE, 0.0, (Reason.OTHER,))
    surname, given = _surnames(one.surname, other.surname), _given_names(one.given, other.given)
    fathers = _fathers(one.father, other.father)
    parts = (surname, given, fathers)
    if vetoes := [part.veto for part in parts if part.veto]:
        is_two = surname.veto == Reason.OTHER_SURNAME and given.veto
        return Verdict(NONE, 0.0, (Reason.OTHER if is_two else vetoes[0],))
    doubts = tuple(dict.fromkeys(doubt for part in parts for doubt in part.doubts))
    if one.is_guess or other.is_guess:
        doubts += (Reason.ORDER,)
    cost = sum(part.cost for part in parts)
    if doubts:
        return Verdict(WEAK, round(max(0.5, 0.8 - 0.1 * len(doubts) - cost / 20), 3), doubts)
    return Verdict(STRONG, round(max(0.82, 1 - cost / 20), 3), (Reason.SPELLED if cost else Reason.SAME,))


def _surnames(one: Word | None, other: Word | None) -> _Part:
    if not one or not other:
        return _Part(1.0, (Reason.PART,))
    best = None
    for stem, second in product(surname_stems(one), surname_stems(other)):
        if stem.gender and second.gender and stem.gender != second.gender:
            if _aligned(stem.sounds, one, second.sounds, other):
                return _Part(veto=Reason.OTHER_GENDER)
            continue
        if not (found := _aligned(stem.sounds, one, second.sounds, other)):
            continue
        doubts = _doubts(found) + ((Reason.REFORMED,) if stem.ending != second.ending else ())
        part = _Part(found.cost + len(doubts), doubts)
        best = part if best is None or part.cost < best.cost else best
    if not best and (found := _aligned(one.sounds, one, other.sounds, other)):
        # A slip within the ending: Щербакво.
        return _Part(found.cost + 1.0, _doubts(found) or (Reason.SLIPPED,))
    return best or _Part(veto=Reason.OTHER_SURNAME)


def _given_names(one: Word | None, other: Word | None) -> _Part:
    if not one or not other:
        return _Part(1.0, (Reason.PART,))
    if one.is_initial or other.is_initial:
        return _Part(1.0, (Reason.INITIAL,)) if _begins(one, other) else _Part(veto=Reason.OTHER_GIVEN)
    if found := _aligned(plain(one.sounds), one, plain(other.sounds), other):
        return _Part(found.cost, _doubts(found))
    if foreign_forms(one.sounds) & {other.sounds} or foreign_forms(other.sounds) & {one.sounds}:
        return _Part(0.3)
    if _stands_for(full_forms(one.sounds), other) or _stands_for(full_forms(other.sounds), one):
        return _Part(1.0, (Reason.SHORT,))
    for courteous, bare in ((one, other), (other, one)):
        name = without_courtesy(courteous.sounds)
        if name and _aligned(name, courteous, bare.sounds, bare):
            return _Part(1.0, (Reason.COURTESY,))
    for dative, called in ((one, other), (other, one)):
        names = () if dative.is_latin else nominatives(dative.sounds)
        if any(_aligned(name, dative, called.sounds, called) for name in names):
            return _Part(1.0, (Reason.DATIVE,))
    return _Part(veto=Reason.OTHER_GIVEN)


def _fathers(one: Word | None, other: Word | None) -> _Part:
    """A father's name that only one has says nothing."""
    if not one or not other:
        return _Part()
    if one.is_initial or other.is_initial:
        return _Part() if _begins(one, other) else _Part(veto=Reason.OTHER_FATHER)
    for stem, second in product(_father_stems(one), _father_stems(other)):
        if found := _aligned(stem, one, second, other):
            return _Part(found.cost, _doubts(found))
    return _Part(veto=Reason.OTHER_FATHER)


def _father_stems(name: Word) -> list[str]:
    known = father(name.sounds)
    return [known.sounds] if known else [stem.sounds for stem in surname_stems(name)]


def _aligned(stem: str, one: Word, second: str, other: Word) -> Alignment | None:
    return align(stem, second, one.is_latin or other.is_latin, one.is_tajik and other.is_tajik)


def _doubts(found: Alignment) -> tuple[Reason, ...]:
    return ((Reason.SLIPPED,) if found.slip else ()) + ((Reason.LOST,) if found.lost else ())


def _stands_for(full: frozenset[str], name: Word) -> bool:
    return any(align(form, name.sounds, True) for form in full)


# What an initial may be in another spelling: Ҷ. is Дж., Д. or Ч.; Ё. is Я. or Е.; Ҳ. is Г.; and S. is of Shohrukh.
_FIRST = ["jCZd", "hg", "oa", "ei", "uUo", "cs", "fp", "?gikuhj"]
_FIRST_OF_TWO = ["sS", "kh", "zZ", "sC"]


def _begins(one: Word, other: Word) -> bool:
    """Whether the shorter of two, an initial, is how the other one begins."""
    initial, name = sorted((one.sounds, other.sounds), key=len)
    if name.startswith(initial[:1]):
        return len(initial) < 2 or initial[0] != "i" or len(name) < 2 or name[:1] == "i"
    groups = _FIRST + _FIRST_OF_TWO if one.is_latin or other.is_latin else _FIRST
    return any(initial[0] in group and name[0] in group for group in groups)


def _run_together(first: Name, second: Name) -> Verdict | None:
    """Names of the same letters with the space at another place: «КаримовДжамшед», «Мирзозод аЭраҷ»."""
    one, other = (
        ["".join(word.sounds for word in order) for order in (name.words, name.words[::-1])] for name in (first, second)
    )
    if len(one[0]) < 8 or len(first.words) == len(second.words) and not _is_broken(first, second):
        return None
    for left, right in product(one, other[:1]):
        if align(left, right, True):
            return Verdict(WEAK, 0.55, (Reason.SLIPPED,))
    return None


def _is_broken(first: Name, second: Name) -> bool:
    """Whether no word of one name is a word of the other: then a space may have slipped."""
    bare = {bones(word.sounds) for word in first.words}
    return not bare & {bones(word.sounds) for word in second.words}
