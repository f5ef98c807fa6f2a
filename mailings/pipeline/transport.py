"""Put Messages on the wire and return Receipts. Knows no models, retries nothing, logs nothing."""

import re
import smtplib
from collections.abc import Sequence
from email import charset
from email.utils import formatdate
from secrets import token_hex

from django.core.mail import EmailMultiAlternatives

from core.text import clean

from ..message import Attached, Inline, Message, Outcome, Receipt, Route
from .bounces import is_own_fault
from .dialling import Spoken, connect, spoken, usual_route
from .signing import BadKey, signed

# Base64 survives every relay, 8BITMIME or not, and is half the size of quoted-printable for Cyrillic.
_BASE64 = charset.Charset("utf-8")
_BASE64.body_encoding = charset.BASE64
# What a command may not hold, whatever stands in an address.
_NO_ADDRESS = re.compile(r"[\x00-\x20<>\x7f]")
_TO = re.compile(rb"^To:.*?\r\n(?![ \t])", re.MULTILINE | re.DOTALL)
_CONTENT_TYPE = re.compile(rb"^Content-Type:.*?\r\n(?![ \t])", re.MULTILINE | re.DOTALL)


class Transport:
    """One SMTP connection, opened when needed, closed after any error: no dialogue starts in a dirty state."""

    def __init__(self, route: Route | None = None):
        self._route = route or usual_route()
        self._smtp: smtplib.SMTP | None = None
        self._carried = 0
        # What the server said of itself, once it was spoken to.
        self.spoken: Spoken | None = None

    def __enter__(self) -> "Transport":
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    def close(self) -> None:
        if self._smtp is not None:
            smtp, self._smtp = self._smtp, None
            try:
                smtp.quit()
            except (smtplib.SMTPException, OSError):
                smtp.close()

    def send(self, message: Message) -> Receipt:
        """One SMTP dialogue. Never raises for what a server or a line can do."""
        try:
            letter = prepared(message, self._route)
        except BadKey as error:
            return Receipt(Outcome.OWN_FAULT, 0, f"DKIM: {error}")
        # The fault of this letter alone: an address or a header that cannot be written.
        except ValueError as error:
            return Receipt(Outcome.PERMANENT, 0, str(error))
        try:
            self._open()
        # A name or a password that cannot even be said is a ValueError.
        except (smtplib.SMTPException, OSError, ValueError) as error:
            return Receipt(Outcome.OWN_FAULT, getattr(error, "smtp_code", 0), _words(error))
        if refusal := cannot_carry(message, letter, self.spoken):
            return refusal
        receipt = _dialogue(self._smtp, message, letter)
        if receipt.outcome is not Outcome.ACCEPTED:
            self.close()
        return receipt

    def _open(self) -> None:
        if self._carried == self._route.letters_per_connection > 0:
            self.close()
        if self._smtp is None:
            self._smtp, self._carried = connect(self._route), 0
            self.spoken = spoken(self._smtp)
        self._carried += 1


def prepared(message: Message, route: Route) -> bytes:
    """The letter as it goes to a server. Raises ValueError for one that cannot be written."""
    if _NO_ADDRESS.search(message.to) or _NO_ADDRESS.search(message.envelope_from):
        raise ValueError("an address holds what no address can")
    letter = as_bytes(message)
    if not message.to.isascii():
        # Django writes such an address as words, which no mail program can answer to (RFC 6532).
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


def as_bytes(message: Message) -> bytes:
    """The letter as it goes over the wire (RFC 5322, CRLF): mixed > related > alternative, each where it is needed."""
    letter = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=message.sender,
        to=[message.to],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers={"Message-ID": message.message_id, "Date": formatdate(), **message.headers},
    )
    letter.encoding = _BASE64
    letter.attach_alternative(message.html, "text/html")
    raw = letter.message().as_bytes(linesep="\r\n")
    if message.inline:
        raw = _around(raw, 'multipart/related; type="multipart/alternative"', message.inline)
    if message.attachments:
        raw = _around(raw, "multipart/mixed", message.attachments)
    return raw


def _around(raw: bytes, kind: str, parts: Sequence[Inline | Attached]) -> bytes:
    """The letter as the first part of another, whose further parts are encoded already: they are only put there."""
    head, _blank, body = raw.partition(b"\r\n\r\n")
    content_type = _CONTENT_TYPE.search(head + b"\r\n")[0]
    boundary = f"={token_hex(16)}="
    whole = f'Content-Type: {kind}; boundary="{boundary}"\r\n'.encode()
    line = f"--{boundary}".encode()
    pieces = [content_type + b"\r\n" + body, *(part.encoded for part in parts)]
    between = b"".join(line + b"\r\n" + piece.rstrip(b"\r\n") + b"\r\n" for piece in pieces)
    # A function, since a backslash of a header must stay one.
    return _CONTENT_TYPE.sub(lambda _found: whole, head + b"\r\n", count=1) + b"\r\n" + between + line + b"--\r\n"


def _dialogue(smtp: smtplib.SMTP, message: Message, letter: bytes) -> Receipt:
    to = envelope_address(message.to)
    try:
        code, reply = smtp.mail(message.envelope_from, () if to.isascii() else ("SMTPUTF8",))
        if code != 250:
            return Receipt(Outcome.OWN_FAULT, max(code, 0), _text(reply))
        code, reply = smtp.rcpt(to)
        if code not in {250, 251}:
            return _refusal(code, reply)
    except (smtplib.SMTPException, OSError) as error:
        return Receipt(Outcome.OWN_FAULT, 0, _words(error))
    try:
        code, reply = smtp.data(letter)
    except smtplib.SMTPDataError as error:
        return _refusal(error.smtp_code, error.smtp_error)
    except (smtplib.SMTPException, OSError) as error:
        return Receipt(Outcome.UNCERTAIN, 0, _words(error))
    if code == 250:
        return Receipt(Outcome.ACCEPTED, code, _text(reply))
    # After the text an answer that is none says nothing about whether the letter was taken.
    return _refusal(code, reply) if 400 <= code < 600 else Receipt(Outcome.UNCERTAIN, 0, _text(reply))


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
