"""Rooms above take letters that are theirs: a question to the press service, an answer to an invitation."""

from collections.abc import Callable
from dataclasses import dataclass

from ...models import Incoming
from .letter import Letter

# Told of a letter and of its row, a taker says whether it is its own. It runs in the transaction that keeps the row.
Take = Callable[[Letter, Incoming], bool]


@dataclass(frozen=True)
class Taker:
    name: str
    kind: str
    take: Take


_takers: dict[tuple[str, str], Taker] = {}


def register_taker(name: str, kind: str, take: Take) -> None:
    """`take` is asked about each letter of this kind that answers no mailing; about those of calendars, always."""
    _takers[name, kind] = Taker(name, kind, take)


def taken_by(letter: Letter, incoming: Incoming) -> str:
    """The name of the room that took the letter; empty if none did."""
    return next((one.name for one in _takers.values() if one.kind == incoming.kind and one.take(letter, incoming)), "")
