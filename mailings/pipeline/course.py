"""Tell how a mailing went over time, and beside earlier ones of its kind. Reads, writes nothing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMinute
from django.utils import timezone

from ..models import Mailing, Tally
from ..states import DeliveryStatus
from .analytics import percent
from .counted import readers


@dataclass(frozen=True)
class Point:
    """How many people had opened and clicked by then."""

    at: datetime
    opened: int
    clicked: int


@dataclass(frozen=True)
class Arrived:
    """How many letters were there by then, of those that stayed, and how many others had come back."""

    at: datetime
    sent: int
    bounced: int


def over_time(mailing: Mailing, *, days: int) -> list[Point]:
    """Opens and clicks of the first day by hours, or of the first week by six hours. Three queries."""
    opened, clicked = [], []
    for rows in (mailing.deliveries.sent(), readers(mailing)):
        seen = rows.filter(opened_at__isnull=False).order_by()
        for opened_at, clicked_at in seen.values_list("opened_at", "clicked_at"):
            opened.append((opened_at, 1))
            if clicked_at:
                clicked.append((clicked_at, 1))
    return [Point(*point) for point in _running(mailing, days, opened, clicked)]


def arrivals(mailing: Mailing, *, days: int) -> list[Arrived]:
    """Letters in the same steps. Two queries."""
    letters = mailing.deliveries.order_by()
    sent = _by_minute(letters.filter(status=DeliveryStatus.SENT), "sent_at")
    bounced = _by_minute(letters.filter(bounced_at__isnull=False), "bounced_at")
    return [Arrived(*point) for point in _running(mailing, days, sent, bounced)]


def _by_minute(rows: QuerySet, name: str) -> QuerySet:
    """A minute and how many it had: a mailing has few of them, however many letters."""
    return (
        rows.annotate(minute=TruncMinute(name))
        .values("minute")
        .annotate(Count("pk"))
        .values_list("minute", "pk__count")
    )


def _running(mailing: Mailing, days: int, *columns: Iterable[tuple[datetime, int]]) -> list[tuple]:
    """The end of each step as far as it has come, now the last, and how many there were by then in each column."""
    step, now = timedelta(hours=1 if days == 1 else 6), timezone.now()
    begun = mailing.started_at
    last = max(0, min(timedelta(days=days) // step, -((begun - now) // step)))
    moments = [min(begun + step * number, now) for number in range(last + 1)]
    return list(zip(moments, *(_sums(column, begun, step, last) for column in columns), strict=True))


def _sums(counted: Iterable[tuple[datetime, int]], begun: datetime, step: timedelta, last: int) -> list[int]:
    """What came before the beginning counts at once."""
    by_step = Counter()
    for at, count in counted:
        by_step[max(0, -((begun - at) // step))] += count
    return list(accumulate(by_step[number] for number in range(last + 1)))


@dataclass(frozen=True)
class Earlier:
    """Another mailing of the kind, to compare with."""

    mailing: Mailing
    letters: int
    sent: int
    measured: int
    opened: int
    clicked: int
    unsubscribed: int

    @property
    def delivered_percent(self) -> float:
        return percent(self.sent, self.letters)

    @property
    def opened_percent(self) -> float:
        return percent(self.opened, self.measured)

    @property
    def clicked_percent(self) -> float:
        return percent(self.clicked, self.measured)


def earlier(mailing: Mailing, *, most: int = 5) -> list[Earlier]:
    """The last mailings of the kind before this one, from the kept counts. Two queries."""
    before = Mailing.objects.filter(kind=mailing.kind, started_at__lt=mailing.started_at).order_by("-started_at")[:most]
    found = {one.pk: one for one in before}
    names = ("letters", "sent", "measured", "opened", "clicked", "unsubscribed")
    rows = {
        row.pop("mailing"): row
        for row in Tally.objects.filter(mailing__in=found, by=Tally.By.ALL).values("mailing", *names)
    }
    return [Earlier(one, **rows[pk]) for pk, one in found.items() if pk in rows]
