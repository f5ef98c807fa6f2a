"""Who may do what with one mailing, whatever their role."""

from collections.abc import Collection
from enum import StrEnum


class Approver(StrEnum):
    """What somebody is to a mailing that waits for approval."""

    NONE = "none"
    # The second pair of eyes.
    SECOND = "second"
    # The text is their own, but nobody else is there who could approve it.
    ALONE = "alone"


def approver(user_id: int, *, hands: Collection[int], holders: Collection[int]) -> Approver:
    """Four eyes: nobody approves what they wrote or changed while somebody else could.

    `hands` wrote or changed the mailing, `holders` may approve at all.
    """
    if user_id not in holders:
        return Approver.NONE
    if user_id not in hands:
        return Approver.SECOND
    return Approver.NONE if set(holders) - set(hands) else Approver.ALONE
