"""What a mail service tells of our letters: Anymail reads its dialect and checks its signature, we say what it means.

Nothing is taken without a secret. An event is about a letter only by a mark of ours in it, never by an address.
"""

import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from anymail.exceptions import (
    AnymailConfigurationError,
    AnymailError,
    AnymailImproperlyInstalled,
    AnymailNotSupportedWarning,
    AnymailWebhookValidationFailure,
)
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from anymail.webhooks.amazon_ses import AmazonSESBaseWebhookView, AmazonSESTrackingWebhookView
from anymail.webhooks.base import AnymailBaseWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.mandrill import MandrillCombinedWebhookView
from anymail.webhooks.resend import ResendTrackingWebhookView
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string

from core.text import clean

from . import marks
from .bounces import BounceClass, classify, codes_in

# Each service by the name in its address; its view in Anymail, and the setting of its own key if it signs.
PROVIDERS = {
    "amazon_ses": (f"{__name__}.AmazonSES", ""),
    "brevo": ("anymail.webhooks.brevo.BrevoTrackingWebhookView", ""),
    "mailersend": ("anymail.webhooks.mailersend.MailerSendTrackingWebhookView", "MAILERSEND_SIGNING_SECRET"),
    "mailgun": (f"{__name__}.Mailgun", "MAILGUN_WEBHOOK_SIGNING_KEY"),
    "mailjet": ("anymail.webhooks.mailjet.MailjetTrackingWebhookView", ""),
    "mailtrap": ("anymail.webhooks.mailtrap.MailtrapTrackingWebhookView", "MAILTRAP_TRACKING_SECRET"),
    "mandrill": (f"{__name__}.Mandrill", "MANDRILL_WEBHOOK_KEY"),
    "postal": ("anymail.webhooks.postal.PostalTrackingWebhookView", "POSTAL_WEBHOOK_KEY"),
    "postmark": ("anymail.webhooks.postmark.PostmarkTrackingWebhookView", ""),
    "resend": (f"{__name__}.Resend", "RESEND_SIGNING_SECRET"),
    "sendgrid": ("anymail.webhooks.sendgrid.SendGridTrackingWebhookView", "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY"),
    "sparkpost": ("anymail.webhooks.sparkpost.SparkPostTrackingWebhookView", ""),
    "unisender_go": ("anymail.webhooks.unisender_go.UnisenderGoTrackingWebhookView", "UNISENDER_GO_API_KEY"),
}
# Older than a service tries to tell it, or from tomorrow: somebody has kept it, and plays it again.
OLDEST, NEWEST = timedelta(days=14), timedelta(hours=1)
# Letters ask services to measure nothing. One that does all the same measures everybody alike, those at risk among
# them: whom it is about is not read, and each such word is known once a day, so that somebody can switch it off.
MEASURED = {EventType.OPENED, EventType.CLICKED}
_REFUSALS = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}
# What a service calls its reason, where the server's own words do not say.
_BY_REASON = {
    RejectReason.INVALID: BounceClass.HARD,
    RejectReason.TIMED_OUT: BounceClass.SOFT,
    RejectReason.BLOCKED: BounceClass.BLOCK,
    RejectReason.SPAM: BounceClass.BLOCK,
}

# What Resend calls it, where the server's words are not told.
_RESEND = {("Permanent", "General"): RejectReason.INVALID, ("Permanent", "Suppressed"): RejectReason.BLOCKED}


class Refused(Exception):
    """The post is not from the service, or cannot be read."""


class NotSetUp(Exception):
    """Nothing is taken from this service: no secret is set, or there is no such service."""


@dataclass(frozen=True)
class Told:
    """One event: its number, what happened, about which delivery if any, and why."""

    number: str
    kind: str
    delivery: int | None
    recipient: str
    bounce: BounceClass | None = None
    code: int = 0
    words: str = ""
    wants_no_more: bool = False
    at: datetime | None = None

    @property
    def is_fate(self) -> bool:
        """Whether it says what became of a letter."""
        return self.kind == EventType.DELIVERED or self.bounce is not None


def read(provider: str, request: HttpRequest) -> list[Told]:
    """The events of one post that are not too old. Raises NotSetUp, Refused."""
    view = _view(provider)
    try:
        view.run_validators(request)
        events = view.parse_events(request)
    except AnymailConfigurationError as error:
        raise NotSetUp from error
    except (
        SuspiciousOperation,
        AnymailError,
        ArithmeticError,
        OSError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
    ) as error:
        raise Refused(type(error).__name__) from error
    now = timezone.now()
    fresh = [event for event in events if _is_fresh(event.timestamp, now)]
    if events and not fresh:
        raise Refused("stale")
    tracked = [event for event in fresh if isinstance(event, AnymailTrackingEvent)]
    told = [_told(event, _number(view, event)) for event in tracked]
    if isinstance(view, Mailgun):
        # Whatever was told with it, a token is used up: nothing but it is signed.
        told += [Told(_digest(event.event_id), "token", None, "") for event in tracked if event.event_type in MEASURED]
    return told


def _view(provider: str):
    path, key = PROVIDERS.get(provider, ("", ""))
    is_secret = bool(settings.ANYMAIL.get("WEBHOOK_SECRET")) or bool(key and settings.ANYMAIL.get(key))
    if not path or not is_secret:
        raise NotSetUp
    try:
        with warnings.catch_warnings(category=AnymailNotSupportedWarning, action="ignore"):
            view = import_string(path)()
    except (AnymailConfigurationError, AnymailImproperlyInstalled, ValueError) as error:
        raise NotSetUp from error
    # A key under another name than the one that Anymail reads: it would ask nobody for anything.
    if view.warn_if_no_basic_auth and not view.basic_auth:
        raise NotSetUp
    return view


class AmazonSES(AmazonSESTrackingWebhookView):
    """Without Amazon's library, which only fetches: nothing is confirmed, or downloaded, because a post says so."""

    def __init__(self):
        super(AmazonSESBaseWebhookView, self).__init__()
        self.auto_confirm_enabled = False


class Mailgun(MailgunTrackingWebhookView):
    """It signs a token and a time, nothing of what it tells: neither is taken when it is old, the token but once."""

    def validate_request(self, request):
        signature = (
            json.loads(request.body)["signature"] if request.content_type == "application/json" else request.POST
        )
        if not _is_fresh(datetime.fromtimestamp(float(signature["timestamp"]), UTC), timezone.now()):
            raise AnymailWebhookValidationFailure("stale")


class Mandrill(MandrillCombinedWebhookView):
    event_types = MandrillCombinedWebhookView.event_types | {"delivered": EventType.DELIVERED}


class Resend(ResendTrackingWebhookView):
    """Its standard sentence speaks of our reputation, whatever happened: the server's own words are beside it."""

    def esp_to_anymail_event(self, esp_event, request):
        event = super().esp_to_anymail_event(esp_event, request)
        if bounce := (esp_event.get("data") or {}).get("bounce"):
            kind = (bounce.get("type"), bounce.get("subType"))
            event.mta_response = " ".join(map(str, bounce.get("diagnosticCode") or []))
            event.description = " ".join(map(str, filter(None, kind)))
            event.reject_reason = _RESEND.get(kind, event.reject_reason)
        return event


def _is_fresh(at: datetime | None, now: datetime) -> bool:
    return at is None or now - OLDEST <= at <= now + NEWEST


def _number(view: AnymailBaseWebhookView, event: AnymailTrackingEvent) -> str:
    """What an event is known by when it is told again."""
    if event.event_type in MEASURED:
        return _digest(f"{event.event_type} {timezone.now().date()}")
    if isinstance(view, Mailgun):
        return _digest(event.event_id)
    return _digest(f"{event.event_id or _as_json(event.esp_event)} {event.event_type} {event.recipient}")


def _digest(said: object) -> str:
    return sha256(str(said).encode()).hexdigest()


def _told(event: AnymailTrackingEvent, number: str) -> Told:
    if event.event_type in MEASURED:
        return Told(number, str(event.event_type), delivery=None, recipient="")
    raw = _as_json(event.esp_event)
    words = _words(event)
    code, enhanced = codes_in(words)
    return Told(
        number=number,
        kind=str(event.event_type),
        delivery=marks.anywhere(f"{raw} {_as_json(event.metadata)} {event.message_id}"),
        recipient=str(event.recipient or ""),
        bounce=_bounce(event, code, words, enhanced),
        code=code,
        words=words,
        wants_no_more=event.event_type == EventType.UNSUBSCRIBED or event.reject_reason == RejectReason.UNSUBSCRIBED,
        at=event.timestamp,
    )


def _words(event: AnymailTrackingEvent) -> str:
    """The server's words, else those of the service, which some keep where Anymail does not look."""
    raw = event.esp_event if isinstance(event.esp_event, Mapping) else {}
    said = event.mta_response or event.description or raw.get("error") or raw.get("reason") or ""
    return clean(str(said))[:500]


def _bounce(event: AnymailTrackingEvent, code: int, words: str, enhanced: str) -> BounceClass | None:
    """The class of a refusal. What a service calls spam or blocked is so, whatever the server's words look like."""
    if event.event_type not in _REFUSALS:
        return None
    named, read_off = _BY_REASON.get(event.reject_reason), classify(code, words, enhanced)
    if named in {BounceClass.BLOCK, BounceClass.SOFT}:
        return named
    return named or BounceClass.UNKNOWN if read_off is BounceClass.UNKNOWN else read_off


def _as_json(value: object) -> str:
    if isinstance(value, Mapping):
        value = dict(value)
    return json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
