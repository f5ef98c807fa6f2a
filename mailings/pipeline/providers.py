"""Hand Messages to a mail service over HTTPS, through Anymail, and return Receipts. Knows no models."""

from email.mime.base import MIMEBase
from email.mime.image import MIMEImage
from email.utils import parseaddr

from anymail.backends import resend
from anymail.exceptions import AnymailError, AnymailRecipientsRefused, AnymailRequestsAPIError
from anymail.message import AnymailMessage
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from core.addresses import unquoted
from core.text import clean

from ..message import MayBegin, Message, Outcome, Receipt, Route, Service, always

# How each service calls the key that it knows us by; most say `api_key`.
_KEY_NAMES = {Service.MAILERSEND: "api_token", Service.MAILTRAP: "api_token", Service.POSTMARK: "server_token"}
# Where each keeps its interface, for those whose address is the customer's own or depends on where it is.
_PATHS = {
    Service.BREVO: "v3/",
    Service.MAILERSEND: "v1/",
    Service.MAILGUN: "v3/",
    Service.MAILJET: "v3.1/",
    Service.MANDRILL: "api/1.0/",
    Service.SPARKPOST: "api/v1/",
    Service.UNISENDER_GO: "en/transactional/api/v1/",
}
# These give back no metadata, and put a Message-ID of their own; what they give back is the tag.
_TAGGED = frozenset({Service.MAILERSEND, Service.POSTAL})
_TAKEN = frozenset({"sent", "queued"})
_REFUSED = frozenset({"rejected", "invalid", "failed"})
# A service that knows a request again by its key takes it once, however often it comes.
KNOWS_REPEATS = frozenset({Service.RESEND})
# What breaks before a request is out.
_NOT_ASKED = frozenset({"ConnectTimeout", "SSLError", "ProxyError", "InvalidURL", "MissingSchema"})
_NO_LINE = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError")


class Provider:
    """One service, spoken to as `Transport` speaks to a mail server."""

    # A service says nothing of sizes and alphabets beforehand.
    spoken = None
    # Its requests follow each other.
    connections = 1

    def __init__(self, route: Route):
        self._service = Service(route.service)
        self._route = route
        self._backend: BaseEmailBackend | None = None

    def __enter__(self) -> "Provider":
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    def close(self) -> None:
        if self._backend is not None:
            self._backend.close()

    def deliver(self, messages: list[Message], may_begin: MayBegin = always) -> list[Receipt]:
        """Letters one after another. From the first one that may not begin, or after a fault of our own, they are not
        tried: fewer receipts.
        """
        receipts = []
        for message in messages:
            if receipts and receipts[-1].outcome is Outcome.OWN_FAULT or not may_begin():
                break
            receipts.append(self.send(message))
        return receipts

    def send(self, message: Message) -> Receipt:
        """One request. Never raises for what a service or a line can do."""
        letter = for_service(message, self._service)
        try:
            self._backend = self._backend or _backend(self._route)
            self._backend.send_messages([letter])
        except AnymailRecipientsRefused as error:
            return Receipt(Outcome.PERMANENT, 0, _words(error))
        except AnymailRequestsAPIError as error:
            return self._fault(error)
        # What the account says is not enough, what we ask is wrong, or the service answers in another tongue.
        except (ImproperlyConfigured, AnymailError, ValueError) as error:
            return Receipt(Outcome.OWN_FAULT, 0, _words(error))
        # An answer that Anymail cannot read came after the letter was handed over.
        except (LookupError, TypeError, AttributeError) as error:
            return Receipt(Outcome.UNCERTAIN, 0, type(error).__name__)
        return _fate(letter)

    def _fault(self, error: AnymailRequestsAPIError) -> Receipt:
        code = error.status_code or 0
        if not code and _was_never_asked(error):
            return Receipt(Outcome.OWN_FAULT, 0, _words(error))
        if 400 <= code < 500:
            is_about_reader = code in {400, 422} and "recipient" in str(error).casefold()
            return Receipt(Outcome.PERMANENT if is_about_reader else Outcome.OWN_FAULT, code, _words(error))
        # The line broke, or the service stumbled, after it had the letter.
        return Receipt(Outcome.TRANSIENT if self._service in KNOWS_REPEATS else Outcome.UNCERTAIN, code, _words(error))


def for_service(message: Message, service: Service) -> AnymailMessage:
    """The same letter as the services' own interfaces take it; nothing in it is tracked."""
    letter = AnymailMessage(
        subject=message.subject,
        body=message.text,
        from_email=message.sender,
        to=[message.to],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers={"Message-ID": message.message_id, **message.headers},
    )
    letter.attach_alternative(message.html, "text/html")
    letter.track_opens = letter.track_clicks = False
    # Comes back with what the service tells us later.
    if mark := message.headers.get("X-Payom-Delivery"):
        letter.metadata = {"delivery": mark}
        letter.tags = [mark] if service in _TAGGED else []
    for picture in message.inline:
        part = MIMEImage(picture.data, picture.type.partition("/")[2])
        part.add_header("Content-ID", f"<{picture.cid}>")
        part.add_header("Content-Disposition", "inline", filename=picture.cid)
        letter.attach(part)
    for file in message.attachments:
        letter.attach(_file(file.name, file.type, file.data))
    return letter


def _file(name: str, kind: str, data: bytes) -> MIMEBase:
    main, _slash, sub = kind.partition(";")[0].partition("/")
    part = MIMEBase(main, sub or "octet-stream")
    part.set_payload(data)
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part


def _backend(route: Route) -> BaseEmailBackend:
    service = Service(route.service)
    options = {_KEY_NAMES.get(service, "api_key"): route.password, "ignore_unsupported_features": True}
    if service is Service.MAILJET:
        options = options | {"api_key": route.user, "secret_key": route.password}
    if route.host:
        options["api_url"] = f"https://{route.host}/{_PATHS.get(service, '')}"
    path = (
        "mailings.pipeline.providers.Resend"
        if service is Service.RESEND
        else f"anymail.backends.{service}.EmailBackend"
    )
    backend = get_connection(path, **options)
    backend.timeout = route.timeout
    return backend


class Resend(resend.EmailBackend):
    """Tells the service which letter it is, so that the same one is taken once."""

    def build_message_payload(self, message, defaults):
        headers = {"Idempotency-Key": message.extra_headers["Message-ID"].strip("<>")}
        return resend.ResendPayload(message, defaults, self, headers=headers)


def _fate(letter: AnymailMessage) -> Receipt:
    status = letter.anymail_status.recipients.get(parseaddr(letter.to[0])[1])
    said = status.status if status else None
    number = str(status.message_id or "") if status else ""
    if said in _TAKEN:
        return Receipt(Outcome.ACCEPTED, 250, f"{said} {number}".strip())
    if said in _REFUSED:
        return Receipt(Outcome.PERMANENT, 0, said)
    return Receipt(Outcome.UNCERTAIN, 0, said or "")


def _was_never_asked(error: AnymailRequestsAPIError) -> bool:
    cause = error.__cause__
    return type(cause).__name__ in _NOT_ASKED or any(name in repr(cause) for name in _NO_LINE)


def _words(error: Exception) -> str:
    """The service's words in short, without what we told it."""
    body = getattr(getattr(error, "response", None), "text", "") or str(error).partition("\n")[0]
    return unquoted(clean(body))[:500]
