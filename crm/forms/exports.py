from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.text import clean

from ..models import Export

LEAST = 10
PER_SHEET = {Export.Format.LABELS_24: 24, Export.Format.LABELS_14: 14}


class TakeOutForm(forms.Form):
    """What for. Who is meant comes from the list, as its address, so that it is asked for anew."""

    query = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("What for"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One sentence that a colleague will understand in a year. All administrators see it."),
        error_messages={"required": _("Say what the file is for.")},
    )

    def clean_reason(self):
        reason = clean(self.cleaned_data["reason"])
        if len(reason) < LEAST:
            raise forms.ValidationError(_("Say it in a few more words: at least ten letters."))
        return reason


class ExportForm(TakeOutForm):
    """In which kind of file."""

    format = forms.ChoiceField(
        label=_("Kind of file"),
        choices=[(kind.value, kind.label) for kind in Export.FILES],
        initial=Export.Format.XLSX,
        widget=forms.RadioSelect(attrs={"class": "choices choices--row"}),
    )
    with_notes = forms.BooleanField(
        label=_("Put our notes into the cards"),
        required=False,
        help_text=_("Only for vCard. What is in a telephone is read by whoever takes it away."),
    )


class PrintForm(TakeOutForm):
    """On which paper."""

    format = forms.ChoiceField(
        label=_("What to print"),
        choices=[(kind.value, kind.label) for kind in Export.PAPER],
        initial=Export.Format.LIST,
        widget=forms.RadioSelect(attrs={"class": "choices"}),
    )
    first = forms.IntegerField(
        label=_("First label"),
        initial=1,
        required=False,
        widget=forms.NumberInput(attrs={"min": 1, "max": max(PER_SHEET.values()), "class": "control control--short"}),
        help_text=_("Where to begin on a sheet that is used in part: counted row by row from the upper left."),
    )

    def clean(self):
        words = super().clean()
        # A list has no labels, and what stands in their field does not matter.
        most = PER_SHEET.get(words.get("format"), max(PER_SHEET.values()))
        words["first"] = 1 if words.get("first") is None else words["first"]
        if not 1 <= words["first"] <= most and words.get("format") in PER_SHEET:
            message = ngettext(
                "Such a sheet has %(most)s label. Give the number of one of them.",
                "Such a sheet has %(most)s labels. Give the number of one of them.",
                most,
            )
            self.add_error("first", message % {"most": most})
        return words


class DossierForm(forms.Form):
    """What goes into the file for the person."""

    with_notes = forms.BooleanField(
        label=_("With what we noted"),
        required=False,
        initial=True,
        help_text=_("The note, calls, meetings and reminders. The law gives the person everything kept about them."),
    )
