"""Hand one worker the next due deliveries so that no other gets them; take back what a dead one held. Sends nothing."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction

from ..models import Delivery, Mailing
from ..states import DeliveryStatus
from . import throttle

LEASE = timedelta(minutes=5)


@transaction.atomic
def claim(limit: int, *, at: datetime) -> list[Delivery]:
    """Mark up to `limit` due deliveries, as far as their accounts' hours allow, as this worker's, and return them."""
    token = uuid4()
    rows = throttle.take(_with_mailings(_due(limit, at)), at=at)
    # The status is asked again: on PostgreSQL the subquery may have seen rows that another worker has just taken.
    taken = Delivery.objects.claimable().filter(pk__in=[row.id for row in rows])
    if taken.update(status=DeliveryStatus.CLAIMED, claim=token, lease_until=at + LEASE) != len(rows):
        rows = _with_mailings(Delivery.objects.filter(claim=token, status=DeliveryStatus.CLAIMED).order_by("pk"))
    for row in rows:
        row.claim, row.status = token, DeliveryStatus.CLAIMED
    return rows


def _due(limit: int, at: datetime) -> list[Delivery]:
    """The first of the queue, locked: of each mailing those that wait for another try, then those that never went.

    Asked one by one: an index has the rows of one mailing and state in order, and nothing else is read, however many
    letters were sent before.
    """
    due = Delivery.objects.in_time(at).order_by("pk").select_for_update(skip_locked=True, of=("self",))
    if (spent := throttle.closed(at)) is not None:
        due = due.exclude(spent)
    found = []
    for mailing in Mailing.objects.being_sent().order_by("pk").values_list("pk", flat=True):
        for status in (DeliveryStatus.DEFERRED, DeliveryStatus.QUEUED):
            if len(found) < limit:
                found += due.filter(mailing=mailing, status=status)[: limit - len(found)]
    return found


def _with_mailings(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """One object serves all letters of a mailing."""
    rows = list(deliveries)
    mailings = Mailing.objects.select_related("account").in_bulk({row.mailing_id for row in rows})
    for row in rows:
        row.mailing = mailings[row.mailing_id]
    return rows


def take_back(*, at: datetime) -> None:
    """Expired claims return to the queue. Letters on the wire become unknown: only a person may decide on those."""
    expired = Delivery.objects.filter(claim__isnull=False, lease_until__lt=at)
    expired.filter(status=DeliveryStatus.CLAIMED).update(status=DeliveryStatus.QUEUED, claim=None, lease_until=None)
    expired.filter(status=DeliveryStatus.INFLIGHT).update(status=DeliveryStatus.UNKNOWN, claim=None, lease_until=None)
