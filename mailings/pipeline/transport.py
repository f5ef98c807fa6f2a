"""Put Messages on the wire and return Receipts. Knows no models, tries no letter twice, logs nothing."""

import re
import smtplib
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from queue import LifoQueue
from typing import NamedTuple

from core.text import clean

from ..message import MayBegin, Message, Outcome, Receipt, Route, always
from .bounces import is_own_fault
from .dialling import Spoken, connect, spoken, usual_route
from .encoding import as_bytes
from .signing import BadKey, signed

__all__ = ["Transport", "as_bytes"]

_ERRORS = (smtplib.SMTPException, OSError)
# What a command may not hold, whatever stands in an address.
_NO_ADDRESS = re.compile(r"[\x00-\x20<>\x7f]")
_TO = re.compile(rb"^To:.*?\r\n(?![ \t])", re.MULTILINE | re.DOTALL)
# MAIL, RCPT, DATA: the answers that let a letter go on.
_WANTED = (frozenset({250}), frozenset({250, 251}), frozenset({354}))


class _Ready(NamedTuple):
    """A letter as it will stand on the wire."""

    message: Message
    letter: bytes


class Transport:
    """Lines to a mail server, each opened when it is needed. Letters go over as many at once as its account allows."""

    def __init__(self, route: Route | None = None, connections: int | None = None):
        route = route or usual_route()
        self.connections = connections or route.connections
        # The line that was used last comes first: a short mailing opens few of them.
        self._free: LifoQueue[_Line] = LifoQueue()
        for _number in range(self.connections):
            self._free.put(_Line(route))
        # What the server said of itself, once it was spoken to.
        self.spoken: Spoken | None = None

    def __enter__(self) -> "Transport":
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    def close(self) -> None:
        """Hang up. Nobody delivers any more."""
        while not self._free.empty():
            self._free.get().close()

    def send(self, message: Message) -> Receipt:
        """One letter. Never raises for what a server or a line can do."""
        return self.deliver([message])[0]

    def deliver(self, messages: list[Message], may_begin: MayBegin = always) -> list[Receipt]:
        """Letters one after another on one line. `may_begin` is asked before each. From the first one that may not, or
        after a fault of our own, they are not tried: fewer receipts.
        """
        line = self._free.get()
        try:
            return list(line.deliver(messages, may_begin))
        finally:
            self.spoken = line.spoken or self.spoken
            self._free.put(line)


class _Line:
    """One SMTP connection, closed after any error: no dialogue starts in a dirty state."""

    def __init__(self, route: Route):
        self._route = route
        self._smtp: smtplib.SMTP | None = None
        self.spoken: Spoken | None = None
        # How many letters this connection has taken.
        self._carried = 0
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
        self._begun, self._carried = None, 0

    def deliver(self, messages: Iterable[Message], may_begin: MayBegin) -> Iterator[Receipt]:
        """The receipts of the letters that were tried, in their order."""
        if not may_begin():
            return
        letters = (_prepared(message, self._route) for message in messages)
        for ready, following in pairwise(chain(letters, [None])):
            is_next = isinstance(following, _Ready)
            receipt = ready if isinstance(ready, Receipt) else self._send(ready, following if is_next else None)
            yield receipt
            if receipt.outcome is Outcome.OWN_FAULT or not may_begin():
                # What went ahead of a letter that is not sent is no letter; but the line is not clean any more.
                if self._begun is not None:
                    self.close()
                return

    def _send(self, ready: _Ready, following: _Ready | None) -> Receipt:
        receipt = self._begin(ready) or self._finish(ready, following)
        if receipt.outcome is Outcome.ACCEPTED:
            self._carried += 1
        else:
            self.close()
        return receipt

    def _begin(self, ready: _Ready, *, is_first: bool = True) -> Receipt | None:
        """Everything before the text; None if the server waits for it.

        As long as nothing of the text was sent the letter may begin anew on a fresh line: once.
        """
        try:
            self._open()
        # A name or a password that cannot even be said is a ValueError.
        except (*_ERRORS, ValueError) as error:
            return Receipt(Outcome.OWN_FAULT, getattr(error, "smtp_code", 0), _words(error))
        if refusal := cannot_carry(ready.message, ready.letter, self.spoken):
            return refusal
        try:
            code, reply, step = self._say_envelope(ready.message)
        except _ERRORS as error:
            # Perhaps a server that loses commands which come together: from now on it gets them one by one.
            self._is_trusted = self._is_trusted and not self._together
            return self._begin_anew(ready) if is_first else Receipt(Outcome.OWN_FAULT, 0, _words(error))
        if code in _WANTED[step]:
            return None
        if step > 0:
            return _refusal(code, reply)
        # Some servers take so many letters on one line and no more.
        if is_first and self._carried:
            return self._begin_anew(ready)
        return Receipt(Outcome.OWN_FAULT, max(code, 0), _text(reply))

    def _begin_anew(self, ready: _Ready) -> Receipt | None:
        self.close()
        return self._begin(ready, is_first=False)

    def _open(self) -> None:
        if self._is_full(self._carried):
            self.close()
        if self._smtp is None:
            self._smtp = connect(self._route)
            self.spoken = spoken(self._smtp)
            self._together = self._is_trusted and self._smtp.has_extn("pipelining")

    def _is_full(self, carried: int) -> bool:
        """Whether this connection has had its number of letters."""
        return carried >= self._route.letters_per_connection > 0

    def _may_go_ahead(self, following: _Ready | None) -> bool:
        """Whether the commands of the next letter may follow this one's text at once."""
        if not self._together or following is None or self._is_full(self._carried + 1):
            return False
        return cannot_carry(following.message, following.letter, self.spoken) is None

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

    def _finish(self, ready: _Ready, following: _Ready | None) -> Receipt:
        """The text, and behind it the commands of the letter that follows. From here on the line may break in doubt."""
        pieces = [*_dotted(ready.letter), b".\r\n"]
        try:
            if self._may_go_ahead(following):
                self._begun = following.message
                pieces += _envelope(following.message)
            self._smtp.sock.sendall(b"".join(pieces))
            code, reply = self._smtp.getreply()
        except _ERRORS as error:
            return Receipt(Outcome.UNCERTAIN, 0, _words(error))
        if code == 250:
            return Receipt(Outcome.ACCEPTED, code, _text(reply))
        # After the text an answer that is none says nothing about whether the letter was taken.
        return _refusal(code, reply) if 400 <= code < 600 else Receipt(Outcome.UNCERTAIN, 0, _text(reply))


def _dotted(letter: bytes) -> tuple[bytes, memoryview]:
    """With a dot more in lines that begin with one (RFC 5321, 4.5.2). Base64, most of a letter, has none at all, and is
    only pointed at.
    """
    end = letter.rfind(b".") + 1
    return letter[:end].replace(b"\r\n.", b"\r\n.."), memoryview(letter)[end:]


def _prepared(message: Message, route: Route) -> _Ready | Receipt:
    """The letter in bytes, or what is wrong with it. Nothing of that goes ahead."""
    try:
        return _Ready(message, prepared(message, route))
    except BadKey as error:
        return Receipt(Outcome.OWN_FAULT, 0, f"DKIM: {error}")
    # The fault of this letter alone: an address or a header that cannot be written.
    except ValueError as error:
        return Receipt(Outcome.PERMANENT, 0, str(error))


def prepared(message: Message, route: Route) -> bytes:
    """The letter as it goes to a server. Raises ValueError for one that cannot be written."""
    if _NO_ADDRESS.search(message.to) or _NO_ADDRESS.search(message.envelope_from):
        raise ValueError("an address holds what no address can")
    letter = as_bytes(message)
    if not message.to.isascii():
        letter = _TO.sub(lambda _found: f"To: {envelope_address(message.to)}\r\n".encode(), letter, count=1)
    return signed(letter, route.dkim) if route.dkim else letter


def cannot_carry(message: Message, letter: bytes, server: Spoken) -> Receipt | None:
    """What this server's dialect does not allow, said without asking it."""
    if not envelope_address(message.to).isascii() and not server.takes_utf8:
        return Receipt(Outcome.CANNOT, 0, "SMTPUTF8")
    if server.max_size and len(letter) > server.max_size:
        return Receipt(Outcome.OWN_FAULT, 552, f"SIZE {len(letter)} > {server.max_size}")
    return None


def envelope_address(address: str) -> str:
    """With the domain as the DNS writes it; before the @ every letter stays."""
    local, _at, domain = address.rpartition("@")
    try:
        return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise ValueError("the domain cannot be written for the DNS") from error


def _envelope(message: Message) -> tuple[bytes, bytes, bytes]:
    to = envelope_address(message.to)
    words = "" if to.isascii() else " SMTPUTF8"
    return f"MAIL FROM:<{message.envelope_from}>{words}\r\n".encode(), f"RCPT TO:<{to}>\r\n".encode(), b"DATA\r\n"


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
