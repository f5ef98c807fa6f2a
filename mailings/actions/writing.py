"""Writing a language version: every save is kept, two people's changes are joined, nothing is overwritten unseen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.changes import Text, difference
from audit.log import log

from ..bodies import Collision, merge, merge_words, tidy
from ..models import Mailing, MailingVersion, Presence, Revision
from ..states import MailingStatus, WrongState
from .approval import reopen

_PASSING_FOR = timedelta(days=1)


class StaleText(Exception):
    """A colleague changed the same place meanwhile. Carries what they saved; nothing was overwritten."""

    def __init__(self, theirs: MailingVersion):
        super().__init__()
        self.theirs = theirs


@dataclass(frozen=True)
class Saved:
    """What stands there now. `own` is the revision that holds what was sent, without what a colleague wrote."""

    version: MailingVersion
    own: int

    @property
    def is_joined(self) -> bool:
        return self.own != self.version.revision


@transaction.atomic
def save_version(mailing: Mailing, language: str, *, words: Mapping[str, str], revision: int, by) -> MailingVersion:
    """Store one language version: subject, preheader, body. Raises StaleText where a colleague wrote in its place."""
    return _save(mailing, language, words, revision, Revision(by=by)).version


@transaction.atomic
def autosave(mailing: Mailing, language: str, *, words: Mapping[str, str], revision: int, by) -> Saved:
    """Store what somebody is writing, without a decision of theirs: so it never takes an approval back.

    Raises WrongState where it would, StaleText where a colleague wrote in its place.
    """
    mailing.hold()
    if mailing.status != MailingStatus.DRAFT:
        raise WrongState(
            _("Approval was asked for: nothing is saved by itself now. Save takes that back; what you wrote is here.")
        )
    return _save(mailing, language, words, revision, Revision(by=by, is_auto=True))


@transaction.atomic
def restore(mailing: Mailing, language: str, number: int, *, revision: int, by) -> MailingVersion:
    """Bring an older text back as a new save. Raises StaleText if somebody saved since the page was opened."""
    mailing.hold()
    version = MailingVersion.objects.select_for_update().get(mailing=mailing, language=language)
    if version.revision != revision:
        raise StaleText(version)
    old = version.revisions.get(number=number)
    kept = Revision(by=by, restored=number)
    return _save(mailing, language, _words(old), revision, kept).version


@transaction.atomic
def call_up_to_date(mailing: Mailing, language: str, *, seen: int, by) -> None:
    """A translation says what its source says at revision `seen`: somebody compared them."""
    mailing.hold()
    source = mailing.source
    if source is None or source.revision != seen:
        raise WrongState(_("The source was changed while you were reading. Compare the two once more."))
    mailing.versions.filter(language=language).update(source_revision=seen)
    log("mailings.version.compared", mailing, by=by, language=language, revision=seen)


def note_presence(mailing: Mailing, language: str, who: User) -> None:
    """Somebody has this text open now."""
    Presence.objects.update_or_create(
        mailing=mailing, user=who, defaults={"language": language, "seen_at": timezone.now()}
    )


def _save(mailing: Mailing, language: str, words: Mapping[str, str], revision: int, kept: Revision) -> Saved:
    mailing.hold()
    version, _made = MailingVersion.objects.select_for_update().get_or_create(mailing=mailing, language=language)
    mine = {"subject": words["subject"], "preheader": words["preheader"], "body": tidy(words["body"])}
    if mine == _words(version) and revision == version.revision and version.revision:
        return Saved(version, version.revision)
    is_alone = version.revision == revision
    joined = mine if is_alone else _joined(version, mine, revision)
    reopen(mailing, by=kept.by)
    before, own = _lengths(version), None
    if not is_alone:
        own = _keep(version, mine, Revision(by=kept.by, is_auto=True, is_passing=True)).number
    last = _keep(version, joined, kept)
    _note_source(mailing, version)
    version.save()
    if not kept.is_auto or kept.begun_at == kept.saved_at:
        log(
            "mailings.version.autosaved" if kept.is_auto else "mailings.version.saved",
            mailing,
            by=kept.by,
            changes=difference(before, _lengths(version)),
            language=language,
            revision=version.revision,
        )
    return Saved(version, own or last.number)


def _joined(version: MailingVersion, mine: Mapping[str, str], revision: int) -> dict[str, str]:
    """What is there now with the changes made since `revision`. Raises StaleText where both changed one place."""
    base = version.revisions.filter(number=revision).first()
    # Nothing was there yet when both began.
    began = _words(base or MailingVersion()) if base or not revision else None
    if began is None:
        raise StaleText(version)
    theirs = _words(version)
    ways = {"subject": merge_words, "preheader": merge_words, "body": merge}
    try:
        joined = {name: way(began[name], mine[name], theirs[name]) for name, way in ways.items()}
    except Collision as collision:
        raise StaleText(version) from collision
    return joined | {"body": tidy(joined["body"])}


def _keep(version: MailingVersion, words: Mapping[str, str], kept: Revision) -> Revision:
    """Write the words into the version and into its history, where a burst of automatic saves is one entry."""
    last = version.revisions.filter(is_passing=False).first()
    version.revision += 1
    for name, text in words.items():
        setattr(version, name, text)
        setattr(kept, name, text)
    kept.version, kept.number = version, version.revision
    kept.saved_at = kept.begun_at = timezone.now()
    if not kept.is_passing and kept.continues(last):
        kept.begun_at = last.begun_at
        version.revisions.filter(pk=last.pk).update(is_passing=True)
    kept.save()
    version.revisions.forget_passing(kept.saved_at - _PASSING_FOR)
    return kept


def _note_source(mailing: Mailing, version: MailingVersion) -> None:
    """What is written first is the source; a translation that is saved answers to the source as it stands."""
    if not mailing.source_language and not version.is_empty:
        mailing.source_language = version.language
        mailing.save(update_fields=["source_language"])
    source = Mailing.objects.get(pk=mailing.pk).source
    if source and source.language != version.language:
        version.source_revision = source.revision


def _words(text: MailingVersion | Revision) -> dict[str, str]:
    return {"subject": text.subject, "preheader": text.preheader, "body": text.body}


def _lengths(version: MailingVersion) -> dict[str, Text]:
    """No words of a letter stand in the journal, only how many there were."""
    return {name: Text(getattr(version, name)) for name in ("subject", "preheader", "body")}
