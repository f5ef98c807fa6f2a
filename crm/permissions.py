"""Who may make a contact more, or less, carefully kept. Pure."""

from .states import Sensitivity


def levels_for(present: str | None, *, sees_sealed: bool) -> list[str]:
    """The levels an editor may choose: for a new contact any, later only upwards, and of a sealed one none.

    Who sees sealed contacts may choose any, always.
    """
    levels = Sensitivity.values
    if sees_sealed or present is None:
        return levels
    return [] if present == Sensitivity.SEALED else levels[levels.index(present) :]
