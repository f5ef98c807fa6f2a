"""What a recipient says about our letters."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from audit.models import RECIPIENT
from crm.actions import own_word
from crm.actions.suppression import lift, suppress
from crm.models import Contact, Position, Suppression, Topic

from ..models import Delivery, Mailing
from ..states import DeliveryStatus

# So long a recipient can take the unsubscribing back by an old letter's link, which others may have by then.
UNDO = timedelta(days=30)


@transaction.atomic
def unsubscribe(delivery: Delivery) -> None:
    """The recipient wants no more letters. Saying it twice is saying it once."""
    stop(delivery, Suppression.Reason.UNSUBSCRIBED)
    Delivery.objects.filter(pk=delivery.pk, unsubscribed_at=None).update(unsubscribed_at=timezone.now())


@transaction.atomic
def stop(delivery: Delivery, reason: str) -> None:
    """Nothing goes to the letter's address any more, nor to its reader, where their card has another one by now."""
    # Who is changing the addresses of the card is waited for.
    contact = Contact.objects.select_for_update().filter(pk=delivery.contact_id).first()
    suppress(delivery.address, reason, key=delivery.address_key, evidence=delivery.mailing.title, by=RECIPIENT)
    if contact and _has_moved(delivery, contact):
        own_word.leave(contact)


def _has_moved(delivery: Delivery, contact: Contact) -> bool:
    """Whether the card has the letter's address no more, and is its reader's still: not a post that somebody else
    holds by now. Whoever was written to at a post they held has never had that address.
    """
    if contact.emails.filter(key=delivery.address_key).exists():
        return False
    holders = set(Position.objects.current().filter(post=contact).values_list("contact", flat=True))
    return delivery.holder_id in (holders or {None})


@transaction.atomic
def resubscribe(delivery: Delivery) -> None:
    """The recipient takes the unsubscribing back, in time. What staff or a bounce stopped stays stopped."""
    until = until_when(delivery, word_of(delivery))
    if until is None or until < timezone.now():
        return
    lift(delivery.address, Suppression.Reason.UNSUBSCRIBED, key=delivery.address_key, by=RECIPIENT)
    if delivery.contact:
        own_word.come_back(delivery.contact, until - UNDO)
    Delivery.objects.filter(address_key=delivery.address_key).update(unsubscribed_at=None)


def word_of(delivery: Delivery) -> Suppression | None:
    """What the reader said at this address. What servers and staff say of it may end without them."""
    entries = Suppression.objects.exclude(reason__in=Suppression.LIFTABLE)
    return entries.filter(key=delivery.address_key).first()


def until_when(delivery: Delivery, word: Suppression | None) -> datetime | None:
    """How long an unsubscribing can be taken back, be it the word said here or by a letter to an earlier address."""
    if word:
        since = word.at if word.reason == Suppression.Reason.UNSUBSCRIBED else None
    else:
        since = own_word.left_at(delivery.contact) if delivery.contact else None
    return since and since + UNDO


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
