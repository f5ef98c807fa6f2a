"""Stored names and values in the words of the screen: labels and choices come from the fields they were read from."""

from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, Field
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .changes import CHARACTERS
from .models import Entry

_LABELS: dict[str, str | Promise] = {
    "audience.city": _("City"),
    "audience.kind": _("Who"),
    "audience.language": _("Language"),
    "after": _("After"),
    "before": _("Before"),
    "changed": _("updated"),
    "count": _("Number"),
    "created": _("new"),
    "device": _("Device"),
    "emails": _("E-mail"),
    "factor": _("Second factor"),
    "filter": _("Filter"),
    "fingerprint": _("Fingerprint of what was approved"),
    "how": _("How"),
    "key_holder": _("Who may still sign in"),
    "kept": _("Letters that did not leave"),
    "language": _("Language"),
    "letters": _("Letters"),
    "mailing": _("Mailing"),
    "mark": _("Mark of the file"),
    "new_device": _("New device"),
    "organisation": _("Outlet or organisation"),
    "phones": _("Telephone"),
    "reason": _("Reason"),
    "recipients": _("Recipients"),
    "refused": _("refused"),
    "revision": _("Revision"),
    "rows": _("Rows"),
    "sealed": _("Rows that touch sealed contacts"),
    "second_factor": _("Who needs a second factor"),
    "sessions": _("Devices"),
    "sheets": _("Sheets"),
    "status": _("State"),
    "title": _("Position"),
    "unchanged": _("unchanged"),
    "why": _("Why"),
}
# Words that stand in no field's choices.
_VALUES: dict[tuple[str, object], Promise] = {
    ("how", "second"): _("as the second pair of eyes"),
    ("how", "alone"): _("alone: nobody else could approve"),
    ("how", "remembered"): _("remembered under one of the addresses"),
    ("why", "works"): _("The mailbox works again"),
    ("why", "mistake"): _("Put there by mistake"),
    ("why", "asked"): _("The person asked for letters"),
    ("factor", "totp"): _("app with codes"),
    ("factor", "webauthn"): _("passkey"),
    ("factor", "recovery_codes"): _("spare codes"),
}
# Where the field of a value stands, if not in the record the entry is about.
_ELSEWHERE = {
    "audience.kind": ("crm.contact", "kind"),
    "audience.language": ("accounts.user", "language"),
    "body": ("mailings.mailingversion", "body"),
    "channel": ("crm.stoprule", "channel"),
    "language": ("mailings.mailingversion", "language"),
    "preheader": ("mailings.mailingversion", "preheader"),
    "scope": ("crm.stoprule", "scope"),
    "subject": ("mailings.mailingversion", "subject"),
    "topic": ("crm.stoprule", "topic"),
    "until_on": ("crm.stoprule", "until_on"),
}
# A fingerprint is told by its beginning.
_LONGEST_WORD = 40


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Detail:
    label: str
    value: str


def changes_of(entry: Entry) -> list[Change]:
    return [
        Change(_label(entry, name), _words(entry, name, before), _words(entry, name, after))
        for name, (before, after) in entry.changes.items()
    ]


def details_of(entry: Entry) -> list[Detail]:
    """What else was written down; a change says the same better."""
    left = {name: value for name, value in entry.details.items() if name not in entry.changes}
    return [Detail(_label(entry, name), _words(entry, name, value)) for name, value in left.items()]


def _field(entry: Entry, name: str) -> Field | None:
    model, field = _ELSEWHERE.get(name, (entry.subject_type, name))
    try:
        return apps.get_model(model)._meta.get_field(field)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None


def _label(entry: Entry, name: str) -> str:
    field = _field(entry, name)
    return capfirst(str(_LABELS.get(name) or getattr(field, "verbose_name", None) or name))


def _words(entry: Entry, name: str, value: object) -> str:
    if value is None or value in ("", [], {}):
        return "—"
    if isinstance(value, str) and (name, value) in _VALUES:
        return str(_VALUES[name, value])
    if isinstance(value, bool):
        return _t("yes") if value else _t("no")
    if isinstance(value, int):
        return number_format(value)
    if isinstance(value, list):
        return ", ".join(_words(entry, name, part) for part in value)
    if isinstance(value, dict):
        return _length(value[CHARACTERS]) if set(value) == {CHARACTERS} else _pairs(entry, value)
    return _choice(_field(entry, name), str(value))


def _length(count: int) -> str:
    text = ngettext("%(count)s character", "%(count)s characters", count)
    return text % {"count": number_format(count)}


def _pairs(entry: Entry, value: dict) -> str:
    """A filter, in the words of an audience: the criteria are the same."""
    names = {key: f"audience.{key}" if f"audience.{key}" in _LABELS else key for key in value}
    return "; ".join(f"{_label(entry, name)}: {_words(entry, name, value[key])}" for key, name in names.items())


def _choice(field: Field | None, value: str) -> str:
    if isinstance(field, DateField):
        try:
            return date_format(date.fromisoformat(value[:10]), "SHORT_DATE_FORMAT")
        except ValueError:
            return value
    if len(value) > _LONGEST_WORD and " " not in value:
        return f"{value[:12]}…"
    return str(dict(getattr(field, "flatchoices", [])).get(value, value))
