"""Events for calendars, and answers from them (RFC 5545, 5546, 6047). Text in, text out; writes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, vCalAddress, vText
from icalendar import Event as Entry

from core.text import clean
from mailings.message import Calendar as Part
from mailings.models import SendingAccount
from mailings.pipeline.mailbox.kinds import is_calendar
from mailings.pipeline.mailbox.letter import Letter

from ..models import Event, Invitation
from ..states import EventStatus, Rsvp

# A neutral title in a calendar that a whole office reads. It speaks the reader's language.
MEETING = {"ru": "Встреча", "tg": "Мулоқот", "en": "Meeting"}
_PRODUCT = "-//Payom//Events//RU"
_LARGEST = 1_000_000


class Unreadable(ValueError):
    """Not a calendar, or none that says what an answer says."""


@dataclass(frozen=True)
class Reply:
    """What a calendar answers: to which invitation, who, what, to which version, when; and the time that it names."""

    uid: UUID
    attendee: str
    partstat: str
    sequence: int
    stamp: datetime
    comment: str = ""
    # Under which name the attendee stands there, and, in a counter-proposal, the hour that is wished for.
    name: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def for_guest(
    event: Event,
    invitation: Invitation,
    *,
    to: str,
    account: SendingAccount | None = None,
    method: str = "REQUEST",
    partstat: str = "",
) -> Part:
    """One guest's own event: exactly one attendee, who is whom the letter goes to; nobody else is named in it.

    The organizer is the account that the letter leaves over, the environment's where none was chosen.
    """
    language = invitation.language or settings.LANGUAGE_CODE
    entry = _entry(event, language)
    entry.add("uid", f"{invitation.uid}@{_domain()}")
    entry.add("sequence", invitation.sequence)
    organizer = vCalAddress(f"mailto:{account.address if account else settings.DEFAULT_FROM_EMAIL}")
    organizer.params["cn"] = vText((account.names if account else settings.MAIL_FROM_NAMES)[language])
    entry["organizer"] = organizer
    asks = not partstat and method != "CANCEL"
    entry.add("attendee", attendee(to, invitation.name, partstat=partstat, asks=asks), encode=0)
    if method == "CANCEL":
        entry["status"] = vText("CANCELLED")
    return Part(method, _calendar([entry], method))


def attendee(to: str, name: str = "", *, partstat: str = "", asks: bool = True) -> vCalAddress:
    """Whom a letter goes to, as calendars know them; `asks` shows the buttons."""
    found = vCalAddress(f"mailto:{to}")
    found.params["cn"] = vText(clean(name) or to)
    found.params["cutype"], found.params["role"] = vText("INDIVIDUAL"), vText("REQ-PARTICIPANT")
    found.params["partstat"] = vText(partstat or "NEEDS-ACTION")
    found.params["rsvp"] = vText("TRUE" if asks else "FALSE")
    return found


def for_everybody(event: Event, language: str) -> bytes:
    """The event as a file that anybody may put into a calendar."""
    entry = _entry(event, language)
    entry.add("uid", f"{event.uid}@{_domain()}")
    entry.add("sequence", event.sequence)
    return _calendar([entry], "PUBLISH")


def feed(events: Iterable[Event], language: str) -> bytes:
    """Events for the calendars of staff, which read it again and again; discreet ones stay so."""
    entries = []
    for event in events:
        entry = _entry(event, language)
        entry.add("uid", f"{event.uid}@{_domain()}")
        entry.add("sequence", event.sequence)
        entries.append(entry)
    return _calendar(entries, "PUBLISH")


def _entry(event: Event, language: str) -> Entry:
    entry = Entry()
    # UTC: Dushanbe has no summer time, so nothing is lost, and no client guesses a zone.
    entry.add("dtstamp", timezone.now().astimezone(UTC))
    entry.add("dtstart", event.starts_at.astimezone(UTC))
    entry.add("dtend", event.ends_at.astimezone(UTC))
    entry.add("summary", MEETING[language] if event.is_discreet else clean(event.title))
    if event.place:
        entry.add("location", ", ".join(filter(None, [event.place, event.venue.address if event.venue else ""])))
    entry.add("status", "CANCELLED" if event.status == EventStatus.CANCELLED else "CONFIRMED")
    entry.add("transp", "OPAQUE")
    entry.add("class", "PRIVATE" if event.is_discreet else "PUBLIC")
    return entry


def _calendar(entries: Iterable[Entry], method: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    for entry in entries:
        calendar.add_component(entry)
    return calendar.to_ical()


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]


def calendar_in(letter: Letter) -> Message | None:
    """The calendar part of a letter, the plainest one where there are more."""
    types = {part.get_content_type(): part for part in reversed(letter.own_parts) if is_calendar(part)}
    return types.get("text/calendar") or types.get("application/ics") or next(iter(types.values()), None)


def method_of(part: Message) -> str:
    """What the part wants: as the calendar says, else as its header does. Raises Unreadable."""
    said = _read(part).get("method") or part.get_param("method") or ""
    return str(said).upper()


def reply_in(part: Message) -> Reply:
    """The answer in a calendar part. Raises Unreadable."""
    entries = _read(part).walk("VEVENT")
    if len(entries) != 1:
        raise Unreadable("an answer is about one event")
    entry = entries[0]
    attendees = entry.get("attendee")
    if attendees is None or isinstance(attendees, list):
        raise Unreadable("an answer is of one person")
    try:
        uid, stamp = UUID(str(entry["uid"]).partition("@")[0]), entry.decoded("dtstamp")
        sequence = int(entry.get("sequence", 0))
    except (KeyError, ValueError, TypeError) as error:
        raise Unreadable(str(error)) from None
    if not isinstance(stamp, datetime):
        raise Unreadable("an answer has a moment")
    if timezone.is_naive(stamp):
        stamp = stamp.replace(tzinfo=UTC)
    comment = entry.get("comment") or attendees.params.get("x-response-comment") or ""
    partstat = str(attendees.params.get("partstat", "")).upper()
    address = str(attendees).removeprefix("mailto:").removeprefix("MAILTO:")
    name = clean(str(attendees.params.get("cn", "")))
    hours = {"starts_at": _hour(entry, "dtstart"), "ends_at": _hour(entry, "dtend")}
    return Reply(uid, address, partstat, sequence, stamp, clean(str(comment))[:300], name, **hours)


def _hour(entry: Entry, name: str) -> datetime | None:
    """A moment of the entry; none where it is missing, a whole day, or nothing that can be read."""
    try:
        moment = entry.decoded(name)
    except (KeyError, ValueError, TypeError):
        return None
    if not isinstance(moment, datetime):
        return None
    return moment if timezone.is_aware(moment) else moment.replace(tzinfo=UTC)


def _read(part: Message) -> Calendar:
    data = part.get_payload(decode=True) or b""
    if len(data) > _LARGEST:
        raise Unreadable("too large")
    try:
        return Calendar.from_ical(data)
    # The library raises many things on what strangers send; none of them is ours.
    except Exception as error:
        raise Unreadable(type(error).__name__) from None


ANSWERS = {"ACCEPTED": Rsvp.ACCEPTED, "TENTATIVE": Rsvp.TENTATIVE, "DECLINED": Rsvp.DECLINED}
