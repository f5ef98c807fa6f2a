"""The second step of signing in, and when it may be left out."""

from datetime import datetime

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest
from django.utils import timezone

from . import devices
from .adapters import has_second_factor
from .models import User


class SecondFactorStage(AuthenticateStage):
    """Asks everybody who has a second factor, but for a device on which its owner said "do not ask for two weeks".

    That trust is a row of ours, not a cookie of allauth's, so that signing a device out takes it back.
    """

    def _should_handle(self, request: HttpRequest) -> bool:
        if not has_second_factor(self.login.user):
            return False
        device = devices.known(request, self.login.user)
        return device is None or not device.is_trusted


def trust_device(request: HttpRequest, user: User) -> datetime:
    """Do not ask for the second factor on this device for a while. Called when it has just been shown."""
    device, _is_new = devices.recognise(request, user)
    device.trusted_until = timezone.now() + devices.TRUST
    device.save(update_fields=["trusted_until"])
    return device.trusted_until
