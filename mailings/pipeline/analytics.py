"""Count what became of a mailing, by anything a person asks. Reads deliveries, writes nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, Sum

from core.addresses import unquoted
from crm.models import Suppression

from ..measuring.policy import Measured
from ..models import Delivery, Mailing
from ..models.delivery import known_to
from ..states import FAILED_DELIVERY, OPEN_DELIVERY, DeliveryStatus, Reason
from .counted import counted

# Of complaints among delivered letters; from the second on Gmail puts our letters away.
WARN_AT, STOP_AT = 0.1, 0.3
# Letters of which a share can be told: of few, one complaint says nothing.
ENOUGH = 200


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
    complained: int
    left_out: int
    # Of those that did not arrive: the server could not carry the address, or the letter could not be built.
    cannot: int
    look: int
    measured: int
    named: int
    opened: int
    clicked: int
    opened_named: int
    clicked_named: int
    machine: int

    @property
    def missing(self) -> int:
        """Frozen letters that are in no state: there should be none, ever."""
        return self.frozen - self.sent - self.failed - self.waiting - self.stopped

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
    def unsubscribed_percent(self) -> float:
        return percent(self.unsubscribed, self.sent)

    @property
    def complained_percent(self) -> float:
        return percent(self.complained, self.sent)

    @property
    def complaint_level(self) -> str:
        return complaint_level(self.complained, self.sent)

    @property
    def done(self) -> int:
        return self.frozen - self.waiting

    @property
    def attention(self) -> int:
        return self.failed + self.deferred


def percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0


def complaint_level(complained: int, sent: int) -> str:
    """How near complaints are to what a mail service bears: "", "warn" or "bad"."""
    rate = round(percent(complained, sent), 2) if sent >= ENOUGH else 0
    return "bad" if rate >= STOP_AT else "warn" if rate >= WARN_AT else ""


_SENT = Q(status=DeliveryStatus.SENT)
_STATES = {
    "sent": _SENT,
    "for_good": Q(status=DeliveryStatus.FAILED),
    "unknown": Q(status=DeliveryStatus.UNKNOWN),
    "failed": Q(status__in=FAILED_DELIVERY),
    "waiting": Q(status__in=OPEN_DELIVERY),
    "deferred": Q(status=DeliveryStatus.DEFERRED),
    "stopped": Q(status__in=[DeliveryStatus.SUPPRESSED, DeliveryStatus.CANCELLED]),
    "cannot": Q(status=DeliveryStatus.CANNOT),
    "look": Q(status=DeliveryStatus.LOOK),
    "unsubscribed": Q(unsubscribed_at__isnull=False),
    "complained": Q(complained_at__isnull=False),
    "named": _SENT & Q(measured_as=Measured.PERSON),
    "opened_named": _SENT & Q(opened_at__isnull=False),
    "clicked_named": _SENT & Q(clicked_at__isnull=False),
}


def totals(mailing: Mailing) -> Totals:
    """The report's figures. Five queries, two where nothing is measured."""
    counts = mailing.deliveries.aggregate(**{name: Count("pk", filter=state) for name, state in _STATES.items()})
    others = counted(mailing) if mailing.measures else []
    seen = {
        "measured": counts["named"] + sum(one.measured for one in others),
        "opened": counts["opened_named"] + sum(one.opened for one in others),
        "clicked": counts["clicked_named"] + sum(one.clicked for one in others),
        "machine": (mailing.links.aggregate(sum=Sum("machine"))["sum"] or 0) if mailing.measures else 0,
    }
    return Totals(frozen=mailing.frozen_count or 0, left_out=mailing.exclusions.count(), **counts, **seen)


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
    numbers = {"letters": Count("pk"), "sent": Count("pk", filter=_SENT)}
    rows = mailing.deliveries.order_by().values("edition").annotate(**numbers)
    counts = {row["edition"]: (row["sent"], row["letters"]) for row in rows}
    kept = [(one.number, one.approved_by, one.approved_at) for one in mailing.editions.select_related("approved_by")]
    return [
        EditionCount(number, who.name if who else "", when, *counts.get(number, (0, 0)))
        for number, who, when in [*kept, (mailing.edition, mailing.approved_by, mailing.approved_at)]
    ]


@dataclass(frozen=True)
class Problem:
    """Letters that did not arrive for one reason, with one of the servers' own answers."""

    bounce_class: str
    letters: int
    words: str
    waiting: bool
    # How many of their addresses are on the stop list now, whatever brought them there.
    stopped: int


def problems(mailing: Mailing, *, seen_by) -> list[Problem]:
    """Refused and deferred letters by class of refusal, the most frequent first; words of visible contacts' servers."""
    trouble = Q(status=DeliveryStatus.FAILED) | Q(status=DeliveryStatus.DEFERRED)
    rows = (
        Delivery.objects.filter(trouble, mailing=mailing)
        .order_by()
        .values("bounce_class", "status")
        .annotate(
            letters=Count("pk"),
            stopped=Count("pk", filter=Q(address_key__in=Suppression.objects.order_by().values("key"))),
            words=Max("reply", filter=known_to(seen_by)),
        )
    )
    found = [
        Problem(
            row["bounce_class"],
            row["letters"],
            unquoted(row["words"] or ""),
            row["status"] == DeliveryStatus.DEFERRED,
            row["stopped"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda problem: -problem.letters)


def by_reason(mailing: Mailing) -> list[tuple[Reason, int]]:
    counts = dict(mailing.exclusions.order_by().values_list("reason").annotate(Count("pk")))
    return [(reason, counts[reason.value]) for reason in Reason if reason.value in counts]
