"""Turn the audience of an approved mailing into Delivery rows, in one transaction, once."""

import hashlib
import json

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.models import EmailAddress

from ..models import Delivery, Exclusion, Mailing
from ..states import MailingStatus, WrongState
from .audience import Audience, Recipient, resolve
from .frame import give_hotlines
from .wishes import abouts_of


def audience_of(mailing: Mailing) -> Audience:
    """The audience of a mailing as it would be frozen now."""
    about = abouts_of([mailing])[mailing.pk]
    audience = resolve(mailing.audience, mailing.ready_languages, about, strict=mailing.strict_languages)
    give_hotlines(audience)
    return audience


def recipient_marks(audience: Audience) -> list[str]:
    """What an approval remembers of each recipient: enough to notice a stranger, nothing to read an address from."""
    return sorted(_mark(recipient) for recipient in audience.recipients)


@transaction.atomic
def freeze(mailing: Mailing) -> int:
    """Write the rows, start the mailing, return their number. Raises WrongState when it is not what was approved."""
    audience = audience_of(mailing)
    _check_approval(mailing, audience)
    # First the status, and only from "approved": a second click or a second process stops here.
    mailing.move_to(MailingStatus.SENDING, started_at=timezone.now(), frozen_count=len(audience.recipients))
    Delivery.objects.bulk_create(
        (
            Delivery(
                mailing=mailing,
                contact_id=recipient.contact_id,
                name=recipient.name,
                address=recipient.address,
                sealed=recipient.sealed,
                domain=Delivery.domain_of(recipient.address),
                address_key=recipient.key,
                language=recipient.language,
                merge_data=recipient.merge_data,
                holder_id=recipient.holder_id,
                holder_name=recipient.holder_name,
            )
            for recipient in audience.recipients
        ),
        batch_size=1000,
    )
    Exclusion.objects.bulk_create(
        (
            Exclusion(
                mailing=mailing,
                contact_id=person.contact_id,
                name=person.name,
                address=person.address,
                reason=person.reason,
            )
            for person in audience.left_out
        ),
        batch_size=1000,
    )
    return len(audience.recipients)


def _check_approval(mailing: Mailing, audience: Audience) -> None:
    if not EmailAddress.objects.key_is_right():
        raise WrongState(
            _("Nothing is sent: BLIND_KEY is not the one addresses were kept with, so the stop list would stop nobody.")
        )
    if mailing.fingerprint() != mailing.approved_fingerprint:
        raise WrongState(_("The text or the audience was changed after the approval. Ask for approval again."))
    if not audience.recipients:
        raise WrongState(_("Nobody would get this letter. Change the audience."))
    strangers = len(set(recipient_marks(audience)) - set(mailing.approved_recipients))
    if strangers:
        raise WrongState(
            ngettext(
                "Since the approval %(count)s recipient has joined or was renamed. Ask for approval again.",
                "Since the approval %(count)s recipients have joined or were renamed. Ask for approval again.",
                strangers,
            )
            % {"count": strangers}
        )


def _mark(recipient: Recipient) -> str:
    """Address, language and what is put into the letter: a contact renamed after the approval is a stranger, too."""
    frozen = json.dumps([recipient.key, recipient.language, recipient.merge_data], sort_keys=True)
    return hashlib.sha256(frozen.encode()).hexdigest()[:16]
