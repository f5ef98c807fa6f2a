"""How the desk answers: how soon, and how often in time. Writes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, QuerySet
from django.utils import timezone

from ..desk_states import RequestStatus

# What is not a request to us at all.
_NOT_COUNTED = {RequestStatus.SPAM, RequestStatus.DUPLICATE}
USUAL = timedelta(days=90)


@dataclass(frozen=True)
class Figures:
    """Of some requests: how many, how long the first answer took in the middle, and the share before the deadline."""

    count: int
    median: timedelta | None
    answered: int
    # Of those with a deadline that is over, or that were answered: in time, and all of them.
    in_time: int
    timed: int

    @property
    def share(self) -> int | None:
        return round(100 * self.in_time / self.timed) if self.timed else None


@dataclass(frozen=True)
class Line:
    """The figures of a part: a topic, a member organisation, a language."""

    name: str
    figures: Figures


Row = tuple[datetime, datetime | None, datetime | None]


def figures(requests: QuerySet, *, at: datetime | None = None) -> Figures:
    """The figures of these requests as of a moment; duplicates and spam are none."""
    counted = requests.exclude(status__in=_NOT_COUNTED).order_by()
    return of_rows(counted.values_list("received_at", "deadline", "first_answer_at"), at or timezone.now())


def of_rows(rows: Iterable[Row], at: datetime) -> Figures:
    rows = list(rows)
    waits = [answered - received for received, _deadline, answered in rows if answered]
    timed = [(deadline, answered) for _r, deadline, answered in rows if deadline and (answered or deadline < at)]
    in_time = sum(1 for deadline, answered in timed if answered and answered <= deadline)
    return Figures(len(rows), median(waits) if waits else None, len(waits), in_time, len(timed))


def usual_wait(requests: QuerySet) -> timedelta | None:
    """How long the first answer took in the middle lately."""
    return figures(requests.filter(received_at__gt=timezone.now() - USUAL)).median


def by(requests: QuerySet, path: str, *, words: Mapping[str, str] | None = None) -> list[Line]:
    """The figures for each value of a column, the most asked first; what has no value is left out."""
    parts: dict[object, list[Row]] = {}
    counted = requests.exclude(status__in=_NOT_COUNTED).order_by().distinct()
    for value, *row in counted.values_list(path, "received_at", "deadline", "first_answer_at", "pk"):
        if value:
            parts.setdefault(value, []).append(tuple(row[:3]))
    at = timezone.now()
    lines = [Line(str((words or {}).get(value, value)), of_rows(rows, at)) for value, rows in parts.items()]
    return sorted(lines, key=lambda line: (-line.figures.count, line.name))


def results(requests: QuerySet) -> dict[str, int]:
    """How many of each outcome."""
    counted = requests.exclude(status__in=_NOT_COUNTED).exclude(result="").order_by()
    return dict(counted.values_list("result").annotate(Count("pk")))
