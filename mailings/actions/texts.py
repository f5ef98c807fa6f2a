"""Writing a mailing: what it is, its words, to whom it goes. Each happens in one transaction and is written down."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Right
from audit.changes import Text, difference
from audit.log import log
from core.html import sanitise
from crm.criteria import includes_restricted
from crm.models.wording import for_journal

from ..models import Mailing, MailingVersion
from ..states import WrongState
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


@transaction.atomic
def set_audience(mailing: Mailing, rule: Mapping[str, list[str]], *, by) -> None:
    """Say who gets a mailing. Raises WrongState where `by` may not include people of restricted organisations."""
    if includes_restricted(rule) and not by.may(Right.CONTACTS_RESTRICTED):
        raise WrongState(_("People of restricted organisations can be included only by who may see them."))
    mailing.hold()
    reopen(mailing, by=by)
    before = _rule(mailing)
    mailing.audience = {name: sorted(values) for name, values in rule.items() if values}
    mailing.save(update_fields=["audience"])
    log("mailings.audience.set", mailing, by=by, changes=difference(before, _rule(mailing)))


def _rule(mailing: Mailing) -> dict[str, list[str]]:
    return dict(for_journal(mailing.audience))
