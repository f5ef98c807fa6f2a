from django import forms
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core import phones

from .. import dates
from ..importing.headers import FIELDS, Mapping
from ..importing.proposals import CAREFUL, LEFT, RETIRED, RETURNED, SPELLING, STOP
from ..models import Contact, StopRule
from ..states import Sensitivity

FIELD_LABELS: dict[str, Promise] = {
    "name": _("Full name"),
    "surname": _("Surname"),
    "given_name": _("Given name"),
    "patronymic": _("Patronymic"),
    "organisation": _("Outlet or organisation"),
    "title": _("Position"),
    "emails": _("E-mail"),
    "phones": _("Telephone"),
    "contacts": _("E-mails and telephones together"),
    "kind": _("Who"),
    "languages": _("Languages"),
    "city": _("City"),
    "postal_address": _("Postal address"),
    "sensitivity": _("How carefully kept"),
    "note": _("Note"),
    "salutation": _("Form of address"),
    "greetings": _("Whether to greet"),
    "invitations": _("Whether to invite"),
    "mailings": _("Whether to send mailings"),
    "sent": _("Whether a card was sent"),
    "ignore": _("Do not import"),
}


class UploadForm(forms.Form):
    """A file with a list, or a table that is pasted."""

    file = forms.FileField(
        label=_("File with the list"),
        help_text=_("Excel (.xlsx, .xls), .ods, .csv, .tsv or vCards (.vcf), as it is: nothing has to be tidied up."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.ods,.csv,.tsv,.txt,.vcf"}),
        required=False,
        error_messages={
            "empty": _("The file is empty. Nothing was written. Choose the file with the list."),
        },
    )
    pasted = forms.CharField(
        label=_("Or paste a table"),
        help_text=_(
            "Mark the rows in the spreadsheet together with the names of the columns, copy and paste them here."
        ),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
    )

    def clean(self):
        """Either a file or a pasted table; a table becomes a file, so that the list can be read again as it came."""
        cleaned = super().clean()
        pasted = cleaned.pop("pasted", "")
        if not cleaned.get("file") and pasted.strip():
            cleaned["file"] = ContentFile(pasted.encode(), name=_t("pasted table") + ".tsv")
        elif not cleaned.get("file") and not self.has_error("file"):
            self.add_error("file", _("No file was chosen. Choose the file with the list."))
        return cleaned


class ImportForm(UploadForm):
    """Also who the people in it are, and on what ground we write to them."""

    kind = forms.ChoiceField(
        label=_("Who is in the list"),
        choices=Contact.Kind.choices,
        initial=Contact.Kind.JOURNALIST,
        widget=forms.RadioSelect,
    )
    basis = forms.ChoiceField(
        label=_("Where the list comes from"),
        choices=Contact.Basis.choices,
        initial=Contact.Basis.UNKNOWN,
        help_text=_("Set for new contacts only. A file never changes the basis of somebody who is here already."),
    )


class ColumnsForm(forms.Form):
    """Which sheets are read and which field each of their columns goes to."""

    def __init__(self, *args, mappings: list[Mapping], **kwargs):
        super().__init__(*args, **kwargs)
        self.mappings = [mapping for mapping in mappings if mapping.columns]
        for number, mapping in enumerate(self.mappings):
            self.fields[f"use_{number}"] = forms.BooleanField(
                label=_("Read this sheet"), required=False, initial=mapping.is_used
            )
            for column in mapping.columns:
                self.fields[f"column_{number}_{column.index}"] = forms.ChoiceField(
                    label=column.title or f"{column.index + 1}",
                    choices=[("", _("Choose a field")), *self.offered()],
                    required=False,
                    initial=column.field,
                )

    def offered(self) -> list[tuple[str, Promise]]:
        """The fields that a column may go to."""
        raise NotImplementedError

    def sheets(self):
        """Each sheet with its checkbox and its columns, each with its select."""
        for number, mapping in enumerate(self.mappings):
            columns = [(column, self[f"column_{number}_{column.index}"]) for column in mapping.columns]
            yield mapping, self[f"use_{number}"], columns

    def has_changed(self) -> bool:
        """Whether something else is chosen than what the list was read with."""
        return any(self[name].field.has_changed(self[name].initial, self[name].data) for name in self.fields)

    def kept(self) -> dict[str, dict]:
        """What the upload's `mapping` keeps of each sheet."""
        return {
            mapping.sheet: {
                "use": self.cleaned_data[use.name],
                "columns": {str(column.index): self.cleaned_data[select.name] for column, select in columns},
            }
            for mapping, use, columns in self.sheets()
        }


class MappingForm(ColumnsForm):
    """Also who is on each sheet."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number, mapping in enumerate(self.mappings):
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=_("Who is on this sheet"),
                choices=[("", _("As said for the whole file")), *Contact.Kind.choices],
                required=False,
                initial=mapping.kind,
            )

    def offered(self):
        return [(name, FIELD_LABELS[name]) for name in FIELDS]

    def sheets_of_people(self):
        """As `sheets`, with the kind."""
        for number, (mapping, use, columns) in enumerate(self.sheets()):
            yield mapping, use, self[f"kind_{number}"], columns

    def kept(self):
        kept = super().kept()
        for mapping, _use, kind, _columns in self.sheets_of_people():
            kept[mapping.sheet]["kind"] = self.cleaned_data[kind.name]
        return kept


def facts(changes: list[list[str]]) -> list[tuple[Promise, str]]:
    """What a row will write beside the name, for people: a label and the values of each field."""
    values: dict[str, list[str]] = {}
    for name, value in changes:
        if name != "name":
            values.setdefault(name, []).append(_WORDS.get(name, str)(value))
    return [(FIELD_LABELS[name], ", ".join(texts).replace("\n", "; ")) for name, texts in values.items()]


def closed_values(found: dict) -> list[dict[str, object]]:
    """The columns that know only a few values: each with its title and [as typed, as it is read, how often]."""
    return [
        column
        | {
            "values": [
                (typed, read and _WORDS[column["field"]](read), count) for typed, read, count in column["values"]
            ]
        }
        for column in found.get("closed", [])
    ]


def wish(proposal: dict[str, object]) -> str:
    """What agreeing to a proposal does, in words."""
    if proposal["kind"] == STOP:
        rule = StopRule(scope=proposal["scope"], channel=proposal["channel"])
        said = _t("Stop rule: %(what)s") % {"what": rule.words}
        until = proposal["until"] and _t("until %(day)s") % {"day": dates.words(proposal["until"])}
        return ", ".join(filter(None, [said, until]))
    if proposal["kind"] == LEFT and not proposal["value"]:
        return _t("The work there has ended")
    return str(_DONE[proposal["kind"]]) % {"value": proposal["value"], "quote": proposal["quote"]}


_DONE = {
    LEFT: _("The work at «%(value)s» has ended"),
    RETURNED: _("Letters to %(value)s came back: do not use it any more"),
    SPELLING: _("Write %(value)s instead of what is typed"),
    CAREFUL: _("Keep the contact internal"),
    RETIRED: _("%(value)s is not used any more"),
}


def _language_names(codes: str) -> str:
    names = dict(settings.LANGUAGES)
    return ", ".join(str(names[code]) for code in codes.split())


def _kind_name(kind: str) -> str:
    return str(Contact.Kind(kind).label)


def _level_name(level: str) -> str:
    return str(Sensitivity(level).label)


_WORDS = {
    "phones": phones.display,
    "languages": _language_names,
    "kind": _kind_name,
    "sensitivity": _level_name,
}
