"""Send test letters to staff, marked as such. Their links change nothing; they are counted nowhere."""

from dataclasses import replace
from uuid import uuid4

from django.db.models import Exists
from django.utils import timezone

from accounts.models import Lockdown
from core.addresses import codes_alone
from core.sealing import CannotUnseal

from ..message import Message, Outcome, Receipt
from ..models import TRIAL_WAITS, MailingVersion, TestLetter
from ..states import TrialStatus
from . import marks
from .lines import Lines
from .preview import to_somebody

# Letters speak their reader's language, not the interface's, so this is no catalogue.
MARKS = {"ru": "Тест", "tg": "Санҷиш", "en": "Test"}


def send_waiting() -> int:
    """Send the tests that wait. Return how many the server took."""
    waiting = TestLetter.objects.filter(~Exists(Lockdown.objects.on()), status=TrialStatus.QUEUED)
    TestLetter.objects.filter(status=TrialStatus.QUEUED, asked_at__lt=timezone.now() - TRIAL_WAITS).update(
        status=TrialStatus.FAILED, settled_at=timezone.now()
    )
    taken = 0
    with Lines() as lines:
        for trial in waiting.select_related("mailing__account", "recipient").order_by("pk"):
            if _claim(trial):
                outcome = _send(trial, lines)
                taken += outcome is Outcome.ACCEPTED
                if outcome is Outcome.OWN_FAULT:
                    break
    return taken


def _claim(trial: TestLetter) -> bool:
    """Commit that it leaves, before it does: after a dead worker it is asked for again, and never leaves twice."""
    free = TestLetter.objects.filter(~Exists(Lockdown.objects.on()), pk=trial.pk, status=TrialStatus.QUEUED)
    return free.update(status=TrialStatus.INFLIGHT) == 1


def _send(trial: TestLetter, lines: Lines) -> Outcome:
    version = trial.mailing.versions.get(language=trial.language)
    message = marked(version, trial)
    try:
        receipt = lines.of(trial.mailing, message).send(message)
    except CannotUnseal:
        receipt = Receipt(Outcome.OWN_FAULT)
    if receipt.outcome is Outcome.OWN_FAULT:
        TestLetter.objects.filter(pk=trial.pk).update(status=TrialStatus.QUEUED, reply=codes_alone(receipt.reply))
        return receipt.outcome
    status = TrialStatus.SENT if receipt.outcome is Outcome.ACCEPTED else TrialStatus.FAILED
    TestLetter.objects.filter(pk=trial.pk).update(
        status=status, settled_at=timezone.now(), reply=codes_alone(receipt.reply)
    )
    return receipt.outcome


def marked(version: MailingVersion, trial: TestLetter) -> Message:
    """The letter as a reader gets it, to a member of staff, with a mark before its subject."""
    name = trial.recipient.name
    message = to_somebody(version, {"name": name.split()[0] if name else "", "full_name": name}, trial.recipient.email)
    domain = message.envelope_from.rpartition("@")[2]
    headers = {name: value for name, value in message.headers.items() if name != marks.HEADER}
    return replace(
        message,
        subject=f"[{MARKS[version.language]}] {message.subject}",
        # Mail programs show a second letter of the same number once.
        message_id=f"<{uuid4()}@{domain}>",
        headers=headers | {"X-Payom-Test": "yes"},
    )
