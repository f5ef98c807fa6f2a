from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from core.forms import TidyForm
from core.text import clean

from ..models import Organisation, organisation_key


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
    """Which organisation a member represents; empty: none. It makes no organisation: a typo would be a new one."""

    user = forms.ModelChoiceField(User.objects.none(), widget=forms.HiddenInput)
    organisation = forms.CharField(label=_("Organisation"), max_length=200, required=False)

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["user"].queryset = User.objects.with_right(Right.OWN_ORGANISATION)

    def clean(self):
        super().clean()
        name = self.cleaned_data.get("organisation", "")
        if name:
            self.cleaned_data["organisation"] = self._find(name)
        return self.cleaned_data

    def _find(self, name: str) -> Organisation | None:
        """One that `by` may see, or the one that stands there already. A restricted one is answered as an unknown."""
        named = Organisation.objects.filter(name_key=organisation_key(name))
        kept = named.filter(representations__user=self.cleaned_data.get("user"))
        found = named.visible_to(self.by).first() or kept.first()
        if found is None:
            refusal = _("There is no organisation “%(name)s”. What you typed is still here: choose a suggested name.")
            self.add_error("organisation", forms.ValidationError(refusal, params={"name": name}))
        return found
