"""A page that was opened some time ago: what somebody else has saved since is shown before it is overwritten."""

import hashlib
from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

_LONGEST = 80


class Meanwhile(forms.BaseForm):
    """The page carries a print of what was stored when it was made. Nothing of what was typed is lost."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=self.print_stored)

    def stored(self) -> dict[str, object]:
        """What this form shows before anybody types, by the names of its fields."""
        return {name: self.get_initial_for_field(field, name) for name, field in self.fields.items() if name != "seen"}

    def print_stored(self) -> str:
        said = "\n".join(f"{name}={value}" for name, value in sorted(self.stored().items()))
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def clean(self):
        typed = super().clean() or self.cleaned_data
        if typed.get("seen") and typed["seen"] != self.print_stored():
            self._show_both()
        return typed

    def _show_both(self) -> None:
        """Beside each field that is to be another what is stored there; sent once more, what was typed holds."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = self.print_stored()
        self.add_error(None, _("Somebody has saved this meanwhile. What you typed is still here: compare, save again."))
        for name, value in self.stored().items():
            field, typed = self.fields[name], self[name].data
            if name in self.cleaned_data and field.has_changed(value, typed):
                self.add_error(name, _("“%(value)s” is saved now.") % {"value": self._words(field, value)})

    def _words(self, field: forms.Field, value: object) -> str:
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, datetime):
            return date_format(timezone.localtime(value), "DATETIME_FORMAT")
        choices = dict(getattr(field, "choices", []))
        shown = [str(choices.get(one, one)) for one in (value if isinstance(value, list) else [value]) if one]
        return " ".join(", ".join(shown).split())[:_LONGEST] or "–"
