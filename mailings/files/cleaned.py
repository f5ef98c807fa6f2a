"""What comes out of cleaning a file."""

from dataclasses import dataclass, field


class Refused(ValueError):
    """The file is not sent. The message is the sentence for the person who chose it."""


@dataclass(frozen=True)
class Cleaned:
    name: str
    type: str
    data: bytes = field(repr=False)
    # Codes of what was taken out.
    stripped: tuple[str, ...] = ()


@dataclass(frozen=True)
class Made:
    """A file rewritten: the ending that is true of it, its type, its bytes, what was taken out."""

    ending: str
    type: str
    data: bytes = field(repr=False)
    stripped: tuple[str, ...] = ()
