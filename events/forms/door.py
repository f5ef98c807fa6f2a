"""What phones at the door send, read with care: a list of marks as JSON; and who keeps a door."""

import json
from datetime import datetime, timedelta
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role

from ..actions.door import MOST_AT_ONCE, Said
from ..models import Event
from ..pipeline.door_seal import WORDS, words_in
from ..states import MarkKind

# A clock that is further off than this is wrong, and is set right by the time of sending.
_WRONG_CLOCK = timedelta(minutes=2)
_LONGEST_SEAL = 10_000


class NotMarks(ValueError):
    """What was sent is no list of marks."""


def read_marks(body: bytes, *, event: Event, at: datetime) -> list[Said]:
    """The marks in a request. Raises NotMarks, and then nothing of it is kept: a phone of ours sends no such thing."""
    try:
        sent = json.loads(body)
        marks, late = sent["marks"], at - _moment(sent["sent_at"])
        if not isinstance(marks, list) or len(marks) > MOST_AT_ONCE:
            raise NotMarks
        return [_said(event, one, late if abs(late) > _WRONG_CLOCK else timedelta()) for one in marks]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise NotMarks from error


def _said(event: Event, mark: dict, late: timedelta) -> Said:
    guest, kind, words = mark.get("guest"), MarkKind(mark["kind"]), {name: mark.get(name, "") for name in WORDS}
    if "sealed" in mark:
        words = words_in(event, _text(mark["sealed"], _LONGEST_SEAL))
        # Nobody can read any more who it was. That somebody came stays a fact.
        kind = kind if words else MarkKind.COUNTED
    return Said(
        kind=kind,
        at=_moment(mark["at"]) + late,
        key=UUID(mark["key"]),
        guest=UUID(guest) if isinstance(guest, str) else _number(guest),
        undoes=UUID(mark["undoes"]) if mark["kind"] == MarkKind.UNDONE else None,
        **{name: _text(text) for name, text in words.items()},
    )


def _moment(text: str) -> datetime:
    moment = parse_datetime(text)
    if moment is None or timezone.is_naive(moment):
        raise NotMarks
    return moment


def _number(value: object) -> int | None:
    if value is None or isinstance(value, int) and 0 < value < 2**63:
        return value
    raise NotMarks


def _text(value: object, longest: int = 500) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise NotMarks
    return value


class KeepersForm(forms.Form):
    """Who of the role of the door stands at this one."""

    keepers = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("At the door"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, event, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["keepers"].queryset = User.objects.active().filter(role=Role.DOOR).order_by("name")
        self.initial["keepers"] = list(event.keepers.values_list("user", flat=True))


class WalkInForm(forms.Form):
    """Somebody who was not invited."""

    name = forms.CharField(label=_("Name"), max_length=200)
    outlet = forms.CharField(label=_("Outlet"), max_length=200, required=False)
    contact = forms.CharField(
        label=_("Telephone or e-mail"), max_length=200, required=False, help_text=_("If they want the materials.")
    )
