"""The rule of an audience: the criteria of crm, people added by hand, and what other mailings came to.

Some words of it say whom it means, the others who of them is set aside; those are left out with a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from crm.criteria import RESTRICTED
from crm.models import Contact, Touch, condition
from crm.models.rules import is_key, of_criterion

from ..states import Reason
from . import outcomes
from .delivery import Delivery

Rule = Mapping[str, list[str]]
PICK, OUTCOME, NOT_MAILING, RECENT = "pick", "outcome", "not_mailing", "recent"
OURS = (PICK, OUTCOME, NOT_MAILING, RECENT)
NOT_SEGMENT = "not_segment"
DAYS = (2, 7, 14, 30)


def of_crm(rule: Rule) -> dict[str, list[str]]:
    """The part that crm.criteria knows."""
    return {name: values for name, values in rule.items() if name not in OURS}


def chosen(rule: Rule) -> Q:
    """Whom a rule means. Nothing said is everybody; people added by hand come beside the others, or alone."""
    criteria = {name: values for name, values in of_crm(rule).items() if name != NOT_SEGMENT}
    picked = Q(pk__in=keys(rule, PICK))
    narrows = rule.get(OUTCOME) or any(values for name, values in criteria.items() if name != RESTRICTED)
    found = condition(criteria)
    if rule.get(PICK) and not narrows:
        return picked
    if rule.get(OUTCOME):
        found &= reached(rule[OUTCOME])
    return found | picked if rule.get(PICK) else found


def reached(values: list[str]) -> Q:
    found = Q(pk__in=[])
    for value in values:
        found |= Q(pk__in=outcomes.people(value))
    return found


def keys(rule: Rule, name: str) -> list[int]:
    return [int(value) for value in rule.get(name, []) if is_key(value)]


@dataclass
class Aside:
    """Who is set aside though the rule means them: contacts, and mailboxes whoever they belong to."""

    contacts: dict[int, Reason] = field(default_factory=dict)
    mailboxes: dict[str, Reason] = field(default_factory=dict)

    def against(self, contact_id: int, key: str) -> Reason | None:
        return self.contacts.get(contact_id) or self.mailboxes.get(key)


def set_aside(rule: Rule) -> Aside:
    """At most four queries, and none for what the rule does not say. The first reason of the list of reasons wins."""
    aside = Aside()
    if days := keys(rule, RECENT):
        since = timezone.now() - timedelta(days=max(days))
        spoken = Touch.objects.filter(kind__in=outcomes.SPOKEN, at__range=(since, timezone.now()))
        aside.contacts |= dict.fromkeys(spoken.order_by().values_list("contact", flat=True), Reason.RECENT)
        _add_letters(aside, Delivery.objects.filter(sent_at__gte=since), Reason.RECENT)
    if mailings := keys(rule, NOT_MAILING):
        letters = Delivery.objects.filter(mailing__in=mailings, status__in=outcomes.REACHED)
        _add_letters(aside, letters, Reason.GOT_BEFORE)
    if segments := rule.get(NOT_SEGMENT):
        members = Contact.objects.filter(of_criterion("segment", segments)).order_by()
        aside.contacts |= dict.fromkeys(members.values_list("pk", flat=True), Reason.NOT_SEGMENT)
    return aside


def _add_letters(aside: Aside, letters, reason: Reason) -> None:
    for contact, key in letters.order_by().values_list("contact", "address_key"):
        aside.contacts[contact] = reason
        aside.mailboxes[key] = reason
