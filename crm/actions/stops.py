"""Write down what a person does not want, and lift it; remember it of whoever is a contact no more.

Whatever happens to contacts, rules only add up: `lift_rule` ends one, `take_back` what the person alone had said, and
`withdraw` those just set by mistake.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Right
from audit.log import log, log_each
from audit.models import RECIPIENT

from ..models import (
    BulkChange,
    Contact,
    EmailAddress,
    Phone,
    StopRule,
    StopRuleKey,
    StopRuleQuerySet,
    Topic,
)
from ..states import BulkAction


def effective(contact: Contact, on: date | None = None) -> list[StopRule]:
    """What a person does not want on a day, today unless another is given; the newest first."""
    return list(contact.stop_rules.in_force(on).select_related("topic", "set_by"))


@transaction.atomic
def add_rule(
    contact: Contact,
    *,
    scope: str,
    topic: Topic | None = None,
    channel: str = "",
    until_on: date | None = None,
    reason: str = "",
    by: object,
) -> StopRule:
    """The rule: a new one, unless one that lasts as long is in force. A shorter one stays beside a longer one."""
    # Two people who press the same switch at once wait here for each other.
    Contact.objects.select_for_update().get(pk=contact.pk)
    # What others wrote down may be lifted; what the person says stands by itself.
    rules = contact.stop_rules.own() if by == RECIPIENT else contact.stop_rules.all()
    if same := _as_strict(rules, scope, topic, channel, until_on):
        _is_asked_again(same)
        return same
    set_by = by if isinstance(by, User) else None
    rule = StopRule(
        contact=contact,
        scope=scope,
        topic=topic,
        channel=channel,
        until_on=until_on,
        set_by=set_by,
        by_person=by == RECIPIENT,
    )
    rule.keep(reason)
    rule.save()
    log("crm.stop.added", contact, by=by, **_told(rule))
    return rule


@dataclass(frozen=True)
class Wish:
    """What one of many contacts does not want."""

    contact: int
    scope: str
    channel: str = ""
    until_on: date | None = None
    reason: str = ""

    def is_granted_by(self, rule: StopRule) -> bool:
        """Whether a rule about the same thing lasts as long."""
        if (rule.scope, rule.channel) != (self.scope, self.channel):
            return False
        return rule.until_on is None or self.until_on is not None and rule.until_on >= self.until_on


@transaction.atomic
def add_rules(wishes: Sequence[Wish], *, by: object) -> list[StopRule]:
    """As `add_rule` does it, for many contacts in a constant number of queries. Return the new rules."""
    held = Contact.objects.select_for_update().order_by("pk").in_bulk({wish.contact for wish in wishes})
    there, new = defaultdict(list), []
    for rule in StopRule.objects.in_force().filter(contact__in=held, topic=None):
        there[rule.contact_id].append(rule)
    set_by, today = by if isinstance(by, User) else None, timezone.localdate()
    for wish in wishes:
        if same := next(filter(wish.is_granted_by, there[wish.contact]), None):
            if same.pk:
                _is_asked_again(same)
            continue
        rule = StopRule(
            contact=held[wish.contact], scope=wish.scope, channel=wish.channel, until_on=wish.until_on, set_by=set_by
        )
        rule.keep(wish.reason)
        new.append(rule)
        # What ended before today holds nobody back from saying it anew.
        if rule.until_on is None or rule.until_on >= today:
            there[wish.contact].append(rule)
    StopRule.objects.bulk_create(new)
    _log_added(new, by=by)
    return new


def _log_added(rules: Iterable[StopRule], *, by: object) -> None:
    alike = defaultdict(list)
    for rule in rules:
        alike[tuple(_told(rule).items())].append(rule.contact)
    for told, contacts in alike.items():
        log_each("crm.stop.added", contacts, by=by, **dict(told))


def _is_asked_again(rule: StopRule) -> None:
    """Taking back a change of many that made the rule would take away what was asked since: it does so no more."""
    for change in BulkChange.objects.select_for_update().filter(
        action=BulkAction.STOP, undone_at=None, before__has_key=str(rule.contact_id)
    ):
        if change.before[str(rule.contact_id)] == rule.pk:
            del change.before[str(rule.contact_id)]
            change.save(update_fields=["before"])


@transaction.atomic
def add_rule_to_each(contacts: Iterable[int], *, scope: str, reason: str = "", by: User) -> list[StopRule]:
    """A rule without end for each of these, but for who has the same already. Return the new ones."""
    held = Contact.objects.select_for_update().filter(pk__in=contacts).order_by("pk").only("name", "sensitivity")
    same = StopRule.objects.in_force().like(scope, None, "").that_last_until(None)
    stopped = set(same.filter(contact__in=held.order_by().values("pk")).values_list("contact", flat=True))
    rules = [StopRule(contact=one, scope=scope, set_by=by) for one in held if one.pk not in stopped]
    for rule in rules:
        rule.keep(reason)
    StopRule.objects.bulk_create(rules)
    log_each("crm.stop.added", [rule.contact for rule in rules], by=by, scope=scope)
    return rules


@transaction.atomic
def withdraw(rules: Iterable[int], *, by: User) -> int:
    """Take out rules that somebody has just set by mistake, which the caller makes sure of. Return how many."""
    found = StopRule.objects.select_for_update().filter(pk__in=rules, lifted_at=None).exclude(contact=None)
    people: dict[str, list[Contact]] = defaultdict(list)
    for rule in found.select_related("contact").order_by("pk"):
        people[rule.scope].append(rule.contact)
    for scope, contacts in people.items():
        log_each("crm.stop.withdrawn", contacts, by=by, scope=scope)
    return found.delete()[1].get(StopRule._meta.label, 0)


@transaction.atomic
def lift_rule(rule: StopRule, *, by: User) -> None:
    """End a rule, and what is remembered of the same under the person's addresses: it would come back otherwise.

    Raises PermissionDenied, also for what the person chose themselves: that they alone take back. Lifting twice is
    lifting once.
    """
    if not by.may(Right.CONTACTS_LIFT) or rule.by_person:
        raise PermissionDenied
    _end(rule, StopRule.objects.remembered(), by=by)


@transaction.atomic
def take_back(contact: Contact, scope: str, topic: Topic | None = None, channel: str = "") -> None:
    """The person wants again what they themselves had refused. What staff or others wrote down stays."""
    for rule in contact.stop_rules.in_force().own().like(scope, topic, channel):
        _end(rule, StopRule.objects.remembered().own(), by=RECIPIENT)


def _end(rule: StopRule, remembered: StopRuleQuerySet, *, by: object) -> None:
    ended = {"lifted_by": by if isinstance(by, User) else None, "lifted_at": timezone.now()}
    if not StopRule.objects.filter(pk=rule.pk, lifted_at=None).update(**ended):
        return
    keys = {*rule.keys.values_list("key", flat=True), *(_keys_of(rule.contact) if rule.contact else ())}
    shared = StopRuleKey.objects.filter(key__in=keys).values("rule")
    remembered.like(rule.scope, rule.topic, rule.channel).filter(pk__in=shared).update(**ended)
    log("crm.stop.lifted", rule.contact or rule, by=by, **_told(rule))


@transaction.atomic
def remember(contact: Contact) -> None:
    """Keep the blind keys of a contact's addresses with its rules. To be called before the contact goes."""
    rules, keys = contact.stop_rules.in_force(), _keys_of(contact)
    StopRuleKey.objects.bulk_create(
        (StopRuleKey(rule=rule, key=key) for rule in rules for key in keys), ignore_conflicts=True
    )


def apply_remembered(contact: Contact, keys: Iterable[str], *, by: object) -> int:
    """Give a contact that came with these keys the rules remembered under them. Return how many it did not have."""
    return apply_all_remembered({contact.pk: keys}, by=by)


@transaction.atomic
def apply_all_remembered(keys_of: Mapping[int, Iterable[str]], *, by: object) -> int:
    """The same for many contacts. The memory stays: whoever else comes with the key gets a rule of their own."""
    comers = defaultdict(set)
    for pk, keys in keys_of.items():
        for key in keys:
            comers[key].add(pk)
    remembered = StopRule.objects.remembered().order_by("pk").prefetch_related("keys").select_related("topic")
    owed = [(pk, rule) for rule in remembered for pk in {pk for key in rule.keys.all() for pk in comers[key.key]}]
    contacts = Contact.objects.select_for_update().order_by("pk").in_bulk([pk for pk, _rule in owed])
    return sum(_give_back(rule, contacts[pk], by=by) for pk, rule in owed)


def _give_back(memory: StopRule, contact: Contact, *, by: object) -> bool:
    """A rule of the contact's own, unless it has one as strict. A reason that is sealed stays with the memory."""
    if _as_strict(contact.stop_rules.all(), memory.scope, memory.topic, memory.channel, memory.until_on):
        return False
    rule = StopRule(
        contact=contact,
        scope=memory.scope,
        topic=memory.topic,
        channel=memory.channel,
        until_on=memory.until_on,
        set_by_id=memory.set_by_id,
        by_person=memory.by_person,
    )
    rule.keep(memory.text)
    rule.save()
    StopRule.objects.filter(pk=rule.pk).update(set_at=memory.set_at)
    log("crm.stop.added", contact, by=by, how="remembered", **_told(rule))
    return True


def _as_strict(
    rules: StopRuleQuerySet, scope: str, topic: Topic | None, channel: str, until_on: date | None
) -> StopRule | None:
    return rules.in_force().like(scope, topic, channel).that_last_until(until_on).first()


def _keys_of(contact: Contact) -> set[str]:
    """Of all its addresses and telephones, also of those not used any more."""
    ways = (model.objects.filter(contact=contact).values_list("key", flat=True) for model in (EmailAddress, Phone))
    return {key for keys in ways for key in keys}


def _told(rule: StopRule) -> dict[str, object]:
    """What the journal keeps: never the reason, which may say anything about anybody."""
    told = {"scope": rule.scope, "topic": str(rule.topic or ""), "channel": rule.channel, "until_on": rule.until_on}
    return {name: value for name, value in told.items() if value}
