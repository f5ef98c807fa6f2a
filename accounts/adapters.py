"""Where allauth asks us: who may sign in, how often one may guess, how secrets are kept."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit.origin import address_of
from core.sealing import register_holder, seal, unseal

from . import devices
from .models import Lockdown, User

# Rates stand in settings.ACCOUNT_RATE_LIMITS under these names.
FROM_ANYWHERE, FROM_A_KNOWN_DEVICE = "login_failed", "known_device"


def guess_limits(request: HttpRequest, user: User | None, key: str) -> tuple[str, str]:
    """Under which limit and key a guess counts.

    A device that its owner has signed in with counts for itself: strangers who use the limit up elsewhere lock nobody
    out of it.
    """
    device = devices.known(request, user)
    return (FROM_A_KNOWN_DEVICE, f"{key}:{device.pk}") if device else (FROM_ANYWHERE, key)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_password": _("The password does not fit. Type it again."),
        "email_password_mismatch": _("This e-mail and password do not fit together. Check both."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, or use a device you have signed in with."),
        "locked_down": _("Signing in is closed. Only the key holder can sign in now: call the head of the group."),
    }

    def get_client_ip(self, request) -> str:
        """Behind the proxy all would share its address, and one stranger could use up the guesses of everybody."""
        return address_of(request)

    def is_open_for_signup(self, request):
        """Nobody signs up: people are invited."""
        return False

    def get_login_stages(self) -> list[str]:
        return ["accounts.stages.SecondFactorStage"]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        email = credentials.get("email", "").strip().casefold()
        user = User.objects.filter(email=email).first()
        action, key = guess_limits(request, user, email)
        self._login_failed_rl_usage = ratelimit.consume(request, app="allauth.account", action=action, key=key)
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The person, if the account is open. A closed account gets the same answer as a wrong password."""
        user = super().authenticate(request, **credentials)
        if user is not None and not user.is_current:
            user = None
        lockdown = Lockdown.objects.on().first()
        # Said whether or not the password was right, or the answer would tell.
        if lockdown and (user is None or lockdown.key_holder_id != user.pk):
            raise ValidationError(self.error_messages["locked_down"], code="locked_down")
        return user

    def reauthenticate(self, user: User, password: str) -> bool:
        return self.authenticate(context.request, email=user.email, password=password) == user

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """For one's own second factor, having just signed in is proof enough: nobody types the password twice."""
        if app != "allauth.mfa":
            return True
        proofs = get_authentication_records(context.request, context.request.user)
        return not proofs or time.time() - proofs[-1]["at"] > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        """Our pages say themselves what has happened; a greeting at each sign-in is noise."""
        if message_template is None:
            super().add_message(request, level, message_template, *args, **kwargs)


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code does not fit. Codes change every 30 seconds: type the one that is shown now."),
    }

    def get_totp_issuer(self) -> str:
        return settings.TOTP_ISSUER

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": settings.TOTP_ISSUER}


def has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def _reseal_authenticators(change) -> None:
    """Put the secrets that allauth keeps through `change`, for the rotation of keys."""
    for row in Authenticator.objects.filter(type__in=["totp", "recovery_codes"]).iterator(chunk_size=100):
        data = {name: change(value) if name in {"secret", "seed"} else value for name, value in row.data.items()}
        if data != row.data:
            Authenticator.objects.filter(pk=row.pk, data=row.data).update(data=data)


register_holder("second factors", _reseal_authenticators)
