from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import addresses
from core.forms import TidyForm

from ..actions.suppression import WhyLifted
from ..models import Topic
from ..states import Channel, Scope


class StopRuleForm(TidyForm, forms.Form):
    """Something a person does not want."""

    scope = forms.ChoiceField(label=_("What they do not want"), choices=Scope)
    topic = forms.ModelChoiceField(
        Topic.objects.none(), label=_("Which topic"), required=False, empty_label=_("Choose a topic")
    )
    channel = forms.ChoiceField(
        label=_("Which way"), required=False, choices=[("", _("Choose a way of reaching")), *Channel.choices]
    )
    until_on = forms.DateField(
        label=_("Until which day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("This day included. Empty: for ever."),
    )
    reason = forms.CharField(
        label=_("How we know"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Who said it, when, in what words."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="stop_%s", **kwargs)
        self.fields["topic"].queryset = Topic.objects.all()

    def clean_until_on(self):
        day = self.cleaned_data["until_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("This day is over. Choose one to come, or leave it empty."))
        return day

    def clean(self):
        """A topic or a channel belongs to its own scope; of another it is left out."""
        super().clean()
        given, scope = self.cleaned_data, self.cleaned_data.get("scope")
        if scope == Scope.TOPIC and not given.get("topic"):
            self.add_error("topic", _("Choose the topic they want nothing about."))
        if scope == Scope.CHANNEL and not given.get("channel"):
            self.add_error("channel", _("Choose the way in which not to reach them."))
        given["topic"] = given.get("topic") if scope == Scope.TOPIC else None
        given["channel"] = given.get("channel", "") if scope == Scope.CHANNEL else ""
        return given


class SuppressionForm(TidyForm, forms.Form):
    """An address put on the stop list by hand."""

    address = forms.CharField(
        label=_("E-mail"), max_length=254, widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"})
    )
    evidence = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_("Who asked for it and when. Write no addresses and no telephone numbers here."),
    )

    def clean_address(self):
        try:
            return addresses.parse(self.cleaned_data["address"]).address
        except addresses.NotAnAddress:
            refusal = _("This is no e-mail address. What you typed is still here: it looks like name@domain.tj.")
            raise forms.ValidationError(refusal) from None


class LiftForm(forms.Form):
    """Why an address comes off the stop list: one of a few words, since the journal keeps it."""

    why = forms.ChoiceField(label=_("Why"), choices=[("", _("Choose why")), *WhyLifted.choices])
