"""What a job can be: rooms above register their kinds, this room runs them and knows nothing of what they do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.sentences import sentence

if TYPE_CHECKING:
    from accounts.models import User

    from .models import Job
    from .running import Handle


@dataclass(frozen=True)
class Told:
    """A job in words, for one person: what it is, what came of it, where it was begun, the address that undoes it.

    `onward` is where the work is gone on with once it is done: whoever waits for it is taken there.
    """

    title: str
    outcome: str = ""
    back: str = ""
    undo: str = ""
    onward: str = ""


@dataclass(frozen=True)
class Kind:
    """`run` does the work chunk by chunk; begun again, it goes on where the job stands.

    `ended` is called once, in the transaction that ends the job, however it ends.
    """

    # The action under which the journal knows what it does.
    name: str
    run: Callable[[Handle], None]
    ended: Callable[[Job], None]
    # Who loses it while the job is under way, for them it goes no further.
    right: str
    tell: Callable[[Job, User], Told]
    # Who may read what the job is about.
    seen_with: str


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def kind_of(job: Job) -> Kind:
    return _kinds[job.kind]


def tell_ended(job: Job) -> None:
    if kind := _kinds.get(job.kind):
        kind.ended(job)


def tell(job: Job, user: User) -> Told:
    """What this person may read of it; the rest read what kind of work it is. A newer version may know other kinds."""
    kind = _kinds.get(job.kind)
    return kind.tell(job, user) if kind and user.may(kind.seen_with) else Told(sentence(job.kind))
