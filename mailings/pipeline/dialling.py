"""Open a line to a mail server, and say what it speaks. Knows no models, sends nothing."""

import smtplib
import ssl
from dataclasses import dataclass

from django.conf import settings

from ..message import Route, Security


@dataclass(frozen=True)
class Spoken:
    """What a server said of itself: how big a letter may be (0 is no limit), and whether addresses may be in any
    alphabet.
    """

    max_size: int = 0
    takes_utf8: bool = False


def usual_route() -> Route:
    """What the environment describes."""
    return Route(
        settings.EMAIL_HOST,
        settings.EMAIL_PORT,
        settings.EMAIL_HOST_USER,
        settings.EMAIL_HOST_PASSWORD,
        Security.STARTTLS if settings.EMAIL_USE_TLS else Security.NONE,
        settings.EMAIL_TIMEOUT,
        settings.DEFAULT_FROM_EMAIL.rpartition("@")[2],
    )


def connect(route: Route) -> smtplib.SMTP:
    """A line that is ready for letters. Raises SMTPException, OSError, or ValueError for what cannot be said."""
    # With a name given, smtplib neither asks the DNS for one nor tells the relay what this machine is called.
    named = {"local_hostname": route.greeting, "timeout": route.timeout}
    if route.security == Security.TLS:
        smtp = smtplib.SMTP_SSL(route.host, route.port, context=ssl.create_default_context(), **named)
    else:
        smtp = smtplib.SMTP(route.host, route.port, **named)
    try:
        if route.security == Security.STARTTLS:
            smtp.starttls(context=ssl.create_default_context())
        if route.user:
            smtp.login(route.user, route.password)
        smtp.ehlo_or_helo_if_needed()
    except (smtplib.SMTPException, OSError, ValueError):
        smtp.close()
        raise
    return smtp


def spoken(smtp: smtplib.SMTP) -> Spoken:
    size = smtp.esmtp_features.get("size", "")
    return Spoken(int(size) if size.isdecimal() else 0, smtp.has_extn("smtputf8"))
