"""Speakers: what they speak on, in what, and what they do not do."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core import addresses
from core.forms import TidyForm
from crm.models import Organisation, Topic
from crm.states import OrganisationKind, Region

from ..desk_states import Consent, Wanted
from ..models import Expert
from ..models.requests import LANGUAGES

_CHECKS = forms.CheckboxSelectMultiple


class ExpertForm(TidyForm, forms.ModelForm):
    language_list = forms.MultipleChoiceField(label=_("Languages"), choices=LANGUAGES, widget=_CHECKS)
    topic_names = forms.CharField(
        label=_("Topics"), required=False, max_length=300, help_text=_("Words with commas between them.")
    )
    region_list = forms.MultipleChoiceField(label=_("Regions"), choices=Region, widget=_CHECKS, required=False)
    refused_list = forms.MultipleChoiceField(label=_("Does not do"), choices=Wanted, widget=_CHECKS, required=False)
    address = forms.CharField(
        label=_("E-mail"), required=False, max_length=254, help_text=_("Encrypted. Questions with a link go there.")
    )

    class Meta:
        model = Expert
        fields = ["name", "title", "organisation", "limits", "most_a_week", "away_until", "is_active"]
        widgets = {"away_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        members = Organisation.objects.visible_to(user).filter(kind=OrganisationKind.MEMBER)
        present = Organisation.objects.filter(pk=self.instance.organisation_id)
        self.fields["organisation"].queryset = members | present
        if self.instance.pk:
            self.initial |= {
                "language_list": self.instance.language_codes,
                "topic_names": ", ".join(topic.name for topic in self.instance.topics.all()),
                "region_list": self.instance.regions.split(),
                "refused_list": self.instance.refuses.split(),
                "address": self.instance.address,
            }

    def clean_address(self) -> str:
        text = self.cleaned_data["address"]
        try:
            return addresses.parse(text).address if text else ""
        except addresses.NotAnAddress:
            raise forms.ValidationError(_("This is no e-mail address. Correct it or leave it empty.")) from None

    def clean_topic_names(self) -> list[Topic]:
        try:
            return [Topic.objects.named(name) for name in self.cleaned_data["topic_names"].split(",") if name.strip()]
        except ValueError:
            raise forms.ValidationError(_("Topics are words. Write them with commas between.")) from None

    def made(self) -> Expert:
        expert = self.save(commit=False)
        expert.languages = " ".join(self.cleaned_data["language_list"])
        expert.regions = " ".join(self.cleaned_data["region_list"])
        expert.refuses = " ".join(self.cleaned_data["refused_list"])
        return expert


class AskSpeakerForm(TidyForm, forms.Form):
    """What a speaker is told. It begins with what the request is about, never with who asks."""

    text = forms.CharField(
        label=_("What we ask the speaker"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Without the name and the address of the reporter."),
    )


class SpeakerAnswerForm(TidyForm, forms.Form):
    status = forms.ChoiceField(
        label=_("Would you speak?"),
        choices=[(Consent.YES.value, _("Yes, I agree")), (Consent.NO.value, _("No"))],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("When you could, and on what conditions"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
