"""What a recipient says about our letters."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from crm.actions import own_word
from crm.actions.suppression import lift, suppress
from crm.models import Suppression, Topic

from ..models import Delivery, Mailing
from ..states import DeliveryStatus

# So long a recipient can take the unsubscribing back by an old letter's link, which others may have by then.
UNDO = timedelta(days=30)


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
    """The recipient takes the unsubscribing back, in time. What staff or a bounce stopped stays stopped."""
    entry = Suppression.objects.filter(key=delivery.address_key).first()
    if entry is None or until_when(entry) < timezone.now():
        return
    if lift(delivery.address, Suppression.Reason.UNSUBSCRIBED, key=delivery.address_key, by="recipient"):
        Delivery.objects.filter(address_key=delivery.address_key).update(unsubscribed_at=None)


def until_when(entry: Suppression) -> datetime:
    """How long an unsubscribing can be taken back."""
    return entry.at + UNDO


def topics_for(delivery: Delivery) -> list[Topic]:
    """The topics that a reader may choose among: of letters they got, and those they refused before.

    Of a sealed contact only those of this letter, which whoever opens its link has read.
    """
    got = Delivery.objects.filter(address_key=delivery.address_key, status=DeliveryStatus.SENT)
    mailings = [delivery.mailing_id] if delivery.is_sealed else got.order_by().values("mailing")
    of_letters = Mailing.topics.through.objects.filter(mailing__in=mailings).values("topic")
    refused = delivery.contact.stop_rules.in_force().own().order_by().exclude(topic=None).values("topic")
    return list(Topic.objects.filter(Q(pk__in=of_letters) | Q(pk__in=refused)))


def choose(delivery: Delivery, wanted: Mapping[own_word.Subject, bool], language: str) -> None:
    """The recipient says which letters they want, and in which language."""
    own_word.choose(delivery.contact, topics_for(delivery), wanted, language)


def pause_for(delivery: Delivery, until: date | None) -> None:
    """The recipient wants no mailings up to and including a day; None ends the pause now."""
    if until:
        own_word.pause(delivery.contact, until)
    else:
        own_word.resume(delivery.contact)
