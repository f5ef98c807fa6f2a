"""Say how many letters may leave now, for an account and for one mail service, over all workers. Waits for nothing.

What was used of an hour stands in rows (docs/adr/0013): the moment at which the next letter would be due if all left
evenly. A worker that looks every few seconds may take what became due meanwhile, and no more: in no hour leaves one
letter above the number.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from ..models import HOUR, Allowance, Delivery, Mailing, SendingAccount

# What becomes due in so long may leave together: workers look into the queue every few seconds.
TOGETHER = timedelta(seconds=10)
# A mail service that says “later” is left alone for longer each time; after a quiet hour it begins anew.
RESTS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60)]
FORGIVEN_AFTER = timedelta(hours=1)


@dataclass
class _Meter:
    """One allowance while letters are handed out."""

    row: Allowance
    gap: timedelta
    used: bool = False

    def is_open(self, at: datetime) -> bool:
        return self.row.next_at is None or self.row.next_at <= at + TOGETHER

    def use(self, at: datetime) -> None:
        self.row.next_at = max(self.row.next_at or at, at) + self.gap
        self.used = True


def closed(at: datetime) -> Q | None:
    """Rows that may not leave now: their account has had its hour, or their mail service its own, or it rests."""
    spent = Allowance.objects.filter(Q(next_at__gt=at + TOGETHER) | Q(rests_until__gt=at)).order_by()
    by_account: dict[int, list[str]] = {}
    for account, domain in spent.values_list("account", "domain"):
        by_account.setdefault(account, []).append(domain)
    found = None
    for account, domains in by_account.items():
        rows = _rows_of(account)
        part = rows if "" in domains else rows & Q(domain__in=domains)
        found = part if found is None else found | part
    return found


def _rows_of(account: int) -> Q:
    rows = Q(mailing__account=account)
    return rows | Q(mailing__account=None) if account == SendingAccount.environment().pk else rows


def account_of(mailing: Mailing) -> SendingAccount:
    return mailing.account or SendingAccount.environment()


@transaction.atomic
def take(rows: Sequence[Delivery], *, at: datetime) -> list[Delivery]:
    """Those of these rows that may leave now, counted as gone. Other workers wait until the transaction ends."""
    accounts = _accounts(rows)
    meters = _meters(rows, accounts)
    if not meters:
        return list(rows)
    taken = []
    for row in rows:
        asked = [meters[key] for key in _keys(row, accounts) if key in meters]
        if all(meter.is_open(at) for meter in asked):
            for meter in asked:
                meter.use(at)
            taken.append(row)
    Allowance.objects.bulk_update([meter.row for meter in meters.values() if meter.used], ["next_at"])
    return taken


@transaction.atomic
def give_back(rows: Iterable[Delivery]) -> None:
    """These were counted and did not leave."""
    rows = list(rows)
    accounts = _accounts(rows)
    for row in rows:
        for account, domain in _keys(row, accounts):
            if gap := _gap(accounts[row.mailing_id], domain):
                counted = Allowance.objects.filter(account=account, domain=domain, next_at__isnull=False)
                counted.update(next_at=F("next_at") - gap)


def rest(mailing: Mailing, domain: str, *, at: datetime) -> None:
    """A mail service does not take letters just now: others go on. Of sealed contacts nobody knows the service."""
    if not domain:
        return
    with transaction.atomic():
        account = account_of(mailing)
        Allowance.objects.get_or_create(account=account, domain=domain)
        row = Allowance.objects.select_for_update().get(account=account, domain=domain)
        if row.rests(at):
            return  # a letter that was under way already
        if row.rests_until and row.rests_until < at - FORGIVEN_AFTER:
            row.strikes = 0
        row.rests_until = at + RESTS[min(row.strikes, len(RESTS) - 1)]
        row.strikes = min(row.strikes + 1, len(RESTS))
        row.save(update_fields=["strikes", "rests_until"])


def _accounts(rows: Iterable[Delivery]) -> dict[int, SendingAccount]:
    """The account of each mailing."""
    mailings = {row.mailing_id: row.mailing for row in rows}
    return {key: account_of(mailing) for key, mailing in mailings.items()}


def _keys(row: Delivery, accounts: dict[int, SendingAccount]) -> list[tuple[int, str]]:
    account = accounts[row.mailing_id].pk
    return [(account, ""), (account, row.domain)] if row.domain else [(account, "")]


def _gap(account: SendingAccount, domain: str) -> timedelta | None:
    limit = account.per_domain if domain else account.limit
    return (HOUR + TOGETHER) / limit if limit else None


def _meters(rows: Sequence[Delivery], accounts: dict[int, SendingAccount]) -> dict[tuple[int, str], _Meter]:
    """The allowances that speak about these rows, locked. Where nothing is limited there are none."""
    asked = {key: accounts[row.mailing_id] for row in rows for key in _keys(row, accounts)}
    gaps = {key: gap for key, account in asked.items() if (gap := _gap(account, key[1]))}
    if not gaps:
        return {}
    Allowance.objects.bulk_create(
        [Allowance(account_id=account, domain=domain) for account, domain in sorted(gaps)], ignore_conflicts=True
    )
    owners, domains = {account for account, _d in gaps}, {domain for _a, domain in gaps}
    known = Allowance.objects.filter(account__in=owners, domain__in=domains).order_by("pk").select_for_update()
    return {
        (row.account_id, row.domain): _Meter(row, gaps[row.account_id, row.domain])
        for row in known
        if (row.account_id, row.domain) in gaps
    }
