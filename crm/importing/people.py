"""The people an import is compared with: those in the database and those already met in the file.

Addresses and telephones are compared by their blind indices, so that sealed contacts are met without being read.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain

from django.db.models import F

from core.sealing import blind
from crm.models import (
    Contact,
    EmailAddress,
    Export,
    FormerName,
    Organisation,
    Phone,
    Position,
    organisation_key,
    restricted_people,
)

from ..states import Sensitivity
from . import names
from .proposals import Proposal
from .rows import Record


@dataclass(slots=True)
class Person:
    """One contact as it will be: what the database holds, and beside it what the file adds."""

    pk: int | None
    name: str
    given_name: str = ""
    languages: str = ""
    city: str = ""
    postal_address: str = ""
    note: str = ""
    sensitivity: str = Sensitivity.OPEN
    # At an organisation banned by a court: whoever imports need not learn of it, so no remark quotes this person.
    is_restricted: bool = False
    # Only of people the file brings: an import never changes who somebody is.
    kind: str = ""
    emails: dict[str, str] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    # The first row of the file that named this person.
    row: Record | None = None
    # Mark and number under which a list we exported names this person.
    code: tuple[str, int] | None = None
    filled: set[str] = field(default_factory=set)
    new_emails: dict[str, str] = field(default_factory=dict)
    new_phones: dict[str, str] = field(default_factory=dict)
    # What the file says and nobody can read: what it is, and the text.
    new_unread: list[tuple[str, str]] = field(default_factory=list)
    new_organisations: list[str] = field(default_factory=list)
    titled: set[str] = field(default_factory=set)
    # Where the person has worked and works no more.
    past: set[str] = field(default_factory=set)
    # The names of the organisations of `titles`, where the card is compared with rows.
    places: frozenset[str] = frozenset()
    # What the list asks for and somebody agreed to.
    accepted: list[Proposal] = field(default_factory=list)
    _words: frozenset[str] | None = None

    @property
    def words(self) -> frozenset[str]:
        if self._words is None:
            self._words = names.words(self.name)
        return self._words

    @property
    def is_sealed(self) -> bool:
        return self.sensitivity == Sensitivity.SEALED

    @property
    def is_touched(self) -> bool:
        return bool(
            self.filled or self.new_emails or self.new_phones or self.new_organisations or self.titled or self.accepted
        )


class People:
    """Everybody, found by e-mail, telephone, or organisation and name."""

    def __init__(self) -> None:
        self.everybody: list[Person] = []
        self.organisations: dict[str, str] = {}
        self.organisation_ids: dict[str, int] = {}
        # Former names: the key of each, and of the name of today.
        self.renamed: dict[str, str] = {}
        self._by_email: dict[str, list[Person]] = {}
        self._by_phone: dict[str, list[Person]] = {}
        self._by_organisation: dict[str, list[Person]] = {}
        self._by_code: dict[tuple[str, int], Person] = {}
        self._sealed_by_name: dict[frozenset[str], list[Person]] = {}

    @classmethod
    def from_database(cls) -> "People":
        """All contacts, in nine queries however many they are."""
        people = cls()
        fields = ("pk", "name", "given_name", "languages", "city", "postal_address", "note", "sensitivity")
        known = {row[0]: Person(*row) for row in Contact.objects.order_by("pk").values_list(*fields)}
        for pk, key, name in Organisation.objects.values_list("pk", "name_key", "name"):
            people.organisations[key], people.organisation_ids[key] = name, pk
        # As Organisation.objects.named has it: one that was merged hands its names on.
        former = FormerName.objects.exclude(name_key=F("organisation__name_key"))
        former = former.order_by(F("organisation__successor").asc(nulls_first=True), "organisation")
        for key, today in former.values_list("name_key", "organisation__name_key"):
            people.renamed.setdefault(key, today)
        for contact, key, address in EmailAddress.objects.values_list("contact_id", "key", "address"):
            known[contact].emails[key] = address
        for contact, key, number in Phone.objects.values_list("contact_id", "key", "number"):
            known[contact].phones[key] = number
        for contact, key, title in Position.objects.current().values_list(
            "contact_id", "organisation__name_key", "title"
        ):
            known[contact].titles[key] = title
        for contact, key in Position.objects.exclude(ended_on="").values_list("contact_id", "organisation__name_key"):
            known[contact].past.add(key)
        for (contact,) in restricted_people().values_list("contact").distinct():
            known[contact].is_restricted = True
        for person in known.values():
            people.add(person)
        return people

    def key_of(self, organisation: str) -> str:
        """Under which key an organisation is kept here, by its name of today or a former one."""
        key = organisation_key(organisation)
        return self.renamed.get(key, key)

    def recognise(self, codes: set[tuple[str, int]]) -> None:
        """Let people be found by the numbers of lists that this very database exported."""
        marks = set(Export.objects.filter(mark__in={mark for mark, _number in codes}).values_list("mark", flat=True))
        by_number = {person.pk: person for person in self.everybody}
        self._by_code = {code: by_number[code[1]] for code in codes if code[0] in marks and code[1] in by_number}

    @property
    def has_codes(self) -> bool:
        """Whether rows of an exported list are among the people."""
        return bool(self._by_code)

    def name(self, person: Person, code: tuple[str, int] | None) -> None:
        """Remember which row of an exported list a person is, unless that is known already."""
        if code and self._by_code.setdefault(code, person) is person:
            person.code = code

    def add(self, person: Person) -> None:
        self.everybody.append(person)
        self.index(person, person.emails, person.phones, person.titles)
        if person.is_sealed:
            self._sealed_by_name.setdefault(person.words, []).append(person)

    def index(self, person: Person, emails: object, phones: object, organisations: object) -> None:
        """Let a person be found by what was just added to it."""
        for where, keys in ((self._by_email, emails), (self._by_phone, phones), (self._by_organisation, organisations)):
            for key in keys:
                where.setdefault(key, []).append(person)

    def is_of_a_sealed(self, record: Record) -> bool:
        """Whether a row touches a sealed contact: by an e-mail or a telephone, whoever it names, or by the name.

        Or by the number, where the list left before the contact was sealed.

        The same name counts unless row and contact each name an organisation and share none.
        """
        if not self._sealed_by_name:
            return False
        named = self._by_code.get(record.code) if record.code else None
        if any(person.is_sealed for person in chain(self.with_email(record), self._with_phone(record))):
            return True
        if named and named.is_sealed:
            return True
        namesakes = self._sealed_by_name.get(names.words(record.name), ())
        typed = [record.organisation, *(organisation for organisation, _title in record.positions)]
        organisations = set(map(self.key_of, typed)) - {""}
        return any(not organisations or not one.titles or organisations & one.titles.keys() for one in namesakes)

    def near(self, records: Iterable[Record]) -> list[Person]:
        """The cards that share an address, a telephone or an organisation with one of these rows; no sealed ones."""
        found: dict[int, Person] = {}
        for record in records:
            typed = [record.organisation, *(organisation for organisation, _title in record.positions)]
            there = (self._by_organisation.get(key, ()) for key in set(map(self.key_of, typed)) - {""})
            likely = (self._by_email.get(blind(address), ()) for address in record.likely_emails)
            for person in chain(self.with_email(record), self._with_phone(record), *likely, *there):
                if not person.is_sealed:
                    found.setdefault(person.pk, person)
        for person in found.values():
            person.places = frozenset(self.organisations[key] for key in person.titles)
        return list(found.values())

    def same(self, record: Record) -> Person | None:
        """The person a row is about: shares an e-mail or a telephone, and the name. Ask `is_of_a_sealed` first.

        Where either has no e-mail, the same name at the same work is enough. Two different e-mails make two contacts:
        people of one name do work in one house. A list we exported says itself who is one and who is another.
        """
        words = names.words(record.name)
        named = self._by_code.get(record.code) if record.code else None
        if named and (named.name == record.name or names.is_same(words, named.words)):
            return named
        if not words:
            return None
        ways = chain(self.with_email(record), self._with_phone(record))
        by_address = (person for person in ways if not _are_told_apart(record, person))
        found = next((person for person in by_address if names.is_same(words, person.words)), None)
        if found or not record.organisation:
            return found
        colleagues = self._by_organisation.get(self.key_of(record.organisation), ())
        return next(
            (
                one
                for one in colleagues
                if words == one.words and not (record.emails and one.emails) and not _are_told_apart(record, one)
            ),
            None,
        )

    def with_email(self, record: Record) -> list[Person]:
        """Everybody who has one of the row's e-mail addresses."""
        return [person for key in record.email_keys for person in self._by_email.get(key, ())]

    def _with_phone(self, record: Record) -> list[Person]:
        return [person for key in record.phone_keys for person in self._by_phone.get(key, ())]


def _are_told_apart(record: Record, person: Person) -> bool:
    """Whether a list we exported has the row and the person under two numbers."""
    return bool(record.code and person.code and record.code != person.code)
