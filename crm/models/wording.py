"""Rules in the words of the screen: every criterion and value by the name people know it under."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from accounts.models import User
from audit.changes import Text

from ..criteria import CRITERIA, INCLUDE, RESTRICTED
from ..states import OrganisationKind, Ownership, Region, Sensitivity
from .contact import Contact
from .labels import Tag, Topic
from .organisation import Organisation
from .segments import Segment

Rule = Mapping[str, list[str]]

LABELS = {
    "q": _("Words"),
    "kind": _("Who"),
    "language": _("Language"),
    "region": _("Region"),
    "city": _("City"),
    "topic": _("Topic"),
    "tag": _("Tag"),
    "organisation": _("Outlet or organisation"),
    "organisation_kind": _("Kind of organisation"),
    "ownership": _("Whose organisation"),
    "basis": _("Basis for writing"),
    "owner": _("Who keeps in touch"),
    "entity": _("Person or post"),
    "letters": _("Letters"),
    "sensitivity": _("How carefully kept"),
    "segment": _("Segment"),
    "active": _("In touch"),
    "not_tag": _("Without the tag"),
    "not_segment": _("Not in the segment"),
    RESTRICTED: _("Organisations banned by a court"),
}
CHOICES = {
    "kind": Contact.Kind.choices,
    "language": settings.LANGUAGES,
    "region": Region.choices,
    "organisation_kind": OrganisationKind.choices,
    "ownership": Ownership.choices,
    "basis": Contact.Basis.choices,
    "entity": [("person", pgettext_lazy("entity", "a person")), ("post", pgettext_lazy("entity", "a post"))],
    "letters": [("yes", _("can be sent")), ("stopped", _("on the stop list")), ("no_address", _("no address"))],
    "sensitivity": Sensitivity.choices,
    "active": [("month", _("within a month")), ("year", _("within a year"))],
    RESTRICTED: [(INCLUDE, _("include people of banned organisations"))],
}
_LONGEST_KEY = 19
_ROWS = {
    "topic": Topic,
    "tag": Tag,
    "not_tag": Tag,
    "organisation": Organisation,
    "owner": User,
    "segment": Segment,
    "not_segment": Segment,
}


def keys_in(values: Iterable[str]) -> set[int]:
    """The keys among these values; a number no database has room for is the key of nothing."""
    return {int(value) for value in values if str(value).isdecimal() and len(str(value)) < _LONGEST_KEY}


@dataclass(frozen=True)
class Part:
    """One criterion of a rule in words. `gone` are its values that are not there any more."""

    name: str
    label: str
    values: list[str]
    gone: list[str]

    def __str__(self):
        return f"{self.label}: {', '.join(self.values)}"


class Wording:
    """The words of some rules; whatever names they need is looked up once for all of them.

    Who may not see restricted organisations reads that such a one is gone, as if it had never been.
    """

    def __init__(self, rules: Iterable[Rule], *, sees_restricted: bool):
        self._sees_restricted = sees_restricted
        wanted: dict[type, set[int]] = defaultdict(set)
        for rule in rules:
            for name in rule.keys() & _ROWS.keys():
                wanted[_ROWS[name]] |= keys_in(rule[name])
        self._names = {model: self._look_up(model, keys) for model, keys in wanted.items()}

    def parts(self, rule: Rule) -> list[Part]:
        """In the order of the criteria, whatever order the rule was stored in."""
        return [self._part(name, rule[name]) for name in [*CRITERIA, RESTRICTED] if rule.get(name)]

    def sentence(self, rule: Rule) -> str:
        return "; ".join(map(str, self.parts(rule))) or _t("All contacts")

    def gone(self, rule: Rule) -> list[Part]:
        """The criteria of a rule that name what is not there any more: nobody fits such a value."""
        return [part for part in self.parts(rule) if part.gone]

    def names(self, name: str, values: Iterable[str]) -> dict[str, str]:
        """What each value of a criterion is called; a value that is gone is left out."""
        if name in CHOICES:
            known = {str(value): str(label) for value, label in CHOICES[name]}
        elif name in _ROWS:
            known = dict(self._names[_ROWS[name]])
            known |= {"none": _t("nobody")} if name == "owner" else {}
        else:
            known = {value: value for value in values}
        return {value: known[value] for value in values if value in known}

    def _part(self, name: str, values: list[str]) -> Part:
        names = self.names(name, values)
        missing = pgettext("a value of a filter", "no longer there")
        gone = [value for value in values if value not in names]
        return Part(name, str(LABELS[name]), [names.get(value, missing) for value in values], gone)

    def _look_up(self, model: type, keys: set[int]) -> dict[str, str]:
        found = model.objects.filter(pk__in=keys)
        if model is Organisation and not self._sees_restricted:
            found = found.filter(restricted_on=None)
        return {str(key): name for key, name in found.values_list("pk", "name")}


def for_journal(rule: Rule) -> dict[str, list[str] | Text]:
    """A rule as the journal keeps it: closed lists as codes, rows by name, and of words typed only how many."""
    wording = Wording([rule], sees_restricted=False)
    kept: dict[str, list[str] | Text] = {}
    for part in wording.parts(rule):
        values = part.values if part.name in _ROWS else rule[part.name]
        kept[f"audience.{part.name}"] = Text(" ".join(values)) if part.name == "q" else values
    return kept
