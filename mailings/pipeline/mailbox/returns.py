"""Letters that rooms above have sent come back here, too: whose such a letter was, and who is told of it."""

from collections.abc import Callable
from dataclasses import dataclass

from crm.models import Contact

from .letter import Letter
from .recipients import Recipient


@dataclass(frozen=True)
class Own:
    """A letter of a room above that is sent back, and the addresses that it may have gone to.

    `came_back` hears what is said, and whether of one of these; it runs in the transaction that keeps the report.
    Of what is hidden nothing is kept here that names anybody.
    """

    room: str
    contact: Contact | None
    addresses: tuple[str, ...]
    came_back: Callable[[Recipient, bool], None]
    is_hidden: bool = False


Find = Callable[[Letter], Own | None]
_finders: dict[str, Find] = {}


def register_finder(room: str, find: Find) -> None:
    """`find` is asked about each report that is about no mailing."""
    _finders[room] = find


def own_of(letter: Letter) -> Own | None:
    return next((own for find in _finders.values() if (own := find(letter))), None)
