"""Recognise a browser by its cookie: for the letter about a new device, for trust, and for who may guess how often."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core.devices import device_words

from .models import Device, User
from .sessions import digest

COOKIE_AGE = timedelta(days=400)  # the longest that browsers keep one
TRUST = timedelta(days=14)


def known(request: HttpRequest, user: User | None) -> Device | None:
    """The device of this request, if this person has signed in with it before."""
    token = request.COOKIES.get(settings.DEVICE_COOKIE_NAME)
    if not token or user is None:
        return None
    return Device.objects.filter(user=user, token_hash=digest(token)).first()


def recognise(request: HttpRequest, user: User) -> tuple[Device, bool]:
    """The device of somebody who has just signed in, and whether it is new. The cookie goes out with the response."""
    words = device_words(request.headers.get("User-Agent", ""))
    # A browser without a cookie yet may be asked about twice in one request.
    given = getattr(request, "device_token", None) or request.COOKIES.get(settings.DEVICE_COOKIE_NAME)
    request.device_token = token = given or secrets.token_urlsafe(32)
    return Device.objects.update_or_create(
        user=user, token_hash=digest(token), defaults={"words": words, "last_seen_at": timezone.now()}
    )


def set_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Hand the device its token, if this request signed somebody in."""
    if token := getattr(request, "device_token", None):
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            token,
            max_age=COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
