"""Forms of mailings: what one is, its words, to whom it goes."""

from collections.abc import Mapping
from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorFormField

from accounts.models import User
from accounts.roles import Right
from audit.opened import Opened
from core.forms import TidyForm
from crm.criteria import RESTRICTED
from crm.models import Contact, Counted, Part, Segment, Tag, Topic, Wording
from crm.models.rules import is_key
from crm.models.wording import CHOICES, LABELS

from ..actions import MOST_TESTS
from ..bodies import tidy
from ..merge_fields import nearest, unknown_fields
from ..models import Holiday, Mailing, MailingVersion, outcomes
from ..models.rules import DAYS, NOT_MAILING, OUTCOME, RECENT
from ..models.wording import LABELS as OUR_LABELS
from ..models.wording import days_label, parts
from ..states import Pace

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


class MeasuresForm(TidyForm, forms.ModelForm):
    class Meta:
        model = Mailing
        fields = ["measures"]
        widgets = {"measures": forms.RadioSelect}


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
    selects = (OUTCOME, NOT_MAILING, RECENT)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        # A rule keeps every criterion as a list; this one has but one value.
        self.initial = {**self.initial, RECENT: next(iter(self.initial.get(RECENT, [])), "")}
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
            **_by_letters(self.initial),
            RESTRICTED: _boxes(RESTRICTED),
        }
        if not user.may(Right.CONTACTS_RESTRICTED):
            del self.fields[RESTRICTED]
        self.counted = [Counted(segment) for segment in found]
        self.is_unfolded = any(self.initial.get(name) for name in self.fields if name not in self.MAIN)

    def clean_recent(self):
        days = self.cleaned_data[RECENT]
        return [days] if days else []

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


# So many earlier mailings are offered; one that the rule names is, however old.
_EARLIER = 30


def _by_letters(rule) -> dict[str, forms.Field]:
    """What an audience can be made of beside the list's own criteria: letters that went, and words spoken."""
    named = {str(value).partition(":")[0] for name in (OUTCOME, NOT_MAILING) for value in rule.get(name, [])}
    sent = Mailing.objects.filter(frozen_count__isnull=False)
    some = {*sent.values_list("pk", flat=True)[:_EARLIER], *(int(key) for key in named if is_key(key))}
    mailings = list(sent.filter(pk__in=some).values_list("pk", "title", "measures"))
    titles = [(pk, title) for pk, title, _measures in mailings]
    ways = [(title, [(f"{pk}:{one.code}", one.label) for one in outcomes.known(what)]) for pk, title, what in mailings]
    days = [("", _t("no matter")), *((str(days), days_label(days)) for days in DAYS)]
    size = forms.SelectMultiple(attrs={"size": 5})
    return {
        OUTCOME: forms.MultipleChoiceField(label=OUR_LABELS[OUTCOME], choices=ways, required=False, widget=size),
        NOT_MAILING: forms.MultipleChoiceField(
            label=OUR_LABELS[NOT_MAILING], choices=titles, required=False, widget=size
        ),
        RECENT: forms.ChoiceField(label=OUR_LABELS[RECENT], choices=days, required=False),
    }


# With these words alone a rule still means everybody.
_NARROWS_NOT = {RESTRICTED, "not_segment", NOT_MAILING, RECENT}


def rule_labels(rule: dict[str, list[str]], *, user, sizes: Mapping[str, int]) -> list[tuple[str, int | None]]:
    """A stored rule in words, also those that this person could not choose; segments with how many they have."""
    found = Wording([rule], sees_restricted=user.may(Right.CONTACTS_RESTRICTED)).parts(rule) + parts(rule, by=user)
    everybody = [] if any(part.name not in _NARROWS_NOT for part in found) else [(_t("All contacts"), None)]
    return everybody + [label for part in found for label in _labels(part, rule[part.name], sizes)]


def _labels(part: Part, keys: list[str], sizes: Mapping[str, int]) -> list[tuple[str, int | None]]:
    if part.name == "segment":
        return [(value, sizes.get(key)) for value, key in zip(part.values, keys, strict=True)]
    return [(_label(part, value), None) for value in part.values]


def _label(part: Part, value: str) -> str:
    """Most values say by themselves what they are about; who is left out, or a name of somebody's making, does not."""
    return value if part.name in CHOICES or part.name == "city" else f"{part.label}: {value}"


class PlanForm(forms.Form):
    """When a mailing leaves and how fast. Times are Dushanbe's."""

    when = forms.ChoiceField(
        label=_("When"),
        choices=[("time", _("At a time")), ("press", _("When “Send” is pressed"))],
        widget=forms.RadioSelect,
    )
    send_at = forms.DateTimeField(
        label=_("Day and time"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Dushanbe, UTC+5"),
    )
    pace = forms.ChoiceField(label=_("How fast"), choices=Pace, widget=forms.RadioSelect)
    pace_number = forms.IntegerField(
        label=_("How many: letters an hour, or waves"), required=False, min_value=1, max_value=100_000
    )

    def __init__(self, *args, mailing: Mailing, **kwargs):
        at = mailing.send_at and timezone.localtime(mailing.send_at)
        initial = {"when": "time" if at else "press", "send_at": at, "pace": mailing.pace}
        super().__init__(*args, initial=initial | {"pace_number": mailing.pace_number}, prefix="plan", **kwargs)

    def clean(self):
        given = super().clean()
        if given.get("when") == "time" and not given.get("send_at") and "send_at" not in self.errors:
            self.add_error("send_at", _t("Say on which day and at what time, or choose to send by hand."))
        if given.get("pace") in {Pace.HOURLY, Pace.WAVES}:
            self._check_number(given)
        else:
            given["pace_number"] = None
        if given.get("when") == "press":
            given["send_at"] = None
        return given

    def _check_number(self, given):
        number = given.get("pace_number")
        if number is None and "pace_number" not in self.errors:
            self.add_error("pace_number", _t("Say how many: letters an hour, or waves."))
        elif number and given["pace"] == Pace.WAVES and not 2 <= number <= _MOST_WAVES:
            self.add_error("pace_number", _t("From 2 to 24 waves: one leaves each hour."))

    def clean_send_at(self):
        at = self.cleaned_data["send_at"]
        if at and self.cleaned_data.get("when") == "time" and at <= timezone.now():
            raise forms.ValidationError(_t("That time has passed. Choose a later one."))
        return at


_MOST_WAVES = 24


class CommentForm(TidyForm, forms.Form):
    """A remark on the paragraph with this mark."""

    mark = forms.CharField(widget=forms.HiddenInput, max_length=16)
    text = forms.CharField(label=_("Comment"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class HolidayForm(Opened, TidyForm, forms.ModelForm):
    saved_as = "mailings.holiday.changed"

    class Meta:
        model = Holiday
        fields = ["name", "name_tg", "day", "month", "year", "length"]
        help_texts = {"year": _("Empty: every year."), "length": _("Navruz has four.")}

    def clean(self):
        super().clean()
        given = self.cleaned_data
        year = given.get("year") or 2024  # a leap year, so that 29 February may stand
        if given.get("day") and given.get("month"):
            try:
                date(year, given["month"], given["day"])
            except ValueError:
                self.add_error("day", _t("There is no such day in that month."))
