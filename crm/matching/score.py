"""How much speaks for two cards being one person, and what: a table of weights. Pure."""

from dataclasses import dataclass, field
from itertools import product

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .names import match
from .reasons import Reason as Why

# From here on a pair is offered. All that names and birthdays can say together stays below: a name alone never merges.
OFFERED = 50

SAME_EMAIL, SAME_PHONE, SAME_NAME, ALIKE_NAME, FORMER_NAME, SAME_PLACE, SAME_BIRTHDAY = 60, 45, 30, 20, 25, 20, 15
OTHER_NAME, OTHER_PATRONYMIC, OTHER_GENDER, OTHER_PLACE, OTHER_BIRTHDAY = -40, -40, -60, -10, -30


@dataclass(frozen=True)
class Person:
    """What of a card is compared. Ways to reach are blind indices, so that sealed cards are compared as all others."""

    pk: int
    name: str
    other_names: tuple[str, ...] = ()
    # Given name and each surname from before.
    former_names: tuple[str, ...] = ()
    gender: str = ""
    birthday: tuple[int, int] | None = None
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    is_post: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.other_names)


@dataclass(frozen=True)
class Reason:
    text: str | Promise
    points: int
    # What was compared, for people to see: "Джамшед Каримов / Jamshed Karimov".
    shown: str = ""

    @property
    def speaks_for(self) -> bool:
        return self.points > 0


@dataclass(frozen=True)
class Score:
    points: int
    reasons: list[Reason] = field(default_factory=list)

    @property
    def is_offered(self) -> bool:
        return self.points >= OFFERED


def score(first: Person, second: Person) -> Score:
    """From 0 to 100, with the reasons for first, then those against."""
    found = [*_ways(first, second), *_names(first, second), *_circumstances(first, second)]
    reasons = sorted(found, key=lambda reason: -reason.points)
    return Score(max(0, min(100, sum(reason.points for reason in reasons))), reasons)


def _ways(first: Person, second: Person) -> list[Reason]:
    found = []
    if first.emails & second.emails:
        found.append(Reason(_("the same address"), SAME_EMAIL))
    if first.phones & second.phones:
        found.append(Reason(_("the same telephone"), SAME_PHONE))
    return found


def _names(first: Person, second: Person) -> list[Reason]:
    shown = first.name if first.name == second.name else f"{first.name} / {second.name}"
    found = [match(one, other) for one, other in product(first.names, second.names)]
    best = max(found, key=lambda verdict: verdict.score)
    fathers_differ = any(Why.OTHER_FATHER in verdict.reasons for verdict in found)
    against = [Reason(Why.OTHER_FATHER.text, OTHER_PATRONYMIC)] if fathers_differ else []
    if best.is_strong or (fathers_differ and best.contradicts):
        return [Reason(_("the same name"), SAME_NAME, shown), *against]
    if _had(first, second) or _had(second, first):
        return [Reason(_("a former surname"), FORMER_NAME, shown), *against]
    if not best.contradicts:
        return [Reason(best.reasons[0].text, ALIKE_NAME, shown), *against]
    return [Reason(best.reasons[0].text, OTHER_NAME, shown)]


def _had(first: Person, second: Person) -> bool:
    """Whether the first one formerly had a name of the second one."""
    return any(match(*pair).is_strong for pair in product(first.former_names, second.names))


def _circumstances(first: Person, second: Person) -> list[Reason]:
    found = []
    if common := first.organisations & second.organisations:
        found.append(Reason(_("the same organisation"), SAME_PLACE, ", ".join(sorted(common))))
    elif first.organisations and second.organisations:
        found.append(Reason(_("different organisations"), OTHER_PLACE))
    if first.birthday and second.birthday:
        same = first.birthday == second.birthday
        text = _("the same birthday") if same else _("different birthdays")
        found.append(Reason(text, SAME_BIRTHDAY if same else OTHER_BIRTHDAY))
    if first.gender and second.gender and first.gender != second.gender:
        found.append(Reason(pgettext_lazy("duplicates", "a woman and a man"), OTHER_GENDER))
    return found
