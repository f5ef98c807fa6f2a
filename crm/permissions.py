"""Who may make a contact more, or less, carefully kept, and change what was written of it. Pure."""

from datetime import datetime, timedelta

from accounts.roles import Right

from .states import Sensitivity, TouchKind

# How long who wrote something may take it back.
TAKEN_BACK = timedelta(days=1)
# What a person writes; the others follow from what was done, and stay.
WRITTEN = frozenset({TouchKind.CALL, TouchKind.MEETING, TouchKind.NOTE, TouchKind.MESSENGER})


def levels_for(present: str | None, *, sees_sealed: bool) -> list[str]:
    """The levels an editor may choose: for a new contact any, later only upwards, and of a sealed one none.

    Who sees sealed contacts may choose any, always.
    """
    levels = Sensitivity.values
    if sees_sealed or present is None:
        return levels
    return [] if present == Sensitivity.SEALED else levels[levels.index(present) :]


def may_edit(contact, user) -> bool:
    """An editor may write a sealed contact, and no more change it."""
    return user.may(Right.CONTACTS_EDIT) and (not contact.is_sealed or user.may(Right.CONTACTS_SEALED))


def may_change_touch(touch, user) -> bool:
    """What somebody said is corrected by who wrote it down, nobody else."""
    return touch.kind in WRITTEN and touch.by_id == user.pk and may_edit(touch.contact, user)


def may_remove_touch(touch, user, *, at: datetime) -> bool:
    """Who wrote it, for a day; later, and of others, who may erase a person."""
    fresh = may_change_touch(touch, user) and at - touch.made_at < TAKEN_BACK
    return touch.kind in WRITTEN and may_edit(touch.contact, user) and (fresh or user.may(Right.CONTACTS_ERASE))
