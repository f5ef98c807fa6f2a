"""Count what crosses mailings: mail services, hours, complaints, the stop list, who is silent. Writes nothing."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Max, Min, OuterRef, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from crm.models import Contact, Organisation, Position, Suppression, Touch, of_criterion

from ..measuring.providers import HIDDEN, LABELS
from ..models import Delivery, Incoming, Tally
from ..models.outcomes import SPOKEN
from ..states import DeliveryStatus
from .analytics import complaint_level, percent

MONTHS = 12
SILENT_FOR = timedelta(days=183)
# A hold ends by itself, and says nothing of how the list grows.
_LASTING = [reason for reason in Suppression.Reason.values if reason != Suppression.Reason.ON_HOLD]
_NAMES = ("letters", "sent", "failed", "unsubscribed", "complained")


@dataclass
class Month:
    """Letters that left in one month."""

    at: datetime
    letters: int = 0
    sent: int = 0
    failed: int = 0
    unsubscribed: int = 0
    complained: int = 0

    @property
    def delivered_percent(self) -> float | None:
        return round(percent(self.sent, self.letters), 1) if self.letters else None

    @property
    def complaint_percent(self) -> float | None:
        return round(percent(self.complained, self.sent), 2) if self.sent else None


@dataclass
class Service:
    """A mail service over the year, and month by month."""

    key: str
    months: list[Month]
    total: Month = field(default_factory=lambda: Month(timezone.now()))

    @property
    def label(self):
        return LABELS[self.key]

    @property
    def level(self) -> str:
        """The worst of the year and its last months: a bad month is not made good by the good ones before it."""
        levels = {complaint_level(one.complained, one.sent) for one in [self.total, *self.months[-2:]]}
        return next((level for level in ("bad", "warn") if level in levels), "")


def months() -> list[datetime]:
    """The first moments of the last twelve months, the oldest first."""
    at = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found = [at]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]


def services() -> tuple[Service, list[Service]]:
    """All letters of the year, and each mail service, the biggest first. One query."""
    since = months()
    rows = Tally.objects.exclude(by=Tally.By.HOUR).filter(mailing__started_at__gte=since[0]).order_by()
    rows = rows.annotate(month=TruncMonth("mailing__started_at")).values("by", "key", "month")
    found: dict[tuple[str, str], dict[datetime, Counter]] = defaultdict(lambda: defaultdict(Counter))
    for row in rows.annotate(**{f"all_{name}": Sum(name) for name in _NAMES}):
        found[row["by"], row["key"]][row["month"]].update({name: row[f"all_{name}"] for name in _NAMES})
    everybody = _service("", found.pop((Tally.By.ALL, ""), {}), since)
    by_provider = [_service(key, counts, since) for (_by, key), counts in found.items() if key != HIDDEN]
    return everybody, sorted(by_provider, key=lambda one: (-one.total.letters, one.key))


def _service(key: str, counts, since: list[datetime]) -> Service:
    service = Service(key, [Month(at, **counts.get(at, {})) for at in since])
    for name in _NAMES:
        setattr(service.total, name, sum(getattr(month, name) for month in service.months))
    return service


def best_hours() -> list[list[int]]:
    """How many people opened in each two hours of each day of the week, where the office is. One query."""
    grid = [[0] * 12 for _day in range(7)]
    rows = Tally.objects.filter(by=Tally.By.HOUR).order_by().values("key").annotate(all=Sum("opened"))
    for row in rows:
        day, hour = map(int, row["key"].split("-"))
        grid[day][hour // 2] += row["all"]
    return grid


def stop_list() -> dict[str, list[int]]:
    """How many addresses were on the stop list at the end of each of the last months, by reason. Two queries."""
    since = months()
    entries = Suppression.objects.filter(reason__in=_LASTING).order_by()
    before = Counter(dict(entries.filter(at__lt=since[0]).values_list("reason").annotate(Count("pk"))))
    later = entries.filter(at__gte=since[0]).annotate(month=TruncMonth("at")).values_list("reason", "month")
    grown = {(reason, month): count for reason, month, count in later.annotate(Count("pk"))}
    found: dict[str, list[int]] = {}
    for reason in _LASTING:
        total, sizes = before[reason], []
        for month in since:
            total += grown.get((reason, month), 0)
            sizes.append(total)
        found[reason] = sizes
    return found


@dataclass(frozen=True)
class Health:
    """What the list of contacts is good for. Each contact that is not put away is in one of the first three."""

    writable: int
    stopped: int
    no_address: int
    silent: int

    @property
    def everybody(self) -> int:
        return self.writable + self.stopped + self.no_address


def health(user) -> Health:
    """Four counts, each of which the database joins once; by the rule with which the list of contacts opens them."""
    contacts = Contact.objects.visible_to(user).active().order_by()
    able, stopped, none = (
        contacts.filter(of_criterion("letters", [kind])).count() for kind in ("yes", "stopped", "no_address")
    )
    return Health(writable=able, stopped=stopped, no_address=none, silent=silent(user).count())


def silent(user) -> QuerySet:
    """Contacts who got letters for half a year and from whom nothing came: no open, no click, no word.

    Where nothing is measured, only a word tells.
    """
    since = timezone.now() - SILENT_FOR
    letters = Delivery.objects.filter(contact=OuterRef("pk"), status=DeliveryStatus.SENT, sent_at__gte=since)
    words = Touch.objects.filter(contact=OuterRef("pk"), kind__in=SPOKEN, at__gte=since)
    wrote = Incoming.objects.replies().filter(contact=OuterRef("pk"), came_at__gte=since)
    known = Contact.objects.visible_to(user).active().filter(created_at__lt=since)
    return known.filter(
        Exists(letters), ~Exists(letters.filter(opened_at__isnull=False)), ~Exists(words), ~Exists(wrote)
    )


@dataclass(frozen=True)
class Outlet:
    """An organisation and what has come from its people in half a year."""

    organisation: Organisation
    letters: int
    readers: int
    opened: int
    last_word: datetime | None
    # Whether one of them is known long enough for silence to mean something.
    is_known: bool


def outlets(user, *, most: int | None = 50) -> list[Outlet]:
    """Organisations that got the most letters, those from whom nothing came first. Five queries."""
    since = timezone.now() - SILENT_FOR
    places = Position.objects.current().filter(organisation__in=Organisation.objects.visible_to(user))
    visible = Contact.objects.visible_to(user).active()
    where = dict(
        places.filter(contact__in=visible.order_by().values("pk"))
        .order_by("-pk")
        .values_list("contact", "organisation")
    )
    letters = Delivery.objects.filter(status=DeliveryStatus.SENT, sent_at__gte=since, contact__isnull=False).order_by()
    counts: dict[int, Counter] = defaultdict(Counter)
    numbers = letters.values_list("contact").annotate(Count("pk"), Count("opened_at"), Min("contact__created_at"))
    for contact, sent, opened, created in numbers:
        if place := where.get(contact):
            counts[place].update(letters=sent, readers=1, opened=opened, known=created < since)
    words = Touch.objects.filter(kind__in=SPOKEN, at__gte=since).order_by().values_list("contact").annotate(Max("at"))
    wrote = Incoming.objects.replies().filter(contact__isnull=False, came_at__gte=since).order_by()
    last: dict[int, datetime] = {}
    for contact, at in [*words, *wrote.values_list("contact").annotate(Max("came_at"))]:
        if place := where.get(contact):
            last[place] = max(last.get(place, at), at)
    chosen = sorted(
        counts,
        key=lambda key: (
            key in last or counts[key]["opened"] > 0,
            not counts[key]["known"],
            -counts[key]["letters"],
        ),
    )[:most]
    rows = Organisation.objects.in_bulk(chosen)
    names = ("letters", "readers", "opened")
    return [
        Outlet(rows[key], *(counts[key][name] for name in names), last.get(key), counts[key]["known"] > 0)
        for key in chosen
        if key in rows
    ]
