"""What a reporter types on the website: few fields, and two things that a robot falls into."""

import time
from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import addresses, phones
from core.forms import TidyForm
from core.signing import BadToken, make_token, read_token

from ..models.requests import LANGUAGES

_SHOWN_AT = "press-form"
# Nobody types it all in less; and a form that lay open longer is opened again.
FASTEST, LONGEST = 4, 12 * 60 * 60


class PublicRequestForm(TidyForm, forms.Form):
    """`is_robot` says why a sender is taken for one: "field" or "time"; "" for a person."""

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
    # A person does not see it; a robot fills in whatever there is.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["shown"] = make_token(_SHOWN_AT, int(time.time()))

    @property
    def is_robot(self) -> str:
        if self.data.get("website"):
            return "field"
        try:
            age = time.time() - read_token(_SHOWN_AT, self.data.get("shown", ""))
        except BadToken:
            return "time"
        return "" if FASTEST <= age <= LONGEST else "time"

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
