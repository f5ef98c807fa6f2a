"""The loop: claim, render, transport, record; it pauses the mailing on our own faults. Never called by a view."""

import logging
import os
import socket
from collections import defaultdict, deque
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from datetime import datetime, timedelta
from time import monotonic

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Lockdown
from audit.models import SENDER
from core.addresses import codes_alone, unquoted
from core.sealing import CannotUnseal
from crm.actions.suppression import suppress
from crm.criteria import includes_restricted
from crm.models import Contact, EmailAddress, Suppression, restricted_people

from ..message import Message, Outcome, Receipt
from ..models import Delivery, Heartbeat, Mailing, companions
from ..states import DELIVERY_TRANSITIONS, OPEN_DELIVERY, DeliveryStatus, MailingStatus
from . import clock, throttle
from .bounces import BounceClass, classify
from .claim import LEASE, claim, take_back
from .frame import frame_of
from .holds import hold_if_tired
from .lines import Line, Lines
from .render import Letter, compile_letter, render
from .seats import posts_of, with_posts
from .turn import Fate, turn
from .wishes import About, Wishes, abouts_of, wishes_of

logger = logging.getLogger(__name__)

# How many letters a worker claims first, and at most: about a second's work of it, so that others find some, too.
FIRST, MOST = 32, 1024
# How many letters a connection is handed at a time. It has at most two such lots, so that it never waits for the
# database: a worker that is killed leaves at most connections * 2 * LOT letters of unknown outcome.
LOT = 8
# A letter begins within this part of its lease, or goes back: once the lease is over, nothing of it may still leave.
BEGINS_WITHIN = 1 / 5
BLOCKS_BEFORE_PAUSE = 5
# How long somebody who stops a mailing waits until the connections hear of it, in seconds.
HEARD_WITHIN = 0.2
# After the last one the letter counts as refused: 72 hours in all, as the big mail services do.
RETRY_AFTER = [timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=9)] + [
    timedelta(hours=12)
] * 5


def send_due(seconds: float = 5, *, connections: int | None = None) -> int:
    """Send what is due, for about `seconds`, so that a worker told to stop can. Return how many were accepted.

    `connections` stand for what each account says itself.
    """
    until = monotonic() + seconds
    beat()
    clock.begin_round()
    take_back(at=timezone.now())
    with Lines(connections) as lines:
        wire, size, begun = Wire(lines, until), FIRST, monotonic()
        try:
            while monotonic() < until and (batch := claim(size, at=timezone.now())):
                wire.send(batch)
                beat()
                # By what servers have taken: handing letters to the lines takes no time. A lot for each connection.
                least = lines.width(batch[0].mailing) * LOT
                size = min(MOST, max(least, int(wire.accepted / (monotonic() - begun))))
                # Not two of them in memory at once.
                del batch
        finally:
            wire.drain()
    for mailing in Mailing.objects.being_sent():
        if mailing.finish_if_done():
            logger.info("mailing %s is finished", mailing.pk)
    return wire.accepted


def beat() -> None:
    """Tell the pages that a sender is alive."""
    name = f"{socket.gethostname()}:{os.getpid()}"
    Heartbeat.objects.update_or_create(worker=name, defaults={"seen_at": timezone.now()})
    Heartbeat.objects.filter(seen_at__lt=timezone.now() - timedelta(days=1)).delete()


class Wire:
    """The letters on the wire: while the lines carry some, the next ones are made ready."""

    def __init__(self, lines: Lines, until: float):
        self._lines, self._until = lines, until
        self._lots: dict[Future[list[Receipt]], list[Delivery]] = {}
        # What became of letters and is not written down yet: kept while the database does not answer.
        self._taken: list[Fate] = []
        self._others: list[Fate] = []
        self._untried: list[Delivery] = []
        self._letters: dict[tuple[int, str, str], Letter | None] = {}
        # Mailings of which a letter was taken. Before, they go one by one: it may be us whom the server does not want.
        self._proven: set[int] = set()
        # Mail services that want to be left alone, of each mailing.
        self._resting: set[tuple[int, str]] = set()
        self.accepted = 0

    def send(self, batch: list[Delivery]) -> None:
        stopped, are_good = _stopped_since(batch) | companions.withheld(batch), {}
        waiting = deque(delivery for delivery in batch if delivery.id not in stopped)
        try:
            for delivery in batch:
                if delivery.id in stopped:
                    _settle(delivery, DeliveryStatus.CLAIMED, status=DeliveryStatus.SUPPRESSED)
            while waiting and monotonic() < self._until:
                self._send_some(self._next(waiting), are_good)
        finally:
            _give_back(batch)

    def drain(self) -> None:
        """Wait for all that is on the wire, and write down what became of it."""
        while self._lots:
            self._gather()
        self._write_down([])

    def _write_down(self, following: list[Delivery]) -> list[Delivery]:
        """What became of letters, before more of them go; then that the next ones go. Return those that may."""
        while self._others:
            delivery, receipt = self._others.pop()
            _record_other(delivery, receipt)
            if _is_not_now(receipt) and delivery.domain:
                throttle.rest(delivery.mailing, delivery.domain, at=timezone.now())
                self._resting.add((delivery.mailing_id, delivery.domain))
        while self._untried:
            _record(self._untried.pop(), Receipt(Outcome.OWN_FAULT))
        ours = turn(self._taken, following)
        self._taken = []
        return ours

    def _next(self, waiting: deque[Delivery]) -> list[Delivery]:
        """One lot for each connection of an account; of a mailing that has not proved itself one letter, with nothing
        else on the wire. Whose mail service wants to be left alone is passed over, and given back with what is left.
        """
        first = waiting[0].mailing
        if first.pk not in self._proven:
            self.drain()
            return [delivery for delivery in [waiting.popleft()] if not self._rests(delivery)]
        most, taken = self._lines.width(first) * LOT, []
        while waiting and len(taken) < most and self._goes_with(waiting[0].mailing, first):
            if not self._rests(delivery := waiting.popleft()):
                taken.append(delivery)
        return taken

    def _goes_with(self, mailing: Mailing, first: Mailing) -> bool:
        return mailing.pk in self._proven and mailing.account_id == first.account_id

    def _rests(self, delivery: Delivery) -> bool:
        return (delivery.mailing_id, delivery.domain) in self._resting

    def _send_some(self, deliveries: list[Delivery], are_good: dict[int, bool]) -> None:
        if not deliveries:
            return
        ready: dict[int, tuple[Line, Message]] = {}
        calendars = companions.calendars(deliveries)
        for delivery in deliveries:
            letter = self._letter_of(delivery, are_good)
            message = letter and _addressed(delivery, letter, calendars.get(delivery.id))
            if line := message and self._line_of(delivery, message):
                ready[delivery.id] = line, message
        mailing = deliveries[0].mailing
        while len(self._lots) > self._lines.width(mailing):
            self._gather()
        going = self._write_down([delivery for delivery in deliveries if delivery.id in ready])
        if len(going) < len(ready):
            self._hold_back()
        by_line = defaultdict(list)
        until = monotonic() + LEASE.total_seconds() * BEGINS_WITHIN
        for delivery in going:
            by_line[ready[delivery.id][0]].append(delivery)
        for line, group in by_line.items():
            size = -(-len(group) // line.connections)
            for start in range(0, len(group), size):
                lot = group[start : start + size]
                self._lots[self._lines.begin(line, [ready[delivery.id][1] for delivery in lot], until)] = lot
        if mailing.pk not in self._proven:
            self.drain()

    def _line_of(self, delivery: Delivery, message: Message) -> Line | None:
        """Without the key of its account's password the mailing pauses."""
        try:
            return self._lines.of(delivery.mailing, message)
        except CannotUnseal:
            logger.error("mailing %s: the password of its account cannot be opened", delivery.mailing_id)
            delivery.mailing.pause(Mailing.PauseKind.KEY, "")
            return None

    def _hold_back(self) -> None:
        """Let the letters that a server is being given end, and no other of those in hand begin."""
        if self._lots:
            self._lines.halt()
        while self._lots:
            self._gather()

    def _gather(self) -> None:
        """Wait until a lot is through, and take what became of all that are by then; of all, once it is stopped."""
        found = wait(self._lots, HEARD_WITHIN, FIRST_COMPLETED)
        while not found.done:
            if self._is_stopped():
                self._lines.halt()
                found = wait(self._lots)
            else:
                found = wait(self._lots, HEARD_WITHIN, FIRST_COMPLETED)
        for future in found.done:
            deliveries, receipts = self._lots.pop(future), future.result()
            self._untried += deliveries[len(receipts) :]
            for fate in zip(deliveries, receipts, strict=False):
                is_taken = fate[1].outcome is Outcome.ACCEPTED
                (self._taken if is_taken else self._others).append(fate)
                if is_taken:
                    self._proven.add(fate[0].mailing_id)
                    self.accepted += 1
        if not self._lots:
            self._lines.go_on()

    def _is_stopped(self) -> bool:
        """Whether somebody stopped what the lines have in hand. Who cannot be asked has."""
        mailings = {delivery.mailing_id for lot in self._lots.values() for delivery in lot}
        try:
            stopped = Mailing.objects.filter(pk__in=mailings).exclude(status=MailingStatus.SENDING)
            return stopped.exists() or Lockdown.objects.on().exists()
        except DatabaseError:
            return True

    def _letter_of(self, delivery: Delivery, are_good: dict[int, bool]) -> Letter | None:
        """The compiled letter of a delivery's mailing and language, if that is still what was approved."""
        mailing, number = delivery.mailing, delivery.mailing_id
        if number not in are_good:
            are_good[number] = mailing.is_as_approved
            if not are_good[number]:
                logger.error("mailing %s is not what was approved", number)
                mailing.pause(Mailing.PauseKind.CHANGED, "")
        if not are_good[number]:
            return None
        key = (number, delivery.language, mailing.approved_fingerprint)
        if key not in self._letters:
            self._letters[key] = _compiled(mailing, delivery.language)
        return self._letters[key]


def _is_not_now(receipt: Receipt) -> bool:
    """Whether it is the mail service that wants to be left alone for a while; a full mailbox is its owner's."""
    is_later = receipt.outcome is Outcome.TRANSIENT and 400 <= receipt.code < 500
    return is_later and classify(receipt.code, receipt.reply) is not BounceClass.FULL


def _give_back(batch: list[Delivery]) -> None:
    """What is still claimed: time was up, its mailing was paused or stopped, or this worker stumbled."""
    kept = Delivery.objects.filter(claim=batch[0].claim, status=DeliveryStatus.CLAIMED)
    keys = set(kept.values_list("pk", flat=True))
    kept.update(status=DeliveryStatus.QUEUED, claim=None, lease_until=None)
    throttle.give_back(delivery for delivery in batch if delivery.id in keys)


def _stopped_since(batch: list[Delivery]) -> set[int]:
    """Which of these letters must not leave any more, asked right before they would. Seven queries for a batch, which
    name it by its claim: naming each of its people takes longer than finding them.
    """
    people, keys = _claimed(batch, "contact"), _claimed(batch, "address_key")
    held = posts_of(people)
    owners = with_posts(people) if held else people
    used = EmailAddress.objects.filter(contact__in=owners).order_by()
    in_use = {(owner, key): day is None for owner, key, day in used.values_list("contact_id", "key", "retired_on")}
    stopped = Suppression.objects.filter(key__in=keys.union(used.values("key"))).order_by()
    reasons = dict(stopped.values_list("key", "reason"))
    unwilling = {owner for owner, key in in_use if reasons.get(key) in Suppression.WISHES}
    gone = _away(people) | unwilling
    banned = set(restricted_people().filter(contact__in=people).values_list("contact", flat=True))
    wishes, abouts = wishes_of(owners, keys), abouts_of(delivery.mailing for delivery in batch)
    return {
        delivery.id
        for delivery in batch
        if delivery.address_key in reasons
        or delivery.contact_id in gone
        or delivery.contact_id in banned
        and not includes_restricted(delivery.mailing.audience)
        or _is_retired(delivery, held, in_use)
        or _is_unwanted(delivery, held, in_use, wishes, abouts[delivery.mailing_id])
    }


def _claimed(batch: list[Delivery], column: str) -> QuerySet:
    return Delivery.objects.filter(claim=batch[0].claim).order_by().values(column)


def _away(people: QuerySet) -> set[int]:
    """Who was put away since."""
    gone = Contact.objects.filter(pk__in=people).exclude(archived_at=None).order_by()
    return set(gone.values_list("pk", flat=True))


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


def _addressed(delivery: Delivery, letter: Letter, make_calendar: companions.Make | None) -> Message | None:
    """The letter with its address, the one place where a sealed one is opened. Without the key its mailing pauses.

    What cannot be built for this one reader is left for a person to look at; the others get theirs.
    """
    try:
        to = delivery.reveal()
        return render(letter, delivery, to=to, calendar=make_calendar and make_calendar(to))
    except CannotUnseal:
        logger.error("mailing %s: a sealed address cannot be opened", delivery.mailing_id)
        delivery.mailing.pause(Mailing.PauseKind.KEY, "")
    except Exception as error:
        logger.error("a letter of mailing %s cannot be built: %s", delivery.mailing_id, type(error).__name__)
        _settle(delivery, DeliveryStatus.CLAIMED, status=DeliveryStatus.LOOK, reply=type(error).__name__)
    return None


def _words(delivery: Delivery, receipt: Receipt) -> str:
    """The server's words as a page for everybody may show them: without an address, of a sealed one the codes alone."""
    return codes_alone(receipt.reply) if delivery.is_sealed else unquoted(receipt.reply)


def _refused_by_all(mailing: Mailing) -> bool:
    """Whether the first answers of a mailing all say that it is us they do not want: then the rest waits."""
    refused = mailing.deliveries.filter(bounce_class=BounceClass.BLOCK).count()
    return refused >= BLOCKS_BEFORE_PAUSE and not mailing.deliveries.sent().exists()


def _compiled(mailing: Mailing, language: str) -> Letter | None:
    """A letter that cannot be built, whatever the reason, stops its mailing, not the worker."""
    try:
        version, frame = mailing.versions.get(language=language), frame_of(mailing, language)
        return compile_letter(mailing.kind, version, dated=mailing.dated, frame=frame)
    except Exception as error:
        logger.error("mailing %s cannot be built in %s: %s", mailing.pk, language, type(error).__name__, exc_info=True)
        mailing.pause(Mailing.PauseKind.LETTER, type(error).__name__)
        return None


def _record_other(delivery: Delivery, receipt: Receipt) -> None:
    """What was not accepted; the mailing pauses where it is our own fault."""
    _record(delivery, receipt)
    if receipt.outcome is Outcome.OWN_FAULT or _refused_by_all(delivery.mailing):
        delivery.mailing.pause(Mailing.PauseKind.SERVER, f"{receipt.code or ''} {_words(delivery, receipt)}".strip())


@transaction.atomic
def _record(delivery: Delivery, receipt: Receipt) -> None:
    # Whether it is sealed is asked again: somebody may have sealed the contact while the letter was on the wire.
    delivery.refresh_from_db(fields=["address", "sealed"], from_queryset=Delivery.objects.select_for_update())
    fate = {"code": receipt.code, "reply": codes_alone(receipt.reply) if delivery.is_sealed else receipt.reply}
    if receipt.outcome is Outcome.UNCERTAIN:
        fate |= {"status": DeliveryStatus.UNKNOWN}
    elif receipt.outcome is Outcome.CANNOT:
        fate |= {"status": DeliveryStatus.CANNOT, "attempts": delivery.attempts}
    elif receipt.outcome is Outcome.OWN_FAULT:
        # Nobody was asked, so nobody is marked: the row waits as before.
        fate = {"status": DeliveryStatus.QUEUED, "attempts": delivery.attempts}
    else:
        fate |= _refused(delivery, receipt, timezone.now())
    if fate["status"] in OPEN_DELIVERY and _is_stopped(delivery.mailing_id):
        fate["status"] = DeliveryStatus.CANCELLED
    _settle(delivery, DeliveryStatus.INFLIGHT, **fate)
    if fate["status"] == DeliveryStatus.FAILED:
        hold_if_tired(delivery, fate["bounce_class"], f"{fate['code']} {fate['reply']}".strip(), by=SENDER)


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
