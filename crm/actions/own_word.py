"""What a person chooses by themselves, on the page behind a letter's link. What staff wrote down stays as it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.log import log
from audit.models import RECIPIENT

from ..models import LANGUAGE_CODES, Contact, StopRule, Suppression, Topic
from ..states import Channel, Scope
from .stops import add_rule, take_back

# The kinds of letters that are chosen one by one.
KINDS = (Scope.NEWS, Scope.INVITATIONS, Scope.GREETINGS)
# No e-mail, whatever their address is by then.
_NO_LETTERS = {"scope": Scope.CHANNEL, "channel": Channel.EMAIL}
# What a key of `Choices.wanted` is: a kind, or a topic.
Subject = tuple[str, int | None]


@dataclass(frozen=True)
class Choices:
    """What a person wants as it stands, of the subjects that were offered. `settled` are not theirs to change here."""

    wanted: dict[Subject, bool]
    settled: frozenset[Subject]
    paused_until: date | None
    language: str


def choices_of(contact: Contact, topics: list[Topic]) -> Choices:
    """One query. Of a sealed contact only what they chose themselves is said: their other rules are nobody's business.

    The page opens for whoever holds the link, and letters are passed on.
    """
    rules = contact.stop_rules.in_force()
    rules = list(rules.own() if contact.is_sealed else rules)
    offered = [*((kind, None) for kind in KINDS), *((Scope.TOPIC, topic.pk) for topic in topics)]
    others = [rule for rule in rules if not rule.by_person]
    settled = {one for one in offered if any(_stops(rule, one) for rule in others)}
    refused = settled | {(rule.scope, rule.topic_id) for rule in rules if rule.by_person}
    pauses = [rule.until_on for rule in rules if rule.by_person and rule.scope == Scope.BULK and rule.until_on]
    return Choices(
        wanted={one: one not in refused for one in offered},
        settled=frozenset(settled),
        paused_until=max(pauses, default=None),
        language=contact.language_codes[0],
    )


def _stops(rule: StopRule, subject: Subject) -> bool:
    if rule.scope == Scope.CHANNEL:
        return rule.channel == Channel.EMAIL
    return rule.scope in {Scope.EVERYTHING, Scope.BULK} or (rule.scope, rule.topic_id) == subject


@transaction.atomic
def choose(contact: Contact, topics: list[Topic], wanted: Mapping[Subject, bool], language: str) -> None:
    """Keep what the person chose of what they were offered."""
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    now = choices_of(contact, topics)
    named = {topic.pk: topic for topic in topics}
    for (scope, topic), is_wanted in wanted.items():
        if (scope, topic) in now.settled or now.wanted[scope, topic] == is_wanted:
            continue
        if is_wanted:
            take_back(contact, scope, named.get(topic))
        else:
            add_rule(contact, scope=scope, topic=named.get(topic), by=RECIPIENT)
    _prefer(contact, language)


def _prefer(contact: Contact, language: str) -> None:
    """The language goes before the others that the person reads."""
    before = contact.languages
    after = " ".join(dict.fromkeys([language, *contact.language_codes]))
    if language in LANGUAGE_CODES and after != before:
        Contact.objects.filter(pk=contact.pk).count_save(languages=after)
        log("crm.contact.changed", contact, by=RECIPIENT, changes={"languages": [before, after]})


@transaction.atomic
def pause(contact: Contact, until: date) -> None:
    """No mailings up to and including a day; a pause chosen earlier gives way to it."""
    resume(contact)
    add_rule(contact, scope=Scope.BULK, until_on=until, by=RECIPIENT)


def resume(contact: Contact) -> None:
    """The person's own pause ends now."""
    take_back(contact, Scope.BULK)


def leave(contact: Contact) -> None:
    """No letter any more, at no address: it was said at one that the card has no more."""
    add_rule(contact, **_NO_LETTERS, reason=_elsewhere(), by=RECIPIENT)


def _elsewhere() -> str:
    with override(settings.LANGUAGE_CODE):
        return _("Asked for no letters at an address that is no longer on the card.")


@transaction.atomic
def keep_wishes(contact: Contact, lost: Iterable[str], *, by: object) -> None:
    """Addresses of these keys went from the card. Who asked for no letters there gets none elsewhere, either: what the
    person said stays theirs to take back, what staff wrote down stays with staff.
    """
    wishes = Suppression.objects.filter(key__in=list(lost), reason__in=Suppression.WISHES)
    if wishes.exclude(reason__in=Suppression.LIFTABLE).exists():
        leave(contact)
    elif wishes.exists():
        add_rule(contact, scope=Scope.BULK, reason=_elsewhere(), by=by)


def left_at(contact: Contact) -> datetime | None:
    """When the person said so, if they did."""
    return contact.stop_rules.in_force().own().filter(**_NO_LETTERS).values_list("set_at", flat=True).first()


@transaction.atomic
def come_back(contact: Contact, since: datetime) -> None:
    """The person takes back what they said then or later; what they had said before stays."""
    said_at = left_at(contact)
    if said_at and said_at >= since:
        take_back(contact, **_NO_LETTERS)
