"""Put an address on hold when letters to it keep coming back. What was about us never counts."""

from datetime import timedelta

from django.db.models.functions import Coalesce
from django.utils import timezone

from crm.actions.suppression import suppress
from crm.models import Suppression

from ..models import Delivery
from ..states import DeliveryStatus
from .bounces import BounceClass

LOOKED_AT, STRIKES, WITHIN, HELD_FOR = 5, 3, timedelta(days=30), timedelta(days=14)
_COUNTS = {BounceClass.SOFT, BounceClass.FULL}


def hold_if_tired(delivery: Delivery, bounce: str, evidence: str, *, by: object) -> bool:
    """Three of the last five letters of a month came back: nothing goes there for two weeks, then it is tried again.

    To be called once the fate of `delivery` is written, with what its own answer was: another one than those that
    count says nothing new of the mailbox.
    """
    if bounce not in _COUNTS:
        return False
    since = timezone.now() - WITHIN
    of_address = Delivery.objects.filter(address_key=delivery.address_key)
    # Most addresses have no strikes at all, which is told by less.
    if of_address.filter(status=DeliveryStatus.FAILED, bounce_class__in=_COUNTS).count() < STRIKES:
        return False
    settled = of_address.filter(status__in=[DeliveryStatus.SENT, DeliveryStatus.FAILED])
    dated = settled.annotate(left_at=Coalesce("sent_at", "mailing__started_at")).filter(left_at__gte=since)
    last = dated.order_by("-left_at", "-pk").values_list("status", "bounce_class")[:LOOKED_AT]
    strikes = sum(status == DeliveryStatus.FAILED and bounce in _COUNTS for status, bounce in last)
    if strikes < STRIKES:
        return False
    suppress(
        delivery.address,
        Suppression.Reason.ON_HOLD,
        key=delivery.address_key,
        evidence=evidence,
        until_on=timezone.localdate() + HELD_FOR,
        by=by,
    )
    return True
