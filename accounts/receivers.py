"""What signing in and out leaves behind: a device, a line in the journal, a letter."""

from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.dispatch import receiver
from django.utils import timezone

from audit.log import log

from . import devices
from .actions.letters import tell
from .actions.own import end_others
from .models import StaffLetter, User
from .sessions import BEGAN, DEVICE, PROVEN

NEW_DEVICE = "accounts.signed_in.new_device"


@receiver(auth.user_logged_in)
def signed_in(sender, request, user, **kwargs):
    is_first = not user.devices.exists()
    device, is_new = devices.recognise(request, user)
    request.session[DEVICE] = device.pk
    request.session[BEGAN] = timezone.now().isoformat()
    log(NEW_DEVICE if is_new and not is_first else "accounts.signed_in", user, by=user, device=device.words)
    if is_new and not is_first:
        tell(user, StaffLetter.Kind.NEW_DEVICE, device=device.words)


@receiver(auth.user_login_failed)
def sign_in_failed(sender, credentials, request=None, **kwargs):
    """The address typed is not kept: it may be a password in the wrong field."""
    email = str(credentials.get("email") or "").strip().casefold()
    log("accounts.sign_in.failed", User.objects.filter(email=email).first(), by="stranger")


@receiver(mfa.authentication_failed)
def code_failed(sender, user, **kwargs):
    log("accounts.sign_in.code_failed", user, by=user)


@receiver(auth.user_logged_out)
def signed_out(sender, request, user, **kwargs):
    if user is not None:
        log("accounts.signed_out", user, by=user)


@receiver([mfa.authenticator_added, mfa.authenticator_removed, mfa.authenticator_reset])
def second_factor_changed(sender, request, user, authenticator, signal, **kwargs):
    """Whoever had this account open elsewhere is out, and its owner is told."""
    request.session.pop(PROVEN, None)
    end_others(user, request=request)
    user.devices.update(trusted_until=None)
    what = {id(mfa.authenticator_added): "added", id(mfa.authenticator_removed): "removed"}.get(id(signal), "renewed")
    log(f"accounts.second_factor.{what}", user, by=user, factor=authenticator.type)
    if authenticator.type != authenticator.Type.RECOVERY_CODES:
        tell(user, StaffLetter.Kind.FACTOR_CHANGED, factor=authenticator.type, what=what)
