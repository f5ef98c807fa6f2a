"""What colleagues say about a text, and what they ask a worker to look at."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.changes import Text
from audit.log import log

from ..bodies import paragraphs
from ..models import Comment, Mailing, MailingVersion, Probe
from ..states import WrongState


@transaction.atomic
def comment(mailing: Mailing, language: str, *, mark: str, text: str, by) -> Comment:
    """Say something about one paragraph. Raises WrongState when nobody finds it in the text any more."""
    if not mailing.is_editable:
        raise WrongState(_("This mailing has left already: its text and audience cannot be changed."))
    version = MailingVersion.objects.filter(mailing=mailing, language=language).first()
    words = {one.mark: one.text for one in paragraphs(version)} if version else {}
    if mark not in words:
        raise WrongState(_("This paragraph was changed meanwhile. Read it again; your comment is kept below."))
    quote = words[mark][:200]
    said = Comment.objects.create(mailing=mailing, language=language, mark=mark, quote=quote, text=text, author=by)
    log("mailings.comment.added", mailing, by=by, language=language, text=Text(text))
    return said


@transaction.atomic
def resolve(comment: Comment, *, by) -> None:
    _settle(comment, "mailings.comment.resolved", by=by, resolved_by=by, resolved_at=timezone.now())


@transaction.atomic
def reopen_comment(comment: Comment, *, by) -> None:
    _settle(comment, "mailings.comment.reopened", by=by, resolved_by=None, resolved_at=None)


def _settle(comment: Comment, action: str, *, by, **fields: object) -> None:
    """Saying it twice is saying it once."""
    is_open = fields["resolved_at"] is not None
    if Comment.objects.filter(pk=comment.pk, resolved_at__isnull=is_open).update(**fields):
        log(action, comment.mailing, by=by, language=comment.language)


@transaction.atomic
def ask(mailing: Mailing, kind: str, *, by) -> Probe:
    """Have a worker look at something that takes a network or another program."""
    asked = {"asked_by": by, "asked_at": timezone.now(), "done_at": None, "answer": {}}
    asked["fingerprint"] = mailing.fingerprint()
    probe, _made = Probe.objects.update_or_create(mailing=mailing, kind=kind, defaults=asked)
    log("mailings.probe.asked", mailing, by=by, kind=kind)
    return probe
