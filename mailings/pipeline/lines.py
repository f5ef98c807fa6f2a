"""Hold one line for each sending account whose letters are in hand. Sends nothing by itself."""

from django.utils import timezone

from ..message import Message, Service
from ..models import Mailing, SendingAccount
from .providers import Provider
from .throttle import account_of
from .transport import Transport


class Lines:
    """Lines are opened when they are needed and closed together."""

    def __init__(self):
        self._lines: dict[int, Transport | Provider] = {}
        self._accounts: dict[int, SendingAccount] = {}

    def __enter__(self) -> "Lines":
        return self

    def __exit__(self, *exception) -> None:
        for key, line in self._lines.items():
            remember(self._accounts[key], line)
            line.close()

    def of(self, mailing: Mailing, message: Message) -> Transport | Provider:
        """The line that this letter takes. Raises CannotUnseal where its account's password cannot be opened."""
        account = account_of(mailing)
        if account.service != Service.SMTP and message.has_calendar:
            # Services rebuild what they are given, and no calendar knows an invitation again afterwards.
            account = SendingAccount.environment()
        return self.over(account)

    def over(self, account: SendingAccount) -> Transport | Provider:
        if account.pk not in self._lines:
            route = account.route()
            self._lines[account.pk] = Transport(route) if account.service == Service.SMTP else Provider(route)
            self._accounts[account.pk] = account
        return self._lines[account.pk]


def remember(account: SendingAccount, line: Transport | Provider) -> None:
    """Keep what the server said of itself: the checks of the next letter ask it."""
    if line.spoken is None:
        return
    said = {"max_size": line.spoken.max_size or None, "takes_utf8": line.spoken.takes_utf8}
    if said != {name: getattr(account, name) for name in said} or account.spoken_at is None:
        SendingAccount.objects.filter(pk=account.pk).update(**said, spoken_at=timezone.now())
