"""Two things that a robot falls into, on forms that anybody may send."""

import time

from django import forms
from django.utils.translation import gettext_lazy as _

from core.signing import BadToken, make_token, read_token

# Nobody types it all in less; and a form that lay open longer is opened again.
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
        try:
            age = time.time() - read_token(self.purpose, self.data.get("shown", ""))
        except BadToken:
            return "time"
        return "" if FASTEST <= age <= LONGEST else "time"
