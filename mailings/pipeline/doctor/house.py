"""What this machine tells about itself, at once and without a network: workers, clock, disk, secrets."""

import ctypes
import shutil
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from ...models import Delivery, Heartbeat, ProviderEvent
from ..provider_events import MEASURED, OLDEST
from .finding import Finding, State

_ALIVE = timedelta(minutes=2)
_LOW, _FULL = 2 * 1024**3, 512 * 1024**2
_SHORTEST = 32
# adjtimex(2): the kernel's word for a clock that nobody sets right.
_UNSYNCHRONISED = 5


def inside() -> list[Finding]:
    return [workers(), clock(), disk(), *measuring(), *secrets()]


def workers() -> Finding:
    """Whether a sender was alive lately, and what waits for one."""
    waiting = Delivery.objects.due(timezone.now()).count()
    last = Heartbeat.objects.order_by("-seen_at").first()
    if last and last.seen_at > timezone.now() - _ALIVE:
        return Finding("workers", State.OK, "workers_ok", {"count": waiting})
    return Finding("workers", State.ERROR, "workers_missing", {"count": waiting}, "manage.py worker")


def clock() -> Finding:
    """The kernel knows whether something keeps its clock right; no server of time is asked."""
    try:
        state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(512))
    except (OSError, AttributeError):
        state = -1
    if state < 0:
        return Finding("time", State.UNSEEN, "time_unseen")
    if state == _UNSYNCHRONISED:
        return Finding("time", State.WARNING, "time_unkept", line="timedatectl set-ntp true")
    return Finding("time", State.OK, "time_ok")


def disk() -> Finding:
    free = shutil.disk_usage(settings.VAR).free
    state = State.ERROR if free < _FULL else State.WARNING if free < _LOW else State.OK
    megabytes = {"count": free // 1024**2}
    if state == State.OK:
        return Finding("disk", state, "disk_ok", megabytes)
    return Finding("disk", state, "disk_low", megabytes, f"du -xh --max-depth=2 --threshold=100M {settings.VAR}")


def measuring() -> list[Finding]:
    """Which services measure who opens and clicks, though letters ask them not to; nothing where none does."""
    told = ProviderEvent.objects.filter(kind__in=MEASURED, at__gte=timezone.now() - OLDEST)
    providers = told.order_by("provider").values_list("provider", flat=True).distinct()
    return [Finding("measured", State.ERROR, "measured_there", of=provider) for provider in providers]


def secrets() -> list[Finding]:
    """What must be so before strangers can reach the pages. One finding where all is."""
    found = [
        (settings.DEBUG, "debug_on", "DEBUG=0"),
        (settings.DEMO, "demo_on", "DEMO=0"),
        (not settings.BEHIND_HTTPS, "site_open", "SITE_URL=https://…"),
        (settings.DEFAULT_FROM_EMAIL.endswith(".test"), "from_unset", "MAIL_FROM=press@…"),
        (len(settings.SECRET_KEY) < _SHORTEST, "secret_short", "SECRET_KEY=…"),
    ]
    wrong = [Finding("secrets", State.ERROR, code, line=line) for is_so, code, line in found if is_so]
    wrong += [
        Finding("secrets", State.ERROR, "secret_readable", {"name": path.name}, f"chmod 600 {path.name}")
        for path in _kept()
        if path.stat().st_mode & 0o077
    ]
    return wrong or [Finding("secrets", State.OK, "secrets_ok")]


def _kept() -> list[Path]:
    paths = [settings.VAR / "secret_key", settings.VAR / "blind_key", Path(settings.SEAL_KEYS_PATH)]
    return [path for path in paths if path.is_file()]
