"""Rebuild the counts of a mailing that pages across mailings read. Nothing is ever added to a count."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from ..measuring.policy import Measured
from ..measuring.providers import provider_of
from ..models import Mailing, Tally
from ..states import FAILED_DELIVERY, DeliveryStatus, MailingStatus
from .counted import counted, readers

# Later than this after a mailing hardly anything comes back.
RECENT = timedelta(days=45)
_SENT = Q(status=DeliveryStatus.SENT)
_COUNTS = {
    "letters": Count("pk"),
    "sent": Count("pk", filter=_SENT),
    "failed": Count("pk", filter=Q(status__in=FAILED_DELIVERY)),
    "measured": Count("pk", filter=_SENT & Q(measured_as=Measured.PERSON)),
    "opened": Count("opened_at", filter=_SENT),
    "clicked": Count("clicked_at", filter=_SENT),
    "unsubscribed": Count("unsubscribed_at"),
    "complained": Count("complained_at"),
}


def count_recent() -> int:
    """Count anew what may have changed: what is being sent, and what was sent lately."""
    since = timezone.now() - RECENT
    running = Q(status__in=[MailingStatus.SENDING, MailingStatus.PAUSED])
    mailings = list(Mailing.objects.filter(running | Q(started_at__gte=since), frozen_count__isnull=False))
    for mailing in mailings:
        count(mailing)
    return len(mailings)


@transaction.atomic
def count(mailing: Mailing) -> None:
    Mailing.objects.select_for_update().filter(pk=mailing.pk).first()
    fresh = _fresh(mailing)
    stored = {(row.by, row.key): row for row in Tally.objects.filter(mailing=mailing)}
    gone = [row.pk for pair, row in stored.items() if pair not in fresh]
    Tally.objects.filter(pk__in=gone).delete()
    changed = [
        Tally(pk=stored[pair].pk if pair in stored else None, mailing=mailing, by=pair[0], key=pair[1], **values)
        for pair, values in fresh.items()
        if pair not in stored or any(getattr(stored[pair], name) != value for name, value in values.items())
    ]
    Tally.objects.bulk_create([row for row in changed if row.pk is None])
    Tally.objects.bulk_update([row for row in changed if row.pk], list(_COUNTS), batch_size=500)


def differences(mailing: Mailing) -> list[tuple[str, str]]:
    """Where the stored counts are not what the rows say."""
    fresh = _fresh(mailing)
    stored = {(row.by, row.key): row for row in Tally.objects.filter(mailing=mailing)}
    wrong = [
        pair
        for pair, values in fresh.items()
        if pair not in stored or any(getattr(stored[pair], name) != value for name, value in values.items())
    ]
    return sorted([*wrong, *(set(stored) - set(fresh))])


def _fresh(mailing: Mailing) -> dict[tuple[str, str], dict[str, int]]:
    """The counts of all keys, as the rows say now. Six queries."""
    found: dict[tuple[str, str], Counter] = defaultdict(lambda: Counter(dict.fromkeys(_COUNTS, 0)))
    everybody = found[Tally.By.ALL, ""]
    for row in mailing.deliveries.order_by().values("domain").annotate(**_COUNTS):
        found[Tally.By.PROVIDER, provider_of(row.pop("domain"))].update(row)
        everybody.update(row)
    for one in counted(mailing):
        everybody.update(measured=one.measured, opened=one.opened, clicked=one.clicked)
    for name, at in _moments(mailing):
        found[Tally.By.HOUR, _hour(at)][name] += 1
    return {pair: dict(counts) for pair, counts in found.items()}


def _moments(mailing: Mailing) -> Iterable[tuple[str, datetime]]:
    for rows in (mailing.deliveries.sent(), readers(mailing)):
        seen = rows.filter(opened_at__isnull=False).order_by()
        for opened, clicked in seen.values_list("opened_at", "clicked_at"):
            yield "opened", opened
            if clicked:
                yield "clicked", clicked


def _hour(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local.weekday()}-{local.hour}"
