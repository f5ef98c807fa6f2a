"""The letter as the transport knows it, and what the transport answers. Knows no models."""

from base64 import encodebytes
from dataclasses import dataclass, field
from email.message import Message as Entity
from enum import StrEnum
from functools import cached_property

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Inline:
    """A picture that the text shows: `<img src="cid:…">`. One object serves all letters, and is encoded once."""

    cid: str
    type: str
    data: bytes = field(repr=False)

    @cached_property
    def encoded(self) -> bytes:
        return _encoded(self.type, self.data, ("Content-ID", f"<{self.cid}>"), ("Content-Disposition", "inline"))


@dataclass(frozen=True)
class Attached:
    """A file that comes with the letter. One object serves all letters, and is encoded once."""

    name: str
    type: str
    data: bytes = field(repr=False)

    @cached_property
    def encoded(self) -> bytes:
        named = Entity()
        # In any alphabet by RFC 2231; a name in plain Latin stays readable.
        name = self.name if self.name.isascii() else ("utf-8", "", self.name)
        named.add_header("Content-Disposition", "attachment", filename=name)
        return _encoded(self.type, self.data, ("Content-Disposition", named["Content-Disposition"]))


def _encoded(kind: str, data: bytes, *headers: tuple[str, str]) -> bytes:
    """A part of a letter as it stands between two boundaries (RFC 2045)."""
    fields = [("Content-Type", kind), ("Content-Transfer-Encoding", "base64"), *headers]
    head = "".join(f"{name}: {value}\r\n" for name, value in fields).encode("ascii")
    return head + b"\r\n" + encodebytes(data).replace(b"\n", b"\r\n")


@dataclass(frozen=True)
class Calendar:
    """An event for the reader's calendar (RFC 6047): the last of the alternatives, and the same as a file."""

    method: str
    data: bytes = field(repr=False)

    @property
    def file(self) -> Attached:
        return Attached("invite.ics", 'application/ics; name="invite.ics"', self.data)


@dataclass(frozen=True)
class Message:
    """One letter to one address. There is no way to name a second recipient."""

    message_id: str
    envelope_from: str
    sender: str
    to: str
    subject: str
    html: str
    text: str
    reply_to: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    inline: tuple[Inline, ...] = ()
    attachments: tuple[Attached, ...] = ()
    calendar: Calendar | None = None
    # Both texts as they stand on the wire, where the letter was compiled; of any other they are encoded when it leaves.
    body: bytes = field(default=b"", repr=False)

    @property
    def has_calendar(self) -> bool:
        """Whether a calendar part comes with it: an invitation, its change or its end."""
        return self.calendar is not None

    @property
    def files(self) -> tuple[Attached, ...]:
        """What is attached: where a calendar part comes with it, that as a file, too."""
        return (*self.attachments, self.calendar.file) if self.calendar else self.attachments


class Service(TextChoices):
    """What takes the letters of a sending account."""

    SMTP = "smtp", _("Mail server (SMTP)")
    BREVO = "brevo", "Brevo"
    MAILERSEND = "mailersend", "MailerSend"
    MAILGUN = "mailgun", "Mailgun"
    MAILJET = "mailjet", "Mailjet"
    MAILTRAP = "mailtrap", "Mailtrap"
    MANDRILL = "mandrill", "Mandrill"
    POSTAL = "postal", "Postal"
    POSTMARK = "postmark", "Postmark"
    RESEND = "resend", "Resend"
    SPARKPOST = "sparkpost", "SparkPost"
    UNISENDER_GO = "unisender_go", "Unisender Go"


class Security(TextChoices):
    """How the line to a mail server is kept from others. Certificates are looked at."""

    STARTTLS = "starttls", _("STARTTLS, usually port 587")
    TLS = "tls", _("TLS from the first byte, usually port 465")
    NONE = "none", _("None: for a server on this machine only")


@dataclass(frozen=True)
class Dkim:
    """A key to sign letters with, as the domain's DNS names it."""

    domain: str
    selector: str
    key: str = field(repr=False)


@dataclass(frozen=True)
class Route:
    """Over which server letters go, and how carefully."""

    host: str
    port: int
    user: str = ""
    # Of a service, its key.
    password: str = field(default="", repr=False)
    security: str = Security.STARTTLS
    timeout: int = 30
    # How this machine calls itself, and nothing of its real name.
    greeting: str = "localhost"
    service: str = Service.SMTP
    # After so many a new connection is made; 0 is without end.
    letters_per_connection: int = 0
    connections: int = 1
    dkim: Dkim | None = None


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    TRANSIENT = "transient"
    PERMANENT = "permanent"
    # The server does not speak what the address is written in: nobody was asked.
    CANNOT = "cannot"
    # Our own relay, password or quota: nobody's address is to blame.
    OWN_FAULT = "own_fault"
    # The connection broke after the text was handed over: it may have been accepted.
    UNCERTAIN = "uncertain"


@dataclass(frozen=True)
class Receipt:
    """What became of one letter: the outcome, the SMTP code (0 when there was none) and the server's own words."""

    outcome: Outcome
    code: int = 0
    reply: str = ""
