"""Invite people, say what they may do, close accounts.

The last administrator and the last head stay; nobody promotes themselves; a head's account is a head's affair, or an
administrator could make themselves one.
"""

from collections.abc import Mapping

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.log import log

from ..links import link_for
from ..models import RolePolicy, StaffLetter, User
from ..roles import Right, Role
from .letters import tell, tell_heads
from .own import forget_devices

_RIGHTS = ("role", "also_administers", "may_export", "expires_at")
_HARMLESS = {"name", "job_title", "language"}


class NotAllowed(Exception):
    """A rule forbids it. The message is for the person who asked."""


@transaction.atomic
def invite(*, by: User, **fields: object) -> User:
    """Make an account without a password and send its owner a link. Raises NotAllowed."""
    _heads_only(by, fields["role"])
    user = User.objects.create_user(**fields, link_sent_at=timezone.now())
    tell(user, StaffLetter.Kind.INVITATION, by=by.name)
    log("accounts.user.invited", user, by=by, role=user.role)
    _tell_of_power(user, by=by)
    return user


@transaction.atomic
def change(user: User, *, by: User, **fields: object) -> User:
    """Change an account. Raises NotAllowed, and then nothing is changed."""
    held = _hold_guardians()
    user = User.objects.select_for_update().get(pk=user.pk)
    before = {name: getattr(user, name) for name in fields}
    changed = {name: value for name, value in fields.items() if value != before[name]}
    if not changed:
        return user
    _refuse(user, by, changed)
    for name, value in changed.items():
        setattr(user, name, value)
    user.save(update_fields=list(changed))
    _keep_guardians(held)
    log("accounts.user.changed", user, by=by, changes=_said(before, changed))
    if set(changed) & set(_RIGHTS):
        tell(user, StaffLetter.Kind.RIGHTS_CHANGED, by=by.name)
        _tell_of_power(user, by=by)
    if "email" in changed:
        tell(user, StaffLetter.Kind.EMAIL_CHANGED, address=before["email"], by=by.name)
    return user


def _refuse(user: User, by: User, changed: Mapping[str, object]) -> None:
    if user == by and set(changed) & set(_RIGHTS):
        raise NotAllowed(_("Nobody changes their own rights: ask another administrator."))
    if set(changed) - _HARMLESS:
        _heads_only(by, user.role, changed.get("role", user.role))


def _heads_only(by: User, *roles: object) -> None:
    """Whoever decides over a head's account, decides who approves and who sees everything."""
    if Role.HEAD in roles and by.role != Role.HEAD:
        raise NotAllowed(_("Only a head decides over a head's account. Without any head, it is done on the server."))


def _tell_of_power(user: User, *, by: User) -> None:
    """The heads learn of everybody who gets power over the list or the accounts."""
    if user.role == Role.HEAD or user.may_export or user.may(Right.ACCOUNTS):
        tell_heads(StaffLetter.Kind.POWER_GIVEN, but=by, by=by.name, name=user.name, role=str(Role(user.role).label))


def _said(before: Mapping[str, object], changed: Mapping[str, object]) -> dict[str, list[str]]:
    return {name: [str(before[name] or ""), str(value or "")] for name, value in changed.items()}


_GUARDED = {
    Right.ACCOUNTS: _("This is the last administrator: give somebody else the accounts first."),
    Right.MAILINGS_APPROVE: _("This is the last head: make somebody else a head first."),
}


def _hold_guardians() -> list[str]:
    """Lock the rows of administrators and heads, always in one order, so that two cannot remove one another at once.

    Returns the rights that somebody holds for good now: these must not be left to nobody.
    """
    guardians = User.objects.with_right(Right.ACCOUNTS) | User.objects.with_right(Right.MAILINGS_APPROVE)
    list(guardians.select_for_update().order_by("pk"))
    return [right for right in _GUARDED if _is_held(right)]


def _keep_guardians(held: list[str]) -> None:
    for right in held:
        if not _is_held(right):
            raise NotAllowed(str(_GUARDED[right]))


def _is_held(right: str) -> bool:
    """Whether somebody holds it who has joined and whose account does not end by itself."""
    lasting = User.objects.with_right(right).filter(expires_at__isnull=True)
    return any(user.has_usable_password() for user in lasting)


@transaction.atomic
def close(user: User, *, by: User) -> None:
    """Nobody signs in with this account any more; whoever has it open is signed out. Can be opened again."""
    _heads_only(by, user.role)
    _set_open(user, False, by=by)
    forget_devices(user)


@transaction.atomic
def open_again(user: User, *, by: User) -> None:
    _heads_only(by, user.role)
    _set_open(user, True, by=by)


def _set_open(user: User, is_active: bool, *, by: User) -> None:
    held = _hold_guardians()
    User.objects.filter(pk=user.pk).update(is_active=is_active)
    user.is_active = is_active
    _keep_guardians(held)
    log("accounts.user.opened" if is_active else "accounts.user.closed", user, by=by)


@transaction.atomic
def send_link(user: User, *, by: User) -> None:
    """Send a link for a first or new password to the person's own address. Links sent before die."""
    user.link_sent_at = timezone.now()
    user.save(update_fields=["link_sent_at"])
    kind = StaffLetter.Kind.NEW_PASSWORD if user.has_usable_password() else StaffLetter.Kind.INVITATION
    tell(user, kind, by=by.name)
    log("accounts.link.sent", user, by=by)


@transaction.atomic
def reset_second_factor(user: User, *, by: User) -> None:
    """The person has lost the telephone: they set a new second factor at the next sign-in.

    A head's, too: without the password it opens nothing, and the heads are told.
    """
    Authenticator.objects.filter(user=user).delete()
    forget_devices(user)
    tell(user, StaffLetter.Kind.FACTOR_CHANGED, what="reset", by=by.name)
    tell_heads(StaffLetter.Kind.POWER_GIVEN, but=user, by=by.name, name=user.name, role=str(Role(user.role).label))
    log("accounts.second_factor.reset", user, by=by)


@transaction.atomic
def sign_out_everywhere(user: User, *, by: User) -> int:
    ended = forget_devices(user)
    log("accounts.session.ended_all", user, by=by, sessions=ended)
    return ended


@transaction.atomic
def set_rules(roles: set[str], *, by: User) -> None:
    """Which roles must have a second factor."""
    before = RolePolicy.objects.roles_with_second_factor()
    for role in Role:
        RolePolicy.objects.update_or_create(role=role, defaults={"second_factor": role in roles})
    if before != roles:
        changes = {"second_factor": [", ".join(sorted(before)), ", ".join(sorted(roles))]}
        log("accounts.rules.changed", by=by, changes=changes)


def show_link(user: User, *, by: User) -> str:
    """The link of an invitation, to be handed over by another way. Raises NotAllowed once somebody has used it."""
    _heads_only(by, user.role)
    if user.has_usable_password():
        raise NotAllowed(_("This person has a password: a new link goes to their own address only."))
    log("accounts.link.shown", user, by=by)
    return link_for(user)
