"""Turn the audience of an approved mailing into Delivery rows, in one transaction, once."""

import hashlib
import json
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.models import EmailAddress

from ..measuring.policy import Measured
from ..models import Delivery, Exclusion, Mailing, MailingVersion, companions
from ..states import MailingStatus, Missed, Pace, WrongState
from .audience import Audience, Original, Recipient, resolve
from .frame import give_hotlines
from .measures import known_of
from .pacing import moments
from .wishes import abouts_of


def audience_of(mailing: Mailing) -> Audience:
    """The audience of a mailing as it would be frozen now; of one that has left in part, those who wait."""
    if mailing.is_second_way:
        return _waiting(mailing)
    originals = _originals(mailing.corrects_id) if mailing.corrects_id else {}
    about = abouts_of([mailing])[mailing.pk]
    greeted = mailing.card.greeted() if mailing.greets else None
    strict = mailing.strict_languages
    audience = resolve(mailing.audience, mailing.ready_languages, about, originals, greeted, strict=strict)
    give_hotlines(audience)
    return audience


def _waiting(mailing: Mailing) -> Audience:
    return Audience(
        [
            Recipient(
                contact_id=row.contact_id,
                name=row.name,
                address=row.address,
                sealed=row.sealed,
                key=row.address_key,
                language=row.language,
                merge_data=row.merge_data,
                holder_id=row.holder_id,
                holder_name=row.holder_name,
                original_id=row.original_id,
                first_language=row.language,
            )
            for row in mailing.deliveries.claimable()
        ]
    )


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

    Nothing leaves before `hold` is over. Of a mailing that has left in part the rows are there: they go on.
    """
    audience = approved_audience(mailing)
    if mailing.is_frozen:
        return _go_on(mailing, hold)
    now = timezone.now()
    held = {"held_until": now + hold if hold else None, "missed": ""}
    # First the status, and only from those before it: a second click or a second process stops here.
    mailing.move_to(MailingStatus.SENDING, started_at=now, frozen_count=len(audience.recipients), **held)
    zones = [recipient.zone for recipient in audience.recipients]
    times = moments(zones, mailing.pace, mailing.pace_number, start=now + hold)
    known = known_of([(recipient.contact_id, recipient.language) for recipient in audience.recipients])
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
                kind=one.kind,
                measured_as=one.measured if mailing.measures else Measured.NOT,
            )
            for recipient, not_before, one in zip(audience.recipients, times, known, strict=True)
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


def _go_on(mailing: Mailing, hold: timedelta) -> int:
    """Send the corrected text to those who wait, what was spread over hours still spread."""
    start = timezone.now() + hold
    mailing.move_to(MailingStatus.SENDING, held_until=start if hold else None, missed="")
    waiting = mailing.deliveries.claimable()
    first = waiting.aggregate(first=Min("next_try_at"))["first"]
    if mailing.pace in {Pace.HOURLY, Pace.WAVES} and first and first < start:
        waiting.filter(next_try_at__isnull=False).update(next_try_at=F("next_try_at") + (start - first))
    waiting.filter(Q(next_try_at__isnull=True) | Q(next_try_at__lt=start)).update(next_try_at=start)
    return waiting.count()


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
    _refuse_unread(mailing, audience)
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


def _refuse_unread(mailing: Mailing, audience: Audience) -> None:
    """Whoever waits for the rest reads one language, settled when it was sent off: its text must still be there."""
    gone = set(audience.by_language()) - set(mailing.ready_languages)
    if gone:
        labels = ", ".join(sorted(str(MailingVersion.Language(code).label) for code in gone))
        words = _("Readers wait for a text that is not there: %(languages)s. Write it, then ask for approval.")
        raise WrongState(words % {"languages": labels}, Missed.CHANGED)


def _mark(recipient: Recipient) -> str:
    """Address, language and what is put into the letter: a contact renamed after the approval is a stranger, too."""
    frozen = json.dumps([recipient.key, recipient.language, recipient.merge_data], sort_keys=True)
    return hashlib.sha256(frozen.encode()).hexdigest()[:16]
