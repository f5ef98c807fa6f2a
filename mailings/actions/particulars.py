"""What stands around the texts of a mailing: number, urgency, embargo, contact, «Справка», addressee, signatories."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.changes import Text, difference, snapshot
from audit.log import log
from crm.models import Organisation

from ..models import FrameText, Hotline, Mailing, Signatory
from ..states import WrongState
from .approval import reopen, reopen_waiting

_OWN = ("number", "is_urgent", "embargo_until")
_WORDS = ("contact", "about", "addressee")


@transaction.atomic
def set_particulars(mailing: Mailing, own: Mapping[str, object], words: Mapping[str, Mapping[str, str]], *, by) -> None:
    """Store what the kind has: `own` once, `words` by language. Raises WrongState for a number that is taken."""
    mailing.hold()
    if _is_as_it_was(mailing, own, words):
        return
    reopen(mailing, by=by)
    before = snapshot(mailing, _OWN) | _lengths(mailing)
    for name in set(own) & mailing.has:
        setattr(mailing, name, own[name])
    mailing.year = timezone.localdate().year if mailing.number else None
    try:
        with transaction.atomic():
            mailing.save(update_fields=[*_OWN, "year"])
    except IntegrityError as error:
        raise WrongState(_("A colleague has just taken this number. Choose the next one.")) from error
    for language, texts in words.items():
        kept = {name: text for name, text in texts.items() if name in mailing.has}
        FrameText.objects.update_or_create(mailing=mailing, language=language, defaults=kept)
    changes = difference(before, snapshot(mailing, _OWN) | _lengths(mailing))
    log("mailings.mailing.framed", mailing, by=by, changes=changes)


def _is_as_it_was(mailing: Mailing, own: Mapping[str, object], words: Mapping[str, Mapping[str, str]]) -> bool:
    """Saving an untouched form takes no approval back."""
    if any(getattr(mailing, name) != value for name, value in own.items() if name in mailing.has):
        return False
    known = {frame.language: frame for frame in mailing.frames.all()}
    return all(
        getattr(known.get(language), name, "") == text
        for language, texts in words.items()
        for name, text in texts.items()
    )


def _lengths(mailing: Mailing) -> dict[str, Text]:
    frames = FrameText.objects.filter(mailing=mailing).order_by("language")
    return {name: Text("\n".join(getattr(frame, name) for frame in frames)) for name in _WORDS}


@transaction.atomic
def add_signatory(mailing: Mailing, organisation: Organisation, *, by) -> Signatory:
    """Raises WrongState where it signs already, or the kind has no signatories."""
    mailing.hold()
    if "signatories" not in mailing.has:
        raise WrongState(_("Only a statement is signed by organisations."))
    if mailing.signatories.filter(organisation=organisation).exists():
        raise WrongState(_("“%(name)s” is among the signatories already.") % {"name": organisation.name})
    reopen(mailing, by=by)
    signatory = Signatory.objects.create(mailing=mailing, organisation=organisation, name=organisation.name)
    log("mailings.signatory.added", mailing, by=by, organisation=organisation.name)
    return signatory


@transaction.atomic
def remove_signatory(signatory: Signatory, *, by) -> None:
    mailing, logo = signatory.mailing, signatory.logo
    mailing.hold()
    reopen(mailing, by=by)
    signatory.delete()
    if logo:
        logo.discard()
    log("mailings.signatory.removed", mailing, by=by, organisation=signatory.name)


@transaction.atomic
def note_agreement(signatory: Signatory, *, agreed_by: str, agreed_on, by) -> None:
    """Who of the organisation said yes, and when; or that nobody has. Readers do not see it, so an approval stands."""
    signatory.agreed_by, signatory.agreed_on = agreed_by, agreed_on if agreed_by else None
    signatory.noted_by = by if agreed_by else None
    signatory.save(update_fields=["agreed_by", "agreed_on", "noted_by"])
    done = "agreed" if agreed_by else "not_agreed"
    log(f"mailings.signatory.{done}", signatory.mailing, by=by, organisation=signatory.name)


@transaction.atomic
def set_hotlines(texts: Mapping[tuple[str, str], str], *, by) -> None:
    """Whom to call, by region and language; an empty text is none. What waits to leave is to be approved anew: its
    readers would see another number than its approver did.
    """
    before = {(one.region, one.language): one.text for one in Hotline.objects.select_for_update()}
    changed = {key: text for key, text in texts.items() if before.get(key, "") != text}
    for (region, language), text in changed.items():
        rows = Hotline.objects.filter(region=region, language=language)
        if not text:
            rows.delete()
        else:
            Hotline.objects.update_or_create(region=region, language=language, defaults={"text": text})
    if changed:
        languages = {language for _region, language in changed}
        told = Mailing.objects.waiting().exclude(kind=Mailing.Kind.OFFICIAL).filter(versions__language__in=languages)
        reopen_waiting(told.distinct(), by=by)
        log("mailings.hotlines.set", by=by, count=len(changed))
