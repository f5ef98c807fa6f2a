"""Put letters to our own people in the queue; the worker sends them."""

from ..models import StaffLetter, User


def tell(user: User, kind: str, *, address: str = "", **facts: str) -> StaffLetter:
    """Queue a letter of this kind. `facts` are plain words that its text needs."""
    return StaffLetter.objects.create(user=user, kind=kind, address=address, facts=facts)


def tell_heads(kind: str, *, but: User | None = None, **facts: str) -> None:
    """The same letter to everybody who can lock down, since they must know first."""
    for head in User.objects.with_right("accounts.lock_down").exclude(pk=but.pk if but else None):
        tell(head, kind, **facts)
