"""What was agreed about an interview."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import TidyForm

from ..models import CHECKLIST, Expert, Interview

_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class InterviewForm(TidyForm, forms.ModelForm):
    """Who speaks is one of our speakers, or somebody with a code name; never both."""

    code_name = forms.CharField(
        label=_("Code name"),
        max_length=60,
        required=False,
        help_text=_("For somebody who was harmed, or a relative. Encrypted. The real name is written nowhere."),
    )

    class Meta:
        model = Interview
        fields = [
            "is_survivor", "expert", "way", "language", "starts_at", "minutes", "place", "agreed_topics", "record",
            "embargo_until", "checks_quotes", "we_record", *CHECKLIST,
        ]  # fmt: skip
        widgets = {"starts_at": _MOMENT, "embargo_until": _MOMENT, "agreed_topics": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        present = Expert.objects.filter(pk=self.instance.expert_id)
        self.fields["expert"].queryset = Expert.objects.filter(is_active=True) | present
        self.initial["code_name"] = self.instance.code_name

    @property
    def points(self):
        return [self[name] for name in CHECKLIST]

    def clean(self):
        super().clean()
        words = self.cleaned_data
        if words.get("is_survivor"):
            words["expert"] = None
            if not words.get("code_name"):
                self.add_error("code_name", _("Choose a code name: a word that says nothing of the person."))
        elif not words.get("expert") and "expert" not in self.errors:
            self.add_error("expert", _("Choose who speaks, or say that it is somebody who was harmed."))
        return words
