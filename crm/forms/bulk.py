"""What to do with many contacts at once, and with whom."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right, holders
from core.text import clean, fold

from ..models import Segment, Tag
from ..states import BulkAction, Region, Scope

NOBODY = "none"
# Those that say all there is to say by themselves; a topic, a channel or a day is for the contact's own page.
SCOPES = [Scope.EVERYTHING, Scope.BULK, Scope.NEWS, Scope.GREETINGS, Scope.INVITATIONS]
# What each action needs to be told.
FIELDS = {
    BulkAction.TAG: ["tag"],
    BulkAction.UNTAG: ["tag"],
    BulkAction.TOPIC: ["topic"],
    BulkAction.LIST: ["segment"],
    BulkAction.REGION: ["region"],
    BulkAction.OWNER: ["owner"],
    BulkAction.STOP: ["scope", "reason"],
    BulkAction.ARCHIVE: [],
    BulkAction.RESTORE: [],
}


class BulkForm(forms.Form):
    action = forms.ChoiceField(choices=BulkAction, widget=forms.HiddenInput)
    # The filter of the list as its address, so that "all of them" is asked for anew.
    query = forms.CharField(required=False, widget=forms.HiddenInput)
    everybody = forms.BooleanField(required=False, widget=forms.HiddenInput)
    confirmed = forms.IntegerField(required=False, widget=forms.HiddenInput)
    tag = forms.CharField(
        label=_("Tag"), max_length=60, required=False, widget=forms.TextInput(attrs={"list": "known-tags"})
    )
    topic = forms.CharField(
        label=_("Topic"), max_length=60, required=False, widget=forms.TextInput(attrs={"list": "known-topics"})
    )
    segment = forms.ModelChoiceField(Segment.objects.none(), label=_("List"), required=False, empty_label=_("Choose"))
    region = forms.ChoiceField(
        label=_("Region"), required=False, choices=[("", _("Choose")), *Region.choices, (NOBODY, _("Not known"))]
    )
    owner = forms.ChoiceField(label=_("Who keeps in touch"), required=False)
    scope = forms.ChoiceField(
        label=_("What not"), required=False, choices=[("", _("Choose")), *((one.value, one.label) for one in SCOPES)]
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def __init__(self, *args, **kwargs):
        # The filter beside it has fields of the same names.
        super().__init__(*args, auto_id="bulk_%s", **kwargs)
        self.fields["segment"].queryset = Segment.objects.filter(kind=Segment.Kind.LIST)
        editors = User.objects.filter(role__in=holders(Right.CONTACTS_EDIT), is_active=True).order_by("name")
        owners = [(str(user.pk), user.name) for user in editors]
        self.fields["owner"].choices = [("", _("Choose")), *owners, (NOBODY, _("Nobody"))]

    def clean_tag(self):
        return clean(self.cleaned_data["tag"])

    def clean_topic(self):
        return clean(self.cleaned_data["topic"])

    def clean(self):
        data = super().clean()
        if not (needed := FIELDS.get(data.get("action"), [])):
            return data
        name = needed[0]
        if name not in self.errors and not data.get(name):
            self.add_error(name, _("Say which one."))
        elif name in {"tag", "topic"} and name not in self.errors:
            self._check_label(name, data[name])
        return data

    def _check_label(self, name: str, words: str) -> None:
        if not any(map(str.isalnum, fold(words))):
            self.add_error(name, _("A name has at least one letter or digit."))
        elif self.cleaned_data["action"] == BulkAction.UNTAG and not Tag.objects.filter(key=fold(words)).exists():
            self.add_error(name, _("There is no such tag. Choose one of those that are offered."))

    def asked(self) -> list:
        """The fields that the action needs, to show them again."""
        return [self[name] for name in FIELDS.get(self["action"].value(), [])]

    @property
    def value(self) -> object:
        """What the action is given: a name, a row, a word, or nothing."""
        needed = FIELDS[self.cleaned_data["action"]]
        given = self.cleaned_data[needed[0]] if needed else None
        if needed == ["owner"]:
            return None if given == NOBODY else User.objects.get(pk=given)
        return "" if given == NOBODY else given

    def words(self) -> str:
        """What it is given, as people call it."""
        needed = FIELDS[self.cleaned_data["action"]]
        if not needed:
            return ""
        given = self.cleaned_data[needed[0]]
        choices = dict(getattr(self.fields[needed[0]], "choices", [])) if isinstance(given, str) else {}
        return str(choices.get(given, given))
