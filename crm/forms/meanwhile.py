"""Two people edit one card: what only one of them changed goes together by itself, the rest is put side by side.

Everything a page needs for that it carries itself: the revision it was opened at, and what it showed then.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.text import clean_lines

from ..states import Messenger
from .contacts import ContactForm, stored
from .ways import WayRows, WaysField

# Not a part of the contact, or too large to be carried along.
_APART = {"revision", "was", "photo", "no_photo"}
_THEIRS = "theirs"


@dataclass(frozen=True)
class Conflict:
    """A field that both have changed, in the words of the page."""

    name: str
    label: str
    was: str
    theirs: str
    mine: str


@dataclass
class Merged:
    """What was typed with what changed meanwhile put in, bound to the present revision."""

    data: QueryDict
    conflicts: list[Conflict] = field(default_factory=list)
    # Labels of what only the other one changed.
    taken: list[str] = field(default_factory=list)


def shown(form: ContactForm) -> dict[str, object]:
    """What an unbound form shows, as plain JSON."""
    return {
        name: _plain(one, form.get_initial_for_field(one, name))
        for name, one in form.fields.items()
        if name not in _APART
    }


def merge(typed: QueryDict, present: ContactForm) -> Merged:
    """`present` is the unbound form of the contact as it is now."""
    now = shown(present)
    data = decided(typed, present)
    was = _was(typed)
    merged = Merged(data)
    for name, theirs in now.items():
        one = present.fields[name]
        mine = _plain(one, one.widget.value_from_datadict(data, {}, name))
        if _same(one, theirs, was.get(name)) or _same(one, theirs, mine):
            continue
        if _same(one, mine, was.get(name)):
            _put(data, name, one, theirs)
            merged.taken.append(_label(name, one))
        else:
            merged.conflicts.append(_conflict(name, one, was.get(name), theirs, mine))
    data["revision"], data["was"] = str(present.instance.revision), stored(now)
    return merged


def decided(typed: QueryDict, form: ContactForm) -> QueryDict:
    """What was typed, with theirs where somebody chose it: that is what the page showed as `was`."""
    data, was = typed.copy(), _was(typed)
    for name, one in form.fields.items():
        if data.get(f"take-{name}") == _THEIRS and name in was:
            _put(data, name, one, was[name])
    return data


def _was(typed: QueryDict) -> Mapping[str, object]:
    """What the page showed when it was opened; nothing where that cannot be read: then all is put side by side."""
    try:
        found = json.loads(typed.get("was") or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _put(data: QueryDict, name: str, one: forms.Field, value: object) -> None:
    if isinstance(one, WaysField):
        for key in WayRows.names_in(list(data), name):
            del data[key]
        for key, values in WayRows.sent(name, one.restored(value)).items():
            data.setlist(key, values)
        return
    data.pop(name, None)
    if value:
        data[name] = str(value)


def _plain(one: forms.Field, value: object) -> object:
    if isinstance(one, WaysField):
        return one.stored(value or [])
    if isinstance(one, forms.BooleanField):
        return "on" if value else ""
    return str(one.prepare_value(value)) if value not in (None, "") else ""


def _same(one: forms.Field, first: object, second: object) -> bool:
    if first is None or second is None:
        return False
    if isinstance(one, WaysField):
        return one.compared(one.restored(first)) == one.compared(one.restored(second))
    return clean_lines(str(first)) == clean_lines(str(second))


def _conflict(name: str, one: forms.Field, was: object, theirs: object, mine: object) -> Conflict:
    return Conflict(name, _label(name, one), *(_words(one, value) for value in (was, theirs, mine)))


def _label(name: str, one: forms.Field) -> str:
    language = name.rpartition("_")[2]
    return f"{one.label} ({language})" if name.startswith(("surname_", "given_name_", "patronymic_", "address_",
                                                           "checked_")) else str(one.label)  # fmt: skip


def _words(one: forms.Field, value: object) -> str:
    """A value as people read it."""
    if isinstance(one, WaysField):
        return "\n".join(_way(row) for row in one.restored(value))
    if isinstance(one, forms.BooleanField):
        return _("yes") if value else _("no")
    choices = {str(code): str(label) for code, label in getattr(one, "choices", [])}
    return choices.get(str(value), str(value or ""))


def _way(row) -> str:
    marks = [_("for work")] if row.is_work else []
    marks += [_("not used any more")] if row.is_retired else []
    return ", ".join([row.text, *(str(dict(Messenger.choices).get(code, code)) for code in row.messengers), *marks])
