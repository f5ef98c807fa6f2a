"""Put Messages on the wire and return Receipts. Knows no models, retries nothing, logs nothing."""

import re
import smtplib
import ssl
from collections.abc import Sequence
from email import charset
from email.utils import formatdate
from secrets import token_hex

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from core.text import clean

from ..message import Attached, Inline, Message, Outcome, Receipt
from .bounces import is_own_fault

# Base64 survives every relay, 8BITMIME or not, and is half the size of quoted-printable for Cyrillic.
_BASE64 = charset.Charset("utf-8")
_BASE64.body_encoding = charset.BASE64
_CONTENT_TYPE = re.compile(rb"^Content-Type:.*?\r\n(?![ \t])", re.MULTILINE | re.DOTALL)


class Transport:
    """One SMTP connection, opened when needed, closed after any error: no dialogue starts in a dirty state."""

    def __init__(self):
        self._smtp: smtplib.SMTP | None = None

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
            message.to.encode("ascii")
            letter = as_bytes(message)
        # The fault of this letter alone: an address or a header that cannot be written.
        except ValueError as error:
            return Receipt(Outcome.PERMANENT, 0, str(error))
        try:
            smtp = self._smtp = self._smtp or _connect()
        except (smtplib.SMTPException, OSError) as error:
            return Receipt(Outcome.OWN_FAULT, getattr(error, "smtp_code", 0), _words(error))
        receipt = _dialogue(smtp, message, letter)
        if receipt.outcome is not Outcome.ACCEPTED:
            self.close()
        return receipt


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
    files = message.attachments
    if part := message.calendar:
        # The last alternative, without a disposition: that is where mail programs look for their buttons.
        letter.attach_alternative(part.data.decode(), f"text/calendar; method={part.method}")
        files = (*files, Attached("invite.ics", 'application/ics; name="invite.ics"', part.data))
    raw = letter.message().as_bytes(linesep="\r\n")
    if message.inline:
        raw = _around(raw, 'multipart/related; type="multipart/alternative"', message.inline)
    if files:
        raw = _around(raw, "multipart/mixed", files)
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
    except (smtplib.SMTPException, OSError):
        smtp.close()
        raise
    return smtp


def _dialogue(smtp: smtplib.SMTP, message: Message, letter: bytes) -> Receipt:
    try:
        code, reply = smtp.mail(message.envelope_from)
        if code != 250:
            return Receipt(Outcome.OWN_FAULT, max(code, 0), _text(reply))
        code, reply = smtp.rcpt(message.to)
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
