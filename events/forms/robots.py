"""Two things that a robot falls into, on forms that anybody may send."""

import time

from django import forms
from django.utils.translation import gettext_lazy as _

from core.signing import BadToken, make_token, read_token

# Nobody types it all in less; and a form that lay open longer is sent twice.
FASTEST, LONGEST = 4, 12 * 60 * 60


class RobotTrap(forms.BaseForm):
    """`is_robot` says why a sender is taken for one: "field" or "time"; "" for a person. `purpose` names the form."""

    purpose: str

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A person does not see it; a robot fills in whatever there is.
        self.fields["website"] = forms.CharField(
            label=_("Leave this empty"),
            required=False,
            widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
        )
        self.fields["shown"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.initial["shown"] = make_token(self.purpose, int(time.time()))

    @property
    def is_robot(self) -> str:
        if self.data.get("website"):
            return "field"
        return "" if self._age is not None and self._age >= FASTEST else "time"

    @property
    def _age(self) -> float | None:
        """Seconds since the page was shown; None where it never was."""
        try:
            return time.time() - read_token(self.purpose, self.data.get("shown", ""))
        except BadToken:
            return None

    def clean(self):
        typed = super().clean() or self.cleaned_data
        if self._age is not None and self._age > LONGEST:
            self.data = self.data.copy()
            self.data[self.add_prefix("shown")] = self._shown_now()
            self.add_error(None, _("This page lay open for long. What you typed is still here: send it once more."))
        return typed

    def _shown_now(self) -> str:
        # Backdated: whoever sends it once more has read it all.
        return make_token(self.purpose, int(time.time()) - FASTEST)
