"""Count what became of a mailing, by anything a person asks. Reads deliveries, writes nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, Sum
from django.utils import timezone

from ..measuring.policy import Measured
from ..models import Delivery, Mailing
from ..states import FAILED_DELIVERY, OPEN_DELIVERY, DeliveryStatus, MailingStatus, Reason


@dataclass(frozen=True)
class Totals:
    """Letters of one mailing. frozen = sent + failed + waiting + stopped.

    `measured` are the delivered letters whose readers may be measured, `named` those of them who are known by name.
    """

    frozen: int
    sent: int
    failed: int
    for_good: int
    unknown: int
    waiting: int
    deferred: int
    stopped: int
    unsubscribed: int
    left_out: int
    measured: int
    named: int
    opened: int
    clicked: int
    opened_named: int
    clicked_named: int
    machine: int

    @property
    def delivered_percent(self) -> float:
        return percent(self.sent, self.frozen)

    @property
    def opened_percent(self) -> float:
        return percent(self.opened, self.measured)

    @property
    def clicked_percent(self) -> float:
        return percent(self.clicked, self.measured)

    @property
    def done(self) -> int:
        return self.frozen - self.waiting

    @property
    def attention(self) -> int:
        return self.failed + self.deferred


def percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0


_SENT = Q(status=DeliveryStatus.SENT)
_STATES = {
    "sent": _SENT,
    "for_good": Q(status=DeliveryStatus.FAILED),
    "unknown": Q(status=DeliveryStatus.UNKNOWN),
    "failed": Q(status__in=FAILED_DELIVERY),
    "waiting": Q(status__in=OPEN_DELIVERY),
    "deferred": Q(status=DeliveryStatus.DEFERRED),
    "stopped": Q(status__in=[DeliveryStatus.SUPPRESSED, DeliveryStatus.CANCELLED]),
    "unsubscribed": Q(unsubscribed_at__isnull=False),
    "measured": _SENT & ~Q(measured_as=Measured.NOT),
    "named": _SENT & Q(measured_as=Measured.PERSON),
    "opened_named": Q(opened_at__isnull=False),
    "clicked_named": Q(clicked_at__isnull=False),
}


def totals(mailing: Mailing) -> Totals:
    """The report's figures. Four queries, two where nothing is measured."""
    counts = mailing.deliveries.aggregate(**{name: Count("pk", filter=state) for name, state in _STATES.items()})
    seen = {"opened": 0, "clicked": 0, "machine": 0}
    if mailing.measures:
        counted = mailing.readers.aggregate(opened=Count("opened_at"), clicked=Count("clicked_at"))
        seen = {name: counted[name] + counts[f"{name}_named"] for name in counted}
        seen["machine"] = mailing.links.aggregate(sum=Sum("machine"))["sum"] or 0
    return Totals(frozen=mailing.frozen_count or 0, left_out=mailing.exclusions.count(), **counts, **seen)


def done_at(mailing: Mailing, found: Totals) -> datetime | None:
    """When the last letter will have left, if the rest go as fast as those before."""
    begun = max(filter(None, [mailing.started_at, mailing.held_until]), default=None)
    passed = begun and (timezone.now() - begun).total_seconds()
    if mailing.status != MailingStatus.SENDING or not begun or passed < 10 or not found.done or not found.waiting:
        return None
    return timezone.now() + timedelta(seconds=passed / found.done * found.waiting)


@dataclass(frozen=True)
class Problem:
    """Letters that did not arrive for one reason, with one of the servers' own answers."""

    bounce_class: str
    letters: int
    words: str
    waiting: bool


def problems(mailing: Mailing, *, seen_by) -> list[Problem]:
    """Refused and deferred letters by class of refusal, the most frequent first; words of visible contacts' servers."""
    visible = Delivery.objects.visible_to(seen_by).filter(mailing=mailing).order_by().values("pk")
    trouble = Q(status=DeliveryStatus.FAILED) | Q(status=DeliveryStatus.DEFERRED)
    rows = (
        Delivery.objects.filter(trouble, mailing=mailing)
        .order_by()
        .values("bounce_class", "status")
        .annotate(letters=Count("pk"), words=Max("reply", filter=Q(pk__in=visible)))
    )
    found = [
        Problem(row["bounce_class"], row["letters"], row["words"] or "", row["status"] == DeliveryStatus.DEFERRED)
        for row in rows
    ]
    return sorted(found, key=lambda problem: -problem.letters)


def by_reason(mailing: Mailing) -> list[tuple[Reason, int]]:
    counts = dict(mailing.exclusions.order_by().values_list("reason").annotate(Count("pk")))
    return [(reason, counts[reason.value]) for reason in Reason if reason.value in counts]
