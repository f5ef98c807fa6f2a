from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from core.forms import TidyForm
from core.text import clean

from ..models import organisation_key


def _named(name: str) -> str:
    """A name that names something, or nothing at all."""
    name = clean(name)
    if name and not organisation_key(name):
        raise forms.ValidationError(_("An organisation has letters or digits in its name."))
    return name


class RestrictionForm(TidyForm, forms.Form):
    """An organisation that a court has banned."""

    name = forms.CharField(label=_("Organisation"), max_length=200, help_text=_("Any spelling of its name will do."))
    on = forms.DateField(label=_("Banned on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    note = forms.CharField(
        label=_("Court and number"),
        max_length=300,
        required=False,
        help_text=_("As the decision is called, for whoever asks later."),
    )

    def clean_name(self):
        return _named(self.cleaned_data["name"])

    def clean_on(self):
        if self.cleaned_data["on"] > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come. Enter a ban once it is in force."))
        return self.cleaned_data["on"]


class RepresentationForm(TidyForm, forms.Form):
    """Which organisation a member represents; empty: none."""

    user = forms.ModelChoiceField(User.objects.none(), widget=forms.HiddenInput)
    organisation = forms.CharField(label=_("Organisation"), max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.with_right(Right.OWN_ORGANISATION)

    def clean_organisation(self):
        return _named(self.cleaned_data["organisation"])
