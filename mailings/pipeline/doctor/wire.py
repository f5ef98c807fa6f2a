"""Whether letters go to our mail server, and come from our mailbox, unseen by anybody on the way."""

import imaplib
import smtplib
import ssl
from datetime import UTC, datetime

from django.conf import settings
from django.utils import timezone

from ...message import Security, Service
from .finding import Finding, State
from .hosts import is_here
from .sender import Sender

SECONDS = 8
_SOON = 14
_SUBMISSION = 587


def tls(sender: Sender, context: ssl.SSLContext | None = None) -> Finding:
    """Opens the line as the sender does, says nothing over it, and reads the certificate."""
    host = sender.host
    if sender.service != Service.SMTP:
        return Finding("tls", State.OK, "tls_service", of=Service(sender.service).label)
    if sender.security == Security.NONE:
        if is_here(host):
            return Finding("tls", State.OK, "tls_here", of=host)
        line = "EMAIL_USE_TLS=1" if sender.is_environment else ""
        return Finding("tls", State.ERROR, "tls_off", line=line, of=host)
    try:
        days = _days_left(_certificate(sender, context or ssl.create_default_context()))
    except smtplib.SMTPNotSupportedError:
        return Finding("tls", State.ERROR, "tls_not_offered", {"name": host}, _offered(sender), host)
    except ssl.SSLError:
        return Finding("tls", State.ERROR, "tls_untrusted", {"name": host}, f"certbot certonly -d {host}", host)
    except (smtplib.SMTPException, OSError):
        return Finding("tls", State.UNSEEN, "tls_unseen", {"name": host}, of=host)
    if days > _SOON:
        return Finding("tls", State.OK, "tls_ok", {"count": days}, of=host)
    return Finding("tls", State.WARNING, "tls_ok", {"count": days}, f"certbot renew --cert-name {host}", host)


def _offered(sender: Sender) -> str:
    """The usual port, where ours is another and stands in the settings; else what the server itself lacks (Postfix)."""
    if sender.is_environment and sender.port != _SUBMISSION:
        return f"EMAIL_PORT={_SUBMISSION}"
    return "smtpd_tls_security_level = may"


def _certificate(sender: Sender, context: ssl.SSLContext) -> dict:
    named = {"local_hostname": sender.domain, "timeout": SECONDS}
    if sender.security == Security.TLS:
        with smtplib.SMTP_SSL(sender.host, sender.port, context=context, **named) as smtp:
            return smtp.sock.getpeercert()
    with smtplib.SMTP(sender.host, sender.port, **named) as smtp:
        smtp.starttls(context=context)
        return smtp.sock.getpeercert()


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
        return Finding("mailbox", State.ERROR, "mailbox_refused", {"name": settings.MAILBOX_USER}, "MAILBOX_PASSWORD=…")
    finally:
        client.shutdown()
    if folders:
        there = [name for name in settings.MAILBOX_FOLDERS if name not in folders] or ["INBOX"]
        line = f"MAILBOX_FOLDERS={','.join(there)}"
        return Finding("mailbox", State.ERROR, "mailbox_folder", {"name": ", ".join(folders)}, line)
    return Finding("mailbox", State.OK, "mailbox_ok", {"name": settings.MAIL_BOUNCES_TO})


def _opened() -> imaplib.IMAP4:
    if settings.MAILBOX_TLS:
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(settings.MAILBOX_HOST, settings.MAILBOX_PORT, ssl_context=context, timeout=SECONDS)
    return imaplib.IMAP4(settings.MAILBOX_HOST, settings.MAILBOX_PORT, timeout=SECONDS)
