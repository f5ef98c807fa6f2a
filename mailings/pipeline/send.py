"""The loop: claim, render, transport, record; it pauses the mailing on our own faults. Never called by a view."""

import logging
import os
import socket
from collections.abc import Mapping
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.db.models import Exists
from django.utils import timezone

from accounts.models import Lockdown
from core.addresses import codes_alone, unquoted
from core.sealing import CannotUnseal
from crm.actions.suppression import suppress
from crm.criteria import includes_restricted
from crm.models import Contact, EmailAddress, Suppression, restricted_people

from ..message import Message, Outcome, Receipt
from ..models import Delivery, Heartbeat, Mailing, companions
from ..states import DELIVERY_TRANSITIONS, OPEN_DELIVERY, DeliveryStatus, MailingStatus
from . import clock
from .bounces import BounceClass, classify
from .claim import LEASE, claim, take_back
from .frame import frame_of
from .render import Letter, compile_letter, render
from .seats import posts_of
from .transport import Transport
from .wishes import About, Wishes, abouts_of, wishes_of

logger = logging.getLogger(__name__)

BATCH = 50
BLOCKS_BEFORE_PAUSE = 5
# After the last one the letter counts as refused: 72 hours in all, as the big mail services do.
RETRY_AFTER = [timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=9)] + [
    timedelta(hours=12)
] * 5


def send_due(seconds: float = 5) -> int:
    """Send what is due, for about `seconds`, so that a worker told to stop can. Return how many were accepted."""
    accepted = 0
    until = monotonic() + seconds
    beat()
    clock.begin_round()
    take_back(at=timezone.now())
    with Transport() as transport:
        while monotonic() < until and (batch := claim(BATCH, at=timezone.now())):
            accepted += _send_batch(batch, transport, until)
            beat()
    for mailing in Mailing.objects.being_sent():
        if mailing.finish_if_done():
            logger.info("mailing %s is finished", mailing.pk)
    return accepted


def beat() -> None:
    """Tell the pages that a sender is alive."""
    name = f"{socket.gethostname()}:{os.getpid()}"
    Heartbeat.objects.update_or_create(worker=name, defaults={"seen_at": timezone.now()})
    Heartbeat.objects.filter(seen_at__lt=timezone.now() - timedelta(days=1)).delete()


def _send_batch(batch: list[Delivery], transport: Transport, until: float) -> int:
    accepted = 0
    letters: dict[tuple[int, str], Letter | None] = {}
    stopped = _stopped_since(batch)
    try:
        for delivery in batch:
            if monotonic() > until:
                break
            if delivery.pk in stopped:
                _settle(delivery, DeliveryStatus.CLAIMED, status=DeliveryStatus.SUPPRESSED)
            elif letter := _letter_of(delivery, letters):
                accepted += _send_one(delivery, letter, transport)
    finally:
        # What is still claimed goes back: time was up, its mailing was paused or stopped, or this worker stumbled.
        Delivery.objects.filter(claim=batch[0].claim, status=DeliveryStatus.CLAIMED).update(
            status=DeliveryStatus.QUEUED, claim=None, lease_until=None
        )
    return accepted


def _stopped_since(batch: list[Delivery]) -> set[int]:
    """Which of these letters must not leave any more, asked right before they would. Seven queries for a batch."""
    keys = {delivery.address_key for delivery in batch}
    held = posts_of({delivery.contact_id for delivery in batch})
    owners = {delivery.contact_id for delivery in batch if delivery.contact_id}.union(*held.values())
    used = EmailAddress.objects.filter(contact__in=owners).order_by()
    in_use = {(owner, key): day is None for owner, key, day in used.values_list("contact_id", "key", "retired_on")}
    reasons = dict(
        Suppression.objects.filter(key__in=keys.union(key for _owner, key in in_use)).values_list("key", "reason")
    )
    unwilling = {owner for owner, key in in_use if reasons.get(key) in Suppression.WISHES}
    away, banned = _away(batch), set(restricted_people().filter(contact__in=owners).values_list("contact", flat=True))
    wishes, abouts = wishes_of(owners, keys), abouts_of(delivery.mailing for delivery in batch)
    return {
        delivery.pk
        for delivery in batch
        if delivery.address_key in reasons
        or delivery.contact_id in away | unwilling
        or delivery.contact_id in banned
        and not includes_restricted(delivery.mailing.audience)
        or _is_retired(delivery, held, in_use)
        or _is_unwanted(delivery, held, in_use, wishes, abouts[delivery.mailing_id])
    }


def _away(batch: list[Delivery]) -> set[int]:
    """Who was put away since."""
    people = Contact.objects.filter(pk__in=[delivery.contact_id for delivery in batch if delivery.contact_id])
    return set(people.exclude(archived_at=None).order_by().values_list("pk", flat=True))


def _is_retired(delivery: Delivery, held: Mapping[int, set[int]], in_use: Mapping[tuple, bool]) -> bool:
    """Whether the address is no longer one that the person uses, nor of a post that they hold."""
    owners = {delivery.contact_id} | held.get(delivery.contact_id, set())
    return delivery.contact_id is not None and not any(in_use.get((one, delivery.address_key)) for one in owners)


def _is_unwanted(
    delivery: Delivery, held: Mapping[int, set[int]], in_use: Mapping[tuple, bool], wishes: Wishes, about: About
) -> bool:
    """Asked of the person, and of the post whose address it is."""
    posts = {post for post in held.get(delivery.contact_id, ()) if (post, delivery.address_key) in in_use}
    own = (delivery.contact_id, delivery.address_key) in in_use
    asked = {delivery.contact_id} if own else {delivery.contact_id} | posts
    return any(wishes.against(about, contact, [delivery.address_key]) for contact in asked)


def _send_one(delivery: Delivery, letter: Letter, transport: Transport) -> bool:
    """One dialogue, if the row is still ours; return whether the letter was accepted."""
    message = _addressed(delivery, letter)
    if message is None or not _put_on_the_wire(delivery):
        return False
    receipt = transport.send(message)
    _record(delivery, receipt)
    if receipt.outcome is Outcome.ACCEPTED:
        companions.left(delivery)
    if receipt.outcome is Outcome.OWN_FAULT or _refused_by_all(delivery.mailing):
        delivery.mailing.pause(Mailing.PauseKind.SERVER, f"{receipt.code or ''} {_words(delivery, receipt)}".strip())
    return receipt.outcome is Outcome.ACCEPTED


def _addressed(delivery: Delivery, letter: Letter) -> Message | None:
    """The letter with its address, the one place where a sealed one is opened. Without the key its mailing pauses."""
    try:
        to = delivery.reveal()
        return render(letter, delivery, to=to, calendar=companions.calendar(delivery, to))
    except CannotUnseal:
        logger.error("mailing %s: a sealed address cannot be opened", delivery.mailing_id)
        delivery.mailing.pause(Mailing.PauseKind.KEY, "")
        return None


def _words(delivery: Delivery, receipt: Receipt) -> str:
    """The server's words as a page for everybody may show them: without an address, of a sealed one the codes alone."""
    return codes_alone(receipt.reply) if delivery.is_sealed else unquoted(receipt.reply)


def _refused_by_all(mailing: Mailing) -> bool:
    """Whether the first answers of a mailing all say that it is us they do not want: then the rest waits."""
    refused = mailing.deliveries.filter(bounce_class=BounceClass.BLOCK).count()
    return refused >= BLOCKS_BEFORE_PAUSE and not mailing.deliveries.sent().exists()


def _letter_of(delivery: Delivery, letters: dict[tuple[int, str], Letter | None]) -> Letter | None:
    """The compiled letter of a delivery's mailing and language. One that cannot be compiled pauses its mailing."""
    mailing, language = delivery.mailing, delivery.language
    key = (mailing.pk, language)
    if key not in letters:
        if not mailing.is_as_approved:
            logger.error("mailing %s is not what was approved", mailing.pk)
            mailing.pause(Mailing.PauseKind.CHANGED, "")
            letters[key] = None
            return None
        try:
            version, frame = mailing.versions.get(language=language), frame_of(mailing, language)
            letters[key] = compile_letter(mailing.kind, version, dated=mailing.dated, frame=frame)
        # Whatever the reason, a letter we cannot build stops its mailing, not the worker.
        except Exception as error:
            logger.error("mailing %s cannot be built in %s: %s", *key, type(error).__name__, exc_info=True)
            mailing.pause(Mailing.PauseKind.LETTER, type(error).__name__)
            letters[key] = None
    return letters[key]


@transaction.atomic
def _put_on_the_wire(delivery: Delivery) -> bool:
    """Commit that the dialogue begins, with a lease of its own, if the row is still ours and its mailing still runs."""
    clock.tick()
    return (
        Delivery.objects.filter(
            ~Exists(Lockdown.objects.on()),
            pk=delivery.pk,
            claim=delivery.claim,
            status=DeliveryStatus.CLAIMED,
            mailing__in=Mailing.objects.filter(status=MailingStatus.SENDING),
        ).update(status=DeliveryStatus.INFLIGHT, attempts=delivery.attempts + 1, lease_until=timezone.now() + LEASE)
        == 1
    )


@transaction.atomic
def _record(delivery: Delivery, receipt: Receipt) -> None:
    # Whether it is sealed is asked again: somebody may have sealed the contact while the letter was on the wire.
    delivery.refresh_from_db(fields=["address", "sealed"], from_queryset=Delivery.objects.select_for_update())
    fate = {"code": receipt.code, "reply": codes_alone(receipt.reply) if delivery.is_sealed else receipt.reply}
    now = timezone.now()
    if receipt.outcome is Outcome.ACCEPTED:
        fate |= {"status": DeliveryStatus.SENT, "sent_at": now}
    elif receipt.outcome is Outcome.UNCERTAIN:
        fate |= {"status": DeliveryStatus.UNKNOWN}
    elif receipt.outcome is Outcome.OWN_FAULT:
        # Nobody was asked, so nobody is marked: the row waits as before.
        fate = {"status": DeliveryStatus.QUEUED, "attempts": delivery.attempts}
    else:
        fate |= _refused(delivery, receipt, now)
    if fate["status"] in OPEN_DELIVERY and _is_stopped(delivery.mailing_id):
        fate["status"] = DeliveryStatus.CANCELLED
    _settle(delivery, DeliveryStatus.INFLIGHT, **fate)


def _refused(delivery: Delivery, receipt: Receipt, now: datetime) -> dict[str, object]:
    bounce = classify(receipt.code, receipt.reply)
    if receipt.outcome is Outcome.TRANSIENT and delivery.attempts < len(RETRY_AFTER):
        next_try = now + RETRY_AFTER[delivery.attempts]
        return {"status": DeliveryStatus.DEFERRED, "next_try_at": next_try, "bounce_class": bounce}
    if bounce is BounceClass.HARD:
        words = codes_alone(receipt.reply) if delivery.is_sealed else receipt.reply
        evidence = f"{receipt.code} {words}".strip()
        suppress(
            delivery.address, Suppression.Reason.HARD_BOUNCE, key=delivery.address_key, evidence=evidence, by="sender"
        )
    return {"status": DeliveryStatus.FAILED, "bounce_class": bounce}


def _is_stopped(mailing_id: int) -> bool:
    """Whether somebody stopped the mailing meanwhile. Its row is locked: they wait for what is being written."""
    mailing = Mailing.objects.select_for_update().filter(pk=mailing_id)
    return mailing.values_list("status", flat=True)[0] == MailingStatus.CANCELLED


def _settle(delivery: Delivery, expected: DeliveryStatus, *, status: DeliveryStatus, **fate: object) -> None:
    """Write the outcome of a row that is still this worker's. A row taken back meanwhile keeps what it was given."""
    if status not in DELIVERY_TRANSITIONS[expected]:
        raise ValueError(f"a delivery does not go from {expected} to {status}")
    Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim, status=expected).update(
        status=status, claim=None, lease_until=None, **fate
    )
