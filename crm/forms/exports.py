from django import forms
from django.utils.translation import gettext_lazy as _

from core.text import clean

from ..models import Export

LEAST = 10


class ExportForm(forms.Form):
    """What for, and in which form. Who is meant comes from the list, as its address, so that it is asked for anew."""

    query = forms.CharField(required=False, widget=forms.HiddenInput)
    format = forms.ChoiceField(
        label=_("Kind of file"),
        choices=Export.Format.choices,
        initial=Export.Format.XLSX,
        widget=forms.RadioSelect(attrs={"class": "choices choices--row"}),
    )
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
