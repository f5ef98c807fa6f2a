"""Turn the audience of an approved mailing into Delivery rows, in one transaction, once."""

import hashlib
import json
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.models import EmailAddress

from ..models import Delivery, Exclusion, Mailing, companions
from ..states import MailingStatus, Missed, WrongState
from .audience import Audience, Original, Recipient, resolve
from .frame import give_hotlines
from .pacing import moments
from .wishes import abouts_of


def audience_of(mailing: Mailing) -> Audience:
    """The audience of a mailing as it would be frozen now."""
    originals = _originals(mailing.corrects_id) if mailing.corrects_id else {}
    about = abouts_of([mailing])[mailing.pk]
    greeted = mailing.card.greeted() if mailing.greets else None
    strict = mailing.strict_languages
    audience = resolve(mailing.audience, mailing.ready_languages, about, originals, greeted, strict=strict)
    give_hotlines(audience)
    return audience


def _originals(corrected: int) -> dict[int, Original]:
    """The letters of the mailing that is corrected, by whom they went to."""
    letters = Delivery.objects.sent().filter(mailing=corrected, contact__isnull=False).order_by("-pk")
    return {
        contact: Original(pk, language) for contact, pk, language in letters.values_list("contact", "pk", "language")
    }


def recipient_marks(audience: Audience) -> list[str]:
    """What an approval remembers of each recipient: enough to notice a stranger, nothing to read an address from."""
    return sorted(_mark(recipient) for recipient in audience.recipients)


@transaction.atomic
def freeze(mailing: Mailing, *, hold: timedelta = timedelta()) -> int:
    """Write the rows, start the mailing, return their number. Raises WrongState when it is not what was approved.

    Nothing leaves before `hold` is over.
    """
    audience = approved_audience(mailing)
    now = timezone.now()
    held = {"held_until": now + hold if hold else None, "missed": ""}
    # First the status, and only from those before it: a second click or a second process stops here.
    mailing.move_to(MailingStatus.SENDING, started_at=now, frozen_count=len(audience.recipients), **held)
    zones = [recipient.zone for recipient in audience.recipients]
    times = moments(zones, mailing.pace, mailing.pace_number, start=now + hold)
    deliveries = Delivery.objects.bulk_create(
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
                original_id=recipient.original_id,
                next_try_at=not_before,
            )
            for recipient, not_before in zip(audience.recipients, times, strict=True)
        ),
        batch_size=1000,
    )
    if mailing.greets:
        mailing.card.record(deliveries)
    companions.record(mailing, deliveries)
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


def approved_audience(mailing: Mailing) -> Audience:
    """Who would get it now. Raises WrongState where that, or the text, is not what was approved."""
    audience = audience_of(mailing)
    _check_approval(mailing, audience)
    return audience


def _check_approval(mailing: Mailing, audience: Audience) -> None:
    if not EmailAddress.objects.key_is_right():
        words = _(
            "Nothing is sent: BLIND_KEY is not the one addresses were kept with, so the stop list would stop nobody."
        )
        raise WrongState(words, Missed.KEY)
    if mailing.fingerprint() != mailing.approved_fingerprint:
        words = _("The text or the audience was changed after the approval. Ask for approval again.")
        raise WrongState(words, Missed.CHANGED)
    if not audience.recipients:
        raise WrongState(_("Nobody would get this letter. Change the audience."), Missed.NOBODY)
    strangers = len(set(recipient_marks(audience)) - set(mailing.approved_recipients))
    if strangers:
        raise WrongState(
            ngettext(
                "Since the approval %(count)s recipient has joined or was renamed. Ask for approval again.",
                "Since the approval %(count)s recipients have joined or were renamed. Ask for approval again.",
                strangers,
            )
            % {"count": strangers},
            Missed.STRANGERS,
        )


def _mark(recipient: Recipient) -> str:
    """Address, language and what is put into the letter: a contact renamed after the approval is a stranger, too."""
    frozen = json.dumps([recipient.key, recipient.language, recipient.merge_data], sort_keys=True)
    return hashlib.sha256(frozen.encode()).hexdigest()[:16]
