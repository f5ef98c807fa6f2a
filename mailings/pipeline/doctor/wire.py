"""Whether letters go to our mail server, and come from our mailbox, unseen by anybody on the way."""

import imaplib
import smtplib
import ssl
from datetime import UTC, datetime

from django.conf import settings
from django.utils import timezone

from .domain import is_here, ours
from .finding import Finding, State

SECONDS = 8
_SOON = 14


def tls(context: ssl.SSLContext | None = None) -> Finding:
    """Asks for STARTTLS as the sender does, and for nothing else."""
    host = settings.EMAIL_HOST
    if is_here(host) and not settings.EMAIL_USE_TLS:
        return Finding("tls", State.OK, "tls_here")
    if not settings.EMAIL_USE_TLS:
        return Finding("tls", State.ERROR, "tls_off", line="EMAIL_USE_TLS=1")
    try:
        with smtplib.SMTP(host, settings.EMAIL_PORT, local_hostname=ours(), timeout=SECONDS) as smtp:
            smtp.starttls(context=context or ssl.create_default_context())
            days = _days_left(smtp.sock.getpeercert())
    except smtplib.SMTPNotSupportedError:
        return Finding("tls", State.ERROR, "tls_not_offered", {"name": host})
    except ssl.SSLError:
        return Finding("tls", State.ERROR, "tls_untrusted", {"name": host})
    except (smtplib.SMTPException, OSError):
        return Finding("tls", State.UNSEEN, "tls_unseen", {"name": host})
    state = State.OK if days > _SOON else State.WARNING
    return Finding("tls", state, "tls_ok", {"count": days})


def _days_left(certificate: dict) -> int:
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)
    return (ends - timezone.now()).days


def mailbox() -> Finding:
    """Whether the mailbox that servers report to opens. It is left as it is."""
    host = settings.MAILBOX_HOST
    if not host or not settings.MAIL_BOUNCES_TO:
        missing = "MAIL_BOUNCES_TO" if host else "MAILBOX_HOST"
        return Finding("mailbox", State.WARNING, "mailbox_missing", line=f"{missing}=…")
    if not settings.MAILBOX_TLS and not is_here(host):
        return Finding("mailbox", State.ERROR, "mailbox_open", line="MAILBOX_TLS=1")
    try:
        client = _opened()
    except OSError:
        return Finding("mailbox", State.UNSEEN, "mailbox_unseen", {"name": host})
    try:
        client.login(settings.MAILBOX_USER, settings.MAILBOX_PASSWORD)
        folders = [name for name in settings.MAILBOX_FOLDERS if client.select(f'"{name}"', readonly=True)[0] != "OK"]
    except (imaplib.IMAP4.error, OSError):
        return Finding("mailbox", State.ERROR, "mailbox_refused", {"name": settings.MAILBOX_USER})
    finally:
        client.shutdown()
    if folders:
        return Finding("mailbox", State.ERROR, "mailbox_folder", {"name": ", ".join(folders)})
    return Finding("mailbox", State.OK, "mailbox_ok", {"name": settings.MAIL_BOUNCES_TO})


def _opened() -> imaplib.IMAP4:
    if settings.MAILBOX_TLS:
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(settings.MAILBOX_HOST, settings.MAILBOX_PORT, ssl_context=context, timeout=SECONDS)
    return imaplib.IMAP4(settings.MAILBOX_HOST, settings.MAILBOX_PORT, timeout=SECONDS)
