"""A letter of the register, as it is entered from paper."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from core.forms import TidyForm
from crm.models import Contact, Organisation
from mailings.files import Refused, document

from ..models import Event, OfficialLetter, PressRequest

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_MAX_SCAN = 15 * 1024 * 1024
# Whom a body has sent is answered after the event, too.
_BEHIND = timedelta(days=60)


class OfficialLetterForm(TidyForm, forms.ModelForm):
    organisation_name = forms.CharField(label=_("Organisation"), max_length=200)
    scan_file = forms.FileField(label=_("Scan"), required=False, help_text=_("PDF or a picture, up to 15 MB."))

    class Meta:
        model = OfficialLetter
        fields = [
            "way", "number", "on", "their_number", "post", "subject", "due_on", "due_basis", "watched_by", "answers",
            "request", "event",
        ]  # fmt: skip
        widgets = {"on": _DAY, "due_on": _DAY}

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        letters = OfficialLetter.objects.visible_to(user).exclude(pk=self.instance.pk)
        open_ones = letters.filter(answered_by=None) | letters.filter(answered_by=self.instance.pk or 0)
        self.fields["post"].queryset = Contact.objects.visible_to(user).filter(is_post=True)
        self.fields["answers"].queryset = open_ones
        self.fields["request"].queryset = PressRequest.objects.visible_to(user)
        near = Event.objects.filter(starts_at__gte=timezone.now() - _BEHIND) if user.may(Right.EVENTS_VIEW) else None
        own = Event.objects.filter(pk=self.instance.event_id or 0)
        self.fields["event"].queryset = (own if near is None else near | own).order_by("starts_at", "pk")
        self.fields["watched_by"].queryset = User.objects.with_right(Right.REQUESTS_WORK).order_by("name")
        self.fields["answers"].label_from_instance = lambda one: f"{one}, {one.subject}"
        if self.instance.organisation:
            self.initial["organisation_name"] = self.instance.organisation.name
        if not self.instance.pk:
            self.initial.setdefault("watched_by", user.pk)

    def clean_scan_file(self):
        file = self.cleaned_data["scan_file"]
        if file is None:
            return None
        if file.size > _MAX_SCAN:
            raise forms.ValidationError(_("The scan is larger than 15 MB. Make it smaller and choose it again."))
        try:
            return document(file.name, file.read())
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean_organisation_name(self) -> Organisation:
        try:
            return Organisation.objects.named(self.cleaned_data["organisation_name"])
        except ValueError:
            raise forms.ValidationError(_("This names no organisation. Write its name.")) from None

    def clean(self):
        super().clean()
        words = self.cleaned_data
        way, number, on = words.get("way"), words.get("number"), words.get("on") or timezone.localdate()
        taken = OfficialLetter.objects.filter(way=way, number=number, year=on.year).exclude(pk=self.instance.pk)
        if number and taken.exists():
            free = OfficialLetter.objects.next_number(way, on.year)
            self.add_error(
                "number", _("This number is taken this year. The next free one is %(free)s.") % {"free": free}
            )
        if words.get("due_basis") and not words.get("due_on"):
            self.add_error("due_on", _("A law is named: say by what day it wants the answer."))
        if words.get("due_on") and words["due_on"] < on:
            self.add_error("due_on", _("The term ends before the letter was written. Correct one of the two."))
        answered = words.get("answers")
        if answered and answered.way == way:
            self.add_error("answers", _("A letter is answered by one of the other book."))
        return words

    def made(self) -> OfficialLetter:
        letter = self.save(commit=False)
        letter.organisation = self.cleaned_data["organisation_name"]
        return letter
