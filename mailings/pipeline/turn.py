"""Write down which letters were taken and which go next: one commit, for each few letters. Sends nothing.

Statements by hand: a sender spends its time here, and half of it would be their making.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from core.addresses import codes_alone

from ..message import Receipt
from ..models import Delivery, companions
from ..states import DeliveryStatus, MailingStatus
from . import clock
from .claim import LEASE

logger = logging.getLogger(__name__)

Fate = tuple[Delivery, Receipt]

# Whether it is sealed is asked again: somebody may have sealed the contact while the letter was on the wire.
_TAKEN = """
    UPDATE mailings_delivery
    SET status = %s, sent_at = %s, code = %s, reply = CASE sealed WHEN '' THEN %s ELSE %s END,
        claim = NULL, lease_until = NULL
    WHERE id = %s AND claim = %s AND status = %s
"""
_NEXT = """
    UPDATE mailings_delivery
    SET status = %s, attempts = attempts + 1, lease_until = %s
    WHERE id IN ({keys}) AND claim IN ({owners}) AND status = %s
        AND mailing_id IN (SELECT id FROM mailings_mailing WHERE status = %s)
        AND NOT EXISTS (SELECT 1 FROM accounts_lockdown WHERE is_on)
    RETURNING id
"""


@transaction.atomic
def turn(taken: list[Fate], following: list[Delivery]) -> list[Delivery]:
    """Record the letters that servers took, and that the dialogues of those that follow begin. Return the latter.

    They are rows still ours, of mailings that still run, and get a lease of their own.
    """
    if taken:
        _record(taken)
        _tell_companions([delivery for delivery, _receipt in taken])
    begun = _begin(following) if following else set()
    if begun:
        clock.tick(len(begun))
    return [delivery for delivery in following if delivery.id in begun]


def _record(taken: list[Fate]) -> None:
    """A row taken back meanwhile keeps what it was given. In one order, so that no two workers wait for each other."""
    sent, now, inflight = DeliveryStatus.SENT.value, _moment(timezone.now()), DeliveryStatus.INFLIGHT.value
    owners = _owners(row for row, _receipt in taken)
    rows = [
        (sent, now, receipt.code, receipt.reply, codes_alone(receipt.reply), row.id, owners[row.claim], inflight)
        for row, receipt in sorted(taken, key=lambda fate: fate[0].id)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_TAKEN, rows)


def _begin(deliveries: list[Delivery]) -> set[int]:
    """The numbers of the rows that are on the wire from now on."""
    keys, owners = [delivery.id for delivery in deliveries], list(_owners(deliveries).values())
    words = _NEXT.format(keys=_places(keys), owners=_places(owners))
    before, now = DeliveryStatus.CLAIMED.value, DeliveryStatus.INFLIGHT.value
    lease = _moment(timezone.now() + LEASE)
    with connection.cursor() as cursor:
        cursor.execute(words, [now, lease, *keys, *owners, before, MailingStatus.SENDING.value])
        return {key for (key,) in cursor.fetchall()}


def _places(values: list) -> str:
    return ", ".join(["%s"] * len(values))


def _moment(at: datetime) -> object:
    return connection.ops.adapt_datetimefield_value(at)


def _owners(deliveries: Iterable[Delivery]) -> dict[UUID, object]:
    """Each claim as the database writes it."""
    column = Delivery._meta.get_field("claim")
    return {claim: column.get_db_prep_value(claim, connection) for claim in {row.claim for row in deliveries}}


def _tell_companions(deliveries: list[Delivery]) -> None:
    """Whatever a room above stumbles over, these letters have left, and it stays written down that they did."""
    try:
        companions.left(deliveries)
    except Exception as error:
        logger.error("a room above could not note that letters left: %s", type(error).__name__, exc_info=True)
