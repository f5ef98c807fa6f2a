"""After a mailing has left: follow it up, correct it, withdraw it, or write it again a year later."""

import re
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import log

from ..models import Attachment, FrameText, Mailing, Signatory
from ..states import Correction, MailingStatus, WrongState
from .audience import only
from .sending import pause
from .texts import create
from .writing import save_version

_REPEATED = ["audience", "pace", "pace_number", "source_language", "strict_languages"]


@transaction.atomic
def follow_up(mailing: Mailing, outcome: str, *, by) -> Mailing:
    """A new draft, of the same kind and topics, to those whose letter came to this. Its text is to be written."""
    _refuse_unsent(mailing)
    draft = _draft(mailing, _("Reminder: %(title)s"), by=by)
    draft.audience = only(mailing, outcome)
    draft.save(update_fields=["audience"])
    log("mailings.mailing.followed_up", mailing, by=by, draft=draft.pk, outcome=outcome)
    return draft


@transaction.atomic
def correct(mailing: Mailing, *, by) -> Mailing:
    """A draft to exactly those who got it, in the language they got it in, as an answer to that letter."""
    return _correct(mailing, Correction.ERRATUM, _("Correction: %(title)s"), by=by)


@transaction.atomic
def withdraw(mailing: Mailing, *, by) -> Mailing:
    """Say from now on that it does not stand, keep back what has not left, and begin the letter that says so."""
    mailing.hold()
    if mailing.withdrawn_at:
        raise WrongState(_("It is withdrawn already."))
    draft = _correct(mailing, Correction.WITHDRAWAL, _("Withdrawal: %(title)s"), by=by)
    if mailing.status == MailingStatus.SENDING:
        pause(mailing, by=by)
    mailing.withdrawn_at = timezone.now()
    mailing.save(update_fields=["withdrawn_at"])
    return draft


@transaction.atomic
def stand_by(mailing: Mailing, *, by) -> None:
    """It stands after all. What was written to its readers about the withdrawal is another mailing."""
    if not Mailing.objects.filter(pk=mailing.pk, withdrawn_at__isnull=False).update(withdrawn_at=None):
        raise WrongState(_("It is not withdrawn."))
    log("mailings.mailing.stands", mailing, by=by)


def _correct(mailing: Mailing, correction: Correction, title: str, *, by) -> Mailing:
    _refuse_unsent(mailing)
    draft = _draft(mailing, title, by=by)
    draft.corrects, draft.correction, draft.audience = mailing, correction, only(mailing, "sent")
    draft.save(update_fields=["corrects", "correction", "audience"])
    log("mailings.mailing.corrected", mailing, by=by, draft=draft.pk, how=correction)
    return draft


@transaction.atomic
def repeat(mailing: Mailing, *, by) -> Mailing:
    """The same texts, files and signatories to the same audience as a new draft. Nothing of it is approved, its dates
    are last year's, and no signatory has agreed yet.
    """
    if mailing.greets:
        raise WrongState(_("A greeting card is begun anew in the calendar of greetings: so nobody gets two."))
    draft = _draft(mailing, "%(title)s", by=by)
    for name in _REPEATED:
        setattr(draft, name, getattr(mailing, name))
    draft.save(update_fields=_REPEATED)
    copies = {file.pk: file.copied_to(draft, by=by) for file in mailing.attachments.all()}
    Signatory.objects.bulk_create(
        Signatory(mailing=draft, organisation=one.organisation, name=one.name, logo=copies.get(one.logo_id))
        for one in mailing.signatories.select_related("organisation")
    )
    for version in mailing.versions.all():
        words = {"subject": version.subject, "preheader": version.preheader, "body": _with(copies, version.body)}
        save_version(draft, version.language, words=words, revision=0, by=by)
    log("mailings.mailing.repeated", mailing, by=by, draft=draft.pk)
    return draft


def _with(copies: Mapping[int, Attachment], body: str) -> str:
    """The text with its pictures replaced by their copies; one that is gone stays gone."""

    def replaced(found: re.Match) -> str:
        copy = copies.get(int(found[1]))
        return f'data-attachment="{copy.pk}"' if copy else found[0]

    return re.sub(r'\bdata-attachment="(\d+)"', replaced, body)


def _draft(mailing: Mailing, title: str, *, by) -> Mailing:
    """Of the same kind and topics, with the same press contact, background and addressee."""
    title = (title % {"title": mailing.title})[:200]
    draft = create(title=title, kind=mailing.kind, topics=mailing.topics.all(), by=by)
    for frame in mailing.frames.all():
        around = {"contact": frame.contact, "about": frame.about, "addressee": frame.addressee}
        FrameText.objects.update_or_create(mailing=draft, language=frame.language, defaults=around)
    return draft


def _refuse_unsent(mailing: Mailing) -> None:
    if not mailing.is_frozen or mailing.is_held:
        raise WrongState(_("Nothing of this mailing has left yet: change it instead."))
