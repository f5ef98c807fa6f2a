"""What an event is, as people type it."""

import re
from contextlib import suppress
from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from audit.opened import Opened
from core.forms import TidyForm
from crm.models import Organisation
from crm.states import OUTLETS, PRESS_LANGUAGES, OrganisationKind

from ..models import Event, ProgrammeItem, Series, Speaker, Venue
from .meanwhile import Meanwhile

_MOMENTS = ["starts_at", "ends_at", "doors_at", "answer_by"]
_MOST_LINES = 60


_LINE = re.compile(r"(?:(\d{1,2})\.(\d{1,2})\s+)?(\d{1,2})[:.](\d{2})\s+(\S.*)")


def read_line(line: str, starts_at: datetime) -> tuple[datetime, str] | None:
    """Moment and title of a line of the programme; None for what cannot be read."""
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    day, month, hour, minute, title = found.groups()
    begins = timezone.localtime(starts_at)
    with suppress(ValueError):
        at = begins.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
        return (_on(at, int(day), int(month)) if day else at), title
    return None


def _on(at: datetime, day: int, month: int) -> datetime:
    """This day of the year in which it is nearest: an event may last over New Year. ValueError where there is none."""
    days = []
    for year in (at.year - 1, at.year, at.year + 1):
        with suppress(ValueError):
            days.append(at.replace(year=year, month=month, day=day))
    return min(days, key=lambda one: abs(one - at))


def _moment():
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class EventForm(Meanwhile, TidyForm, forms.ModelForm):
    """An event. Venue and series are typed: a name that is new makes a new one."""

    venue_name = forms.CharField(label=_("Venue"), max_length=200, required=False)
    series_name = forms.CharField(
        label=_("Series"), max_length=200, required=False, help_text=_("Of events that belong together. May be empty.")
    )
    spoken = forms.MultipleChoiceField(
        label=_("Languages"), choices=PRESS_LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple
    )

    online_url = forms.URLField(label=_("Link for those who take part online"), required=False, assume_scheme="https")

    class Meta:
        model = Event
        fields = [
            "title", "kind", "starts_at", "ends_at", "doors_at", "answer_by", "mode", "venue_name", "room",
            "online_url", "spoken", "has_interpretation", "about", "series_name", "manager", "capacity",
            "camera_places", "has_waiting_list", "needs_accreditation", "takes_colleagues", "is_discreet",
        ]  # fmt: skip
        widgets = {
            **{name: _moment() for name in _MOMENTS},
            "about": forms.Textarea(attrs={"rows": 3}),
            "capacity": forms.NumberInput(attrs={"min": 1, "class": "control--short"}),
            "camera_places": forms.NumberInput(attrs={"min": 0, "class": "control--short"}),
        }
        help_texts = {
            "capacity": _("Empty: the venue's number, or no limit."),
            "camera_places": _("Empty: no limit."),
            "answer_by": _("Until then the invited may change what they answered. Empty: until it begins."),
            "is_discreet": _("In calendars it is called “Meeting”, and nothing says what it is about."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        event = self.instance
        self._former = event.venue
        self.initial |= {
            "venue_name": event.venue.name if event.venue else "",
            "series_name": event.series.name if event.series else "",
            "spoken": event.language_codes,
        }
        staff = User.objects.with_right(Right.EVENTS_EDIT)
        self.fields["manager"].queryset = (staff | User.objects.filter(pk=event.manager_id)).distinct().order_by("name")
        self.fields["manager"].empty_label = _("whoever makes it")

    def clean(self):
        typed = super().clean() or self.cleaned_data
        starts, ends = typed.get("starts_at"), typed.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("It ends before it begins. Correct one of the two."))
        for name in ("doors_at", "answer_by"):
            if starts and typed.get(name) and typed[name] > starts:
                self.add_error(name, _("This is after the beginning. Choose an earlier moment."))
        return typed

    def filled(self) -> Event:
        """The event as typed, not saved; a venue or a series of a new name is made."""
        event, typed = self.save(commit=False), self.cleaned_data
        event.languages = " ".join(typed["spoken"])
        event.venue = Venue.objects.get_or_create(name=typed["venue_name"])[0] if typed["venue_name"] else None
        event.series = Series.objects.get_or_create(name=typed["series_name"])[0] if typed["series_name"] else None
        if event.venue and (event.capacity is None or self._has_the_number_of_another_venue(event)):
            event.capacity = event.venue.capacity
        return event

    def _has_the_number_of_another_venue(self, event: Event) -> bool:
        """Whether the places are those of the venue before, and nobody has typed their number."""
        is_other = self._former is not None and self._former != event.venue
        return is_other and "capacity" not in self.changed_data and event.capacity == self._former.capacity


class VenueForm(Opened, TidyForm, forms.ModelForm):
    saved_as = "events.venue.changed"

    class Meta:
        model = Venue
        fields = ["name", "address", "directions", "capacity", "is_accessible"]
        widgets = {
            "directions": forms.Textarea(attrs={"rows": 3}),
            "capacity": forms.NumberInput(attrs={"min": 1, "class": "control--short"}),
        }


class ProgrammeForm(Meanwhile, TidyForm, forms.Form):
    """Programme and speakers line by line, and how many people an outlet may send."""

    programme = forms.CharField(
        label=_("Programme"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": _("11:00 Opening")}),
        help_text=_("One part a line, its hour first. Of a later day, the day before the hour: 27.06 10:00."),
    )
    speakers = forms.CharField(
        label=_("Speakers"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line: the name, a comma, who it is; after a semicolon, the organisation they speak for."),
    )

    def __init__(self, *args, event: Event, **kwargs):
        self.event = event
        initial = {
            "programme": "\n".join(_line(item, event) for item in event.programme.all()),
            "speakers": "\n".join(map(_speaker_line, event.speakers.select_related("organisation"))),
        }
        quotas = dict(event.quotas.values_list("kind", "people"))
        super().__init__(*args, initial=initial, **kwargs)
        for kind in OrganisationKind:
            if kind in OUTLETS:
                self.fields[f"quota_{kind.value}"] = forms.IntegerField(
                    label=kind.label,
                    required=False,
                    min_value=1,
                    max_value=99,
                    initial=quotas.get(kind),
                    widget=forms.NumberInput(attrs={"class": "control--short"}),
                )

    def clean_programme(self):
        lines = [line.strip() for line in self.cleaned_data["programme"].splitlines() if line.strip()]
        if len(lines) > _MOST_LINES:
            raise forms.ValidationError(_("This is too long: name the parts, not every word."))
        self.items = [self._item(line) for line in lines]
        return self.cleaned_data["programme"]

    def _item(self, line: str) -> ProgrammeItem:
        found = read_line(line, self.event.starts_at)
        if found is None:
            words = _("Nobody can tell the hour of “%(line)s”. Begin the line with it: 11:00 Opening.")
            raise forms.ValidationError(words, params={"line": line[:60]})
        return ProgrammeItem(event=self.event, starts_at=found[0], title=found[1][:200])

    def clean_speakers(self):
        lines = [line.strip() for line in self.cleaned_data["speakers"].splitlines() if line.strip()]
        if len(lines) > _MOST_LINES:
            raise forms.ValidationError(_("These are too many. Name those who speak."))
        speakers = [self._speaker(line) for line in lines]
        self.named = [one for one in speakers if one.name]
        return self.cleaned_data["speakers"]

    def _speaker(self, line: str) -> Speaker:
        who, _semicolon, place = line.partition(";")
        name, _comma, about = who.partition(",")
        organisation = Organisation.objects.called(place) if place.strip() else None
        if place.strip() and organisation is None:
            words = _("There is no organisation “%(name)s” in the list. Add it there, or leave it out here.")
            raise forms.ValidationError(words, params={"name": place.strip()[:60]})
        return Speaker(event=self.event, name=name.strip()[:200], about=about.strip()[:200], organisation=organisation)

    @property
    def quota_fields(self):
        return [self[name] for name in self.fields if name.startswith("quota_")]

    @property
    def quotas(self) -> dict[str, int]:
        typed = {name: value for name, value in self.cleaned_data.items() if name.startswith("quota_") and value}
        return {name.removeprefix("quota_"): value for name, value in typed.items()}


def _speaker_line(speaker: Speaker) -> str:
    who = ", ".join(filter(None, [speaker.name, speaker.about]))
    return f"{who}; {speaker.organisation.name}" if speaker.organisation else who


def _line(item: ProgrammeItem, event: Event) -> str:
    at = timezone.localtime(item.starts_at)
    is_later = at.date() != timezone.localdate(event.starts_at)
    return f"{at:%d.%m %H:%M} {item.title}" if is_later else f"{at:%H:%M} {item.title}"


class TaskForm(TidyForm, forms.Form):
    words = forms.CharField(label=_("What is to be done"), max_length=200)
    due_on = forms.DateField(label=_("On which day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
