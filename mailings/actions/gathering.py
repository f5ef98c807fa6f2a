"""Gathering a review."""

from collections.abc import Sequence

from django.db import transaction

from ..models import Mailing, MailingVersion
from ..pipeline.digest import Clipping, section
from .writing import save_version


@transaction.atomic
def gather(review: Mailing, mailings: Sequence[Mailing], clippings: Sequence[Clipping], *, by) -> list[str]:
    """Put what was chosen under the text of each version that was begun, or begin those it speaks. Return which.

    Raises WrongState where the review has left.
    """
    review.hold()
    versions = {version.language: version for version in review.versions.all() if not version.is_empty}
    told = []
    for language in versions or MailingVersion.Language.values:
        added = section(language, mailings, clippings)
        if not added:
            continue
        version = versions.get(language) or MailingVersion()
        words = {"subject": version.subject, "preheader": version.preheader, "body": version.body + added}
        save_version(review, language, words=words, revision=_revision(review, language), by=by)
        told.append(language)
    return told


def _revision(review: Mailing, language: str) -> int:
    return review.versions.filter(language=language).values_list("revision", flat=True).first() or 0
