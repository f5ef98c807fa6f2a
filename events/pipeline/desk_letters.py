"""Send what the desk writes to reporters, one letter at a time. Never called by a view."""

from datetime import datetime, timedelta
from email.utils import formataddr

from django.conf import settings
from django.db.models import Exists
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from accounts.models import Lockdown
from core.addresses import codes_alone
from core.sealing import CannotUnseal, unseal
from core.signing import make_token
from mailings.message import Attached, Message, Outcome
from mailings.models import Mailing
from mailings.pipeline import marks
from mailings.pipeline.bounces import classify
from mailings.pipeline.lines import Lines

from ..desk_states import LetterStatus
from ..models import RequestMessage, SpeakerQuestion
from .desk_returns import MESSAGE, did_not_arrive
from .desk_words import LINK, SPEAKER
from .interview_calendar import part_of

RETRY_AFTER = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720)]
# A worker that says nothing for so long is dead, and nobody knows whether its letter left.
_LEASE = timedelta(minutes=5)


def send_waiting(*, at: datetime | None = None) -> int:
    """Send the letters that are due. Return how many a server took."""
    at, taken = at or timezone.now(), 0
    RequestMessage.objects.filter(status=LetterStatus.INFLIGHT, next_try_at__lt=at - _LEASE).update(
        status=LetterStatus.UNKNOWN
    )
    waiting = RequestMessage.objects.waiting(at).filter(~Exists(Lockdown.objects.on()))
    with Lines() as lines:
        for message in waiting.select_related("request__contact", "interview").order_by("next_try_at", "pk"):
            if _claim(message, at):
                outcome = _send(message, lines, at)
                taken += outcome is Outcome.ACCEPTED
                if outcome is Outcome.OWN_FAULT:
                    break
    return taken


def _claim(message: RequestMessage, at: datetime) -> bool:
    """Commit that it leaves, before it does: after a dead worker a person decides, and it never leaves twice."""
    free = RequestMessage.objects.filter(~Exists(Lockdown.objects.on()), pk=message.pk, status=LetterStatus.QUEUED)
    return free.update(status=LetterStatus.INFLIGHT, next_try_at=at) == 1


def _send(message: RequestMessage, lines: Lines, at: datetime) -> Outcome:
    try:
        letter = compose(message)
        # No mailing chose an account: the environment's.
        line = lines.of(Mailing(), letter)
    except CannotUnseal:
        # Not this letter's fault: the key may come back.
        _settle(message, LetterStatus.QUEUED, "", at + RETRY_AFTER[1])
        return Outcome.OWN_FAULT
    receipt = line.send(letter)
    reply = codes_alone(receipt.reply) or str(receipt.code or "")
    if receipt.outcome is Outcome.ACCEPTED:
        _settle(message, LetterStatus.SENT, reply)
    elif receipt.outcome is Outcome.UNCERTAIN:
        _settle(message, LetterStatus.UNKNOWN, reply)
    elif receipt.outcome is Outcome.OWN_FAULT:
        _settle(message, LetterStatus.QUEUED, reply, at + RETRY_AFTER[0])
    elif receipt.outcome is Outcome.TRANSIENT and message.attempts < len(RETRY_AFTER):
        again = at + RETRY_AFTER[message.attempts]
        RequestMessage.objects.filter(pk=message.pk).update(attempts=message.attempts + 1)
        _settle(message, LetterStatus.QUEUED, reply, again)
    else:
        _settle(message, LetterStatus.FAILED, reply)
        did_not_arrive(message, classify(receipt.code, receipt.reply), reply, address=letter.to)
    return receipt.outcome


def _settle(message: RequestMessage, status: str, reply: str, again: datetime | None = None) -> None:
    RequestMessage.objects.filter(pk=message.pk).update(status=status, reply=reply[:100], next_try_at=again)


def compose(message: RequestMessage) -> Message:
    """The letter as it leaves: in the thread, in plain words, with clean files. Raises CannotUnseal."""
    request, text = message.request, _with_link(message)
    headers = {"In-Reply-To": message.in_reply_to, "References": message.references}
    if message.is_automatic:
        headers |= {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
    files = [Attached(file.name, file.media_type, file.content()) for file in message.files.exclude(file="")]
    return Message(
        message_id=message.message_id,
        envelope_from=marks.return_path_of(MESSAGE, message.pk) or settings.DEFAULT_FROM_EMAIL,
        sender=formataddr((settings.MAIL_FROM_NAMES[request.language], settings.DEFAULT_FROM_EMAIL)),
        to=unseal(message.sealed_address) if message.expert_id else request.address,
        subject=" ".join(message.subject.split()),
        html=as_html(text),
        text=text + "\n",
        reply_to=settings.MAIL_REPLY_TO,
        headers={name: value for name, value in headers.items() if value},
        attachments=tuple(files),
        calendar=part_of(message) if message.interview_id else None,
    )


def _with_link(message: RequestMessage) -> str:
    """The text; to a speaker with the link that answers for them, which is kept nowhere."""
    text = message.reveal()
    if message.expert_id and not message.interview_id:
        question = SpeakerQuestion.objects.get(request=message.request_id, expert=message.expert_id)
        return text.replace(LINK, f"{settings.SITE_URL}/speak/{make_token(SPEAKER, question.pk)}/")
    return text


def as_html(text: str) -> str:
    """Paragraphs; nothing of what somebody typed is markup."""
    paragraphs = [part.strip() for part in text.split("\n\n") if part.strip()]
    lines = [(format_html_join("\n", "{}<br>", ((line,) for line in part.splitlines())),) for part in paragraphs]
    return format_html('<!doctype html><meta charset="utf-8"><body>{}</body>', format_html_join("", "<p>{}</p>", lines))
