"""Tell how a mailing went over time, and beside earlier ones of its kind. Reads, writes nothing."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from django.utils import timezone

from ..models import Mailing, Tally
from .analytics import percent


@dataclass(frozen=True)
class Point:
    """How many had opened and clicked by then."""

    at: datetime
    opened: int
    clicked: int


def over_time(mailing: Mailing, *, days: int) -> list[Point]:
    """The first day by hours, or the first week by six hours, as far as it has come. Two queries."""
    step = timedelta(hours=1 if days == 1 else 6)
    begun, steps = mailing.started_at, int(timedelta(days=days) / step)
    opened, clicked = Counter(), Counter()
    for rows in (mailing.deliveries, mailing.readers):
        seen = rows.filter(opened_at__isnull=False).order_by()
        for opened_at, clicked_at in seen.values_list("opened_at", "clicked_at"):
            opened[_step(opened_at - begun, step)] += 1
            if clicked_at:
                clicked[_step(clicked_at - begun, step)] += 1
    last = min(steps, max(0, int((timezone.now() - begun) / step)))
    moments = [begun + step * number for number in range(last + 1)]
    sums = zip(
        accumulate(opened[n] for n in range(last + 1)), accumulate(clicked[n] for n in range(last + 1)), strict=True
    )
    return [Point(at, *pair) for at, pair in zip(moments, sums, strict=True)]


def _step(passed: timedelta, step: timedelta) -> int:
    """The point by which it had happened; what came before the beginning counts at once."""
    return max(0, -int(-passed // step))


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
