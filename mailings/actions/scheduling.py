"""When a mailing leaves, and how fast: the plan, the schedule, and the start that nobody watches."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.letters import tell
from accounts.models import Lockdown, StaffLetter, User
from audit.changes import difference
from audit.log import log
from audit.models import SENDER

from ..models import Mailing
from ..pipeline.freeze import approved_audience, freeze
from ..states import MailingStatus, Missed, WrongState
from .approval import moved
from .sending import refuse_lockdown, refuse_other_number

# Whoever reads a statement two hours after its time reads another day's news, or is asleep.
LATE_AFTER = timedelta(hours=2)
AHEAD_AT_MOST = timedelta(days=180)


@transaction.atomic
def plan(mailing: Mailing, *, send_at: datetime | None, pace: str, pace_number: int | None, by) -> None:
    """Say when and how fast. It changes nothing that a reader gets, so an approval stays. Raises WrongState."""
    mailing.hold()
    if not mailing.is_editable or mailing.status == MailingStatus.SCHEDULED:
        raise mailing.not_now()
    before = _planned(mailing)
    mailing.send_at, mailing.pace, mailing.pace_number, mailing.missed = send_at, pace, pace_number, ""
    mailing.save(update_fields=["send_at", "pace", "pace_number", "missed"])
    log("mailings.mailing.planned", mailing, by=by, changes=difference(before, _planned(mailing)))


def _planned(mailing: Mailing) -> dict[str, object]:
    return {name: getattr(mailing, name) for name in ("send_at", "pace", "pace_number")}


@transaction.atomic
def schedule(mailing: Mailing, *, typed: int | None = None, by) -> datetime:
    """Let a worker start it at its planned time. Return that time. Raises WrongState."""
    refuse_lockdown()
    mailing.hold()
    refuse_wrong_time(mailing.send_at)
    if mailing.status != MailingStatus.APPROVED:
        raise mailing.not_now()
    letters = len(approved_audience(mailing).recipients)
    refuse_other_number(letters, typed)
    before = mailing.status
    mailing.move_to(MailingStatus.SCHEDULED, missed="")
    log("mailings.mailing.scheduled", mailing, by=by, changes=moved(before, mailing), letters=letters)
    return mailing.send_at


def refuse_wrong_time(send_at: datetime | None) -> None:
    now = timezone.now()
    if send_at is None:
        raise WrongState(_("No time is set. Choose one, or send at once."))
    if send_at < now + settings.MAIL_HOLD:
        raise WrongState(_("That time has passed, or is but minutes away. Choose a later one, or send at once."))
    if send_at > now + AHEAD_AT_MOST:
        raise WrongState(_("That is more than half a year ahead. Choose an earlier time."))


@transaction.atomic
def unschedule(mailing: Mailing, *, by) -> None:
    """Nothing starts by itself any more; the approval stays."""
    before = mailing.status
    if before != MailingStatus.SCHEDULED:
        raise mailing.not_now()
    mailing.move_to(MailingStatus.APPROVED)
    log("mailings.mailing.unscheduled", mailing, by=by, changes=moved(before, mailing))


def start_scheduled(*, at: datetime) -> int:
    """Start what is due, each in a transaction of its own. Return how many letters that makes."""
    return sum(_start(pk, at) for pk in list(Mailing.objects.to_start(at).values_list("pk", flat=True)))


@transaction.atomic
def _start(pk: int, at: datetime) -> int:
    mailing = Mailing.objects.select_for_update().get(pk=pk)
    if mailing.status != MailingStatus.SCHEDULED or mailing.send_at > at:
        return 0  # another worker was faster, or a person took it back
    before = mailing.status
    why = _against(mailing, at)
    if not why:
        try:
            letters = freeze(mailing)
        except WrongState as refusal:
            why = refusal.why or Missed.CHANGED
        else:
            log("mailings.mailing.started", mailing, by=SENDER, changes=moved(before, mailing), letters=letters)
            return letters
    _miss(mailing, why)
    return 0


def _against(mailing: Mailing, at: datetime) -> str:
    if Lockdown.objects.on().exists():
        return Missed.LOCKDOWN
    return Missed.LATE if at > mailing.send_at + LATE_AFTER else ""


def _miss(mailing: Mailing, why: str) -> None:
    """It is approved as before and waits for a person; whoever had a hand in it is told."""
    before = mailing.status
    mailing.move_to(MailingStatus.APPROVED, missed=why)
    log("mailings.mailing.missed", mailing, by=SENDER, changes=moved(before, mailing), why=why)
    concerned = mailing.hands | {mailing.approved_by_id}
    for person in User.objects.active().filter(pk__in=concerned):
        tell(person, StaffLetter.Kind.NOT_STARTED, path=f"/mailings/{mailing.pk}/")
