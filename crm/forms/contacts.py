from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core import addresses, phones
from core.forms import TidyForm
from core.text import clean

from ..actions.sealing import Revealed, kept_sealed
from ..models import LANGUAGE_ORDERS, Contact, organisation_key
from ..permissions import levels_for
from ..states import Sensitivity

# What each level means, in the words of who chooses one.
LEVELS = {
    Sensitivity.OPEN: _("everyone who sees contacts sees this one."),
    Sensitivity.INTERNAL: _("only the media group; viewers do not learn that it exists."),
    Sensitivity.SEALED: _("others see the name alone. E-mail, telephone and note are encrypted; letters still arrive."),
}
_LANGUAGE_NAMES = {"ru": _("Russian"), "tg": _("Tajik"), "en": _("English")}


def _level_label(level: str) -> SafeString:
    return format_html("<b>{}:</b> {}", Sensitivity(level).label, LEVELS[level])


def _order_label(order: str) -> str:
    return ", ".join(str(_LANGUAGE_NAMES[code]) for code in order.split())


class ContactForm(TidyForm, forms.ModelForm):
    """A person, with work and ways to reach in the form people type them: one a line."""

    organisation = forms.CharField(label=_("Outlet or organisation"), max_length=200, required=False)
    title = forms.CharField(label=_("Position"), max_length=200, required=False)
    emails = forms.CharField(
        label=_("E-mail"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line. Letters go to the first one that works."),
    )
    phones = forms.CharField(
        label=_("Telephone"), required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("One a line.")
    )

    class Meta:
        model = Contact
        fields = [
            "name",
            "given_name",
            "kind",
            "sensitivity",
            "languages",
            "city",
            "basis",
            "basis_on",
            "source",
            "note",
        ]
        help_texts = {"given_name": _("For the greeting: “Hello, …!”")}
        widgets = {
            "basis_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    field_order = [
        "name", "given_name", "kind", "organisation", "title", "emails", "phones", "sensitivity", "languages", "city",
        "basis", "basis_on", "source", "note",
    ]  # fmt: skip

    def __init__(self, *args, sees_sealed: bool, revealed: Revealed | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        present = self.instance.sensitivity if self.instance.pk else None
        levels = levels_for(present, sees_sealed=sees_sealed)
        is_narrowed = len(levels) < len(Sensitivity)
        self.fields["sensitivity"] = forms.ChoiceField(
            label=_("How carefully to keep it"),
            choices=[(level, _level_label(level)) for level in levels],
            initial=self.instance.sensitivity,
            widget=forms.RadioSelect,
            required=False,
            help_text=_("More carefully is always possible; for less, ask the head.") if is_narrowed else "",
        )
        self.fields["languages"] = forms.ChoiceField(
            label=_("Languages, the preferred one first"),
            choices=[(order, _order_label(order)) for order in LANGUAGE_ORDERS],
            initial=self.instance.languages,
        )
        self.order_fields(self.field_order)
        if self.instance.pk:
            self._show_ways_to_reach(revealed)

    def _show_ways_to_reach(self, revealed: Revealed | None):
        """A sealed contact shows nothing here unless it was revealed, which is written down."""
        if revealed:
            found = {"emails": revealed.emails, "phones": revealed.phones}
            self.initial["note"] = revealed.note
        else:
            found = {
                "emails": [email.address for email in self.instance.emails.all()],
                "phones": [phone.number for phone in self.instance.phones.all()],
            }
        found["phones"] = list(map(phones.display, filter(None, found["phones"])))
        self.initial |= {name: "\n".join(filter(None, texts)) for name, texts in found.items()}
        if position := self.instance.position:
            self.initial |= {"organisation": position.organisation.name, "title": position.title}

    def clean_sensitivity(self):
        """Nothing chosen keeps what is."""
        return self.cleaned_data["sensitivity"] or self.fields["sensitivity"].initial

    def clean_organisation(self):
        organisation = clean(self.cleaned_data["organisation"])
        if organisation and not organisation_key(organisation):
            raise forms.ValidationError(_("An organisation has letters or digits in its name."))
        return organisation

    def clean(self):
        super().clean()
        if self.cleaned_data.get("sensitivity") != Sensitivity.SEALED:
            self._refuse_sealed_ways()
        # A position stands at an organisation: without one it would be lost.
        if self.cleaned_data.get("title") and self.cleaned_data.get("organisation") == "":
            self.add_error("title", _("Say where: name the outlet or organisation of this position."))

    def _refuse_sealed_ways(self):
        """What a sealed contact has may not stand in the open with another one: it would be as good as unsealed."""
        for name in ("emails", "phones"):
            typed = self.cleaned_data.get(name, [])
            found = kept_sealed(typed, but_of=self.instance.pk)
            if found:
                message = _t("“%(line)s” is kept sealed. Take it out, or seal this contact, too.")
                self.add_error(name, forms.ValidationError(message, params={"line": found[0]}))

    def clean_emails(self) -> list[str]:
        return self._lines("emails", lambda line: addresses.parse(line).address, addresses.NotAnAddress,
                           _t("“%(line)s” is no e-mail address. It looks like name@outlet.tj."))  # fmt: skip

    def clean_phones(self) -> list[str]:
        return self._lines("phones", phones.parse, phones.NotAPhone,
                           _t("“%(line)s” is no telephone number. It looks like +992 93 000 00 00."))  # fmt: skip

    def _lines(self, name, parse, refusal, message) -> list[str]:
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data[name].splitlines())):
            try:
                found.append(parse(line))
            except refusal as error:
                raise forms.ValidationError(message, params={"line": line}) from error
        return list(dict.fromkeys(found))
