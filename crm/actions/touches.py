"""Write down what passed between us and a contact, and remind somebody of what is to be done."""

from collections.abc import Mapping
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.log import log

from ..models import Contact, FollowUp, Touch
from ..permissions import may_change_touch, may_edit, may_remove_touch


@transaction.atomic
def add_touch(contact: Contact, *, kind: str, text: str, at: datetime, by: User, messenger: str = "") -> Touch:
    """A call, a meeting, a note or a message. Raises PermissionDenied where `by` may not change the contact."""
    if not may_edit(contact, by):
        raise PermissionDenied
    touch = Touch(contact=contact, kind=kind, messenger=messenger, at=at, by=by)
    touch.keep(text)
    touch.save()
    log("crm.touch.added", contact, by=by, kind_of_touch=kind)
    return touch


@transaction.atomic
def change_touch(touch: Touch, *, kind: str, text: str, at: datetime, by: User) -> None:
    """Correct what was written down. Raises PermissionDenied for anybody but who wrote it."""
    if not may_change_touch(touch, by):
        raise PermissionDenied
    before = touch.kind
    touch.kind, touch.at = kind, at
    touch.keep(text)
    touch.save()
    changes = {"kind_of_touch": [before, kind]} if before != kind else {}
    log("crm.touch.changed", touch.contact, by=by, changes=changes)


@transaction.atomic
def remove_touch(touch: Touch, *, by: User) -> None:
    """Take back what was written down. Raises PermissionDenied: see crm.permissions.may_remove_touch."""
    if not may_remove_touch(touch, by, at=timezone.now()):
        raise PermissionDenied
    log("crm.touch.removed", touch.contact, by=by, kind_of_touch=touch.kind)
    touch.delete()


@transaction.atomic
def remind(contact: Contact, *, text: str, due_on: date, assignee: User, by: User) -> FollowUp:
    """A reminder for somebody. Raises PermissionDenied where `by` may not change the contact."""
    if not may_edit(contact, by):
        raise PermissionDenied
    return _remind(contact, text, due_on, assignee, made_by=by, by=by)


@transaction.atomic
def remind_by_itself(contact: Contact, *, text: str, due_on: date, assignee: User, by: str) -> FollowUp:
    """A reminder that nobody made: something happened that somebody should look at. `by` is the machine's word."""
    return _remind(contact, text, due_on, assignee, made_by=assignee, by=by)


def _remind(contact: Contact, text: str, due_on: date, assignee: User, *, made_by: User, by: object) -> FollowUp:
    follow_up = FollowUp(contact=contact, due_on=due_on, assignee=assignee, made_by=made_by)
    follow_up.keep(text)
    follow_up.save()
    log("crm.reminder.added", contact, by=by, due_on=due_on.isoformat(), assignee=assignee.name)
    return follow_up


@transaction.atomic
def change_reminder(follow_up: FollowUp, *, text: str, due_on: date, assignee: User, by: User) -> None:
    """Another day, other words, somebody else. Raises PermissionDenied where `by` may not change the contact."""
    if not may_edit(follow_up.contact, by):
        raise PermissionDenied
    before, after = _as_told(follow_up), {"due_on": due_on.isoformat(), "assignee": assignee.name}
    follow_up.due_on, follow_up.assignee = due_on, assignee
    follow_up.keep(text)
    follow_up.save()
    log("crm.reminder.changed", follow_up.contact, by=by, changes=_difference(before, after))


@transaction.atomic
def finish(follow_up: FollowUp, *, is_done: bool, by: User) -> None:
    """Done, or not done after all: by whom it reminds, and by who may change the contact."""
    if follow_up.assignee_id != by.pk and not may_edit(follow_up.contact, by):
        raise PermissionDenied
    if is_done == (follow_up.done_at is not None):
        return
    follow_up.done_at = timezone.now() if is_done else None
    follow_up.save(update_fields=["done_at"])
    log("crm.reminder.done" if is_done else "crm.reminder.reopened", follow_up.contact, by=by)


def _as_told(follow_up: FollowUp) -> dict[str, str]:
    return {"due_on": follow_up.due_on.isoformat(), "assignee": follow_up.assignee.name}


def _difference(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}
