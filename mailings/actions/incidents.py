"""Letters that a mail service refused by the dozen: what it was about passes, so they are released and sent again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Right
from audit.log import log, log_each
from crm.models import Suppression

from ..models import Delivery, Mailing
from ..models.delivery import when_known_to
from ..pipeline import visits
from ..states import DeliveryStatus, MailingStatus, WrongState
from .sending import refuse_lockdown

# From so many letters of one mailing on, refused by one service in one way, it is an incident.
FROM, LOOKED_BACK = 3, timedelta(days=30)
_RESENT = [MailingStatus.SENDING, MailingStatus.PAUSED, MailingStatus.FINISHED]


@dataclass(frozen=True)
class Incident:
    """Letters of one mailing that one service refused in one way. The services of sealed contacts have no name."""

    mailing: Mailing
    domain: str
    bounce_class: str
    letters: int
    last_at: datetime


def incidents(*, seen_by: User) -> list[Incident]:
    """Those of the last month, the newest first. Two queries."""
    refused = Delivery.objects.filter(
        status=DeliveryStatus.FAILED,
        mailing__started_at__gte=timezone.now() - LOOKED_BACK,
        mailing__status__in=_RESENT,
        mailing__withdrawn_at=None,
    )
    rows = (
        refused.order_by()
        .annotate(service=when_known_to(seen_by, F("domain"), otherwise=""))
        .values("mailing", "service", "bounce_class")
        .annotate(letters=Count("pk"), last_at=Max("bounced_at"), begun_at=Max("mailing__started_at"))
        .filter(letters__gte=FROM)
    )
    mailings = Mailing.objects.in_bulk({row["mailing"] for row in rows})
    found = [
        Incident(
            mailings[row["mailing"]],
            row["service"],
            row["bounce_class"],
            row["letters"],
            row["last_at"] or row["begun_at"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: one.last_at, reverse=True)


@transaction.atomic
def release(mailing: Mailing, domain: str, bounce_class: str, *, seen: int, by: User) -> int:
    """Take the addresses off the stop list and send them the text that is approved now. Return how many letters.

    What a person asked for stays; the sender asks it again before each letter. Raises WrongState, PermissionDenied.
    """
    if not by.may(Right.CONTACTS_LIFT):
        raise PermissionDenied
    refuse_lockdown()
    mailing.hold()
    mailing.refuse_withdrawn()
    if mailing.status not in _RESENT:
        raise mailing.not_now()
    rows = list(
        mailing.deliveries.visible_to(by)
        .select_for_update(of=("self",))
        .filter(status=DeliveryStatus.FAILED, domain=domain, bounce_class=bounce_class)
    )
    if len(rows) != seen:
        raise WrongState(_("Meanwhile these letters have become others. Look at the number again."))
    _lift([row.address_key for row in rows], mailing, by=by)
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
        status=DeliveryStatus.QUEUED,
        edition=mailing.edition,
        bounce_class="",
        bounced_at=None,
        sent_at=None,
        next_try_at=None,
        attempts=0,
        code=0,
        reply="",
    )
    # Counted once, and sealed since: of a letter that leaves now nothing is measured.
    visits.erase(Delivery.objects.filter(pk__in=[row.pk for row in rows if row.is_sealed]))
    if mailing.status == MailingStatus.FINISHED:
        mailing.move_to(MailingStatus.SENDING, finished_at=None)
    log("mailings.incident.released", mailing, by=by, letters=len(rows), bounce=bounce_class)
    return len(rows)


def _lift(keys: list[str], mailing: Mailing, *, by: User) -> None:
    """Only what servers said, and only since this mailing began: what was known before stays known."""
    entries = Suppression.objects.select_for_update().filter(
        key__in=keys, reason__in=Suppression.OF_SERVERS, at__gte=mailing.started_at
    )
    found = list(entries)
    log_each("crm.address.lifted", found, by=by, why="incident")
    Suppression.objects.filter(pk__in=[entry.pk for entry in found]).delete()
