"""What passed between us and a contact, brought there by the product's own actions."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from crm.actions.touches import add_touch, remind
from crm.models import Contact, FollowUp, Phone, StopRule, Touch
from tests.factories.contacts import HEAD
from tests.factories.mailings import person


def make_touch(contact: Contact, text: str = "Договорились", *, kind: str = "call", days_ago=0, by=None) -> Touch:
    at = timezone.now() - timedelta(days=days_ago)
    return add_touch(contact, kind=kind, text=text, at=at, by=by or person(HEAD))


def make_reminder(contact: Contact, *, assignee: User, in_days: int = 0, text: str = "Перезвонить") -> FollowUp:
    day = timezone.localdate() + timedelta(days=in_days)
    return remind(contact, text=text, due_on=day, assignee=assignee, by=person(HEAD))


def make_phone(contact: Contact, messengers: str = "telegram", number: str = "+992930001122", **fields) -> Phone:
    phone = Phone.of(contact, number)
    phone.messengers = messengers
    for name, value in fields.items():
        setattr(phone, name, value)
    phone.save()
    return phone


def make_stop(contact: Contact, scope: str = "everything", *, reason: str = "", **fields) -> StopRule:
    rule = StopRule(contact=contact, scope=scope, set_by=person(HEAD), **fields)
    rule.keep(reason)
    rule.save()
    return rule
