"""Store what the spool holds as events, judge whole letters anew, and write what people did where it is asked for."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from ..measuring.agents import Agent
from ..measuring.judge import PEOPLE, Sort, Visit, judge
from ..measuring.policy import GROUPS, Measured
from ..models import Delivery, Event, Link, Loaded, Mailing, Reader
from ..states import DeliveryStatus
from . import spool, tallying

_CHUNK = 1_000
# The link that no person sees is counted apart from those that lead somewhere.
TRAP = "#"


def load() -> int:
    """Read the spool. What cannot be stored now, since the database is busy, stays for the next time."""
    stored, touched = 0, set()
    for path in spool.taken():
        with transaction.atomic():
            count, mailings = _load(path)
        path.unlink(missing_ok=True)
        stored, touched = stored + count, touched | mailings
    for mailing in Mailing.objects.filter(pk__in=touched):
        tallying.count(mailing)
    return stored


def _load(path: Path) -> tuple[int, set[int]]:
    """Store one file, once: a worker that died before it deleted the file has left its name."""
    _row, is_new = Loaded.objects.get_or_create(name=path.name)
    stored, touched = 0, set()
    if not is_new:
        return stored, touched
    for some in _chunks(spool.lines(path)):
        if known := _known(some):
            stored += len(known)
            touched |= {line.mark.mailing for line in known}
            _store(known)
    return stored, touched


def _chunks(lines: Iterator[spool.Line]) -> Iterator[list[spool.Line]]:
    while some := list(islice(lines, _CHUNK)):
        yield some


def _known(lines: Sequence[spool.Line]) -> list[spool.Line]:
    """Visits of mailings that are not too long ago, by readers of whom as much may be known, today as well."""
    since = timezone.now() - settings.EVENTS_KEPT
    mailings = Mailing.objects.filter(pk__in={line.mark.mailing for line in lines}, started_at__gte=since)
    measuring = set(mailings.exclude(measures="").values_list("pk", flat=True))
    named = Delivery.objects.filter(
        pk__in={line.mark.delivery for line in lines if line.mark.delivery},
        measured_as=Measured.PERSON,
        contact__sensitivity="open",
    )
    rows = set(named.values_list("pk", "mailing"))
    return [
        line
        for line in lines
        if line.mark.mailing in measuring and (line.mark.reader or (line.mark.delivery, line.mark.mailing) in rows)
    ]


def _store(lines: Sequence[spool.Line]) -> None:
    links, readers = _links(lines), _readers(lines)
    fresh = [
        Event(
            mailing_id=line.mark.mailing,
            delivery_id=line.mark.delivery or None,
            reader_id=readers.get((line.mark.mailing, line.mark.reader)),
            link_id=links[line.mark.mailing, _url(line)],
            sort=line.sort,
            agent=line.agent,
            at=datetime.fromtimestamp(line.at, UTC),
            is_trap=line.is_trap,
        )
        for line in lines
    ]
    _judge_deliveries([event for event in fresh if event.delivery_id])
    # Of who is only counted nobody knows when the letter arrived.
    _judge_readers([event for event in fresh if event.reader_id])
    Event.objects.bulk_create(fresh, batch_size=_CHUNK)
    _count_links(set(links.values()))


def _url(line: spool.Line) -> str:
    return TRAP if line.is_trap else line.url


def _links(lines: Iterable[spool.Line]) -> dict[tuple[int, str], int]:
    wanted = {(line.mark.mailing, _url(line)) for line in lines}
    rows = [Link(mailing_id=mailing, url=url) for mailing, url in sorted(wanted)]
    Link.objects.bulk_create(rows, ignore_conflicts=True)
    found = Link.objects.filter(mailing__in={mailing for mailing, _url in wanted})
    return {(mailing, url): pk for mailing, url, pk in found.values_list("mailing", "url", "pk")}


def _readers(lines: Iterable[spool.Line]) -> dict[tuple[int, int], int]:
    wanted = {(line.mark.mailing, line.mark.reader): GROUPS[line.mark.group] for line in lines if line.mark.reader}
    rows = [
        Reader(mailing_id=mailing, number=number, kind=kind, language=language)
        for (mailing, number), (kind, language) in sorted(wanted.items())
    ]
    Reader.objects.bulk_create(rows, ignore_conflicts=True)
    found = Reader.objects.filter(
        mailing__in={mailing for mailing, _number in wanted}, number__in={number for _mailing, number in wanted}
    )
    keys = {(mailing, number): pk for mailing, number, pk in found.values_list("mailing", "number", "pk")}
    return {pair: keys[pair] for pair in wanted}


def _judge_deliveries(fresh: list[Event]) -> None:
    found = _by_owner(fresh, "delivery_id")
    deliveries = list(
        Delivery.objects.select_for_update().filter(pk__in=found).only("sent_at", "opened_at", "clicked_at")
    )
    _judge_all(found, deliveries, "delivery_id", lambda delivery: delivery.sent_at)


def _judge_readers(fresh: list[Event]) -> None:
    found = _by_owner(fresh, "reader_id")
    readers = list(Reader.objects.select_for_update().filter(pk__in=found))
    _judge_all(found, readers, "reader_id", lambda _reader: None)


def _by_owner(events: Iterable[Event], name: str) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        found[getattr(event, name)].append(event)
    return found


def _judge_all(found: dict[int, list[Event]], owners: list, name: str, arrived: Callable) -> None:
    """Whole letters anew: with what was known before, whose verdicts may change."""
    if not owners:
        return
    before = list(Event.objects.filter(**{f"{name}__in": found}))
    known = {event.pk: event.reason for event in before}
    for key, events in _by_owner(before, name).items():
        found[key] = events + found[key]
    facts = {owner.pk: (owner.opened_at, owner.clicked_at) for owner in owners}
    for owner in owners:
        _judge(found[owner.pk], arrived(owner), owner)
    _rewrite([event for event in before if event.reason != known[event.pk]])
    changed = [owner for owner in owners if (owner.opened_at, owner.clicked_at) != facts[owner.pk]]
    type(owners[0]).objects.bulk_update(changed, ["opened_at", "clicked_at"], batch_size=_CHUNK)


def _judge(events: list[Event], delivered_at: datetime | None, owner: Delivery | Reader) -> None:
    visits = [
        Visit(event.at, Sort(event.sort), Agent(event.agent), str(event.link_id), event.is_trap) for event in events
    ]
    for event, reason in zip(events, judge(visits, delivered_at), strict=True):
        event.reason, event.is_person = reason, reason in PEOPLE
    people = [event for event in events if event.is_person]
    # Who followed a link has opened the letter, whether its picture was loaded or not.
    owner.opened_at = min((event.at for event in people), default=None)
    owner.clicked_at = min((event.at for event in people if event.sort == Sort.CLICK), default=None)


def _rewrite(events: list[Event]) -> None:
    """Events by their new reason: there are few reasons, and so few queries."""
    keys: dict[str, list[int]] = defaultdict(list)
    for event in events:
        keys[event.reason].append(event.pk)
    for reason, some in keys.items():
        Event.objects.filter(pk__in=some).update(reason=reason, is_person=reason in PEOPLE)


def _count_links(keys: set[int]) -> None:
    events = Event.objects.filter(link__in=keys).order_by().values("link")
    person = Q(is_person=True)
    counts = events.annotate(
        machine=Count("pk", filter=~person),
        human=Count("pk", filter=person),
        people=Count("delivery", filter=person, distinct=True) + Count("reader", filter=person, distinct=True),
    )
    rows = [Link(pk=row["link"], **{name: row[name] for name in ("people", "human", "machine")}) for row in counts]
    Link.objects.bulk_update(rows, ["people", "human", "machine"], batch_size=_CHUNK)


@transaction.atomic
def forget() -> int:
    """Delete visits that are past `EVENTS_KEPT`. Who opened and clicked, links' counts and tallies stay."""
    old = Event.objects.filter(mailing__started_at__lt=timezone.now() - settings.EVENTS_KEPT)
    count, _each = old.delete()
    Loaded.objects.filter(at__lt=timezone.now() - settings.EVENTS_KEPT).delete()
    return count


def forgotten_at(mailing: Mailing) -> datetime | None:
    """Since when it is not known any more who followed which link; None where it still is."""
    at = mailing.started_at and mailing.started_at + settings.EVENTS_KEPT
    return at if at and at < timezone.now() else None


def erase(deliveries) -> None:
    """What is known of the readers of these rows goes: they are sealed, or erased.

    An arrived letter to one who is only counted names nobody, and stays a part of what its group is measured by.
    """
    Event.objects.filter(delivery__in=deliveries).delete()
    is_counted = Q(measured_as=Measured.TOTALS, status=DeliveryStatus.SENT)
    deliveries.exclude(is_counted).update(measured_as=Measured.NOT, opened_at=None, clicked_at=None)
