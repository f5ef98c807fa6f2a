"""A field for a day of which perhaps the year alone is known."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..dates import NotADate, parse


class PartialDateField(forms.CharField):
    """Cleans to "2019", "2024-03", "2024-03-05" or ""; `past` refuses a time that is still to come."""

    default_error_messages = {
        "unreadable": _("“%(typed)s” is no date. Write 2019, 03.2019, March 2019 or 05.03.2019."),
        "to_come": _("This day is still to come."),
    }

    def __init__(self, *args, past: bool = False, **kwargs):
        super().__init__(*args, max_length=40, **kwargs)
        self.past = past

    def prepare_value(self, value):
        """As people write it: 05.03.2024, 03.2024, 2024; what was typed and refused stays as it is."""
        return ".".join(reversed(value.split("-"))) if isinstance(value, str) and value[:4].isdigit() else value

    def clean(self, value):
        typed = super().clean(value)
        try:
            found = parse(typed)
        except NotADate as error:
            raise forms.ValidationError(
                self.error_messages["unreadable"], code="unreadable", params={"typed": typed}
            ) from error
        if self.past and found > timezone.localdate().isoformat():
            raise forms.ValidationError(self.error_messages["to_come"], code="to_come")
        return found
