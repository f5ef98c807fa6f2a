"""Put Messages on the wire and return Receipts. Knows no models, tries no letter twice, logs nothing."""

import re
import smtplib
import ssl
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, pairwise
from math import inf
from queue import LifoQueue
from time import monotonic

from django.conf import settings

from core.text import clean

from ..message import Message, Outcome, Receipt
from .bounces import is_own_fault
from .encoding import as_bytes

__all__ = ["Transport", "as_bytes"]

_ERRORS = (smtplib.SMTPException, OSError)
# What a command may not hold, whatever stands in an address.
_NO_ADDRESS = re.compile(r"[\x00-\x20<>\x7f]")
# MAIL, RCPT, DATA: the answers that let a letter go on.
_WANTED = (frozenset({250}), frozenset({250, 251}), frozenset({354}))


class Transport:
    """Lines to the relay, each opened when it is needed. Several letters are on the wire at once, each on one line."""

    def __init__(self, lines: int = 1):
        self._hands = ThreadPoolExecutor(lines, thread_name_prefix="line")
        # The line that was used last comes first: a short mailing opens few of them.
        self._free: LifoQueue[_Line] = LifoQueue()
        for _number in range(lines):
            self._free.put(_Line())

    def __enter__(self) -> "Transport":
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    def close(self) -> None:
        """Wait for the letters on the wire, and hang up."""
        self._hands.shutdown()
        while not self._free.empty():
            self._free.get().close()

    def send(self, message: Message) -> Receipt:
        """One letter. Never raises for what a server or a line can do."""
        return self.deliver([message])[0]

    def begin(self, messages: list[Message], until: float) -> Future[list[Receipt]]:
        """Let another thread deliver them."""
        return self._hands.submit(self.deliver, messages, until)

    def deliver(self, messages: list[Message], until: float = inf) -> list[Receipt]:
        """Letters one after another on one line. Those that had not begun at `until` (by the monotonic clock), or after
        a fault of our own, are not tried: fewer receipts.
        """
        line = self._free.get()
        try:
            return list(line.deliver(messages, until))
        finally:
            self._free.put(line)


class _Line:
    """One SMTP connection, closed after any error: no dialogue starts in a dirty state."""

    def __init__(self):
        self._smtp: smtplib.SMTP | None = None
        # Whether this connection has carried a letter.
        self._is_used = False
        # Whether commands go together (RFC 2920), and which letter's have gone already, behind the text of another.
        self._together = self._is_trusted = True
        self._begun: Message | None = None

    def close(self) -> None:
        if self._smtp is not None:
            smtp, self._smtp = self._smtp, None
            try:
                # Not where it would be read as an answer to something else.
                if self._begun is None:
                    smtp.quit()
            except _ERRORS:
                pass
            finally:
                smtp.close()
        self._begun, self._is_used = None, False

    def deliver(self, messages: Iterable[Message], until: float) -> Iterator[Receipt]:
        """The receipts of the letters that were tried, in their order."""
        if monotonic() > until:
            return
        for (message, letter), (following, _) in pairwise(chain(map(_prepared, messages), [(None, None)])):
            receipt = letter if isinstance(letter, Receipt) else self._send(message, letter, following)
            yield receipt
            if receipt.outcome is Outcome.OWN_FAULT or monotonic() > until:
                # What went ahead of a letter that is not sent is no letter; but the line is not clean any more.
                if self._begun is not None:
                    self.close()
                return

    def _send(self, message: Message, letter: bytes, following: Message | None) -> Receipt:
        receipt = self._begin(message) or self._finish(letter, following)
        if receipt.outcome is Outcome.ACCEPTED:
            self._is_used = True
        else:
            self.close()
        return receipt

    def _begin(self, message: Message, *, is_first: bool = True) -> Receipt | None:
        """Everything before the text; None if the server waits for it.

        As long as nothing of the text was sent the letter may begin anew on a fresh line: once.
        """
        try:
            self._open()
        except _ERRORS as error:
            return Receipt(Outcome.OWN_FAULT, getattr(error, "smtp_code", 0), _words(error))
        try:
            code, reply, step = self._say_envelope(message)
        except _ERRORS as error:
            # Perhaps a server that loses commands which come together: from now on it gets them one by one.
            self._is_trusted = self._is_trusted and not self._together
            return self._begin_anew(message) if is_first else Receipt(Outcome.OWN_FAULT, 0, _words(error))
        if code in _WANTED[step]:
            return None
        if step > 0:
            return _refusal(code, reply)
        # Some servers take so many letters on one line and no more.
        if is_first and self._is_used:
            return self._begin_anew(message)
        return Receipt(Outcome.OWN_FAULT, max(code, 0), _text(reply))

    def _begin_anew(self, message: Message) -> Receipt | None:
        self.close()
        return self._begin(message, is_first=False)

    def _open(self) -> None:
        if self._smtp is None:
            self._smtp = _connect()
            self._together = self._is_trusted and self._smtp.has_extn("pipelining")

    def _say_envelope(self, message: Message) -> tuple[int, bytes, int]:
        """The last answer, and which command it was to: the first that was refused, or DATA."""
        commands = _envelope(message)
        if self._together and self._begun is not message:
            self._smtp.sock.sendall(b"".join(commands))
        self._begun = None
        for step, command in enumerate(commands):
            if not self._together:
                self._smtp.sock.sendall(command)
            code, reply = self._smtp.getreply()
            if code not in _WANTED[step]:
                break
        return code, reply, step

    def _finish(self, letter: bytes, following: Message | None) -> Receipt:
        """The text, and behind it the commands of the letter that follows. From here on the line may break in doubt."""
        text = letter.replace(b"\r\n.", b"\r\n..") + b".\r\n"
        try:
            if self._together and following is not None:
                self._begun = following
                text += b"".join(_envelope(following))
            self._smtp.sock.sendall(text)
            code, reply = self._smtp.getreply()
        except _ERRORS as error:
            return Receipt(Outcome.UNCERTAIN, 0, _words(error))
        if code == 250:
            return Receipt(Outcome.ACCEPTED, code, _text(reply))
        # After the text an answer that is none says nothing about whether the letter was taken.
        return _refusal(code, reply) if 400 <= code < 600 else Receipt(Outcome.UNCERTAIN, 0, _text(reply))


def _prepared(message: Message) -> tuple[Message | None, bytes | Receipt]:
    """The letter in bytes, or what is wrong with it: the fault of this letter alone. Nothing of that goes ahead."""
    try:
        _envelope(message)
        return message, as_bytes(message)
    except ValueError as error:
        return None, Receipt(Outcome.PERMANENT, 0, str(error))


def _envelope(message: Message) -> tuple[bytes, bytes, bytes]:
    """Raises ValueError for an address that would be something else, or more, to the server."""
    for address in (message.envelope_from, message.to):
        if _NO_ADDRESS.search(address):
            raise ValueError("an address holds what no address can")
    mail, rcpt = f"MAIL FROM:<{message.envelope_from}>\r\n", f"RCPT TO:<{message.to}>\r\n"
    return mail.encode("ascii"), rcpt.encode("ascii"), b"DATA\r\n"


def _connect() -> smtplib.SMTP:
    # With a name given, smtplib neither asks the DNS for one nor tells the relay what this machine is called.
    name = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    smtp = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, local_hostname=name, timeout=settings.EMAIL_TIMEOUT)
    try:
        if settings.EMAIL_USE_TLS:
            smtp.starttls(context=ssl.create_default_context())
        if settings.EMAIL_HOST_USER:
            smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        smtp.ehlo_or_helo_if_needed()
    except _ERRORS:
        smtp.close()
        raise
    return smtp


def _refusal(code: int, reply: bytes) -> Receipt:
    words = _text(reply)
    if is_own_fault(code, words):
        return Receipt(Outcome.OWN_FAULT, max(code, 0), words)
    return Receipt(Outcome.TRANSIENT if code < 500 else Outcome.PERMANENT, code, words)


def _text(reply: bytes) -> str:
    return clean(reply.decode("utf-8", "replace"))


def _words(error: Exception) -> str:
    reply = getattr(error, "smtp_error", None)
    return _text(reply) if isinstance(reply, bytes) else clean(str(error))
