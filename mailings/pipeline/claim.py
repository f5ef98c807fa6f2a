"""Hand one worker the next due deliveries so that no other gets them; take back what a dead one held. Sends nothing."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction

from ..models import Delivery, Mailing
from ..states import DeliveryStatus

LEASE = timedelta(minutes=5)


@transaction.atomic
def claim(limit: int, *, at: datetime) -> list[Delivery]:
    """Mark up to `limit` due deliveries as this worker's for the time of a lease, and return them."""
    token = uuid4()
    rows = list(Delivery.objects.due(at).order_by("pk").select_for_update(skip_locked=True, of=("self",))[:limit])
    # The status is asked again: on PostgreSQL the subquery may have seen rows that another worker has just taken.
    taken = Delivery.objects.claimable().filter(pk__in=[row.pk for row in rows])
    if taken.update(status=DeliveryStatus.CLAIMED, claim=token, lease_until=at + LEASE) != len(rows):
        rows = list(Delivery.objects.filter(claim=token, status=DeliveryStatus.CLAIMED).order_by("pk"))
    # One object serves all letters of a mailing.
    mailings = Mailing.objects.in_bulk({row.mailing_id for row in rows})
    for row in rows:
        row.mailing, row.claim, row.status = mailings[row.mailing_id], token, DeliveryStatus.CLAIMED
    return rows


def take_back(*, at: datetime) -> None:
    """Expired claims return to the queue. Letters on the wire become unknown: only a person may decide on those."""
    expired = Delivery.objects.filter(lease_until__lt=at)
    expired.filter(status=DeliveryStatus.CLAIMED).update(status=DeliveryStatus.QUEUED, claim=None, lease_until=None)
    expired.filter(status=DeliveryStatus.INFLIGHT).update(status=DeliveryStatus.UNKNOWN, claim=None, lease_until=None)
