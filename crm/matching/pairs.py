"""Find cards that may be of one person: the database picks who is compared, always in the same few queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Count, Model, QuerySet

from accounts.models import User
from accounts.roles import Right
from crm.models import Contact, Distinct, EmailAddress, FormerSurname, PersonName, Phone, Position
from crm.models.name_key import name_key
from crm.states import Sensitivity

from .score import Person, Score, score

# A mailbox or telephone of more people than this is a shared one, and says nothing.
SHARED_BY = 4
# How many pairs are looked at, at most, of each kind: a page is answered in time whatever is in the tables.
MOST = 500
# Namesakes of one name that are compared with each other.
_NAMESAKES = 6

Keys = tuple[int, int]


@dataclass(frozen=True)
class Pair:
    first: Person
    second: Person
    score: Score


def offered(user: User) -> list[Pair]:
    """Pairs with enough in common to be offered, the surest first."""
    kinds = (_of_ways(EmailAddress), _of_ways(Phone), _of_places(), _of_former_surnames())
    found = compare([pair for kind in kinds for pair in sorted(kind)[:MOST]], user)
    return _surest_first(pair for pair in found if pair.score.is_offered)


def namesakes(user: User) -> list[Pair]:
    """Pairs that share a name and too little else: to be looked at one by one."""
    known = known_to(user).exclude(name_key="")
    keys = _groups(known, "name_key")
    groups = defaultdict(list)
    for key, pk in known.filter(name_key__in=keys).order_by("name_key", "pk").values_list("name_key", "pk"):
        groups[key].append(pk)
    found = compare(sorted(_within(members[:_NAMESAKES] for members in groups.values()))[: 2 * MOST], user)
    return _surest_first(pair for pair in found if not pair.score.is_offered)


def known_to(user: User) -> QuerySet[Contact]:
    """Whose cards this person may put together."""
    visible = Contact.objects.visible_to(user)
    return visible if user.may(Right.CONTACTS_SEALED) else visible.exclude(sensitivity=Sensitivity.SEALED)


def compare(keys: Iterable[Keys], user: User, *, decided: bool = False) -> list[Pair]:
    """The pairs of these that are visible and of one sort; not those that somebody called different people."""
    left_out = set() if decided else _decided()
    chosen = [pair for pair in dict.fromkeys(keys) if pair not in left_out]
    people = _people(known_to(user).filter(pk__in={pk for pair in chosen for pk in pair}))
    return [
        Pair(people[first], people[second], score(people[first], people[second]))
        for first, second in chosen
        if first in people and second in people and people[first].is_post == people[second].is_post
    ]


def _surest_first(pairs: Iterable[Pair]) -> list[Pair]:
    return sorted(pairs, key=lambda pair: (-pair.score.points, pair.first.pk, pair.second.pk))


def _of_ways(model: type[EmailAddress] | type[Phone]) -> set[Keys]:
    """Cards that share an address or a telephone."""
    keys = _groups(model.objects.all(), "key", most=SHARED_BY)
    return _grouped(model.objects.filter(key__in=keys).values_list("key", "contact"))


def _of_places() -> set[Keys]:
    """Namesakes who are, or were, at one organisation."""
    named = Position.objects.exclude(contact__name_key="").order_by()
    counted = named.values("organisation", "contact__name_key").annotate(people=Count("contact", distinct=True))
    found = counted.filter(people__gt=1).values_list("organisation", "contact__name_key")[:MOST]
    places = set(found)
    rows = Position.objects.filter(
        organisation__in={place for place, _key in places}, contact__name_key__in={key for _place, key in places}
    ).values_list("organisation", "contact__name_key", "contact")
    return _grouped(((place, key), pk) for place, key, pk in rows if (place, key) in places)


def _of_former_surnames() -> set[Keys]:
    """Cards that have the given name of another one, and its former surname."""
    rows = FormerSurname.objects.exclude(contact__given_name="").order_by("-pk")[:MOST]
    former = defaultdict(set)
    for given, surname, pk in rows.values_list("contact__given_name", "surname", "contact"):
        former[name_key(f"{given} {surname}")].add(pk)
    former.pop("", None)
    others = Contact.objects.filter(name_key__in=former).order_by("pk").values_list("name_key", "pk")[: 2 * MOST]
    return {(min(one, pk), max(one, pk)) for key, pk in others for one in former[key] if one != pk}


def _groups(rows: QuerySet, column: str, *, most: int | None = None) -> list[str]:
    """The values of a column that several rows have, and no more than `most`."""
    counted = rows.order_by(column).values(column).annotate(count=Count("pk")).filter(count__gt=1)
    counted = counted.filter(count__lte=most) if most else counted
    return [value for value, _count in counted.values_list(column, "count")[:MOST]]


def _grouped(rows: Iterable[tuple[object, int]]) -> set[Keys]:
    groups = defaultdict(set)
    for key, pk in rows:
        groups[key].add(pk)
    return _within(groups.values())


def _within(groups: Iterable[Iterable[int]]) -> set[Keys]:
    return {pair for members in groups for pair in combinations(sorted(members), 2)}


def _decided() -> set[Keys]:
    return set(Distinct.objects.values_list("first", "second"))


def _people(contacts: QuerySet[Contact]) -> dict[int, Person]:
    """What is compared of these cards: a query for each table, whatever their number."""
    columns = ("pk", "name", "given_name", "gender", "birth_month", "birth_day", "is_post")
    rows = list(contacts.order_by().values_list(*columns))
    keys = [row[0] for row in rows]
    names = _by_contact(PersonName, keys, "surname", "given_name", "patronymic")
    former = _by_contact(FormerSurname, keys, "surname")
    emails, phones = (_unshared(model, _by_contact(model, keys, "key")) for model in (EmailAddress, Phone))
    places = _by_contact(Position, keys, "organisation__name")
    return {
        pk: Person(
            pk=pk,
            name=name,
            other_names=tuple(" ".join(filter(None, parts)) for parts in names[pk] if any(parts)),
            former_names=tuple(f"{given} {surname}" for (surname,) in former[pk] if given),
            gender=gender,
            birthday=(month, day) if day else None,
            emails=emails[pk],
            phones=phones[pk],
            organisations=frozenset(place for (place,) in places[pk]),
            is_post=is_post,
        )
        for pk, name, given, gender, month, day, is_post in rows
    }


def _by_contact(model: type[Model], keys: list[int], *columns: str) -> dict[int, list[tuple]]:
    found = defaultdict(list)
    for pk, *values in model.objects.filter(contact__in=keys).order_by("pk").values_list("contact", *columns):
        found[pk].append(tuple(values))
    return found


def _unshared(model: type[EmailAddress] | type[Phone], ways: dict[int, list[tuple]]) -> dict[int, frozenset[str]]:
    """The blind indices of each card, without those of mailboxes and telephones that many people have."""
    keys = {key for rows in ways.values() for (key,) in rows}
    counted = model.objects.filter(key__in=keys).order_by().values("key").annotate(count=Count("pk"))
    shared = set(counted.filter(count__gt=SHARED_BY).values_list("key", flat=True))
    return defaultdict(frozenset, {pk: frozenset(key for (key,) in rows) - shared for pk, rows in ways.items()})
