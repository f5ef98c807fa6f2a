"""What a list asks for: what of it is so already or was decided before, and what is done when it is written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from core.sealing import blind
from crm.models import EmailAddress, ImportAnswer, Phone, StopRule, Suppression

from ..states import Sensitivity
from . import emails, proposals
from .people import People, Person
from .proposals import CAREFUL, RETIRED, RETURNED, SPELLING, Proposal
from .rows import Record


@dataclass(frozen=True)
class Wishes:
    """What a person answered for this list, and what every wish of it is compared with."""

    people: People
    answers: Mapping[str, bool]
    stopped: set[str]
    # What contacts ask for already: the rule, with the contact and the day it ends.
    rules: Mapping[tuple[int, str, str], set[date | None]]
    # Addresses and telephones that are not used any more, by contact.
    retired: set[tuple[int, str]]
    # What earlier lists asked for and somebody decided, by contact.
    decided: set[tuple[int, str]]

    @classmethod
    def from_database(cls, people: People, answers: Mapping[str, bool]) -> "Wishes":
        rules: dict[tuple[int, str, str], set[date | None]] = {}
        in_force = StopRule.objects.in_force().exclude(contact=None).order_by()
        for contact, scope, channel, until in in_force.values_list("contact", "scope", "channel", "until_on"):
            rules.setdefault((contact, scope, channel), set()).add(until)
        retired = {
            row
            for model in (EmailAddress, Phone)
            for row in model.objects.exclude(retired_on=None).values_list("contact", "key")
        }
        stopped = set(Suppression.objects.values_list("key", flat=True))
        decided = set(ImportAnswer.objects.values_list("contact", "key"))
        return cls(people, answers, stopped, rules, retired, decided)

    def spelled(self, record: Record) -> Record:
        """The row with the spellings that somebody agreed to in place of those typed."""
        meant = [one for one in record.proposals if one.kind == SPELLING and self.answers.get(one.key)]
        if not meant:
            return record
        wrong = {address for one in meant for address in _typed(one)}
        kept = [address for address in record.emails if address not in wrong]
        return replace(record, emails=list(dict.fromkeys([*(one.value for one in meant), *kept])))

    def agree(self, record: Record, person: Person, noted: str) -> list[tuple[Proposal, bool]]:
        """What the row asks for and is not settled, and whether it is done: as a person answered, else where certain.

        What stands in the card's note already, or in a list of ours, somebody has read: what was lifted stays so.
        """
        agreed = [
            (one, self.answers.get(one.key, one.is_sure and not record.code and one.quote not in noted))
            for one in record.proposals
            if not self._is_settled(one, person, noted)
        ]
        for one, take in agreed:
            if take and one.is_doable:
                _accept(one, person)
        return agreed

    def wait(self, agreed: list[tuple[Proposal, bool]]) -> bool:
        """Whether something is left for a person to decide."""
        return any(one.is_doable and not take and one.key not in self.answers for one, take in agreed)

    def _is_settled(self, one: Proposal, person: Person, noted: str) -> bool:
        """Whether it is so already or was decided: the same list, brought again, asks for nothing new."""
        if person.pk is None:
            return False
        if not one.is_doable:
            return one.quote in noted
        return (person.pk, one.mark) in self.decided or self._is_done(one, person)

    def _is_done(self, one: Proposal, person: Person) -> bool:
        key = blind(one.value) if one.value else ""
        match one.kind:
            case proposals.STOP:
                return self._is_asked(one, person)
            case proposals.LEFT:
                place = self.people.key_of(one.value)
                return place not in person.titles if place else not person.titles
            case proposals.CAREFUL:
                return person.sensitivity != Sensitivity.OPEN and "sensitivity" not in person.filled
            case proposals.SPELLING:
                return key in person.emails and key not in person.new_emails
        return (person.pk, key) in self.retired or one.kind == RETURNED and key in self.stopped

    def _is_asked(self, one: Proposal, person: Person) -> bool:
        """Whether a rule is in force that lasts as long, or the day up to which it is asked for is over."""
        until = proposals.last_day(one.until)
        if until and until < timezone.localdate():
            return True
        ends = self.rules.get((person.pk, one.scope, one.channel), set())
        return any(end is None or until is not None and end >= until for end in ends)


def _typed(one: Proposal) -> list[str]:
    """The address that stands there, as it is read where nobody agrees to another spelling."""
    return emails.read(one.quote).addresses


def _accept(one: Proposal, person: Person) -> None:
    if one.kind == CAREFUL:
        if person.sensitivity == Sensitivity.OPEN:
            person.sensitivity = Sensitivity.INTERNAL
            person.filled.add("sensitivity")
    elif one.kind == SPELLING:
        # The right one came with the row; a wrong one that the card has already is not written to any more.
        there = [
            address for address in _typed(one) if blind(address) in person.emails.keys() - person.new_emails.keys()
        ]
        person.accepted.extend(replace(one, kind=RETIRED, value=address) for address in there)
    else:
        person.accepted.append(one)
