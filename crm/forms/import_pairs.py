"""Pairs of a list that may be one person, side by side, and what a person answers about them."""

from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import phones
from core.sealing import blind

from ..importing.chosen import ONE, Choice
from ..importing.together import DIFFERENT, LATER, SAME
from ..matching.reasons import Reason
from ..models import Contact, ImportBatch, organisation_key

ANSWERS = {
    SAME: _("Same person"),
    DIFFERENT: _("Different people"),
    LATER: _("Decide later"),
}


@dataclass(frozen=True)
class Offer:
    """One value of the row that goes on the card, unless somebody takes the tick away."""

    key: str
    text: str
    is_taken: bool


@dataclass
class Line:
    """One field of both. `choice` is set where one of the two stays, `offers` where the row's are added."""

    name: str
    label: Promise
    first: str = ""
    second: str = ""
    choice: str = ""
    offers: list[Offer] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        return not self.offers and self.first == self.second


class Question:
    """One pair: the row, and beside it a card or another row."""

    def __init__(self, number: int, stored: dict, batch: ImportBatch, user: User):
        self.number, self.key, self.reasons = number, stored["key"], stored["reasons"]
        self.row, self.other = stored["first"], stored["second"]
        self.answer = batch.decisions.get("pairs", {}).get(self.key, "")
        self._choice: Choice = batch.decisions.get("fields", {}).get(self.place, {})
        self._user = user
        self.alike: list[str] = []

    @property
    def place(self) -> str:
        return f"{self.row['row']}@{self.row['sheet']}"

    @property
    def is_with_card(self) -> bool:
        return "card" in self.other

    @property
    def answer_words(self) -> Promise | str:
        return ANSWERS.get(self.answer, "")

    @property
    def because(self) -> str:
        return ", ".join(str(Reason(reason)) for reason in self.reasons)

    @cached_property
    def card(self) -> Contact | None:
        """The card, where there is one and this person may know of it."""
        seen = Contact.objects.visible_to(self._user).for_list()
        return seen.filter(pk=self.other["card"]).first() if self.is_with_card else None

    @cached_property
    def lines(self) -> list[Line]:
        if self.is_with_card:
            return self._with_card() if self.card else []
        names = Line("name", _("Name"), self.row["name"], self.other["name"])
        return [names, *(line for line in self._two_rows() if line.first or line.second)]

    def _two_rows(self) -> list[Line]:
        here, there = self.row.get("says", {}), self.other.get("says", {})
        return [Line(name, label, _words(name, here), _words(name, there)) for name, label in _LABELS.items()]

    def _with_card(self) -> list[Line]:
        says, card = self.row.get("says", {}), self.card
        emails = {email.key: email.address for email in card.emails.all()}
        numbers = {phone.key: phone.display for phone in card.phones.all()}
        lines = [
            self._one("name", _("Name"), card.name, self.row["name"]),
            self._work(says),
            self._ways("emails", emails, {blind(text): text for text in says.get("emails", [])}),
            self._ways("phones", numbers, {blind(text): phones.display(text) for text in says.get("phones", [])}),
            self._one("languages", _LABELS["languages"], _language_names(card.languages), _words("languages", says)),
            self._one("city", _LABELS["city"], card.city, _words("city", says)),
        ]
        return [line for line in lines if line.second]

    def _one(self, name: str, label: Promise, first: str, second: str) -> Line:
        line = Line(name, label, first, second)
        if first and second and first != second:
            line.choice = "row" if name in self._choice.get("over", ()) else "card"
        return line

    def _work(self, says: dict) -> Line:
        positions = self.card.current_positions
        known = {organisation_key(position.organisation.name) for position in positions}
        line = Line("organisation", _LABELS["organisation"], "; ".join(map(_position, positions)), _words_of_work(says))
        if {organisation_key(place) for place in says.get("organisation", [])} <= known:
            line.second = line.second and line.first
        else:
            line.offers = [self._offer("organisation", line.second)]
        return line

    def _ways(self, name: str, known: dict[str, str], typed: dict[str, str]) -> Line:
        line = Line(name, _LABELS[name], ", ".join(known.values()), ", ".join(typed.values()))
        line.offers = [self._offer(key, text) for key, text in typed.items() if key not in known]
        if not line.offers and typed:
            line.second = line.first
        return line

    def _offer(self, key: str, text: str) -> Offer:
        return Offer(key, text, key not in self._choice.get("left", ()))

    def chosen(self, posted: QueryDict) -> Choice:
        """What of the row goes on the card: words that stand in place of the card's, and what is left out."""
        over = [name for name in ONE if posted.get(f"over-{name}") == "row"]
        offered, taken = posted.getlist("offered"), posted.getlist("take")
        left = [offer.key for line in self.lines for offer in line.offers if offer.key in offered]
        return {"over": over, "left": [key for key in left if key not in taken]}


class Pairs:
    """All pairs of a list, in their order."""

    def __init__(self, batch: ImportBatch, user: User):
        stored = batch.found.get("pairs", [])
        self._all = [Question(number, one, batch, user) for number, one in enumerate(stored, start=1)]

    def __len__(self) -> int:
        return len(self._all)

    @property
    def open(self) -> int:
        return sum(not pair.answer for pair in self._all)

    def at(self, asked: str | None) -> Question | None:
        """The pair of this number, else the first that waits for an answer."""
        if not self._all:
            return None
        number = int(asked) if asked and asked.isdecimal() and len(asked) < 9 else 0
        found = self._all[number - 1] if 1 <= number <= len(self._all) else next(self._open(), self._all[0])
        return self._with_alike(found)

    def of(self, key: str) -> Question | None:
        found = next((pair for pair in self._all if pair.key == key), None)
        return found and self._with_alike(found)

    def following(self, answered: dict[str, str]) -> int:
        """The number of the next pair to decide once these are answered; of the one just answered where none is."""
        here = next(pair.number for pair in self._all if pair.key in answered)
        left = [pair.number for pair in self._open() if pair.key not in answered]
        return next((number for number in left if number > here), next(iter(left), here))

    def _open(self):
        return (pair for pair in self._all if not pair.answer)

    def _with_alike(self, found: Question) -> Question:
        found.alike = [
            pair.key
            for pair in self._open()
            if pair is not found and (pair.reasons, pair.is_with_card) == (found.reasons, found.is_with_card)
        ]
        return found


_LABELS: dict[str, Promise] = {
    "organisation": _("Work"),
    "emails": _("E-mail"),
    "phones": _("Telephone"),
    "languages": _("Languages"),
    "city": _("City"),
}


def _words(name: str, says: dict) -> str:
    texts = says.get(name, [])
    if name == "organisation":
        return _words_of_work(says)
    if name == "languages":
        return _language_names(" ".join(texts))
    return ", ".join(map(phones.display, texts) if name == "phones" else texts)


def _words_of_work(says: dict) -> str:
    first, *rest = says.get("organisation") or [""]
    return "; ".join(filter(None, [", ".join(filter(None, [first, *says.get("title", [])])), *rest]))


def _position(position) -> str:
    return ", ".join(filter(None, [position.organisation.name, position.title]))


def _language_names(codes: str) -> str:
    names = dict(settings.LANGUAGES)
    return ", ".join(str(names[code]) for code in codes.split())
