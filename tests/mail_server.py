"""A real SMTP server for the tests: keeps what it is given and misbehaves on demand."""

import asyncio
import threading
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


@dataclass(frozen=True)
class Envelope:
    """What one dialogue brought: the envelope and the very bytes."""

    sender: str
    recipients: list[str]
    data: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.data, policy=policy.default)


class MailServer:
    """Rules are keyed by an address or by "@domain"; a list of replies is used up one by one, then the rule is gone."""

    def __init__(self):
        self.envelopes: list[Envelope] = []
        self.refuse: dict[str, str | list[str]] = {}  # the answer to RCPT TO
        self.refuse_data: dict[str, str | list[str]] = {}  # the answer after DATA; the letter is not kept
        self.hang_up: set[str] = set()  # keeps the letter, then drops the line without an answer
        self.held, self.release = threading.Event(), threading.Event()
        self._hold_after: int | None = None
        self.asked: Counter[str] = Counter()  # RCPT TO, accepted or not
        self.connections = 0
        # What it says of itself to whoever calls.
        self.takes_utf8, self.max_size = False, 33_554_432
        self.lines: list[asyncio.Transport] = []
        self._arrived = threading.Condition()
        self._controller: Controller | None = None

    def start(self) -> None:
        self._controller = _Controller(_Handler(self), hostname="127.0.0.1", port=0)
        self._controller.start()
        self.connections = 0

    def stop(self) -> None:
        """Close the port: from now on a connection is refused."""
        if self._controller is not None:
            asyncio.run_coroutine_threadsafe(self._drop_lines(), self._controller.loop).result(5)
            self._controller.stop(no_assert=True)
            self._controller = None

    async def _drop_lines(self) -> None:
        for transport in self.lines:
            transport.abort()
        # Two rounds of the loop: one to tell the protocols, one to close the sockets.
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    @property
    def port(self) -> int:
        return self._controller.port

    @property
    def recipients(self) -> list[str]:
        """Everybody to whom a letter was kept, in order."""
        with self._arrived:
            return [recipient for envelope in self.envelopes for recipient in envelope.recipients]

    def hold(self, *, after: int) -> None:
        """Take so many letters, then leave the next one without an answer until `release` is set; `held` says so."""
        self._hold_after = after

    async def pause(self) -> None:
        if self._hold_after == len(self.envelopes):
            self.held.set()
            await asyncio.to_thread(self.release.wait, 30)

    def keep(self, envelope: Envelope) -> None:
        with self._arrived:
            self.envelopes.append(envelope)
            self._arrived.notify_all()

    def wait_for(self, count: int, seconds: float = 10) -> None:
        """Wait until `count` letters are there; a letter of another process comes in its own time."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.envelopes) >= count, seconds), (
                f"{len(self.envelopes)} of {count} letters after {seconds} s"
            )


def _rule(rules, address: str):
    domain = f"@{address.rpartition('@')[2]}"
    return next((key for key in (address, domain) if key in rules), None)


def _answer(rules: dict[str, str | list[str]], address: str) -> str | None:
    if (key := _rule(rules, address)) is None:
        return None
    if isinstance(rules[key], str):
        return rules[key]
    answer = rules[key].pop(0)
    if not rules[key]:
        del rules[key]
    return answer


class _Handler:
    def __init__(self, server: MailServer):
        self.server = server

    async def handle_RCPT(self, smtp, session, envelope, address, options):
        self.server.asked[address] += 1
        if answer := _answer(self.server.refuse, address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, smtp, session, envelope):
        recipient = envelope.rcpt_tos[0]
        if answer := _answer(self.server.refuse_data, recipient):
            return answer
        await self.server.pause()
        self.server.keep(Envelope(envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content))
        if _rule(self.server.hang_up, recipient):
            smtp.transport.abort()
        return "250 2.0.0 OK kept"


class _SMTP(SMTP):
    def connection_made(self, transport):
        self.event_handler.server.connections += 1
        self.event_handler.server.lines.append(transport)
        super().connection_made(transport)


class _Controller(Controller):
    def factory(self):
        server = self.handler.server
        dialect = {"enable_SMTPUTF8": server.takes_utf8, "data_size_limit": server.max_size}
        return _SMTP(self.handler, hostname="mail.test", **dialect)

    def _trigger_server(self):
        # The original says hello to the port it was given, which was 0: any free one.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
