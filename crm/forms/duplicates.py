"""Choose, field by field, what stays of two cards that become one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.forms import TidyForm

from ..matching import fields
from ..matching.moving import choice_of, twin_of
from ..models import Contact, PersonName, Position


@dataclass(frozen=True)
class Row:
    """One line of the comparison: what both cards say, and the field that chooses."""

    label: str
    keep: str
    drop: str
    # None where nobody chooses: what both cards have stays.
    field: forms.BoundField | None = None


class MergeForm(TidyForm, forms.Form):
    """A choice for each field in which the two cards differ. Of a sealed card it shows no text."""

    sure = forms.BooleanField(
        label=_("I have made sure that this is one person: the cards have little but the name in common."),
        required=False,
    )

    def __init__(self, *args, keep: Contact, drop: Contact, is_offered: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.keep, self.drop = keep, drop
        if is_offered:
            del self.fields["sure"]
        self.twins = {choice_of(row): (twin, row) for row, twin in self._twins()}
        for name in fields.differ(keep, drop):
            self._offer(name, fields.suggested(keep, drop, name), both=name == "note")
        for name in self.twins:
            self._offer(name, fields.KEEP, both=False)

    def _offer(self, name: str, initial: str, *, both: bool) -> None:
        choices = [(fields.KEEP, ""), (fields.DROP, "")] + [(fields.BOTH, _("Both, one under the other"))] * both
        self.fields[name] = forms.ChoiceField(
            choices=choices,
            initial=initial,
            required=False,
            widget=forms.RadioSelect,
            label=fields.label(name) if name in fields.FIELDS else name,
        )

    def _twins(self):
        """Names in one language and posts at one organisation that both cards have, and that say different things."""
        rows = [*self.drop.names.all(), *self.drop.positions.select_related("organisation")]
        for row in rows:
            twin = twin_of(row, self.keep)
            if twin and _said(row) != _said(twin):
                yield row, twin

    def clean_sure(self):
        if not self.cleaned_data["sure"]:
            raise forms.ValidationError(
                _("Tick that you have made sure. Two people with one name are often two people.")
            )
        return True

    def clean_basis(self):
        chosen = self.cleaned_data["basis"]
        if chosen and fields.needs_proof(self.keep, self.drop, chosen):
            raise forms.ValidationError(
                _("The stronger basis needs a proof. Choose the weaker one, or write the proof on its card first.")
            )
        return chosen

    @property
    def choices(self) -> dict[str, str]:
        return {name: choice for name, choice in self.cleaned_data.items() if choice and name != "sure"}

    @property
    def rows(self) -> list[Row]:
        """The lines in which the cards differ, each with its choice."""
        found = [
            Row(fields.label(name), *self._shown(name), self[name]) for name in fields.FIELDS if name in self.fields
        ]
        for name, (twin, row) in self.twins.items():
            found.append(Row(_label(row), _said(twin), _said(row), self[name]))
        return found

    @property
    def both(self) -> list[Row]:
        """What the card that stays has in the end from both."""
        cards = (self.keep, self.drop)
        found = [
            Row(_("E-mail"), *(_ways(contact, contact.emails.all(), str) for contact in cards)),
            Row(
                _("Telephone"),
                *(_ways(contact, contact.phones.all(), lambda phone: phone.display) for contact in cards),
            ),
            Row(_("Work"), *("\n".join(map(str, contact.current_positions)) for contact in cards)),
        ]
        return [row for row in found if row.keep or row.drop]

    @property
    def same(self) -> list[tuple[str, str]]:
        """What both cards say alike, in one line each."""
        differing = set(fields.differ(self.keep, self.drop))
        pairs = [(fields.label(name), self._shown(name)[0]) for name in fields.FIELDS if name not in differing]
        return [(label, value) for label, value in pairs if value]

    def _shown(self, name: str) -> tuple[str, str]:
        return _words(self.keep, name), _words(self.drop, name)


def _label(row: PersonName | Position) -> str:
    if isinstance(row, Position):
        return row.organisation.name
    return _t("Name (%(language)s)") % {"language": _language(row.language)}


def _language(code: str) -> str:
    return str(dict(settings.LANGUAGES)[code])


def _said(row: PersonName | Position) -> str:
    if isinstance(row, Position):
        return " · ".join(filter(None, [row.title, row.started_on])) or _t("without a title")
    return " · ".join(filter(None, [str(row), row.address]))


def _ways(contact: Contact, found: Iterable, shown: Callable) -> str:
    """One a line; of a sealed card only that there are some."""
    return "\n".join(_t("hidden") if contact.is_sealed else shown(way) for way in found)


def _words(contact: Contact, name: str) -> str:
    """What a card says, as people read it; nothing of what is sealed."""
    if name == "photo":
        return _t("there is one") if contact.photo else ""
    if name == "birthday":
        return f"{contact.birth_day:02}.{contact.birth_month:02}" if contact.birth_day else ""
    if name == "languages":
        return ", ".join(_language(code) for code in contact.language_codes)
    words = [_word(contact, column) for column in fields.FIELDS[name]]
    return ", ".join(filter(None, words))


def _word(contact: Contact, column: str) -> str:
    if getattr(contact, f"sealed_{column}", ""):
        return _t("hidden")
    value = getattr(contact, column)
    if not value:
        return ""
    if hasattr(value, "strftime"):
        return date_format(value, "SHORT_DATE_FORMAT")
    display = getattr(contact, f"get_{column}_display", None)
    return str(display() if display else value)
