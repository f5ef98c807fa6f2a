"""Send a letter over an account to whoever asked whether it works. No reader is concerned."""

from datetime import timedelta
from email.utils import formataddr
from uuid import uuid4

from django.db.models import Exists
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Lockdown
from core.addresses import unquoted
from core.sealing import CannotUnseal

from ..message import Message, Outcome, Receipt
from ..models import SendingAccount
from .lines import Lines

# Whoever asked an hour ago does not look any more.
WAITS = timedelta(hours=1)


def try_accounts() -> int:
    """Send what was asked for. Return how many letters were taken."""
    asked = SendingAccount.objects.filter(
        ~Exists(Lockdown.objects.on()), test_asked_at__gt=timezone.now() - WAITS, tested_at=None, test_worked=None
    )
    return sum(_try(account) for account in asked.exclude(test_asked_by=None).select_related("test_asked_by"))


def _try(account: SendingAccount) -> bool:
    now = timezone.now()
    # Committed before it leaves: of two workers one sends it.
    mine = SendingAccount.objects.filter(pk=account.pk, tested_at=None, test_asked_at=account.test_asked_at)
    if not mine.update(tested_at=now):
        return False
    receipt = _sent(account)
    worked = receipt.outcome is Outcome.ACCEPTED
    SendingAccount.objects.filter(pk=account.pk, tested_at=now).update(
        test_worked=worked, test_words=f"{receipt.code or ''} {unquoted(receipt.reply)}".strip()[:500]
    )
    return worked


def _sent(account: SendingAccount) -> Receipt:
    try:
        with Lines() as lines:
            return lines.over(account).send(_letter(account))
    except CannotUnseal:
        with override(account.test_asked_by.language):
            return Receipt(Outcome.OWN_FAULT, 0, _("The password cannot be opened: its key is not on this machine."))


def _letter(account: SendingAccount) -> Message:
    user = account.test_asked_by
    with override(user.language):
        subject = _("A test of the sending account “%(name)s”") % {"name": account.name}
        text = _("This letter came over the account. It works.")
    return Message(
        message_id=f"<{uuid4()}@{account.address.rpartition('@')[2]}>",
        envelope_from=account.address,
        sender=formataddr((account.names[user.language], account.address)),
        to=user.email,
        subject=subject,
        html=f"<p>{escape(text)}</p>",
        text=text,
        headers={"Auto-Submitted": "auto-generated"},
    )
