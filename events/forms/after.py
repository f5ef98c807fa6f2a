"""A scanned list, as it is put in after an event."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mailings.files import Cleaned, Refused, document

_LARGEST = 8 * 1024 * 1024


class SignedListForm(forms.Form):
    scan = forms.FileField(label=_("Scan of the signed list"), help_text=_("PDF or a picture, up to 8 MB."))

    def clean_scan(self) -> Cleaned:
        file = self.cleaned_data["scan"]
        if file.size > _LARGEST:
            raise forms.ValidationError(_("The scan is larger than 8 MB. Make it smaller and choose it again."))
        try:
            return document(file.name, file.read())
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None
