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
from django.utils.translation import ngettext, pgettext_lazy

from .changes import CHARACTERS
from .models import Entry
from .sentences import sentence

_LABELS: dict[str, str | Promise] = {
    "audience.active": _("In touch"),
    "audience.basis": _("Basis for writing"),
    "audience.city": _("City"),
    "audience.entity": _("Person or post"),
    "audience.kind": _("Who"),
    "audience.language": _("Language"),
    "audience.letters": _("Letters"),
    "audience.not_segment": _("Not in the segment"),
    "audience.not_tag": _("Without the tag"),
    "audience.organisation": _("Outlet or organisation"),
    "audience.organisation_kind": _("Kind of organisation"),
    "audience.owner": _("Who keeps in touch"),
    "audience.ownership": _("Whose organisation"),
    "audience.q": _("Words"),
    "audience.region": _("Region"),
    "audience.restricted": _("Organisations banned by a court"),
    "audience.segment": _("Segment"),
    "audience.sensitivity": _("How carefully kept"),
    "audience.tag": _("Tag"),
    "audience.topic": _("Topic"),
    "after": _("After"),
    "before": _("Before"),
    "changed": _("updated"),
    "count": _("Number"),
    "created": _("new"),
    "device": _("Device"),
    "done": _("What was done"),
    "assignee": _("Whom to remind"),
    "due_on": _("When"),
    "emails": _("E-mail"),
    "factor": _("Second factor"),
    "filter": _("Filter"),
    "given": _("What was given"),
    "field": _("What it is"),
    "fingerprint": _("Fingerprint of what was approved"),
    "former_surnames": _("Former surnames"),
    "forms_of_address": _("Forms of address"),
    "how": _("How"),
    "key_holder": _("Who may still sign in"),
    "kept": _("Letters that did not leave"),
    "kind_of_touch": _("What it was"),
    "language": _("Language"),
    "letters": _("Letters"),
    "mailing": _("Mailing"),
    "mark": _("Mark of the file"),
    "messengers": _("Messengers"),
    "names": _("Names in languages"),
    "new_device": _("New device"),
    "organisation": _("Outlet or organisation"),
    "phones": _("Telephone"),
    "reason": _("Reason"),
    "recipients": _("Recipients"),
    "refused": _("refused"),
    "retired": _("Not used any more"),
    "revision": _("Revision"),
    "rows": _("Rows"),
    "segment": _("List"),
    "sealed": _("Rows that touch sealed contacts"),
    "second_factor": _("Who needs a second factor"),
    "sessions": _("Devices"),
    "sheets": _("Sheets"),
    "status": _("State"),
    "step": _("What was done"),
    "title": _("Position"),
    "unchanged": _("unchanged"),
    "why": _("Why"),
    "unread": _("Cannot be read"),
    "work": _("For work"),
}
# Words that stand in no field's choices.
_VALUES: dict[tuple[str, object], Promise] = {
    ("audience.active", "month"): _("within a month"),
    ("audience.active", "year"): _("within a year"),
    ("audience.entity", "person"): pgettext_lazy("entity", "a person"),
    ("audience.entity", "post"): pgettext_lazy("entity", "a post"),
    ("audience.letters", "yes"): _("can be sent"),
    ("audience.letters", "stopped"): _("on the stop list"),
    ("audience.letters", "no_address"): _("no address"),
    ("audience.restricted", "include"): _("include people of banned organisations"),
    ("how", "second"): _("as the second pair of eyes"),
    ("how", "alone"): _("alone: nobody else could approve"),
    ("done", "tag"): _("Add a tag"),
    ("done", "untag"): _("Remove a tag"),
    ("done", "topic"): _("Add a topic"),
    ("done", "list"): _("Add to a list"),
    ("done", "region"): _("Set the region"),
    ("done", "owner"): _("Say who keeps in touch"),
    ("done", "stop"): _("Add a stop rule"),
    ("done", "archive"): _("Put away"),
    ("done", "restore"): _("Bring back"),
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
    "audience.basis": ("crm.contact", "basis"),
    "due_on": ("crm.followup", "due_on"),
    "kind_of_touch": ("crm.touch", "kind"),
    "audience.kind": ("crm.contact", "kind"),
    "audience.language": ("accounts.user", "language"),
    "audience.organisation_kind": ("crm.organisation", "kind"),
    "audience.ownership": ("crm.organisation", "ownership"),
    "audience.region": ("crm.contact", "region"),
    "audience.sensitivity": ("crm.contact", "sensitivity"),
    "body": ("mailings.mailingversion", "body"),
    "channel": ("crm.stoprule", "channel"),
    "field": ("crm.unread", "field"),
    "language": ("mailings.mailingversion", "language"),
    "preheader": ("mailings.mailingversion", "preheader"),
    "region": ("crm.contact", "region"),
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
    if name == "step":
        return sentence(str(value))
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
