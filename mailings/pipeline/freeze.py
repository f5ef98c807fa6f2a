"""Turn the audience of an approved mailing into Delivery rows, in one transaction, once."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count, islice

from django.db import transaction
from django.db.models import F, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.actions.inserting import insert_like
from crm.models import EmailAddress

from ..measuring.policy import Measured, too_small
from ..models import Delivery, Exclusion, Mailing, MailingVersion, companions
from ..states import MailingStatus, Missed, Pace, WrongState
from .audience import Audience, LeftOut, Original, Recipient, placed
from .frame import hotlines
from .pacing import paced
from .wishes import abouts_of

# So many rows are written at a time.
_CHUNK = 1_000


def audience_of(mailing: Mailing) -> Audience:
    """The audience of a mailing as it would be frozen now; of one that has left in part, those who wait."""
    return Audience.of(_people(mailing))


def _people(mailing: Mailing) -> Iterator[Recipient | LeftOut]:
    """The same one after the other, none kept."""
    if mailing.is_second_way:
        return map(_as_frozen, mailing.deliveries.claimable().iterator())
    return placed(
        mailing.audience,
        mailing.ready_languages,
        abouts_of([mailing])[mailing.pk],
        originals=_originals(mailing.corrects_id) if mailing.corrects_id else {},
        greeted=mailing.card.greeted() if mailing.greets else None,
        strict=mailing.strict_languages,
        hotlines=hotlines(),
    )


def _as_frozen(row: Delivery) -> Recipient:
    return Recipient(
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
        kind=row.kind,
        measured=row.measured_as,
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
    # A second click or a second process waits here, and finds it frozen.
    mailing.hold()
    if mailing.is_frozen:
        approved_audience(mailing)
        return _go_on(mailing, hold)
    now = timezone.now()
    approval = Approval(mailing)
    _write(mailing, approval, start=now + hold)
    # Whatever speaks against it takes back all that was written.
    approval.settle()
    held = {"held_until": now + hold if hold else None, "missed": ""}
    mailing.move_to(MailingStatus.SENDING, started_at=now, frozen_count=approval.letters, **held)
    if mailing.greets:
        mailing.card.record(mailing.deliveries.all())
    companions.record(mailing, mailing.deliveries.all())
    return approval.letters


def _write(mailing: Mailing, approval: "Approval", *, start: datetime) -> None:
    """A row for each, as they come: a hundred thousand of them take no more memory than a thousand."""
    # The waves of a mailing are of one size, so for them its letters are counted before.
    in_waves = mailing.pace == Pace.WAVES
    letters = sum(isinstance(one, Recipient) for one in _people(mailing)) if in_waves else 0
    leaves = paced(mailing.pace, mailing.pace_number, start=start, letters=letters)
    people, place, groups = _people(mailing), count(), Counter()
    while some := list(islice(people, _CHUNK)):
        recipients = [one for one in some if isinstance(one, Recipient)]
        for one in recipients:
            approval.look(one)
            groups[one.kind, one.language] += one.measured == Measured.TOTALS
        rows = (_row(one, leaves(next(place), one.zone), measures=mailing.measures) for one in recipients)
        insert_like(Delivery(mailing=mailing), rows)
        insert_like(Exclusion(mailing=mailing), (_exclusion(one) for one in some if isinstance(one, LeftOut)))
    for kind, language in too_small(groups):
        few = mailing.deliveries.filter(kind=kind, language=language, measured_as=Measured.TOTALS)
        few.update(measured_as=Measured.NOT)


def _row(recipient: Recipient, not_before: datetime, *, measures: str) -> dict[str, object]:
    return {
        "contact_id": recipient.contact_id,
        "name": recipient.name,
        "address": recipient.address,
        "sealed": recipient.sealed,
        "domain": Delivery.domain_of(recipient.address),
        "address_key": recipient.key,
        "language": recipient.language,
        "merge_data": recipient.merge_data,
        "holder_id": recipient.holder_id,
        "holder_name": recipient.holder_name,
        "original_id": recipient.original_id,
        "next_try_at": not_before,
        "kind": recipient.kind,
        "measured_as": recipient.measured if measures else Measured.NOT,
    }


def _exclusion(person: LeftOut) -> dict[str, object]:
    return {
        "contact_id": person.contact_id,
        "name": person.name,
        "address": person.address,
        "reason": person.reason,
    }


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
    approval, audience = Approval(mailing), audience_of(mailing)
    for recipient in audience.recipients:
        approval.look(recipient)
    approval.settle()
    return audience


class Approval:
    """What was approved, compared with one recipient after the other. Raises WrongState where it is something else."""

    def __init__(self, mailing: Mailing):
        _refuse_changed(mailing)
        self._marks, self._texts = frozenset(mailing.approved_recipients), frozenset(mailing.ready_languages)
        self.letters, self._strangers = 0, 0
        self._unread: set[str] = set()

    def look(self, recipient: Recipient) -> None:
        self.letters += 1
        self._strangers += _mark(recipient) not in self._marks
        # Whoever waits for the rest reads one language, settled when it was sent off: its text must still be there.
        if recipient.language not in self._texts:
            self._unread.add(recipient.language)

    def settle(self) -> None:
        """Now that all were looked at."""
        if not self.letters:
            raise WrongState(_("Nobody would get this letter. Change the audience."), Missed.NOBODY)
        if self._unread:
            labels = ", ".join(sorted(str(MailingVersion.Language(code).label) for code in self._unread))
            words = _("Readers wait for a text that is not there: %(languages)s. Write it, then ask for approval.")
            raise WrongState(words % {"languages": labels}, Missed.CHANGED)
        if self._strangers:
            raise WrongState(
                ngettext(
                    "Since the approval %(count)s recipient has joined or was renamed. Ask for approval again.",
                    "Since the approval %(count)s recipients have joined or were renamed. Ask for approval again.",
                    self._strangers,
                )
                % {"count": self._strangers},
                Missed.STRANGERS,
            )


def _refuse_changed(mailing: Mailing) -> None:
    if not EmailAddress.objects.key_is_right():
        words = _(
            "Nothing is sent: BLIND_KEY is not the one addresses were kept with, so the stop list would stop nobody."
        )
        raise WrongState(words, Missed.KEY)
    if mailing.fingerprint() != mailing.approved_fingerprint:
        words = _("The text or the audience was changed after the approval. Ask for approval again.")
        raise WrongState(words, Missed.CHANGED)


def _mark(recipient: Recipient) -> str:
    """Address, language and what is put into the letter: a contact renamed after the approval is a stranger, too."""
    frozen = json.dumps([recipient.key, recipient.language, recipient.merge_data], sort_keys=True)
    return hashlib.sha256(frozen.encode()).hexdigest()[:16]
