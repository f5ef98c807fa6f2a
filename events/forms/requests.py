"""What staff type about a press request: short, as there is a telephone in the other hand."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.roles import Right
from core import addresses, phones
from core.forms import TidyForm
from crm.models import Contact, Topic
from mailings.files import Refused, document

from ..actions.requests_answers import Words
from ..desk_states import TYPED, Declined, Result, Source, Wanted
from ..models import PressRequest
from ..models.requests import LANGUAGES

_LONGEST = 10_000
_MAX_UPLOAD = 7 * 1024 * 1024
_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def _today_at(hour: int, *, days: int = 0) -> datetime:
    day = timezone.localtime() + timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


WHEN = {
    "today": (pgettext_lazy("deadline", "Today by 18:00"), lambda: _today_at(18)),
    "tomorrow": (pgettext_lazy("deadline", "Tomorrow by 12:00"), lambda: _today_at(12, days=1)),
    "days": (pgettext_lazy("deadline", "In three days"), lambda: _today_at(18, days=3)),
    "open": (pgettext_lazy("deadline", "Not said"), lambda: None),
    "other": (pgettext_lazy("deadline", "Another time"), None),
}


class DetailsForm(TidyForm, forms.ModelForm):
    """What is known of a request, to be corrected."""

    topic_name = forms.CharField(
        label=_("Topic"), required=False, max_length=60, help_text=_("One of your topics, for the figures.")
    )
    address = forms.CharField(
        label=_("Where the answer goes"),
        required=False,
        max_length=254,
        help_text=_("The reporter's e-mail address. A letter that came back goes to the new one if you send it again."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = PressRequest
        fields = ["subject", "outlet_name", "wanted", "language", "deadline", "is_sensitive"]
        widgets = {"deadline": _MOMENT}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["topic_name"].widget.attrs["list"] = "topics"
        if self.instance.topic:
            self.initial["topic_name"] = self.instance.topic.name
        if self.instance.pk and self.instance.organisation_id:
            del self.fields["outlet_name"]
        self.initial["address"] = "" if self.instance.is_sealed else self.instance.address
        if self.instance.sealed_address and not self.initial["address"]:
            # Sealed, or sealed with a key that is not here: what nobody sees nobody empties by saving.
            del self.fields["address"]

    @property
    def topics(self):
        return Topic.objects.all()

    def clean_topic_name(self):
        name = self.cleaned_data["topic_name"]
        try:
            return Topic.objects.named(name) if name else None
        except ValueError:
            raise forms.ValidationError(_("A topic is a word. Write one, or leave the field empty.")) from None

    def clean_address(self):
        text = self.cleaned_data["address"]
        try:
            return addresses.parse(text).address if text else ""
        except addresses.NotAnAddress:
            raise forms.ValidationError(_("This is no e-mail address. Correct it or leave it empty.")) from None

    def values(self) -> dict[str, object]:
        found = dict(self.cleaned_data)
        return found | {"topic": found.pop("topic_name")}


class RequestForm(TidyForm, forms.Form):
    """A request that came by telephone, by messenger or in person."""

    subject = forms.CharField(
        label=_("What it is about"), max_length=200, widget=forms.TextInput(attrs={"autofocus": True})
    )
    reporter_name = forms.CharField(label=_("Who asks"), max_length=200, required=False)
    outlet_name = forms.CharField(label=_("Outlet"), max_length=200, required=False)
    reach = forms.CharField(
        label=_("How to answer"), max_length=200, required=False, help_text=_("A telephone or an e-mail address.")
    )
    when = forms.ChoiceField(
        label=_("Answer needed by"),
        choices=[(code, label) for code, (label, _moment) in WHEN.items()],
        widget=forms.RadioSelect,
        initial="today",
    )
    deadline = forms.DateTimeField(label=_("Another time"), required=False, widget=_MOMENT)
    source = forms.ChoiceField(
        label=_("How it came"), choices=[(one.value, one.label) for one in TYPED], initial=Source.PHONE
    )
    wanted = forms.ChoiceField(label=_("What is wanted"), choices=[("", "—"), *Wanted.choices], required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, initial="ru")
    question = forms.CharField(
        label=_("The question itself"), required=False, max_length=_LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )
    is_sensitive = forms.BooleanField(label=_("Sensitive: somebody else approves the answer"), required=False)
    mine = forms.BooleanField(label=_("I answer this one"), required=False, initial=True)

    def clean(self):
        super().clean()
        when, given = self.cleaned_data.get("when"), self.cleaned_data.get("deadline")
        if when == "other" and not given and "deadline" not in self.errors:
            self.add_error("deadline", _("Say by when, or choose “Not said”."))
        elif when and when != "other":
            given = WHEN[when][1]()
        if given and given <= timezone.now():
            self.add_error("when" if when != "other" else "deadline", _("This moment is over. Choose a later one."))
        self.cleaned_data["deadline"] = given
        self._read_reach()

    def _read_reach(self):
        """A telephone, an address, or neither: then it stays in the field and is asked for again."""
        text = self.cleaned_data.pop("reach", "")
        self.cleaned_data |= {"address": "", "phone": ""}
        try:
            if "@" in text:
                self.cleaned_data["address"] = addresses.parse(text).address
            elif text:
                self.cleaned_data["phone"] = phones.parse(text)
        except (addresses.NotAnAddress, phones.NotAPhone):
            self.add_error("reach", _("This is neither a telephone nor an address. Correct it or leave it empty."))

    def values(self, by: User) -> dict[str, object]:
        found = {name: value for name, value in self.cleaned_data.items() if name not in {"when", "mine"}}
        return found | {"assignee": by if self.cleaned_data["mine"] else None}


class LetterForm(TidyForm, forms.Form):
    """A letter to the reporter. `words` are what somebody wrote, with the file made clean."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(label=_("Text"), max_length=_LONGEST, widget=forms.Textarea(attrs={"rows": 9}))
    file = forms.FileField(
        label=_("File"), required=False, help_text=_("PDF, DOCX, XLSX, PPTX, JPEG or PNG. Names of authors go out.")
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file is None:
            return None
        if file.size > _MAX_UPLOAD:
            raise forms.ValidationError(_("The file is too big to be sent. Put it on the website and give a link."))
        try:
            return document(file.name, file.read())
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None

    @property
    def words(self) -> Words:
        file = self.cleaned_data["file"]
        return Words(self.cleaned_data["subject"], self.cleaned_data["text"], (file,) if file else ())


class DeclineForm(LetterForm):
    """Why, for us alone, and a polite letter, for the reporter."""

    reason = forms.ChoiceField(
        label=_("Why"), choices=Declined, widget=forms.RadioSelect, help_text=_("The reporter is not told which.")
    )
    silent = forms.BooleanField(label=_("Write nothing to the reporter"), required=False)
    file = None

    field_order = ["reason", "subject", "text", "silent"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.data.get("silent"):
            self.fields["subject"].required = self.fields["text"].required = False

    @property
    def words(self) -> Words | None:
        found = self.cleaned_data
        return None if found["silent"] else Words(found["subject"], found["text"])


class NoteForm(TidyForm, forms.Form):
    text = forms.CharField(
        label=_("Note for the staff"),
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": _("Nobody outside ever reads this")}),
    )


class ReturnForm(TidyForm, forms.Form):
    note = forms.CharField(
        label=_("What to change"), max_length=_LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class HandOverForm(TidyForm, forms.Form):
    to = forms.ModelChoiceField(User.objects.none(), label=_("Who answers from now on"), empty_label=None)
    note = forms.CharField(label=_("What they should know"), max_length=300, required=False)

    def __init__(self, *args, request: PressRequest, **kwargs):
        super().__init__(*args, **kwargs)
        people = User.objects.with_right(Right.REQUESTS_WORK).exclude(pk=request.assignee_id)
        self.press_request = request
        self.fields["to"].queryset = people.order_by("name")

    def clean_to(self):
        """Nobody is given a request of somebody whom they may not know of."""
        to, contact = self.cleaned_data["to"], self.press_request.contact_id
        if contact and not Contact.objects.visible_to(to).filter(pk=contact).exists():
            raise forms.ValidationError(_("This contact is hidden from them. Choose somebody else."))
        return to


class ResultForm(TidyForm, forms.Form):
    result = forms.ChoiceField(label=_("What came of it"), choices=Result, widget=forms.RadioSelect)
    url = forms.URLField(label=_("Link to what was published"), max_length=500, required=False, assume_scheme="https")

    def clean(self):
        super().clean()
        if self.cleaned_data.get("url") and self.cleaned_data.get("result") != Result.PUBLISHED:
            self.add_error("result", _("There is a link, so it was published. Choose so, or take the link out."))


class JoinForm(forms.Form):
    into = forms.ModelChoiceField(PressRequest.objects.none(), label=_("The request that stays"), empty_label=None)

    def __init__(self, *args, request: PressRequest, user, **kwargs):
        super().__init__(*args, **kwargs)
        others = PressRequest.objects.visible_to(user).filter(duplicate_of=None).exclude(pk=request.pk)
        self.fields["into"].queryset = others.open()[:50] if not self.is_bound else others
        self.fields["into"].label_from_instance = lambda one: " · ".join(
            filter(None, [one.subject, one.outlet, one.who])
        )


class ReporterForm(forms.Form):
    """Who asks: one of our contacts."""

    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Contact"))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = Contact.objects.visible_to(user)
