from django import forms
from django.utils.translation import gettext_lazy as _

from core.text import clean

from ..models import Contact


class ErasureForm(forms.Form):
    """The name typed letter by letter, so that nobody is erased by a slip, and what is to stay or go beside."""

    name = forms.CharField(
        label=_("Type the name to confirm"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Type the name as it stands above. Nothing was erased.")},
    )
    never_again = forms.BooleanField(
        label=_("Also never write to them again"),
        required=False,
        help_text=_(
            "Addresses and telephones are kept as keys that nobody can read, and stop whoever brings them in again."
        ),
    )
    uploads = forms.BooleanField(label=_("Also delete the uploaded files they came from"), required=False)

    def __init__(self, *args, contact: Contact, uploads: list, **kwargs):
        super().__init__(*args, **kwargs)
        self.contact = contact
        if not uploads:
            del self.fields["uploads"]

    def clean_name(self):
        name = clean(self.cleaned_data["name"])
        if name.casefold() != clean(self.contact.name).casefold():
            raise forms.ValidationError(_("This is not the name that stands above. Nothing was erased."))
        return name

    def chosen(self) -> dict[str, bool]:
        return {name: bool(self.cleaned_data.get(name)) for name in ("never_again", "uploads")}
