"""One button that stops everything, and the way back."""

from django.db import transaction
from django.utils import timezone

from audit.log import log

from ..models import Device, Lockdown, Session, StaffLetter, User
from ..signals import locked_down
from .letters import tell_heads


class AlreadyLocked(Exception):
    """Everything is locked down; it stays as it is."""


class NotLocked(Exception):
    """There is nothing to lift."""


@transaction.atomic
def lock_down(*, by: object, key_holder: User | None, reason: str = "") -> Lockdown:
    """End every session, stop what is being sent, close sign-in for all but the key holder. Raises AlreadyLocked."""
    if Lockdown.objects.select_for_update().on().exists():
        raise AlreadyLocked
    lockdown = Lockdown.objects.create(by=str(by), key_holder=key_holder, reason=reason)
    locked_down.send(sender=Lockdown, lockdown=lockdown)
    Session.objects.all().delete()
    Device.objects.update(trusted_until=None)
    tell_heads(StaffLetter.Kind.LOCKED_DOWN, by=str(by), holder=key_holder.name if key_holder else "")
    log("accounts.locked_down", lockdown, by=by, reason=reason, key_holder=str(key_holder or ""))
    return lockdown


@transaction.atomic
def lift(*, by: object) -> Lockdown:
    """Let people sign in again. What was being sent stays paused until somebody resumes it. Raises NotLocked."""
    lockdown = Lockdown.objects.select_for_update().on().first()
    if lockdown is None:
        raise NotLocked
    lockdown.is_on, lockdown.lifted_at, lockdown.lifted_by = False, timezone.now(), str(by)
    lockdown.save()
    # A request under way when it began may have written a session since: it was dead, and must not come to life.
    Session.objects.exclude(user=lockdown.key_holder).delete()
    log("accounts.lockdown.lifted", lockdown, by=by)
    return lockdown
