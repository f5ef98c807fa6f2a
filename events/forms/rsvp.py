"""What the invited answer on their own page."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import addresses

from ..models import Event
from ..states import DeclineReason, Mode, Rsvp
from .guests import NeedsForm

COLLEAGUE = "colleague"
LETTER_LANGUAGES = [("tg", "Тоҷикӣ"), ("ru", "Русский"), ("en", "English")]


class RsvpForm(NeedsForm):
    """Yes, perhaps or no, what is needed, and perhaps a colleague instead."""

    colleague = forms.CharField(label=_("Name of the colleague"), max_length=200, required=False)
    colleague_address = forms.CharField(
        label=_("Their e-mail"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language of our letters"), required=False, choices=LETTER_LANGUAGES)

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = [
            (Rsvp.ACCEPTED.value, pgettext_lazy("rsvp", "Yes, I will come")),
            (Rsvp.TENTATIVE.value, pgettext_lazy("rsvp", "Perhaps")),
            (Rsvp.DECLINED.value, pgettext_lazy("rsvp", "No, send me the materials")),
            (COLLEAGUE, pgettext_lazy("rsvp", "A colleague comes instead of me")),
        ]
        self.fields["answer"].widget.attrs = {"class": "choices"}
        self.fields["answer"].label = _("Will you come?")
        self.fields["decline_reason"].choices = [("", _("not said")), *DeclineReason.choices]
        self.fields["language"].initial = self.instance.language or "ru"
        del self.fields["wants_materials"]
        if not event.has_interpretation:
            del self.fields["needs_interpretation"]
        self.ask(event, self.instance)
        if event.mode == Mode.ONLINE:
            del self.fields["needs_camera"], self.fields["needs_access"]
        # What was answered on another form than this one stays as it was.
        if self.instance.decline_reason == DeclineReason.COLLEAGUE:
            self.initial["answer"] = COLLEAGUE

    def clean_colleague_address(self):
        typed = self.cleaned_data["colleague_address"]
        if not typed:
            return ""
        try:
            return addresses.parse(typed).address
        except addresses.NotAnAddress:
            refusal = _("This is no e-mail address. What you typed is still here: it looks like name@domain.tj.")
            raise forms.ValidationError(refusal) from None

    def clean(self):
        typed = super().clean() or self.cleaned_data
        if typed.get("answer") == COLLEAGUE and not typed.get("colleague"):
            self.add_error("colleague", _("Write who comes, so that the door knows them."))
        if self.wants_to_come(typed.get("answer", "")):
            self.check_asked(must_answer=typed["answer"] == Rsvp.ACCEPTED)
        return typed

    @property
    def wants_colleague(self) -> bool:
        return self.cleaned_data["answer"] == COLLEAGUE
