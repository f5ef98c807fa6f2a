"""Correcting a text on its way: those who have not got it get the corrected one, approved anew."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit.log import log

from ..models import Edition, Mailing
from ..states import DeliveryStatus, MailingStatus, WrongState
from .approval import UNAPPROVED, moved

# Rows that will carry the corrected text.
_WAITS = [DeliveryStatus.QUEUED, DeliveryStatus.DEFERRED, DeliveryStatus.CLAIMED]


@transaction.atomic
def correct_rest(mailing: Mailing, *, by) -> int:
    """Put a paused mailing back on the desk for those who have not got it. Return how many that is.

    What left stays as it is, and its text is kept. Raises WrongState.
    """
    mailing.hold()
    if mailing.status != MailingStatus.PAUSED or mailing.pause_kind == Mailing.PauseKind.RESTORED:
        raise mailing.not_now()
    if mailing.deliveries.filter(status=DeliveryStatus.INFLIGHT).exists():
        raise WrongState(_("A letter is just leaving. Nothing was changed. Try again in a minute."))
    rest = mailing.deliveries.filter(status__in=_WAITS)
    letters = rest.count()
    if not letters:
        raise WrongState(_("Nobody waits for this letter any more. To correct what has left, write a correction."))
    Edition.keep(mailing)
    before = mailing.status
    mailing.move_to(MailingStatus.DRAFT, edition=mailing.edition + 1, pause_kind="", pause_words="", **UNAPPROVED)
    rest.update(edition=mailing.edition)
    mailing.last_editor = by
    mailing.save(update_fields=["last_editor"])
    mailing.editors.add(by)
    log("mailings.mailing.taken_back", mailing, by=by, changes=moved(before, mailing), letters=letters)
    return letters


def last_approval(mailing: Mailing) -> dict[str, object]:
    """Of a mailing that is stopped while its text is being corrected: what the part that left was approved with."""
    if mailing.approved_by_id:
        return {}
    last = mailing.editions.last()
    return {
        "approved_by_id": last.approved_by_id,
        "approved_at": last.approved_at,
        "approved_fingerprint": last.fingerprint,
        "approved_alone": last.approved_by_id == mailing.author_id,
    }
