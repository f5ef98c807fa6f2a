"""What a reporter types on the website: few fields."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import addresses, phones
from core.forms import TidyForm

from ..models.requests import LANGUAGES
from .robots import RobotTrap


class PublicRequestForm(RobotTrap, TidyForm, forms.Form):
    purpose = "press-form"

    reporter_name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    outlet_name = forms.CharField(
        label=_("Outlet"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    reach = forms.CharField(
        label=_("Where to answer"), max_length=200, help_text=_("An e-mail address or a telephone.")
    )
    subject = forms.CharField(label=_("What it is about"), max_length=200)
    question = forms.CharField(label=_("Your questions"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))
    deadline = forms.DateTimeField(
        label=_("Answer needed by"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Time of Dushanbe, UTC+5."),
    )
    language = forms.ChoiceField(label=_("Language of the answer"), choices=LANGUAGES)

    def clean_deadline(self) -> datetime | None:
        deadline = self.cleaned_data["deadline"]
        if deadline and deadline <= timezone.now():
            raise forms.ValidationError(_("This moment is over. Choose a later one."))
        return deadline

    def clean(self):
        super().clean()
        text = self.cleaned_data.pop("reach", "")
        self.cleaned_data |= {"address": "", "phone": ""}
        try:
            if "@" in text:
                self.cleaned_data["address"] = addresses.parse(text).address
            elif text:
                self.cleaned_data["phone"] = phones.parse(text)
        except (addresses.NotAnAddress, phones.NotAPhone):
            self.add_error("reach", _("This is neither an address nor a telephone. Correct it."))

    def values(self) -> dict[str, object]:
        return {name: value for name, value in self.cleaned_data.items() if name not in {"website", "shown"}}
