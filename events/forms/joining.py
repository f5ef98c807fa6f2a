"""What somebody types who applies to take part."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core import addresses
from core.forms import TidyForm

from ..actions.answers import Needs
from ..actions.joining import Applicant
from ..models import Event
from ..states import Mode
from .asking import AskedFields
from .robots import RobotTrap
from .rsvp import LETTER_LANGUAGES


class JoinForm(RobotTrap, AskedFields, TidyForm, forms.Form):
    purpose = "join-form"

    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    outlet_name = forms.CharField(
        label=_("Outlet or organisation"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    address = forms.CharField(
        label=_("Your e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "email"}),
        help_text=_("There we write what was decided."),
    )
    language = forms.ChoiceField(label=_("Language of our letters"), choices=LETTER_LANGUAGES)
    needs_interpretation = forms.BooleanField(label=_("Interpretation, headphones"), required=False)
    needs_access = forms.BooleanField(label=_("Entrance without steps"), required=False)
    text = forms.CharField(
        label=_("What you do, and why you want to take part"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, **kwargs)
        if not event.has_interpretation:
            del self.fields["needs_interpretation"]
        if event.mode == Mode.ONLINE:
            del self.fields["needs_access"]
        self.ask(event)

    def clean_address(self):
        try:
            return addresses.parse(self.cleaned_data["address"]).address
        except addresses.NotAnAddress:
            refusal = _("This is no e-mail address. What you typed is still here: it looks like name@domain.tj.")
            raise forms.ValidationError(refusal) from None

    def clean(self):
        typed = super().clean() or self.cleaned_data
        self.check_asked(must_answer=True)
        return typed

    def applicant(self) -> Applicant:
        names = ["name", "outlet_name", "address", "language"]
        return Applicant(**{name: self.cleaned_data[name] for name in names})

    def needs(self) -> Needs:
        typed = self.cleaned_data
        asked = {name: typed.get(name, False) for name in ("needs_interpretation", "needs_access")}
        return Needs(**asked, language=typed["language"], text=typed["text"])
