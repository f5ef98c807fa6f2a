"""What an event asks beside yes or no: how staff decide on it, and the fields in which guests say it."""

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.forms import TidyForm
from core.sealing import CannotUnseal
from core.text import clean

from ..actions.asking import Asks, Given, people_in
from ..models import Event, Invitation, Particulars, ProgrammeItem, Question
from ..states import Rsvp, Way
from .meanwhile import Meanwhile

MOST_QUESTIONS, _EMPTY_ROWS = 10, 2
_LONGEST = 500
_JOURNEY = ["comes_from", "arrives_on", "leaves_on", "way", "needs_room", "travel_words"]


class AsksForm(Meanwhile, TidyForm, forms.Form):
    """Which parts guests choose, whether journeys are arranged, whether anybody may apply, and questions of our own."""

    arranges_travel = forms.BooleanField(
        label=_("Journey and lodging are arranged for guests"),
        required=False,
        help_text=_("Guests say where they come from and what they need. It is sealed: each look is written down."),
    )
    takes_applications = forms.BooleanField(
        label=_("Whoever has the link may apply to take part"),
        required=False,
        help_text=_("The link may stand on a website. Each application waits for your decision."),
    )

    def __init__(self, *args, event: Event, **kwargs):
        self.parts = list(event.programme.all())
        self.questions = list(event.questions.all())
        super().__init__(*args, **kwargs)
        self.initial |= {"arranges_travel": event.arranges_travel, "takes_applications": event.takes_applications}
        for part in self.parts:
            self._ask_of(part)
        rows = [f"{question.pk}" for question in self.questions]
        rows += [f"new{number}" for number in range(min(_EMPTY_ROWS, MOST_QUESTIONS - len(rows)))]
        self.rows = rows
        for row, question in zip(rows, [*self.questions, *[Question()] * _EMPTY_ROWS], strict=False):
            self._ask_for(row, question)

    def _ask_of(self, part: ProgrammeItem) -> None:
        self.fields[f"part_{part.pk}"] = forms.BooleanField(label=part.title, required=False, initial=part.is_chosen)
        self.fields[f"places_{part.pk}"] = forms.IntegerField(
            label=_t("Places"),
            required=False,
            min_value=1,
            max_value=100_000,
            initial=part.places,
            widget=forms.NumberInput(attrs={"class": "control--short"}),
        )

    def _ask_for(self, row: str, question: Question) -> None:
        self.fields[f"words_{row}"] = forms.CharField(
            label=_t("Question"), max_length=200, required=False, initial=question.words
        )
        self.fields[f"choices_{row}"] = forms.CharField(
            label=_t("Answers to choose from"),
            max_length=1000,
            required=False,
            initial=question.choices,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_t("One a line. Empty: any words."),
        )
        self.fields[f"must_{row}"] = forms.BooleanField(
            label=_t("Must be answered"), required=False, initial=question.is_required
        )

    @property
    def part_fields(self):
        return [(part, self[f"part_{part.pk}"], self[f"places_{part.pk}"]) for part in self.parts]

    @property
    def question_fields(self):
        return [(self[f"words_{row}"], self[f"choices_{row}"], self[f"must_{row}"]) for row in self.rows]

    def clean(self):
        typed = super().clean() or self.cleaned_data
        for row in self.rows:
            ready = [clean(line) for line in typed.get(f"choices_{row}", "").splitlines() if clean(line)]
            typed[f"choices_{row}"] = "\n".join(dict.fromkeys(ready))
            if ready and not typed.get(f"words_{row}"):
                self.add_error(f"words_{row}", _("Write the question to which these are the answers."))
            elif len(set(ready)) == 1:
                self.add_error(f"choices_{row}", _("Give at least two answers, or none: then any words."))
        return typed

    def asks(self) -> Asks:
        typed = self.cleaned_data
        known = {f"{question.pk}": question for question in self.questions}
        questions = []
        for row in self.rows:
            question = known.get(row) or Question()
            question.words, question.choices = typed[f"words_{row}"], typed[f"choices_{row}"]
            question.is_required = typed[f"must_{row}"]
            questions.append(question)
        return Asks(
            parts={part.pk: typed[f"places_{part.pk}"] for part in self.parts if typed[f"part_{part.pk}"]},
            questions=questions,
            arranges_travel=typed["arranges_travel"],
            takes_applications=typed["takes_applications"],
        )


class AskedFields(forms.BaseForm):
    """Fields for what an event asks, on a form of a guest. What was said before is sealed, and not shown again: a field
    that is left empty leaves it as it is.
    """

    def ask(self, event: Event, guest: Invitation | None = None) -> None:
        self._asked, self._guest = event, guest
        self._said = Particulars.objects.filter(invitation=guest).first() if guest else None
        self._questions = list(event.questions.all())
        self._ask_parts(event, guest)
        for question in self._questions:
            self.fields[f"question_{question.pk}"] = _field_of(question)
        if event.arranges_travel:
            self._ask_journey()

    def _ask_parts(self, event: Event, guest: Invitation | None) -> None:
        parts = [part for part in event.programme.all() if part.is_chosen]
        if parts:
            self.fields["parts"] = forms.TypedMultipleChoiceField(
                label=_("Which parts they come to") if guest is None else _("Parts of the programme"),
                choices=[(part.pk, _described(part, guest)) for part in parts],
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=list(guest.sign_ups.values_list("part", flat=True)) if guest else [],
            )

    def _ask_journey(self) -> None:
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        words = forms.Textarea(attrs={"rows": 2})
        has_said = bool(self._said and self._said.travel)
        self.fields |= {
            "needs_travel": forms.BooleanField(
                label=_("Help with the journey or lodging"), required=False, initial=has_said
            ),
            "comes_from": forms.CharField(label=_("Where from"), max_length=100, required=False),
            "arrives_on": forms.DateField(label=_("Arrives on"), required=False, widget=day),
            "leaves_on": forms.DateField(label=_("Leaves on"), required=False, widget=day),
            "way": forms.ChoiceField(label=_("How"), choices=[("", _("not decided")), *Way.choices], required=False),
            "needs_room": forms.BooleanField(label=_("A room for the night"), required=False),
            "travel_words": forms.CharField(
                label=_("What else matters for the journey"), max_length=_LONGEST, required=False, widget=words
            ),
        }

    @property
    def question_fields(self):
        return [self[f"question_{question.pk}"] for question in self._questions]

    @property
    def journey_fields(self):
        return [self[name] for name in _JOURNEY if name in self.fields]

    @property
    def _questions_said(self) -> set[str]:
        """The questions that were answered before; without the key to read them, all."""
        try:
            return {words for words, _text in self._said.answers()} if self._said else set()
        except CannotUnseal:
            return {question.words for question in self._questions}

    @property
    def journey_status(self) -> str:
        return self._said.travel if self._said else ""

    @property
    def has_said(self) -> bool:
        """Whether something is sealed that the page does not show."""
        return bool(self._said and (self._said.sealed_answers or self._said.sealed_travel))

    def check_asked(self, *, must_answer: bool) -> None:
        """Called by `clean` of who comes."""
        typed = self.cleaned_data
        said = self._questions_said if must_answer else set()
        for question in self._questions if must_answer else []:
            if question.is_required and question.words not in said and not typed.get(f"question_{question.pk}"):
                self.add_error(f"question_{question.pk}", _("This question must be answered."))
        says_more = any(typed.get(name) for name in _JOURNEY)
        if says_more and not typed.get("needs_travel"):
            self.add_error("needs_travel", _("Tick this, too, or empty what you wrote about the journey."))
        elif typed.get("needs_travel") and not typed.get("comes_from") and (says_more or not self.journey_status):
            self.add_error("comes_from", _("Write where the journey begins."))
        arrives, leaves = typed.get("arrives_on"), typed.get("leaves_on")
        if arrives and leaves and leaves < arrives:
            self.add_error("leaves_on", _("This is before the arrival. Correct one of the two."))

    def given(self) -> Given:
        typed = self.cleaned_data
        return Given(
            parts=frozenset(typed["parts"]) if "parts" in typed else None,
            answers=self._answers() or None,
            travel=self._journey() if "needs_travel" in typed else None,
        )

    def _answers(self) -> list[tuple[str, str]]:
        said = [(question.words, self.cleaned_data.get(f"question_{question.pk}", "")) for question in self._questions]
        return [(words, text) for words, text in said if text]

    def _journey(self) -> dict[str, object] | None:
        """As JSON keeps it; None where what was said before stays."""
        typed = self.cleaned_data
        if not typed["needs_travel"]:
            return {} if self._said and self._said.travel else None
        if not typed["comes_from"]:
            return None
        said = {name: typed[name] for name in _JOURNEY if typed.get(name)}
        return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in said.items()}

    def wants_to_come(self, answer: str) -> bool:
        return answer in {Rsvp.ACCEPTED, Rsvp.TENTATIVE}


def _field_of(question: Question) -> forms.Field:
    if ready := question.ready_answers:
        choices = [("", _("not said")), *[(one, one) for one in ready]]
        return forms.ChoiceField(label=question.words, choices=choices, required=False)
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=question.words, max_length=_LONGEST, required=False, widget=widget)


def _described(part: ProgrammeItem, guest: Invitation | None) -> str:
    """When it is, what it is, and how many places are left for who has none there yet."""
    words = f"{date_format(timezone.localtime(part.starts_at), 'j E, H:i')}: {part.title}"
    if part.places is None:
        return words
    free = max(part.places - people_in(part, without=guest), 0)
    left = ngettext("%(count)s place is free", "%(count)s places are free", free) % {"count": free}
    return f"{words} ({left})"
