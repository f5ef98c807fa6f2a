"""An uploaded list of organisations: the file, its columns, and the differences it makes in words."""

from django import forms
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ..importing.organisations import CHOICES
from ..models import Organisation
from ..states import PRESS_LANGUAGES
from .imports import FIELD_LABELS, ColumnsForm, UploadForm

_LANGUAGES = dict(PRESS_LANGUAGES)


class OrganisationUploadForm(UploadForm):
    replaces = forms.BooleanField(
        label=_("Where the list says otherwise, the list is right"),
        help_text=_("Without this, a list only fills what is empty. Names, states and bans stay in any case."),
        required=False,
    )


class OrganisationColumnsForm(ColumnsForm):
    replaces = OrganisationUploadForm.base_fields["replaces"]

    def offered(self):
        return [(name, label_of(name)) for name in CHOICES]

    def clean(self):
        cleaned = super().clean()
        if any(self._is_nameless(use, columns) for _mapping, use, columns in self.sheets()):
            raise forms.ValidationError(
                _("Say which column holds the names of the organisations, or do not read the sheet.")
            )
        return cleaned

    def _is_nameless(self, use, columns) -> bool:
        chosen = [self.cleaned_data.get(select.name) for _column, select in columns]
        return self.cleaned_data[use.name] and "name" not in chosen


def label_of(name: str) -> Promise | str:
    match name:
        case "name":
            return _("Name of the organisation")
        case "former_names":
            return _("Former names")
        case "domains":
            return _("Domains")
        case "ignore":
            return FIELD_LABELS["ignore"]
    return capfirst(Organisation._meta.get_field(name).verbose_name)


def difference(changes: list[list]) -> list[tuple[Promise | str, str, str]]:
    """What a row does, for people: a label, what is there, and what will be."""
    return [
        (label_of(name), _said(name, before), _said(name, after)) for name, before, after in changes if name != "name"
    ]


def _said(name: str, value: object) -> str:
    if name == "languages":
        return ", ".join(str(_LANGUAGES[code]) for code in value.split())
    if name in {"former_names", "domains"}:
        return value
    return str(dict(Organisation._meta.get_field(name).flatchoices).get(value, value)).replace("\n", "; ")
