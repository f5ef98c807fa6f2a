"""Letting a mailing go, holding it up, and deciding on letters whose outcome is not known."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Lockdown
from audit.log import log

from ..models import Delivery, Mailing
from ..pipeline import ledger
from ..pipeline.freeze import freeze
from ..states import DeliveryStatus, MailingStatus, Pace, WrongState
from .approval import moved
from .editions import last_approval


@transaction.atomic
def start(mailing: Mailing, *, typed: int | None = None, by) -> int:
    """Freeze the audience and let the workers send once the hold is over. Return the number of letters.

    `typed` is the number that `by` typed, which many letters ask for. Raises WrongState.
    """
    refuse_lockdown()
    mailing.hold()
    if mailing.status != MailingStatus.APPROVED:
        raise mailing.not_now()
    before = mailing.status
    letters = freeze(mailing, hold=settings.MAIL_HOLD)
    refuse_other_number(letters, typed)
    log("mailings.mailing.started", mailing, by=by, changes=moved(before, mailing), letters=letters)
    return letters


def refuse_other_number(letters: int, typed: int | None) -> None:
    """Raises WrongState where it is not the number that was typed, or where many letters go and none was typed."""
    if typed == letters or typed is None and letters < settings.TYPE_COUNT_FROM:
        return
    if typed is None:
        raise WrongState(_("Nothing was sent. Type how many letters leave, so that it is not a mistake."))
    words = _("Nothing was sent: you typed %(typed)s, and %(letters)s letters would leave. Look at the audience again.")
    raise WrongState(words % {"typed": typed, "letters": letters})


@transaction.atomic
def call_back(mailing: Mailing, *, by) -> int:
    """Take the press of “Send” back while nothing has left: it is approved as before. Return how many letters."""
    mailing.hold()
    if not mailing.is_held:
        raise WrongState(_("The five minutes are over: letters are leaving. Stop the mailing to keep the rest."))
    before = mailing.status
    rows = list(mailing.deliveries.select_for_update().values_list("status", "attempts"))
    if mailing.edition > 1 and mailing.deliveries.left().exists():
        # A part left before, in another text; of this one nothing has.
        mailing.move_to(MailingStatus.APPROVED, held_until=None)
        letters = mailing.deliveries.claimable().count()
        log("mailings.mailing.called_back", mailing, by=by, changes=moved(before, mailing), letters=letters)
        return letters
    if set(rows) - {(DeliveryStatus.QUEUED, 0)}:
        raise WrongState(_("A letter has left already. Stop the mailing to keep the rest."))
    mailing.deliveries.all().delete()
    mailing.exclusions.all().delete()
    mailing.move_to(MailingStatus.APPROVED, started_at=None, frozen_count=None, held_until=None)
    log("mailings.mailing.called_back", mailing, by=by, changes=moved(before, mailing), letters=len(rows))
    return len(rows)


@transaction.atomic
def let_go(mailing: Mailing, *, by) -> None:
    """Do not wait for the hold to end."""
    mailing.hold()
    if not mailing.is_held:
        raise mailing.not_now()
    _shift(mailing, timezone.now() - mailing.held_until)
    Mailing.objects.filter(pk=mailing.pk).update(held_until=None)
    log("mailings.mailing.let_go", mailing, by=by)


def _shift(mailing: Mailing, by: timedelta) -> None:
    """Move what has not been tried yet in time, waves and all."""
    waiting = mailing.deliveries.filter(status=DeliveryStatus.QUEUED, next_try_at__isnull=False)
    waiting.update(next_try_at=F("next_try_at") + by)


@transaction.atomic
def pause(mailing: Mailing, *, by) -> None:
    before = mailing.status
    mailing.move_to(MailingStatus.PAUSED, pause_kind=Mailing.PauseKind.PERSON, pause_words="")
    log("mailings.mailing.paused", mailing, by=by, changes=moved(before, mailing))


@transaction.atomic
def resume(mailing: Mailing, *, by) -> None:
    """Go on. What was spread over hours stays so: it does not catch up all at once."""
    refuse_lockdown()
    mailing.hold()
    before = mailing.status
    mailing.move_to(MailingStatus.SENDING, pause_kind="", pause_words="")
    waiting = mailing.deliveries.filter(status=DeliveryStatus.QUEUED)
    late = timezone.now() - (waiting.aggregate(first=Min("next_try_at"))["first"] or timezone.now())
    if mailing.pace in {Pace.HOURLY, Pace.WAVES} and late > timedelta():
        _shift(mailing, late)
    log("mailings.mailing.resumed", mailing, by=by, changes=moved(before, mailing))


@transaction.atomic
def cancel(mailing: Mailing, *, by) -> int:
    """Stop for good: what has not left stays here. Return how many letters that is."""
    before = mailing.status
    mailing.hold()
    if not mailing.is_frozen:
        raise mailing.not_now()
    again = last_approval(mailing) if mailing.is_second_way else {}
    mailing.move_to(MailingStatus.CANCELLED, finished_at=timezone.now(), **again)
    unsent = [DeliveryStatus.QUEUED, DeliveryStatus.CLAIMED, DeliveryStatus.DEFERRED]
    kept = mailing.deliveries.filter(status__in=unsent).update(
        status=DeliveryStatus.CANCELLED, claim=None, lease_until=None
    )
    log("mailings.mailing.cancelled", mailing, by=by, changes=moved(before, mailing), kept=kept)
    return kept


@transaction.atomic
def decide_unknown(delivery: Delivery, *, send_again: bool, by) -> None:
    """A person decides on a letter whose outcome is not known: send it again, or count it as sent."""
    _decide(delivery, DeliveryStatus.UNKNOWN, send_again=send_again, otherwise=_counted(), by=by)
    if not send_again:
        # Of an old mailing nobody looks for it later.
        ledger.record_letter(delivery)


@transaction.atomic
def decide_broken(delivery: Delivery, *, send_again: bool, by) -> None:
    """A person has looked at a letter that could not be built: try once more, or leave its reader out."""
    left_out = {"status": DeliveryStatus.CANCELLED}
    _decide(delivery, DeliveryStatus.LOOK, send_again=send_again, otherwise=left_out, by=by)


# What a server said of an attempt before is no answer to the one that a person decides on.
_UNSAID = {"code": 0, "reply": "", "bounce_class": ""}


def _counted() -> dict[str, object]:
    return {"status": DeliveryStatus.SENT, "sent_at": timezone.now(), **_UNSAID}


def _again(mailing: Mailing) -> dict[str, object]:
    # With the text that stands now, which may have been corrected meanwhile.
    return {"status": DeliveryStatus.QUEUED, "edition": mailing.edition, **_UNSAID}


def _decide(delivery: Delivery, before: str, *, send_again: bool, otherwise: dict[str, object], by) -> None:
    mailing = delivery.mailing
    mailing.hold()
    if send_again:
        _refuse_again(mailing)
    fate = _again(mailing) if send_again else otherwise
    if Delivery.objects.filter(pk=delivery.pk, status=before).update(**fate) != 1:
        raise WrongState(_("Somebody has already decided on this letter."))
    if send_again:
        Mailing.objects.filter(pk=delivery.mailing_id, status=MailingStatus.FINISHED).update(
            status=MailingStatus.SENDING, finished_at=None
        )
    changes = {"status": [before, fate["status"]]}
    log("mailings.delivery.decided", delivery, by=by, changes=changes, mailing=mailing.title)


def _refuse_again(mailing: Mailing) -> None:
    mailing.refuse_withdrawn()
    if mailing.status == MailingStatus.CANCELLED:
        raise WrongState(
            _("The mailing was stopped: nothing of it is sent any more. Count the letter as sent or leave it.")
        )


@transaction.atomic
def decide_all_unknown(mailing: Mailing, *, send_again: bool, seen: int, by) -> int:
    """After a backup was restored: one decision on all letters that may have left, if they are as many as were seen."""
    mailing.hold()
    if mailing.pause_kind != Mailing.PauseKind.RESTORED:
        raise mailing.not_now()
    if mailing.is_second_way:
        Mailing.objects.filter(pk=mailing.pk).update(pause_kind="")
    else:
        mailing.move_to(MailingStatus.SENDING, pause_kind="", pause_words="")
    fate = _again(mailing) if send_again else _counted()
    letters = mailing.deliveries.filter(status=DeliveryStatus.UNKNOWN).update(**fate)
    if letters != seen:
        raise WrongState(_("Meanwhile somebody has decided on some of these letters. Look at the number again."))
    log("mailings.mailing.decided", mailing, by=by, send_again=send_again, letters=letters)
    return letters


def refuse_lockdown() -> None:
    if Lockdown.objects.on().exists():
        raise WrongState(_("Everything is locked down: nothing is sent until the lock down is lifted."))
