"""Ask a reader, at their own address, whether it was they who asked for their data. Called by the worker alone."""

from django.conf import settings
from django.db.models import Exists
from django.utils import timezone
from django.utils.html import escape, linebreaks, urlize
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Lockdown
from core.sealing import CannotUnseal
from core.signing import make_token

from ..message import Message, Outcome
from ..models import LINK_WORKS, ONE_LETTER_IN, OWN_DATA, OwnDataRequest, SendingAccount
from ..states import TrialStatus
from .lines import Line, Lines


def send_waiting() -> int:
    """Send the letters that wait. Return how many the server took."""
    stale = timezone.now() - ONE_LETTER_IN
    OwnDataRequest.objects.filter(status=TrialStatus.QUEUED, asked_at__lt=stale).update(status=TrialStatus.FAILED)
    waiting = OwnDataRequest.objects.filter(~Exists(Lockdown.objects.on()), status=TrialStatus.QUEUED)
    taken = 0
    with Lines() as lines:
        line = lines.over(SendingAccount.environment())
        for request in waiting.select_related("delivery").order_by("pk"):
            if _claim(request):
                outcome = _send(request, line)
                taken += outcome is Outcome.ACCEPTED
                if outcome is Outcome.OWN_FAULT:
                    break
    return taken


def _claim(request: OwnDataRequest) -> bool:
    """Commit that it leaves, before it does: after a dead worker it is asked for again, and never leaves twice."""
    free = OwnDataRequest.objects.filter(~Exists(Lockdown.objects.on()), pk=request.pk, status=TrialStatus.QUEUED)
    return free.update(status=TrialStatus.INFLIGHT) == 1


def _send(request: OwnDataRequest, line: Line) -> Outcome:
    try:
        receipt = line.send(letter(request, to=request.delivery.reveal()))
        outcome = receipt.outcome
    except CannotUnseal:
        outcome = Outcome.PERMANENT
    after = {Outcome.ACCEPTED: TrialStatus.SENT, Outcome.OWN_FAULT: TrialStatus.QUEUED}
    OwnDataRequest.objects.filter(pk=request.pk).update(status=after.get(outcome, TrialStatus.FAILED))
    return outcome


def letter(request: OwnDataRequest, *, to: str) -> Message:
    """What is asked for, and the link. It names nobody: the mailbox may be read by others."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    with override(request.language):
        subject, text = _words(request)
        sender = f"{settings.MAIL_FROM_NAMES[request.language]} <{settings.DEFAULT_FROM_EMAIL}>"
    html = urlize(linebreaks(escape(text)))
    return Message(
        message_id=f"<{make_token('own data letter', request.pk)}@{domain}>",
        envelope_from=settings.DEFAULT_FROM_EMAIL,
        sender=sender,
        to=to,
        subject=subject,
        html=f'<!doctype html><html lang="{request.language}"><meta charset="utf-8"><body>{html}</body></html>',
        text=text,
        reply_to=settings.MAIL_REPLY_TO,
        headers={"Auto-Submitted": "auto-generated", "Content-Language": request.language},
    )


def _words(request: OwnDataRequest) -> tuple[str, str]:
    asked = {
        OwnDataRequest.Kind.COPY: _("Somebody asked us for a copy of what we keep about the owner of this mailbox."),
        OwnDataRequest.Kind.ERASURE: _("Somebody asked us to erase what we keep about the owner of this mailbox."),
    }
    link = f"{settings.SITE_URL}/d/{make_token(OWN_DATA, request.pk)}/"
    paragraphs = [
        asked[request.kind],
        _("If it was you, confirm it here. The link works for %(days)s days:") % {"days": LINK_WORKS.days},
        link,
        _("If it was not you, delete this letter: without the confirmation nothing happens."),
    ]
    return _("Your data: confirm that it is you"), "\n\n".join(paragraphs) + "\n"
