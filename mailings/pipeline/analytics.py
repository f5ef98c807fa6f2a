"""Count what became of a mailing, by anything a person asks. Reads deliveries, writes nothing."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, F, Max, Q, Value, When

from ..models import Delivery, Mailing
from ..states import FAILED_DELIVERY, OPEN_DELIVERY, DeliveryStatus, Reason


@dataclass(frozen=True)
class Totals:
    """Letters of one mailing. frozen = sent + failed + waiting + stopped."""

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
    # Of those that did not arrive: the server could not carry the address, or the letter could not be built.
    cannot: int = 0
    look: int = 0

    @property
    def missing(self) -> int:
        """Frozen letters that are in no state: there should be none, ever."""
        return self.frozen - self.sent - self.failed - self.waiting - self.stopped

    @property
    def delivered_percent(self) -> float:
        return 100 * self.sent / self.frozen if self.frozen else 0

    @property
    def done(self) -> int:
        return self.frozen - self.waiting

    @property
    def attention(self) -> int:
        return self.failed + self.deferred


def totals(mailing: Mailing) -> Totals:
    """The report's figures. Three queries."""
    status = Counter(dict(mailing.deliveries.order_by().values_list("status").annotate(Count("pk"))))
    extra = mailing.deliveries.aggregate(unsubscribed=Count("pk", filter=Q(unsubscribed_at__isnull=False)))
    return Totals(
        frozen=mailing.frozen_count or 0,
        sent=status[DeliveryStatus.SENT],
        failed=sum(status[name] for name in FAILED_DELIVERY),
        for_good=status[DeliveryStatus.FAILED],
        unknown=status[DeliveryStatus.UNKNOWN],
        waiting=sum(status[name] for name in OPEN_DELIVERY),
        deferred=status[DeliveryStatus.DEFERRED],
        stopped=status[DeliveryStatus.SUPPRESSED] + status[DeliveryStatus.CANCELLED],
        unsubscribed=extra["unsubscribed"],
        left_out=mailing.exclusions.count(),
        cannot=status[DeliveryStatus.CANNOT],
        look=status[DeliveryStatus.LOOK],
    )


@dataclass(frozen=True)
class EditionCount:
    """One text of a mailing that was corrected on its way: who approved it, and how many got it."""

    number: int
    approved_by: str
    approved_at: datetime | None
    sent: int
    letters: int


def by_edition(mailing: Mailing) -> list[EditionCount]:
    """The texts in their order, the present one last. Two queries."""
    rows = mailing.deliveries.order_by().values("edition").annotate(letters=Count("pk"), sent=_COUNTS["sent"])
    counts = {row["edition"]: (row["sent"], row["letters"]) for row in rows}
    kept = [(one.number, one.approved_by, one.approved_at) for one in mailing.editions.select_related("approved_by")]
    return [
        EditionCount(number, who.name if who else "", when, *counts.get(number, (0, 0)))
        for number, who, when in [*kept, (mailing.edition, mailing.approved_by, mailing.approved_at)]
    ]


@dataclass(frozen=True)
class Group:
    key: str
    letters: int
    sent: int
    failed: int

    @property
    def percent(self) -> int:
        return 100 * self.sent // self.letters if self.letters else 0


_COUNTS = {
    "letters": Count("pk"),
    "sent": Count("pk", filter=Q(status=DeliveryStatus.SENT)),
    "failed": Count("pk", filter=Q(status__in=FAILED_DELIVERY)),
}


def by_language(mailing: Mailing) -> list[Group]:
    rows = mailing.deliveries.order_by("language").values("language").annotate(**_COUNTS)
    return [Group(row["language"], row["letters"], row["sent"], row["failed"]) for row in rows]


def by_domain(mailing: Mailing, *, seen_by, most: int = 6) -> list[Group]:
    """Mail services, those with most failures first, then the biggest.

    Those of sealed contacts, and of contacts this person may not know of, are one group without a name.
    """
    visible = mailing.deliveries.visible_to(seen_by).order_by().values("pk")
    service = Case(When(pk__in=visible, then=F("domain")), default=Value(""))
    rows = mailing.deliveries.order_by().annotate(service=service).values("service").annotate(**_COUNTS)
    groups = [Group(row["service"], row["letters"], row["sent"], row["failed"]) for row in rows]
    return sorted(groups, key=lambda group: (-group.failed, -group.letters, group.key))[:most]


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
