from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.text import clean

from ..actions.sealing import kept_sealed
from ..importing import dates
from ..models import Unread
from ..states import Unreadable
from .ways import EmailsField, PhonesField, Row

_FIELDS = {Unreadable.EMAIL: EmailsField(), Unreadable.PHONE: PhonesField()}
_DATES = {Unreadable.BIRTHDAY: dates.birthday, Unreadable.BASIS_ON: dates.day}
EXAMPLES = {
    Unreadable.EMAIL: _("It looks like name@outlet.tj."),
    Unreadable.PHONE: _("It looks like +992 93 000 00 00."),
    Unreadable.BIRTHDAY: _("It looks like 05.03 or 5 March."),
    Unreadable.BASIS_ON: _("It looks like 05.03.2024."),
}


class RepairForm(forms.Form):
    """What was meant by one text; `value` of the cleaned data is what actions.repair takes."""

    value = forms.CharField(max_length=300, error_messages={"required": _("Type what was meant, or take it away.")})

    def __init__(self, *args, unread: Unread, **kwargs):
        super().__init__(*args, initial={"value": unread.typed}, auto_id=f"repair-{unread.pk}-%s", **kwargs)
        self.unread = unread
        self.fields["value"].label = unread.get_field_display()
        self.fields["value"].help_text = EXAMPLES[unread.field]

    def clean_value(self):
        text = clean(self.cleaned_data["value"])
        found = self._ways(text) if self.unread.field in _FIELDS else self._day(text)
        if not found:
            message = _t("“%(text)s” cannot be read either.")
            raise forms.ValidationError(
                [forms.ValidationError(message, params={"text": text}), EXAMPLES[self.unread.field]]
            )
        return found

    def _ways(self, text: str) -> list[str]:
        found, rest = _FIELDS[self.unread.field].read(Row(text=text))
        if kept_sealed(found, but_of=self.unread.contact_id):
            raise forms.ValidationError(
                _("This is kept sealed with another contact. It may not stand here in the open.")
            )
        return [] if rest else found

    def _day(self, text: str):
        try:
            return _DATES[self.unread.field](text)
        except dates.NotADay:
            return None
