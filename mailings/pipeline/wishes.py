"""Say whether somebody asked not to get a mailing like this one. Reads people's stop rules, writes nothing."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import F, Q, QuerySet, Value

from crm.models import StopRule
from crm.states import Channel, Scope

from ..models import Mailing
from ..states import REFUSED, STOPPED_BY, Reason


@dataclass(frozen=True)
class About:
    """What a mailing is, to those who do not want it."""

    kind: str = ""
    topics: frozenset[int] = frozenset()


# Said of no mailing in particular.
ANY = About()


class Wish(NamedTuple):
    scope: str
    topic: int | None
    channel: str

    def stops(self, about: About) -> bool:
        """Every mailing is an e-mail to many."""
        if self.scope == Scope.TOPIC:
            return self.topic in about.topics
        if self.scope == Scope.CHANNEL:
            return self.channel == Channel.EMAIL
        return self.scope in {Scope.EVERYTHING, Scope.BULK} or self.scope in STOPPED_BY.get(about.kind, ())


@dataclass
class Wishes:
    """Rules in force today: of contacts, and, by the keys of their addresses, of whoever is a contact no more."""

    of_contact: dict[int, list[Wish]] = field(default_factory=lambda: defaultdict(list))
    of_key: dict[str, list[Wish]] = field(default_factory=lambda: defaultdict(list))

    def against(self, about: About, contact_id: int | None, keys: Collection[str]) -> Reason | None:
        """Why this contact with these addresses is not to get it: the first reason of the list of reasons."""
        wishes = [*self.of_contact.get(contact_id, ()), *(wish for key in keys for wish in self.of_key.get(key, ()))]
        if not wishes:
            return None
        found = {REFUSED[wish.scope] for wish in wishes if wish.stops(about)}
        return next((reason for reason in Reason if reason in found), None)


def everybodys() -> Wishes:
    """One query."""
    return _read(Q(contact__isnull=False), Q(keys__isnull=False))


def wishes_of(contacts: QuerySet, keys: QuerySet) -> Wishes:
    """Those of a few contacts and addresses. One query."""
    return _read(Q(contact__in=contacts), Q(keys__key__in=keys))


def abouts_of(mailings: Iterable[Mailing]) -> dict[int, About]:
    """What each of these mailings is, by its key. One query."""
    kinds = {mailing.pk: mailing.kind for mailing in mailings}
    topics = defaultdict(set)
    for mailing, topic in Mailing.topics.through.objects.filter(mailing__in=kinds).values_list("mailing", "topic"):
        topics[mailing].add(topic)
    return {pk: About(kind, frozenset(topics[pk])) for pk, kind in kinds.items()}


def _read(of_contacts: Q, of_keys: Q) -> Wishes:
    """Each kind by an index of its own: asked for either, a database would look at every rule."""
    wishes, rules = Wishes(), StopRule.objects.in_force().order_by()
    columns = ("contact", "address", "scope", "topic", "channel")
    known = rules.filter(of_contacts).annotate(address=Value("")).values_list(*columns)
    gone = rules.filter(of_keys, contact=None).annotate(address=F("keys__key")).values_list(*columns)
    for contact, key, *wish in known.union(gone, all=True):
        if contact:
            wishes.of_contact[contact].append(Wish(*wish))
        else:
            wishes.of_key[key].append(Wish(*wish))
    return wishes
