"""What a mailing is. Each change happens in one transaction and is written down."""

from collections.abc import Iterable

from django.db import transaction

from audit.changes import difference
from audit.log import log

from ..models import Mailing, SendingAccount
from .approval import refuse_second_way, reopen


@transaction.atomic
def create(*, title: str, kind: str, topics=(), by) -> Mailing:
    account = SendingAccount.usual()
    mailing = Mailing.objects.create(title=title, kind=kind, author=by, last_editor=by, account=account)
    mailing.topics.set(topics)
    mailing.editors.add(by)
    log("mailings.mailing.created", mailing, by=by)
    return mailing


@transaction.atomic
def describe(mailing: Mailing, *, title: str, kind: str, topics=(), by) -> None:
    """Change what a mailing is called and what it is: that says who does not want it."""
    mailing.hold()
    refuse_second_way(mailing)
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
def set_languages(mailing: Mailing, *, source: str, strict: Iterable[str], by) -> None:
    """Say which version the others translate, and whose readers are left out where theirs is missing."""
    mailing.hold()
    before = _languages(mailing)
    mailing.strict_languages = sorted(strict)
    if mailing.strict_languages != before["strict_languages"]:
        reopen(mailing, by=by)
    if source != mailing.source_language:
        _translate_from(mailing, source)
    mailing.save(update_fields=["source_language", "strict_languages"])
    log("mailings.languages.set", mailing, by=by, changes=difference(before, _languages(mailing)))


def _translate_from(mailing: Mailing, language: str) -> None:
    """Another version is the source: nobody has changed it since the others were written, as far as is known."""
    mailing.source_language = language
    versions = mailing.versions.all()
    revision = next((one.revision for one in versions if one.language == language), 0)
    versions.update(source_revision=revision)


def _languages(mailing: Mailing) -> dict[str, object]:
    return {"source_language": mailing.source_language, "strict_languages": mailing.strict_languages}
