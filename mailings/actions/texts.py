"""Writing a mailing: what it is, and its words. Each happens in one transaction and is written down."""

from collections.abc import Mapping

from django.db import transaction

from audit.changes import Text, difference
from audit.log import log
from core.html import sanitise

from ..models import Mailing, MailingVersion
from .approval import reopen


class StaleText(Exception):
    """Somebody saved this version meanwhile. Carries what they saved; nothing was overwritten."""

    def __init__(self, theirs: MailingVersion):
        super().__init__()
        self.theirs = theirs


@transaction.atomic
def create(*, title: str, kind: str, topics=(), by) -> Mailing:
    mailing = Mailing.objects.create(title=title, kind=kind, author=by, last_editor=by)
    mailing.topics.set(topics)
    mailing.editors.add(by)
    log("mailings.mailing.created", mailing, by=by)
    return mailing


@transaction.atomic
def describe(mailing: Mailing, *, title: str, kind: str, topics=(), by) -> None:
    """Change what a mailing is called and what it is: that says who does not want it."""
    mailing.hold()
    reopen(mailing, by=by)
    before = _described(mailing)
    mailing.title, mailing.kind = title, kind
    mailing.keep_own_particulars()
    mailing.save(update_fields=["title", "kind", "number", "year", "is_urgent", "embargo_until"])
    mailing.topics.set(topics)
    log("mailings.mailing.described", mailing, by=by, changes=difference(before, _described(mailing)))


def _described(mailing: Mailing) -> dict[str, object]:
    topics = sorted(mailing.topics.values_list("name", flat=True))
    return {"title": mailing.title, "kind": mailing.kind, "topics": topics}


@transaction.atomic
def save_version(mailing: Mailing, language: str, *, words: Mapping[str, str], revision: int, by) -> MailingVersion:
    """Store one language version: subject, preheader, body. Raises StaleText if `revision` is not the last one."""
    mailing.hold()
    version, _made = MailingVersion.objects.select_for_update().get_or_create(mailing=mailing, language=language)
    if version.revision != revision:
        raise StaleText(version)
    reopen(mailing, by=by)
    before = _lengths(version)
    version.subject, version.preheader = words["subject"], words["preheader"]
    version.body = sanitise(words["body"])
    version.revision += 1
    version.save()
    changes = difference(before, _lengths(version))
    log("mailings.version.saved", mailing, by=by, changes=changes, language=language, revision=version.revision)
    return version


def _lengths(version: MailingVersion) -> dict[str, Text]:
    """No words of a letter stand in the journal, only how many there were."""
    return {name: Text(getattr(version, name)) for name in ("subject", "preheader", "body")}
