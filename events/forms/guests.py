"""What staff note about a guest."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import TidyForm
from crm.models import Segment

from ..actions.answers import Needs
from ..models import Invitation
from ..states import MOST_PEOPLE, ON_BEHALF, CallOutcome, DeclineReason, Rsvp, Source
from .asking import AskedFields
from .meanwhile import Meanwhile

ANSWERS = [
    (Rsvp.ACCEPTED.value, pgettext_lazy("invitation", "will come")),
    (Rsvp.TENTATIVE.value, pgettext_lazy("invitation", "perhaps")),
    (Rsvp.DECLINED.value, pgettext_lazy("invitation", "will not come")),
]
LONGEST = 500


class NeedsForm(AskedFields, TidyForm, forms.ModelForm):
    """How many come and what they need. What they wrote is shown only where it is not sealed."""

    answer = forms.ChoiceField(
        label=_("Answer"), choices=ANSWERS, widget=forms.RadioSelect(attrs={"class": "choices choices--row"})
    )
    text = forms.CharField(
        label=_("Crew and equipment"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )

    class Meta:
        model = Invitation
        fields = [
            "answer", "people", "needs_camera", "needs_interpretation", "needs_access", "wants_interview",
            "wants_materials", "decline_reason", "text",
        ]  # fmt: skip
        widgets = {"people": forms.NumberInput(attrs={"min": 1, "max": MOST_PEOPLE, "class": "control--short"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        guest = self.instance
        # The form reads the row and never writes it: the action does, under the lock.
        self.initial["text"] = guest.text
        wants_to_come = guest.rsvp in {Rsvp.WAITLISTED, Rsvp.OFFERED}
        given = Rsvp.ACCEPTED.value if wants_to_come else guest.rsvp if guest.rsvp in dict(ANSWERS) else None
        self.initial.setdefault("answer", given)
        self.is_sealed = bool(guest.sealed_text)

    def _post_clean(self):
        """Nothing is put on the row here."""

    def clean_people(self):
        people = self.cleaned_data["people"]
        if not 1 <= people <= MOST_PEOPLE:
            raise forms.ValidationError(_("From 1 to %(most)s people.") % {"most": MOST_PEOPLE})
        return people

    def needs(self) -> Needs:
        """What was typed; what the form does not ask stays as it was."""
        typed, guest = self.cleaned_data, self.instance
        names = ["people", "needs_camera", "needs_interpretation", "needs_access", "wants_interview"]
        values = {name: typed.get(name, getattr(guest, name)) for name in names}
        is_no = typed["answer"] == Rsvp.DECLINED
        values["wants_materials"] = typed.get("wants_materials", is_no)
        values["decline_reason"] = typed["decline_reason"] if is_no else ""
        values["language"] = typed.get("language") or guest.language
        # What is sealed and was left empty stays.
        return Needs(**values, text=None if self.is_sealed and not typed["text"] else typed["text"])


class AnswerForm(Meanwhile, NeedsForm):
    """An answer that reached staff: what was said, how we know, and, after the deadline, why it is noted."""

    source = forms.ChoiceField(label=_("How we know"), choices=[(one.value, one.label) for one in ON_BEHALF])
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=300,
        help_text=_("After the deadline: why it is noted all the same. The guest does not see it."),
    )
    confirms = forms.BooleanField(label=_("Confirm a “no” by letter"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].initial = Source.PHONE
        self.fields["decline_reason"].choices = [("", _("not said")), *DeclineReason.choices]
        self.order_fields(["answer", "source", "people"])
        self.ask(self.instance.event, self.instance)

    def clean(self):
        typed = super().clean() or self.cleaned_data
        if self.wants_to_come(typed.get("answer", "")):
            # Who is called may not know it yet.
            self.check_asked(must_answer=False)
        return typed

    def print_stored(self):
        # The same answer given anew is news, too.
        return f"{super().print_stored()} {self.instance.rsvp} {self.instance.answered_at}"


class ReasonForm(TidyForm, forms.Form):
    note = forms.CharField(label=_("Why"), max_length=300, help_text=_("It stays among us."))
    to_guest = forms.CharField(
        label=_("Words to the guest"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("They stand in the letter, under its own words, and are deleted when it has left."),
    )


class CallForm(TidyForm, forms.Form):
    outcome = forms.ChoiceField(choices=[one for one in CallOutcome.choices if one[0] != CallOutcome.TOLD])
    note = forms.CharField(required=False, max_length=300)


class SegmentForm(forms.Form):
    """Everybody of a segment onto the list."""

    segment = forms.ModelChoiceField(Segment.objects.none(), label=_("Segment"), empty_label=_("Choose a segment"))

    def __init__(self, *args, segments, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["segment"].queryset = segments
