"""What follows from what a mail service tells: the same verbs as for letters that came in."""

import logging
from collections.abc import Iterable, Mapping

from anymail.signals import EventType
from django.db import transaction
from django.utils import timezone

from core.addresses import codes_alone
from core.sealing import blind

from ..models import Delivery, ProviderEvent
from ..pipeline import patience
from ..pipeline.bounces import BounceClass
from ..pipeline.ledger import Report
from ..pipeline.provider_events import MEASURED, OLDEST, Told
from ..states import DeliveryStatus
from .incoming import arrived, came_back, complained
from .unsubscribing import unsubscribe

logger = logging.getLogger(__name__)

# Seconds: the thread that waits is one that people's pages wait for.
PATIENCE = 2.0


class NotYet(Exception):
    """A letter is still on the wire by our own books: what became of it is to be told once more, later."""


def take_events(provider: str, events: Iterable[Told]) -> int:
    """Keep each event once and do what follows from it. Return how many were news; of strangers it is only logged.

    Raises OperationalError soon where the database is busy, and NotYet, when the others are kept.
    """
    with patience.at_most(PATIENCE), transaction.atomic():
        news, early = _take(provider, events)
    if early:
        raise NotYet
    return news


def _take(provider: str, events: Iterable[Told]) -> tuple[int, int]:
    """How many were news, and how many came before the worker had written down what became of their letters."""
    by_number = {event.number: event for event in events}
    known = ProviderEvent.objects.filter(provider=provider, event__in=by_number).values_list("event", flat=True)
    news = [by_number[number] for number in by_number.keys() - set(known)]
    deliveries = Delivery.objects.select_related("mailing").in_bulk([one.delivery for one in news if one.delivery])
    found = {event.number: deliveries.get(event.delivery) for event in news}
    early = {event.number for event in news if event.is_fate and _is_on_the_wire(found[event.number])}
    news = [event for event in news if event.number not in early]
    ProviderEvent.objects.bulk_create(
        ProviderEvent(provider=provider, event=event.number, kind=event.kind[:20], delivery=found[event.number])
        for event in news
    )
    arrived(_reports(provider, news, found))
    for event in news:
        if event.kind in MEASURED:
            logger.warning("%s measures who opens and clicks: switch it off there", provider)
        elif (delivery := found[event.number]) and _is_its_reader(delivery, event):
            _follow(delivery, event)
        else:
            logger.info("%s told of a letter that is not ours: %s", provider, event.kind)
    return len(news), len(early)


def _is_on_the_wire(delivery: Delivery | None) -> bool:
    return delivery is not None and delivery.status == DeliveryStatus.INFLIGHT


def _reports(provider: str, news: Iterable[Told], found: Mapping[str, Delivery | None]) -> list[Report]:
    now = timezone.now()
    told = [(found[event.number], event) for event in news if event.kind == EventType.DELIVERED]
    return [
        Report(delivery, event.words or str(event.kind), provider, event.at or now)
        for delivery, event in told
        if delivery and _is_its_reader(delivery, event)
    ]


def _is_its_reader(delivery: Delivery, event: Told) -> bool:
    """A letter's marks go on when it is forwarded; what happens to it there is not about its reader."""
    return not event.recipient or blind(event.recipient) == delivery.address_key


def _follow(delivery: Delivery, event: Told) -> None:
    if event.wants_no_more:
        unsubscribe(delivery)
    elif event.kind == EventType.COMPLAINED:
        complained(delivery)
    elif event.bounce:
        words = codes_alone(event.words) if delivery.is_sealed else event.words
        came_back(delivery, event.bounce, event.code, words, stops=event.bounce is BounceClass.HARD)


def forget_events() -> int:
    """Rows that keep an event from being told twice, once it would be too old to be told."""
    return ProviderEvent.objects.filter(at__lt=timezone.now() - 2 * OLDEST).delete()[0]
