"""Forms of mailings: what one is, its words, to whom it goes."""

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorFormField

from accounts.models import User
from accounts.roles import Right
from core.forms import TidyForm
from crm.criteria import RESTRICTED
from crm.models import Contact, Counted, Part, Segment, Tag, Topic, Wording
from crm.models.wording import CHOICES, LABELS

from ..actions import MOST_TESTS
from ..bodies import tidy
from ..merge_fields import nearest, unknown_fields
from ..models import Mailing, MailingVersion

EDITOR = {
    "Bold": True, "Italic": True, "Heading": {"levels": [2, 3]}, "BulletList": True, "OrderedList": True,
    "ListItem": True, "Blockquote": True, "Link": {"enableTarget": False}, "HorizontalRule": True, "History": True,
    "HardBreak": True, "Table": {"resizable": False}, "TableRow": True, "TableHeader": True, "TableCell": True,
    # The page has a bar of its own.
    "Menu": False, "Picture": True, "Fields": True,
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
    body = ProseEditorFormField(label=_("Text"), required=False, extensions=EDITOR, sanitize=tidy, max_length=MAX_BODY)

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

    def clean(self):
        """A field that does not exist is refused, and the one that was probably meant is named."""
        super().clean()
        for name in ("subject", "preheader", "body"):
            for field in dict.fromkeys(unknown_fields(self.cleaned_data.get(name, ""))):
                self.add_error(name, _no_such_field(field, self.instance.language))

    def typed(self) -> dict[str, str]:
        """What was typed, safe to show though nobody has checked it."""
        self.is_valid()
        kept = {name: self.cleaned_data.get(name) or self[name].data or "" for name in ("subject", "preheader")}
        return kept | {"body": tidy((self["body"].data or "")[:MAX_BODY])}


def _no_such_field(field: str, language: str) -> str:
    if meant := nearest(field, language):
        text = _t("There is no field %(field)s. Did you mean %(meant)s? Nothing is saved yet, your text is here.")
        return text % {"field": field, "meant": meant}
    text = _t("There is no field %(field)s. Choose one from the menu “Form of address”, or write it without braces.")
    return text % {"field": field}


class LanguagesForm(forms.Form):
    """Which version the others translate, and whose readers are left out where there is no text in theirs."""

    source = forms.ChoiceField(label=_("Written first in"), choices=MailingVersion.Language)
    strict = forms.MultipleChoiceField(
        label=_("Leave out rather than send in another language"),
        choices=MailingVersion.Language,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class TestForm(forms.Form):
    """Who of the staff gets a test letter."""

    __test__ = False

    to = forms.ModelMultipleChoiceField(
        label=_("To whom"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        colleagues = User.objects.with_right(Right.MAILINGS_VIEW).order_by("name", "pk")
        self.fields["to"].queryset = colleagues
        self.fields["to"].initial = [user.pk]
        self.fields["to"].label_from_instance = lambda colleague: colleague.name or colleague.email
        self.fields["to"].error_messages["required"] = _("Choose at least one person.")

    def clean_to(self):
        to = self.cleaned_data["to"]
        if len(to) > MOST_TESTS:
            raise forms.ValidationError(
                _t("At most %(count)s people get a test letter at once.") % {"count": MOST_TESTS}
            )
        return to


class AudienceForm(forms.Form):
    """The rule of an audience: the same criteria as the contact list's filters and segments."""

    # Shown at once; the others are behind a fold.
    MAIN = ["segment", "kind", "language", "city"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        cities = Contact.objects.visible_to(user).cities()
        found = list(Segment.objects.all())
        segments = _choices_of(found)
        self.fields |= {
            "segment": _boxes("segment", segments),
            "kind": _boxes("kind", [(kind.value, kind.plural) for kind in Contact.Kind]),
            "language": _boxes("language"),
            "city": forms.MultipleChoiceField(
                label=LABELS["city"],
                choices=[(city, city) for city in cities],
                required=False,
                widget=forms.SelectMultiple(attrs={"size": 5}),
            ),
            "not_segment": _boxes("not_segment", segments),
            "region": _boxes("region"),
            "topic": _boxes("topic", _choices_of(Topic.objects.all())),
            "tag": _boxes("tag", _choices_of(Tag.objects.all())),
            "organisation_kind": _boxes("organisation_kind"),
            RESTRICTED: _boxes(RESTRICTED),
        }
        if not user.may(Right.CONTACTS_RESTRICTED):
            del self.fields[RESTRICTED]
        self.counted = [Counted(segment) for segment in found]
        self.is_unfolded = any(self.initial.get(name) for name in self.fields if name not in self.MAIN)

    @property
    def main(self):
        return [self[name] for name in self.MAIN if self.fields[name].choices]

    @property
    def rest(self):
        return [self[name] for name in self.fields if name not in self.MAIN and self.fields[name].choices]


def _choices_of(rows) -> list[tuple[str, str]]:
    return [(str(row.pk), row.name) for row in rows]


def _boxes(name: str, choices=None) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=LABELS[name],
        choices=CHOICES[name] if choices is None else choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def rule_labels(rule: dict[str, list[str]], *, user) -> list[str]:
    """A stored rule in words, also those that this person could not choose."""
    parts = Wording([rule], sees_restricted=user.may(Right.CONTACTS_RESTRICTED)).parts(rule)
    everybody = [] if any(part.name != RESTRICTED for part in parts) else [_t("All contacts")]
    return everybody + [_label(part, value) for part in parts for value in part.values]


def _label(part: Part, value: str) -> str:
    """Most values say by themselves what they are about; who is left out, or a name of somebody's making, does not."""
    return value if part.name in CHOICES or part.name == "city" else f"{part.label}: {value}"
