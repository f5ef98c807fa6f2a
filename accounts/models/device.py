from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..sessions import SessionStore
from .lockdown import Lockdown


class Device(models.Model):
    """A browser that a person has signed in with. It is recognised by a cookie, of which only a hash is kept here."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="devices")
    token_hash = models.CharField(max_length=64)
    words = models.CharField(_("device"), max_length=100, blank=True)
    first_seen_at = models.DateTimeField(_("first seen"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    # Until then the second factor is not asked for on this device.
    trusted_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        ordering = ["-last_seen_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "token_hash"], name="accounts_device_once_per_person"),
        ]

    def __str__(self):
        return self.words

    @property
    def is_trusted(self) -> bool:
        return self.trusted_until is not None and self.trusted_until > timezone.now()


class SessionQuerySet(models.QuerySet):
    def alive(self):
        """Sessions that still count: not over, not idle, and none but the key holder's while everything is locked."""
        locked = Lockdown.objects.on().exclude(key_holder=OuterRef("user"))
        now = timezone.now()
        longest = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
        return self.filter(
            Q(user__isnull=True) | ~Exists(locked),
            expire_date__gt=now,
            began_at__gt=longest,
            seen_at__gt=now - settings.SESSION_IDLE,
        )

    def end(self) -> int:
        """Sign these out, and ask for the second factor anew on their devices."""
        Device.objects.filter(sessions__in=self).update(trusted_until=None)
        return self.delete()[0]


class SessionManager(BaseSessionManager.from_queryset(SessionQuerySet)):
    pass


class Session(AbstractBaseSession):
    """A signed-in browser. The key is kept as a hash and the content sealed: a copy of the table opens nothing."""

    session_key = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions")
    device = models.ForeignKey(Device, models.SET_NULL, null=True, related_name="sessions")
    began_at = models.DateTimeField(_("signed in"), default=timezone.now)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)

    objects = SessionManager()

    class Meta(AbstractBaseSession.Meta):
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-seen_at"]

    @classmethod
    def get_session_store_class(cls):
        return SessionStore
