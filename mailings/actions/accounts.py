"""Sending accounts: what they are, which one a mailing takes, and whether one works."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.changes import difference, snapshot
from audit.log import log

from ..models import Mailing, SendingAccount
from ..states import PREPARING, MailingStatus, WrongState
from .approval import reopen

_NAMES = ("from_name_ru", "from_name_tg", "from_name_en")
_SENDER = ("from_address", *_NAMES)
_SERVER = ("service", "host", "port", "security", "user", "dkim_selector")
_LIMITS = ("per_hour", "per_domain", "connections", "per_connection", "warm_up_from")
_FIELDS = ("name", "is_usual", *_SENDER, *_SERVER, *_LIMITS)


@transaction.atomic
def save_account(account: SendingAccount, *, secret: str = "", key: str = "", by) -> SendingAccount:
    """Store it; a password or key that is not given stays as it was. Raises WrongState.

    Readers see another sender: whatever waits over this account is to be approved anew.
    """
    kept = SendingAccount.objects.select_for_update().filter(pk=account.pk).first()
    before = snapshot(kept, _FIELDS) if kept else {}
    if kept and kept.content != account.content:
        _change_sender(account, by)
    if secret:
        account.keep_secret(secret)
    if key:
        account.keep_key(key)
    if account.is_usual:
        SendingAccount.objects.exclude(pk=account.pk).update(is_usual=False)
    account.test_worked, account.test_words = None, ""
    account.save()
    if kept and any(getattr(kept, name) != getattr(account, name) for name in _LIMITS):
        # What was used of the old number says nothing about the new one.
        account.allowances.update(next_at=None)
    changes = difference(before, snapshot(account, _FIELDS))
    log("mailings.account.saved", account, by=by, changes=changes, secret=bool(secret), key=bool(key))
    return account


def _change_sender(account: SendingAccount, by) -> None:
    under_way = [MailingStatus.SENDING, MailingStatus.PAUSED]
    if account.mailings.filter(status__in=under_way).exists():
        raise WrongState(
            _("A mailing is on its way in this sender's name. Change it when that has left, or add another account.")
        )
    for mailing in Mailing.objects.filter(account=account, status__in=PREPARING - {MailingStatus.DRAFT}):
        mailing.hold()
        if mailing.is_editable:
            reopen(mailing, by=by)


@transaction.atomic
def close_account(account: SendingAccount, *, by) -> None:
    """Offer it no more; mailings that left over it keep it. Raises WrongState while one waits to."""
    if account.is_environment:
        raise WrongState(_("This account is described by the environment of the server and cannot be closed here."))
    waiting = account.mailings.filter(status__in=[*PREPARING, MailingStatus.SENDING, MailingStatus.PAUSED])
    if title := waiting.values_list("title", flat=True).first():
        raise WrongState(
            _("“%(title)s” is to leave over this account. Choose another one there first.") % {"title": title}
        )
    account.is_active = account.is_usual = False
    account.save(update_fields=["is_active", "is_usual"])
    log("mailings.account.closed", account, by=by)


@transaction.atomic
def open_account(account: SendingAccount, *, by) -> None:
    account.is_active = True
    account.save(update_fields=["is_active"])
    log("mailings.account.opened", account, by=by)


@transaction.atomic
def ask_account_test(account: SendingAccount, *, by) -> None:
    """Have a worker send a letter over it to whoever asks."""
    account.test_asked_by, account.test_asked_at = by, timezone.now()
    account.test_worked, account.tested_at, account.test_words = None, None, ""
    account.save(update_fields=["test_asked_by", "test_asked_at", "test_worked", "tested_at", "test_words"])
    log("mailings.account.tested", account, by=by)


@transaction.atomic
def choose_account(mailing: Mailing, account: SendingAccount, *, by) -> None:
    """Say over which account it leaves. Readers see the sender, so an approval is taken back. Raises WrongState."""
    mailing.hold()
    chosen = None if account.is_environment else account
    if chosen == mailing.account:
        return
    if not account.is_active:
        raise WrongState(_("This account was closed meanwhile. Choose another one."))
    reopen(mailing, by=by)
    before = {"account": str(mailing.account or "")}
    mailing.account = chosen
    mailing.save(update_fields=["account"])
    log("mailings.mailing.account", mailing, by=by, changes=difference(before, {"account": str(chosen or "")}))
