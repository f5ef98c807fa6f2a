"""Whether letters go to our mail server under a cover that nobody on the way can lift."""

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
