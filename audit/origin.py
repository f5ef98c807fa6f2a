"""Where a request of staff comes from. Recipients' requests and workers have no origin: nothing is kept of them."""

from collections.abc import Callable
from contextvars import ContextVar
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

from core.devices import device_words

_current: ContextVar[Callable[[], str] | None] = ContextVar("origin", default=None)


def current() -> str:
    """Where the request being answered comes from; empty outside of staff's requests."""
    words = _current.get()
    return words() if words else ""


def set_current(words: Callable[[], str] | None) -> None:
    """Say how to tell the origin; it is worked out only when an entry is written."""
    _current.set(words)


def of(request: HttpRequest) -> str:
    """`203.0.113.5 · Firefox, Windows`."""
    device = device_words(request.headers.get("User-Agent", ""))
    return " · ".join(filter(None, [address_of(request), device]))


def address_of(request: HttpRequest) -> str:
    """The client's IP address. Behind HTTPS one proxy stands before us, and what it added last is true."""
    given = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_HTTPS:
        given = request.headers.get("X-Forwarded-For", given).rpartition(",")[2].strip()
    try:
        return str(ip_address(given))
    except ValueError:
        return ""
