"""Who may do what with one mailing, whatever their role."""

from typing import Protocol


class Written(Protocol):
    author_id: int
    last_editor_id: int


def may_approve(user_id: int, mailing: Written) -> bool:
    """Four eyes: neither who wrote it nor who changed it last."""
    return user_id not in {mailing.author_id, mailing.last_editor_id}
