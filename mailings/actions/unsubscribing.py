"""What a recipient says about our letters."""

from django.db import transaction
from django.utils import timezone

from crm.actions.suppression import lift, suppress
from crm.models import Suppression

from ..models import Delivery


@transaction.atomic
def unsubscribe(delivery: Delivery) -> None:
    """The recipient wants no more letters. Saying it twice is saying it once."""
    suppress(
        delivery.address,
        Suppression.Reason.UNSUBSCRIBED,
        key=delivery.address_key,
        evidence=delivery.mailing.title,
        by="recipient",
    )
    Delivery.objects.filter(pk=delivery.pk, unsubscribed_at=None).update(unsubscribed_at=timezone.now())


@transaction.atomic
def resubscribe(delivery: Delivery) -> None:
    """The recipient takes the unsubscribing back. What staff or a bounce stopped stays stopped."""
    if lift(delivery.address, Suppression.Reason.UNSUBSCRIBED, key=delivery.address_key, by="recipient"):
        Delivery.objects.filter(address_key=delivery.address_key).update(unsubscribed_at=None)
