"""What two people made of one text, put together where they did not touch the same piece."""

from difflib import SequenceMatcher
from typing import NamedTuple

from .pieces import pieces


class Collision(Exception):
    """Both changed the same place, each in their own way: a person must choose."""


class _Change(NamedTuple):
    """Pieces `start` to `end` of what both began from became `now`."""

    start: int
    end: int
    now: tuple[str, ...]

    def touches(self, other: "_Change") -> bool:
        if self.start == self.end and other.start == other.end:
            return self.start == other.start
        return self.start < other.end and other.start < self.end


def merge(base: str, mine: str, theirs: str) -> str:
    """The body with the changes of both. Raises Collision."""
    if mine == theirs or theirs == base:
        return mine
    if mine == base:
        return theirs
    began = _cut(base)
    ours, others = _changes(began, _cut(mine)), _changes(began, _cut(theirs))
    changes = list(ours)
    for change in others:
        if change in ours:
            continue
        if any(change.touches(one) for one in ours):
            raise Collision
        changes.append(change)
    for change in sorted(changes, reverse=True):
        began[change.start : change.end] = change.now
    return "".join(began)


def merge_words(base: str, mine: str, theirs: str) -> str:
    """A line that is one thing, like a subject: whoever changed it is right, unless both did. Raises Collision."""
    if mine == theirs or theirs == base:
        return mine
    if mine == base:
        return theirs
    raise Collision


def _cut(body: str) -> list[str]:
    return [piece.html for piece in pieces(body)]


def _changes(before: list[str], after: list[str]) -> list[_Change]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [
        _Change(start, end, tuple(after[there:until]))
        for kind, start, end, there, until in matcher.get_opcodes()
        if kind != "equal"
    ]
