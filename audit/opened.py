"""A form that knows what it showed: what somebody else saved after it was opened is not overwritten unseen."""

import json

from django import forms
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .models import Entry
from .sentences import author


class Opened(forms.BaseForm):
    """For settings that several people may change. The page carries `{{ form.opened }}`, and a save that comes too
    late is refused once: the second one, made knowingly, counts.
    """

    # The action under which the journal has a save of it.
    saved_as = ""

    def opened(self):
        return format_html('<input type="hidden" name="opened" value="{}">', self._present)

    def beside(self) -> list[str]:
        """What else is saved with it and shown to nobody."""
        return []

    def clean(self):
        cleaned = super().clean()
        was = self.data.get("opened", "")
        if was and not constant_time_compare(was, self._present):
            self.add_error(None, self._says_who())
            if differs := self._differs():
                self.add_error(None, _("There now: %(values)s.") % {"values": "; ".join(differs)})
        return cleaned

    @cached_property
    def _present(self) -> str:
        shown = {name: self.get_initial_for_field(one, name) for name, one in self.fields.items()}
        return salted_hmac("opened", json.dumps([shown, self.beside()], sort_keys=True, default=str)).hexdigest()

    def _says_who(self) -> str:
        entries = Entry.objects.filter(action=self.saved_as)
        if isinstance(self, forms.ModelForm):
            entries = entries.filter(subject_type=self.instance._meta.label_lower, subject_id=self.instance.pk)
        last = entries.first()
        values = {
            "who": author(last.by) if last else _("Somebody else"),
            "at": date_format(timezone.localtime(last.at if last else None), "SHORT_DATETIME_FORMAT"),
        }
        return (
            _("Changed after you had opened it: %(who)s, %(at)s.") % values
            + " "
            + _("To put what you typed in its place, save once more.")
        )

    def _differs(self) -> list[str]:
        """What stands there now, where something else was typed; of passwords and keys nothing stands there."""
        return [
            f"{capfirst(str(self.fields[name].label))}: {self._words(name)}"
            for name in self.changed_data
            if name in self.initial or self.fields[name].initial is not None
        ]

    def _words(self, name: str) -> str:
        one, value = self.fields[name], self.get_initial_for_field(self.fields[name], name)
        if isinstance(one, forms.BooleanField):
            return _("yes") if value else _("no")
        labels = {str(code): str(label) for code, label in getattr(one, "choices", [])}
        several = value if isinstance(value, list | tuple | set) else [value]
        return ", ".join(labels.get(str(each), str(each)) for each in several if each not in (None, "")) or "—"
