from django import forms
from django.conf import settings
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorFormField

from accounts.roles import Right
from core.forms import TidyForm
from crm.criteria import CRITERIA, INCLUDE
from crm.models import Contact

from .models import Mailing, MailingVersion

EDITOR = {
    "Bold": True, "Italic": True, "Heading": {"levels": [2, 3]}, "BulletList": True, "OrderedList": True,
    "ListItem": True, "Blockquote": True, "Link": {"enableTarget": False}, "HorizontalRule": True, "History": True,
}  # fmt: skip

MAX_BODY = 80_000


class MailingForm(TidyForm, forms.ModelForm):
    class Meta:
        model = Mailing
        fields = ["title", "kind", "topics"]
        help_texts = {
            "title": _("Only staff see it, in the list of mailings."),
            "topics": _("Whoever wants nothing about one of them does not get it."),
        }
        widgets = {"kind": forms.RadioSelect, "topics": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.fields["topics"].queryset.exists():
            del self.fields["topics"]


class VersionForm(TidyForm, forms.ModelForm):
    """One language version. `revision` is the save this page was opened at."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    # Longer letters are cut by mail services, and very deep ones take minutes to clean.
    body = ProseEditorFormField(label=_("Text"), required=False, extensions=EDITOR, sanitize=True, max_length=MAX_BODY)

    class Meta:
        model = MailingVersion
        fields = ["subject", "preheader", "body", "revision"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # As much as an inbox shows of each.
        for name, shown in (("subject", 70), ("preheader", 100)):
            self.fields[name].widget.attrs |= {
                "lang": self.instance.language,
                "data-count": shown,
                "autocomplete": "off",
            }
        self.fields["body"].widget.attrs |= {"lang": self.instance.language}


class AudienceForm(forms.Form):
    """The rule of an audience: the same criteria as the contact list's filters."""

    kind = forms.MultipleChoiceField(
        label=_("Who"),
        choices=[(kind.value, kind.plural) for kind in Contact.Kind],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.MultipleChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    city = forms.MultipleChoiceField(label=_("City"), required=False, widget=forms.SelectMultiple(attrs={"size": 5}))

    restricted = forms.MultipleChoiceField(
        label=_("Organisations banned by a court"),
        choices=[(INCLUDE, _("include people of banned organisations"))],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["city"].choices = [(city, city) for city in Contact.objects.visible_to(user).cities()]
        self.labels = {name: dict(field.choices) for name, field in self.fields.items()}
        if not user.may(Right.CONTACTS_RESTRICTED):
            del self.fields["restricted"]

    def labels_of(self, rule: dict[str, list[str]]) -> list[str]:
        """A stored rule in the words of the form, also those that this person could not choose."""
        labels = self.labels
        everybody = [] if any(rule.get(name) for name in CRITERIA) else [_t("All contacts")]
        return everybody + [str(labels[name].get(value, value)) for name in labels for value in rule.get(name, [])]
