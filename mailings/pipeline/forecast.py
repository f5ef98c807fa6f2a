"""Say when a mailing will have left, and what it waits for. Reads, writes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from ..models import HOUR, Delivery, Mailing, SendingAccount
from ..states import DeliveryStatus
from .throttle import account_of

# Without a limit the speed of the last minutes is the best guess.
_LOOKED_AT = timedelta(minutes=5)
_ENOUGH = 10


@dataclass(frozen=True)
class Forecast:
    """When the last letter leaves for the first time; `at` is None where nobody can tell."""

    at: datetime | None
    letters: int
    # Letters of other mailings that leave before these over the same account.
    ahead: int
    per_hour: int | None


def time_needed(account: SendingAccount, letters: int, *, start: datetime, domains: Iterable[int] = ()) -> timedelta:
    """How long so many letters take by the account's numbers; `domains` are letters to one mail service each."""
    slowest = max(domains, default=0)
    by_domain = HOUR * (slowest / account.per_domain) if account.per_domain else timedelta()
    return max(by_domain, _by_account(account, letters, start))


def _by_account(account: SendingAccount, letters: int, start: datetime) -> timedelta:
    """Day by day, since a young domain may send more each day."""
    moment, left = timezone.localtime(start), letters
    while limit := account.limit_on(moment.date()):
        midnight = (moment + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        today = int((midnight - moment) / HOUR * limit)
        if left <= today:
            return moment + HOUR * (left / limit) - start
        moment, left = midnight, left - today
    return moment - start


def forecast(mailing: Mailing, *, at: datetime) -> Forecast:
    """Of a mailing that is being sent. Five queries."""
    account = account_of(mailing)
    waiting = mailing.deliveries.filter(status__in=[DeliveryStatus.QUEUED, DeliveryStatus.CLAIMED])
    sums = waiting.aggregate(letters=Count("pk"), last=Max("pk"), latest=Max("next_try_at"))
    ahead = _ahead(mailing, account, sums["last"], at)
    begins = max(sums["latest"] or at, at)
    domains = waiting.exclude(domain="").order_by().values_list("domain").annotate(letters=Count("pk"))
    to_one = domains.order_by("-letters").values_list("letters", flat=True)[:1] if account.per_domain else []
    if account.limit or account.per_domain:
        done = max(begins, at + time_needed(account, ahead + sums["letters"], start=at, domains=to_one))
    else:
        done = _by_speed(account, ahead + sums["letters"], begins, at)
    return Forecast(done, sums["letters"], ahead, account.limit)


def _ahead(mailing: Mailing, account: SendingAccount, last: int | None, at: datetime) -> int:
    """Letters are taken in the order in which they were frozen."""
    if last is None:
        return 0
    others = Delivery.objects.due(at).filter(_over(account), pk__lt=last).exclude(mailing=mailing)
    return others.count()


def _over(account: SendingAccount) -> Q:
    own = Q(mailing__account=account)
    return own | Q(mailing__account=None) if account.is_environment else own


def _by_speed(account: SendingAccount, letters: int, begins: datetime, at: datetime) -> datetime | None:
    """By what left lately; as long as nothing has, nobody can tell."""
    if begins > at:
        return begins
    lately = Delivery.objects.sent().filter(_over(account), sent_at__gt=at - _LOOKED_AT)
    seen = lately.aggregate(letters=Count("pk"), first=Min("sent_at"))
    if seen["letters"] < _ENOUGH:
        return None
    return at + (at - seen["first"]) / seen["letters"] * letters
