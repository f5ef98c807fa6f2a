"""Hold one line for each sending account whose letters are in hand. Sends nothing by itself."""

from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property

from django.utils import timezone

from ..message import Message, Receipt, Route, Service
from ..models import Mailing, SendingAccount
from .providers import Provider
from .transport import Transport

# An account has at most 20, and few accounts are in hand at once.
MOST = 20


Line = Transport | Provider


class Lines:
    """Lines are opened when they are needed and closed together."""

    def __init__(self, connections: int | None = None):
        # Of each account, instead of what it says itself.
        self._connections = connections
        self._hands = ThreadPoolExecutor(MOST, thread_name_prefix="line")
        self._lines: dict[int, Line] = {}
        self._accounts: dict[int, SendingAccount] = {}

    def __enter__(self) -> "Lines":
        return self

    def __exit__(self, *exception) -> None:
        self._hands.shutdown()
        for key, line in self._lines.items():
            remember(self._accounts[key], line)
            line.close()

    def of(self, mailing: Mailing, message: Message) -> Line:
        """The line that this letter takes. Raises CannotUnseal where its account's password cannot be opened."""
        account = self._account(mailing)
        if account.service != Service.SMTP and message.has_calendar:
            # Services rebuild what they are given, and no calendar knows an invitation again afterwards.
            account = self._environment
        return self.over(account)

    def over(self, account: SendingAccount) -> Line:
        if account.pk not in self._lines:
            route = account.route()
            self._lines[account.pk] = self._dialled(route)
            self._accounts[account.pk] = account
        return self._lines[account.pk]

    def width(self, mailing: Mailing) -> int:
        """Over how many connections letters of this mailing go at once."""
        account = self._account(mailing)
        return (self._connections or account.connections) if account.service == Service.SMTP else Provider.connections

    @cached_property
    def _environment(self) -> SendingAccount:
        return SendingAccount.environment()

    def _account(self, mailing: Mailing) -> SendingAccount:
        return mailing.account or self._environment

    def begin(self, line: Line, messages: list[Message], until: float) -> Future[list[Receipt]]:
        """Let another thread deliver them."""
        return self._hands.submit(line.deliver, messages, until)

    def _dialled(self, route: Route) -> Line:
        return Transport(route, self._connections) if route.service == Service.SMTP else Provider(route)


def remember(account: SendingAccount, line: Line) -> None:
    """Keep what the server said of itself: the checks of the next letter ask it."""
    if line.spoken is None:
        return
    said = {"max_size": line.spoken.max_size or None, "takes_utf8": line.spoken.takes_utf8}
    if said != {name: getattr(account, name) for name in said} or account.spoken_at is None:
        SendingAccount.objects.filter(pk=account.pk).update(**said, spoken_at=timezone.now())
