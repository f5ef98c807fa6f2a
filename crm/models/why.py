"""Why somebody is, or is not, chosen by a rule: every criterion asked by itself, by the query the rule itself uses."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import BooleanField, Case, Q, Value, When

from accounts.models import User
from accounts.roles import Right

from ..criteria import RESTRICTED, check
from .contact import Contact
from .rules import NESTED, of_criterion, segments_for
from .wording import CHOICES, Part, Rule, Wording

# What follows from other rows than the contact's own is asked as the rule asks it, once for each of these values.
_ASKED = {name: [value for value, _label in CHOICES[name]] for name in ("letters", "active")}


@dataclass(frozen=True)
class Answer:
    """One criterion: what the rule wants, whether the contact fits, and what the contact has instead."""

    part: Part
    fits: bool
    has: list[str]


def why(contact: Contact, rule: Rule, *, by: User, within: frozenset[int] = frozenset()) -> list[Answer]:
    """An answer for every criterion of a rule. All of them fit exactly when the rule chooses the contact.

    Raises ValueError for criteria there are not.
    """
    check(rule)
    wording = Wording([rule], sees_restricted=by.may(Right.CONTACTS_RESTRICTED))
    parts = [part for part in wording.parts(rule) if part.name != RESTRICTED]
    asked = [(part.name, value) for part in parts for value in _values_to_ask(part.name, rule)]
    reading = {"within": within, "known": segments_for(rule)}
    conditions = [of_criterion(part.name, rule[part.name], **reading) for part in parts]
    conditions += [of_criterion(_plain(name), [value], **reading) for name, value in asked]
    answers = fits(contact, conditions)
    true_of = [one for one, is_so in zip(asked, answers[len(parts) :], strict=True) if is_so]
    return [
        Answer(part, is_so, _has(contact, part.name, [value for name, value in true_of if name == part.name], wording))
        for part, is_so in zip(parts, answers, strict=False)
    ]


def fits(contact: Contact, conditions: list[Q]) -> list[bool]:
    """Which of the conditions choose this contact, in one query."""
    if not conditions:
        return []
    flags = {
        f"fits_{number}": Case(
            When(Q(pk=contact.pk) & condition, then=Value(True)), default=Value(False), output_field=BooleanField()
        )
        for number, condition in enumerate(conditions)
    }
    row = Contact.objects.filter(pk=contact.pk).order_by().annotate(**flags).values_list(*flags).first()
    return list(row) if row else [False] * len(conditions)


def _values_to_ask(name: str, rule: Rule) -> list[str]:
    return rule[name] if name in NESTED else _ASKED.get(name, [])


def _plain(name: str) -> str:
    return "segment" if name in NESTED else name


def _has(contact: Contact, name: str, true_of: list[str], wording: Wording) -> list[str]:
    """What stands in the contact's row, or which of the values that were asked are true of them."""
    if name in NESTED or name in _ASKED:
        return list(wording.names(name, true_of).values())
    return [text for text in _READ[name](contact) if text]


def _choices(name: str, *codes: str) -> list[str]:
    labels = dict(CHOICES[name])
    return [str(labels[code]) for code in codes if code]


def _workplaces(contact: Contact) -> list:
    return [position.organisation for position in contact.current_positions]


_READ: dict[str, Callable[[Contact], list[str]]] = {
    "q": lambda contact: [contact.name, *(place.name for place in _workplaces(contact))],
    "kind": lambda contact: _choices("kind", contact.kind),
    "language": lambda contact: _choices("language", *contact.language_codes),
    "region": lambda contact: _choices("region", contact.region),
    "city": lambda contact: [contact.city],
    "topic": lambda contact: [topic.name for topic in contact.topics.all()],
    "tag": lambda contact: [tag.name for tag in contact.tags.all()],
    "not_tag": lambda contact: [tag.name for tag in contact.tags.all()],
    "organisation": lambda contact: [place.name for place in _workplaces(contact)],
    "organisation_kind": lambda contact: _choices("organisation_kind", *(place.kind for place in _workplaces(contact))),
    "ownership": lambda contact: _choices("ownership", *(place.ownership for place in _workplaces(contact))),
    "basis": lambda contact: _choices("basis", contact.basis),
    "owner": lambda contact: [contact.owner.name] if contact.owner else [],
    "entity": lambda contact: _choices("entity", "post" if contact.is_post else "person"),
    "sensitivity": lambda contact: _choices("sensitivity", contact.sensitivity),
}
