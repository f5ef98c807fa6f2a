"""Sending accounts that lead to the mail server of a test."""

from mailings import actions
from mailings.models import Mailing, SendingAccount
from tests.factories.mailings import make_draft, person
from tests.mail_server import MailServer


def make_account(smtp: MailServer | None = None, *, secret: str = "", key: str = "", **fields) -> SendingAccount:
    given = {"name": "Рассылки", "from_address": "news@group.test", "security": "none", "host": "127.0.0.1"}
    account = SendingAccount(**given | {"port": smtp.port if smtp else 25} | fields)
    return actions.save_account(account, secret=secret, key=key, by=person("admin@payom.test"))


def limit(**limits) -> SendingAccount:
    """The environment's account with these numbers."""
    account = SendingAccount.environment()
    for name, value in limits.items():
        setattr(account, name, value)
    return actions.save_account(account, by=person("admin@payom.test"))


def make_started_over(account: SendingAccount, languages: str = "ru") -> Mailing:
    """A mailing that began to leave over this account."""
    mailing = make_draft(languages)
    actions.choose_account(mailing, account, by=mailing.author)
    actions.submit(mailing, by=mailing.author)
    actions.approve(mailing, seen=mailing.fingerprint(), by=person("head@payom.test"))
    actions.start(mailing, typed=len(mailing.approved_recipients), by=mailing.author)
    return mailing
