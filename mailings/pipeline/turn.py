"""Write down which letters were taken and which go next: one commit, for each few letters. Sends nothing.

Statements by hand: a sender spends its time here, and half of it would be their making. Rows are found by their numbers
alone: COALESCE hides the other columns from planners, who know nothing yet of a mailing that was frozen a moment ago.
"""

import logging
from collections.abc import Iterable
from datetime import datetime

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
    WITH fate (id, code, reply, codes) AS (VALUES {fates})
    UPDATE mailings_delivery
    SET status = %s, sent_at = %s, code = fate.code, reply = CASE sealed WHEN '' THEN fate.reply ELSE fate.codes END,
        claim = NULL, lease_until = NULL
    FROM fate
    WHERE mailings_delivery.id = fate.id AND COALESCE(claim, claim) IN ({owners}) AND COALESCE(status, status) = %s
"""
_NEXT = """
    UPDATE mailings_delivery
    SET status = %s, attempts = attempts + 1, lease_until = %s
    WHERE id IN ({keys}) AND COALESCE(claim, claim) IN ({owners}) AND COALESCE(status, status) = %s
        AND COALESCE(mailing_id, mailing_id) IN (SELECT id FROM mailings_mailing WHERE status = %s)
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
    fates = [
        value
        for row, receipt in sorted(taken, key=lambda fate: fate[0].id)
        for value in (row.id, receipt.code, receipt.reply, codes_alone(receipt.reply))
    ]
    owners = _owners(row for row, _receipt in taken)
    words = _TAKEN.format(fates=", ".join(["(%s, %s, %s, %s)"] * len(taken)), owners=_places(owners))
    after, before = DeliveryStatus.SENT.value, DeliveryStatus.INFLIGHT.value
    with connection.cursor() as cursor:
        cursor.execute(words, [*fates, after, _moment(timezone.now()), *owners, before])


def _begin(deliveries: list[Delivery]) -> set[int]:
    """The numbers of the rows that are on the wire from now on."""
    keys, owners = [delivery.id for delivery in deliveries], _owners(deliveries)
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


def _owners(deliveries: Iterable[Delivery]) -> list:
    """Their claims, as the database writes them."""
    column = Delivery._meta.get_field("claim")
    return [column.get_db_prep_value(claim, connection) for claim in {row.claim for row in deliveries}]


def _tell_companions(deliveries: list[Delivery]) -> None:
    """Whatever a room above stumbles over, these letters have left, and it stays written down that they did."""
    try:
        companions.left(deliveries)
    except Exception as error:
        logger.error("a room above could not note that letters left: %s", type(error).__name__, exc_info=True)
