"""What people do with their own account."""

from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest

from audit.log import log

from ..models import Session, StaffLetter, User
from ..sessions import digest
from .letters import tell


@transaction.atomic
def change_settings(user: User, *, by: User) -> None:
    """Save name, job title, language and theme, as the form has put them on the person."""
    names = ["name", "job_title", "language", "theme"]
    before = User.objects.values(*names).get(pk=user.pk)
    user.save(update_fields=names)
    changes = {name: [before[name], getattr(user, name)] for name in names if before[name] != getattr(user, name)}
    if changes:
        log("accounts.settings.changed", user, by=by, changes=changes)


@transaction.atomic
def set_password(user: User, password: str, *, request: HttpRequest) -> None:
    """Set a password; every other device is signed out. This one stays, under a new key."""
    is_first = not user.has_usable_password()
    user.set_password(password)
    user.link_sent_at = None
    user.save(update_fields=["password", "link_sent_at"])
    if request.user == user:
        update_session_auth_hash(request, user)
        request.session.save()
    end_others(user, request=request)
    user.devices.update(trusted_until=None)
    if not is_first:
        tell(user, StaffLetter.Kind.PASSWORD_CHANGED)
    log("accounts.password.changed", user, by=user)


def end_others(user: User, *, request: HttpRequest) -> int:
    """Sign out every device of a person but the one that asks; each is asked for the second factor again."""
    here = digest(request.session.session_key) if request.session.session_key else ""
    device = user.sessions.filter(session_key=here).values("device")
    user.devices.exclude(pk__in=device).update(trusted_until=None)
    return user.sessions.exclude(session_key=here).end()


def forget_devices(user: User) -> int:
    """Sign a person out everywhere, and ask for the second factor on every device, signed in or not."""
    user.devices.update(trusted_until=None)
    return user.sessions.all().end()


@transaction.atomic
def sign_out_others(user: User, *, request: HttpRequest) -> int:
    """What a person asks for on the page of their devices."""
    ended = end_others(user, request=request)
    log("accounts.session.ended_others", user, by=user, sessions=ended)
    return ended


@transaction.atomic
def end_session(session: Session, *, by: User) -> None:
    """Sign one device out and ask for its second factor again."""
    log("accounts.session.ended", session.user, by=by, device=str(session.device or ""))
    Session.objects.filter(pk=session.pk).end()
