"""What a reader chooses on the page behind a letter's link."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.forms import TidyForm
from crm.actions.own_word import Choices, Subject
from crm.models import Topic
from crm.states import Scope

# Each language calls itself, so that its reader finds it.
LANGUAGES = [("tg", "Тоҷикӣ"), ("ru", "Русский"), ("en", "English")]
MONTH, LONGEST = timedelta(days=30), timedelta(days=366)

KINDS = {
    Scope.NEWS: (_("Statements and reviews"), _("also press releases")),
    Scope.INVITATIONS: (_("Invitations"), _("press conferences, forums, seminars")),
    Scope.GREETINGS: (_("Greetings"), _("10 December and other days, a few times a year")),
}


def _key(subject: Subject) -> str:
    scope, topic = subject
    return f"{scope}-{topic}" if topic else str(scope)


class PreferencesForm(TidyForm, forms.Form):
    """Switches, one for each kind and topic offered, and the language of letters."""

    wanted = forms.MultipleChoiceField(required=False)
    language = forms.ChoiceField(
        label=_("Language of letters"),
        choices=LANGUAGES,
        widget=forms.RadioSelect(attrs={"class": "choices choices--row"}),
        help_text=_("Where a letter is not written in it, the next one of yours comes."),
    )

    def __init__(self, *args, choices: Choices, topics: list[Topic], **kwargs):
        initial = {"wanted": [_key(one) for one, is_on in choices.wanted.items() if is_on]}
        super().__init__(*args, initial=initial | {"language": choices.language}, **kwargs)
        self.choices, self.topics = choices, topics
        self.fields["wanted"].choices = [(_key(one), _key(one)) for one in choices.wanted]

    def chosen(self) -> dict[Subject, bool]:
        """What was chosen of each subject that is the person's to choose."""
        given = set(self.cleaned_data["wanted"])
        return {one: _key(one) in given for one in self.choices.wanted if one not in self.choices.settled}

    @property
    def switches(self) -> list[dict]:
        """A row for each kind of letters."""
        return [self._switch((kind, None), title, note) for kind, (title, note) in KINDS.items()]

    @property
    def topic_switches(self) -> list[dict]:
        return [self._switch((Scope.TOPIC, topic.pk), topic.name, "") for topic in self.topics]

    def _switch(self, subject: Subject, title: str, note: str) -> dict:
        settled = subject in self.choices.settled
        if settled:
            note = _t("Switched off by us, as agreed. To change it, answer any letter of ours.")
        return {
            "key": _key(subject),
            "title": title,
            "note": note,
            "is_on": _key(subject) in (self["wanted"].value() or []),
            "is_settled": settled,
        }


class PauseForm(TidyForm, forms.Form):
    """The last day of a pause; without one a month."""

    until = forms.DateField(
        label=_("No letters until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("This day included. Then letters come again by themselves."),
    )

    def clean_until(self):
        today = timezone.localdate()
        day = self.cleaned_data["until"] or today + MONTH
        if not today <= day <= today + LONGEST:
            raise forms.ValidationError(_t("Choose a day from today on, at most a year ahead, or unsubscribe."))
        return day
