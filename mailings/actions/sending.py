"""Letting a mailing go, holding it up, and deciding on letters whose outcome is not known."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Lockdown
from audit.log import log

from ..models import Delivery, Mailing
from ..pipeline.freeze import freeze
from ..states import DeliveryStatus, MailingStatus, WrongState
from .approval import moved


@transaction.atomic
def start(mailing: Mailing, *, by) -> int:
    """Freeze the audience and let the workers send. Return the number of letters. Raises WrongState."""
    _refuse_lockdown()
    mailing.hold()
    if mailing.status != MailingStatus.APPROVED:
        raise mailing.not_now()
    before = mailing.status
    letters = freeze(mailing)
    log("mailings.mailing.started", mailing, by=by, changes=moved(before, mailing), letters=letters)
    return letters


@transaction.atomic
def pause(mailing: Mailing, *, by) -> None:
    before = mailing.status
    mailing.move_to(MailingStatus.PAUSED, pause_kind=Mailing.PauseKind.PERSON, pause_words="")
    log("mailings.mailing.paused", mailing, by=by, changes=moved(before, mailing))


@transaction.atomic
def resume(mailing: Mailing, *, by) -> None:
    _refuse_lockdown()
    before = mailing.status
    mailing.move_to(MailingStatus.SENDING, pause_kind="", pause_words="")
    log("mailings.mailing.resumed", mailing, by=by, changes=moved(before, mailing))


@transaction.atomic
def cancel(mailing: Mailing, *, by) -> int:
    """Stop for good: what has not left stays here. Return how many letters that is."""
    before = mailing.status
    mailing.move_to(MailingStatus.CANCELLED, finished_at=timezone.now())
    unsent = [DeliveryStatus.QUEUED, DeliveryStatus.CLAIMED, DeliveryStatus.DEFERRED]
    kept = mailing.deliveries.filter(status__in=unsent).update(
        status=DeliveryStatus.CANCELLED, claim=None, lease_until=None
    )
    log("mailings.mailing.cancelled", mailing, by=by, changes=moved(before, mailing), kept=kept)
    return kept


@transaction.atomic
def decide_unknown(delivery: Delivery, *, send_again: bool, by) -> None:
    """A person decides on a letter whose outcome is not known: send it again, or count it as sent."""
    if send_again and delivery.mailing.status == MailingStatus.CANCELLED:
        raise WrongState(
            _("The mailing was stopped: nothing of it is sent any more. Count the letter as sent or leave it.")
        )
    fate = (
        {"status": DeliveryStatus.QUEUED} if send_again else {"status": DeliveryStatus.SENT, "sent_at": timezone.now()}
    )
    if Delivery.objects.filter(pk=delivery.pk, status=DeliveryStatus.UNKNOWN).update(**fate) != 1:
        raise WrongState(_("Somebody has already decided on this letter."))
    if send_again:
        Mailing.objects.filter(pk=delivery.mailing_id, status=MailingStatus.FINISHED).update(
            status=MailingStatus.SENDING, finished_at=None
        )
    changes = {"status": [DeliveryStatus.UNKNOWN, fate["status"]]}
    log("mailings.delivery.decided", delivery, by=by, changes=changes, mailing=delivery.mailing.title)


@transaction.atomic
def decide_all_unknown(mailing: Mailing, *, send_again: bool, seen: int, by) -> int:
    """After a backup was restored: one decision on all letters that may have left, if they are as many as were seen."""
    if mailing.pause_kind != Mailing.PauseKind.RESTORED:
        raise mailing.not_now()
    mailing.move_to(MailingStatus.SENDING, pause_kind="", pause_words="")
    fate = (
        {"status": DeliveryStatus.QUEUED} if send_again else {"status": DeliveryStatus.SENT, "sent_at": timezone.now()}
    )
    letters = mailing.deliveries.filter(status=DeliveryStatus.UNKNOWN).update(**fate)
    if letters != seen:
        raise WrongState(_("Meanwhile somebody has decided on some of these letters. Look at the number again."))
    log("mailings.mailing.decided", mailing, by=by, send_again=send_again, letters=letters)
    return letters


def _refuse_lockdown() -> None:
    if Lockdown.objects.on().exists():
        raise WrongState(_("Everything is locked down: nothing is sent until the lock down is lifted."))
