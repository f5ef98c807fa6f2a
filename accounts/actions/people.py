"""Invite people, say what they may do, close accounts. The last administrator stays; nobody promotes themselves."""

from collections.abc import Mapping

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import log

from ..models import RolePolicy, StaffLetter, User
from ..roles import Right, Role
from .letters import tell

_RIGHTS = ("role", "also_administers", "may_export", "expires_at")


class NotAllowed(Exception):
    """A rule forbids it. The message is for the person who asked."""


@transaction.atomic
def invite(*, by: User, **fields: object) -> User:
    """Make an account without a password and send its owner a link. Raises NotAllowed."""
    _refuse_heads_by_others(by, fields["role"])
    user = User.objects.create_user(**fields, link_sent_at=timezone.now())
    tell(user, StaffLetter.Kind.INVITATION, by=by.name)
    log("accounts.user.invited", user, by=by, role=user.role)
    return user


@transaction.atomic
def change(user: User, *, by: User, **fields: object) -> User:
    """Change an account. Raises NotAllowed, and then nothing is changed."""
    _hold_administrators()
    user = User.objects.select_for_update().get(pk=user.pk)
    before = {name: getattr(user, name) for name in fields}
    changed = {name: value for name, value in fields.items() if value != before[name]}
    if not changed:
        return user
    _refuse(user, by, changed)
    for name, value in changed.items():
        setattr(user, name, value)
    user.save(update_fields=list(changed))
    _keep_an_administrator()
    log("accounts.user.changed", user, by=by, changes=_said(before, changed))
    if set(changed) & set(_RIGHTS):
        tell(user, StaffLetter.Kind.RIGHTS_CHANGED, by=by.name)
    if "email" in changed:
        tell(user, StaffLetter.Kind.EMAIL_CHANGED, address=before["email"], by=by.name)
    return user


def _refuse(user: User, by: User, changed: Mapping[str, object]) -> None:
    if user == by and set(changed) & set(_RIGHTS):
        raise NotAllowed(_("Nobody changes their own rights: ask another administrator."))
    if {"role", "email"} & set(changed):
        _refuse_heads_by_others(by, user.role, changed.get("role", user.role))


def _refuse_heads_by_others(by: User, *roles: object) -> None:
    """Who becomes a head, and where a head's letters go, only a head decides; or anybody while there is none."""
    if Role.HEAD in roles and by.role != Role.HEAD and User.objects.active().filter(role=Role.HEAD).exists():
        raise NotAllowed(_("Only a head makes somebody a head, or changes a head's role or address."))


def _said(before: Mapping[str, object], changed: Mapping[str, object]) -> dict[str, list[str]]:
    return {name: [str(before[name] or ""), str(value or "")] for name, value in changed.items()}


def _hold_administrators() -> None:
    """Lock their rows, always in one order, so that two administrators cannot remove one another at once."""
    list(User.objects.select_for_update().with_right(Right.ACCOUNTS).order_by("pk"))


def _keep_an_administrator() -> None:
    """After the change somebody must be left who has joined and whose account does not end by itself."""
    administrators = User.objects.with_right(Right.ACCOUNTS).filter(expires_at__isnull=True)
    if not any(user.has_usable_password() for user in administrators):
        raise NotAllowed(_("This is the last administrator: give somebody else the accounts first."))


@transaction.atomic
def close(user: User, *, by: User) -> None:
    """Nobody signs in with this account any more; whoever has it open is signed out. Can be opened again."""
    _set_open(user, False, by=by)
    user.sessions.all().end()


@transaction.atomic
def open_again(user: User, *, by: User) -> None:
    _refuse_heads_by_others(by, user.role)
    _set_open(user, True, by=by)


def _set_open(user: User, is_active: bool, *, by: User) -> None:
    _hold_administrators()
    User.objects.filter(pk=user.pk).update(is_active=is_active)
    user.is_active = is_active
    _keep_an_administrator()
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
    """The person has lost the telephone: they set a new second factor at the next sign-in."""
    Authenticator.objects.filter(user=user).delete()
    user.sessions.all().end()
    user.devices.update(trusted_until=None)
    tell(user, StaffLetter.Kind.FACTOR_CHANGED, by=by.name)
    log("accounts.second_factor.reset", user, by=by)


@transaction.atomic
def sign_out_everywhere(user: User, *, by: User) -> int:
    ended = user.sessions.all().end()
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


def note_link_shown(user: User, *, by: User) -> None:
    """The link of an invitation was shown on the screen, to be handed over by another way."""
    log("accounts.link.shown", user, by=by)
