"""Files and pictures of a mailing. Each change takes back an approval; the journal gets no word of what is in them."""

import hashlib
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from audit.log import log

from ..files import Cleaned, Refused
from ..models import Attachment, Mailing, Signatory
from .approval import reopen


@transaction.atomic
def attach(mailing: Mailing, language: str, file: Cleaned, *, use: str, alt: str = "", by) -> Attachment:
    """Put a cleaned file beside one version. Raises Refused where the letter would be too heavy."""
    mailing.hold()
    reopen(mailing, by=by)
    rows = mailing.attachments.filter(language=language)
    if rows.weight() + len(file.data) * 4 // 3 > settings.LETTER_MAX_BYTES:
        limit = filesizeformat(settings.LETTER_MAX_BYTES)
        raise Refused(
            _("With this file the letter would be heavier than %(limit)s, and mail services would refuse it.")
            % {"limit": limit}
        )
    attachment = Attachment(
        mailing=mailing,
        language=language,
        use=use,
        name=_free(file.name, set(rows.values_list("name", flat=True))),
        media_type=file.type,
        size=len(file.data),
        sha256=hashlib.sha256(file.data).hexdigest(),
        alt=alt,
        stripped=" ".join(file.stripped),
        added_by=by,
    )
    attachment.file.save(f"{uuid4().hex}", ContentFile(file.data), save=False)
    attachment.save()
    log("mailings.attachment.added", mailing, by=by, language=language, use=use, bytes=attachment.size)
    return attachment


def _free(name: str, taken: set[str]) -> str:
    """Two files of one name: the second gets a number."""
    stem, _dot, ending = name.rpartition(".")
    names = (f"{stem[: 64 - len(ending)]} ({number}).{ending}" for number in range(2, len(taken) + 3))
    return next(one for one in (name, *names) if one not in taken)


@transaction.atomic
def describe_picture(attachment: Attachment, alt: str, *, by) -> None:
    mailing = attachment.mailing
    mailing.hold()
    reopen(mailing, by=by)
    attachment.alt = alt
    attachment.save(update_fields=["alt"])
    log("mailings.attachment.described", mailing, by=by, language=attachment.language)


@transaction.atomic
def remove_attachment(attachment: Attachment, *, by) -> None:
    """The file goes for good, once that is certain."""
    mailing = attachment.mailing
    mailing.hold()
    reopen(mailing, by=by)
    attachment.discard()
    log("mailings.attachment.removed", mailing, by=by, language=attachment.language, use=attachment.use)


@transaction.atomic
def put_logo(signatory: Signatory, file: Cleaned, *, by) -> None:
    """The logo of an organisation under a joint text, in the place of another."""
    old = signatory.logo
    signatory.logo = attach(signatory.mailing, "", file, use=Attachment.Use.LOGO, by=by)
    signatory.save(update_fields=["logo"])
    if old:
        old.discard()
