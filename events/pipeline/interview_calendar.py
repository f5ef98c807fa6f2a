"""An interview for one person's calendar: an entry of their own, in which nobody else is named (RFC 5546)."""

from datetime import UTC, timedelta

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, vCalAddress, vText

from core.sealing import unseal
from core.text import clean
from mailings.message import Calendar as Part

from ..models import Interview, RequestMessage
from .ical import attendee

# Neutral: calendars are read by whole offices.
_TITLES = {"ru": "Интервью", "tg": "Мусоҳиба", "en": "Interview"}


def part_of(message: RequestMessage) -> Part:
    """The calendar part of a letter about an interview. Raises CannotUnseal."""
    is_speakers = message.expert_id is not None
    to = unseal(message.sealed_address) if is_speakers else message.request.address
    interview = message.interview
    uid = interview.speaker_uid if is_speakers else interview.reporter_uid
    return Part(message.calendar_method, calendar(interview, uid=str(uid), to=to, method=message.calendar_method))


def calendar(interview: Interview, *, uid: str, to: str, method: str) -> bytes:
    """One entry with exactly one attendee, whom the letter goes to."""
    entry = Event()
    entry.add("uid", f"{uid}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}")
    entry.add("sequence", interview.sequence)
    entry.add("dtstamp", timezone.now().astimezone(UTC))
    entry.add("dtstart", interview.starts_at.astimezone(UTC))
    entry.add("dtend", (interview.starts_at + timedelta(minutes=interview.minutes)).astimezone(UTC))
    entry.add("summary", _TITLES[interview.language])
    if interview.place:
        entry.add("location", clean(interview.place))
    entry.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    entry.add("class", "PRIVATE")
    organizer = vCalAddress(f"mailto:{settings.DEFAULT_FROM_EMAIL}")
    organizer.params["cn"] = vText(settings.MAIL_FROM_NAMES[interview.language])
    entry.add("organizer", organizer, encode=0)
    entry.add("attendee", attendee(to, asks=method == "REQUEST"), encode=0)
    whole = Calendar()
    for name, value in (("prodid", "-//Payom//Desk//RU"), ("version", "2.0"), ("method", method)):
        whole.add(name, value)
    whole.add_component(entry)
    return whole.to_ical()
