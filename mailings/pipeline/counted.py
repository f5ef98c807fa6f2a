"""Those of a mailing who are only counted, as long as their group is large enough to hide who they are."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from ..measuring.policy import Measured, too_small
from ..models import Mailing
from ..states import DeliveryStatus

Key = tuple[str, str]
_SENT = Q(status=DeliveryStatus.SENT)


@dataclass(frozen=True)
class Counted:
    """A kind and a language: how many letters arrived, and how many of their readers opened and clicked."""

    kind: str
    language: str
    measured: int
    opened: int
    clicked: int


def counted(mailing: Mailing) -> list[Counted]:
    """The groups that are large enough. Two queries."""
    sizes = groups(mailing.deliveries)
    rows = mailing.readers.order_by().values("kind", "language")
    seen = {
        (row["kind"], row["language"]): (row["opened"], row["clicked"])
        for row in rows.annotate(opened=Count("opened_at"), clicked=Count("clicked_at"))
    }
    # Whose letter came back after it was opened, nobody knows: there are no more of them than letters that stayed.
    return [
        Counted(*group, size, *(min(number, size) for number in seen.get(group, (0, 0))))
        for group, size in sizes.items()
    ]


def groups(letters: QuerySet) -> dict[Key, int]:
    """How many delivered letters each group has. Where too many came back it is as if nothing was measured."""
    rows = letters.filter(_SENT, measured_as=Measured.TOTALS).order_by().values_list("kind", "language")
    sizes = {(kind, language): size for kind, language, size in rows.annotate(Count("pk"))}
    small = too_small(sizes)
    return {group: size for group, size in sizes.items() if group not in small}


def measured(letters: QuerySet) -> Q:
    """Which of the letters of a mailing are measured. One query."""
    return _SENT & (Q(measured_as=Measured.PERSON) | Q(measured_as=Measured.TOTALS) & _of(groups(letters)))


def readers(mailing: Mailing) -> QuerySet:
    """Those of large groups who opened or clicked. One query, and theirs."""
    return mailing.readers.filter(_of(groups(mailing.deliveries)))


def _of(some: Iterable[Key]) -> Q:
    pairs = [Q(kind=kind, language=language) for kind, language in some]
    return Q(*pairs, _connector=Q.OR) if pairs else Q(pk__in=[])
