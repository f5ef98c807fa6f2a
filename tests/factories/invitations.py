"""Invitations on their way: written, approved, sent by the engine, and what the guest's own calendar answers."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from django.utils import timezone
from icalendar import Calendar

from events.actions.answers import Word, move
from events.actions.invitations import begin_mailing
from events.models import Event, EventLetter, Invitation
from mailings import actions
from mailings.models import Mailing
from mailings.pipeline.send import send_due
from tests.factories.events import HEAD, make_event, make_guest
from tests.factories.mailings import BODY, person


def write(mailing, languages="ru") -> None:
    for language in languages.split():
        words = {"subject": f"Приглашение {language}", "preheader": "Ждём вас", "body": BODY}
        actions.save_version(mailing, language, words=words, revision=0, by=person("author@payom.test"))


def approve(mailing) -> Mailing:
    mailing = Mailing.objects.get(pk=mailing.pk)
    actions.submit(mailing, by=person("author@payom.test"))
    actions.approve(mailing, seen=mailing.fingerprint(), by=person("head@payom.test"))
    return mailing


def send(mailing) -> None:
    actions.start(mailing, typed=len(mailing.approved_recipients), by=mailing.author)
    send_due()


def invite(event, purpose="invitation", languages="ru") -> Mailing:
    mailing = begin_mailing(event, purpose, by=person("author@payom.test"))
    write(mailing, languages)
    mailing = approve(mailing)
    send(mailing)
    return mailing


def tree(part) -> object:
    """The types of a letter, as CalConnect's guide draws them."""
    if part.is_multipart():
        return (part.get_content_type(), [tree(one) for one in part.iter_parts()])
    return part.get_content_type()


def entry_of(letter):
    part = next(one for one in letter.walk() if one.get_content_type() == "text/calendar")
    return part, Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]


def answer_of_calendar(
    invitation: EmailMessage, partstat: str = "ACCEPTED", *, attendee: str = "", method: str = "REPLY"
) -> EmailMessage:
    """What a guest's calendar writes when its button is pressed: an answer to exactly this entry, to its organizer."""
    _part, entry = entry_of(invitation)
    attendee = attendee or str(entry["attendee"]).removeprefix("mailto:")
    whole = Calendar.from_ical("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Guest//RU\r\nEND:VCALENDAR\r\n")
    whole.add("method", method)
    del entry["attendee"]
    entry["dtstamp"].dt = datetime.now(UTC)
    entry.add("attendee", f"mailto:{attendee}", parameters={"partstat": partstat})
    whole.add_component(entry)
    letter = EmailMessage()
    letter["From"], letter["To"] = attendee, str(entry["organizer"]).removeprefix("mailto:")
    letter["Subject"], letter["In-Reply-To"] = f"{partstat}: {invitation['Subject']}", invitation["Message-ID"]
    letter.set_content(partstat)
    as_calendar = {"maintype": "text", "subtype": "calendar", "params": {"method": method}}
    letter.add_alternative(whole.to_ical(), **as_calendar)
    return letter


# By which answers somebody comes to each.
WAYS = {
    "draft": [],
    "invited": ["invited"],
    "accepted": ["invited", "accepted"],
    "tentative": ["invited", "tentative"],
    "declined": ["invited", "declined"],
    "waitlisted": ["invited", "waitlisted"],
    "offered": ["invited", "waitlisted", "offered"],
    "revoked": ["invited", "revoked"],
}


def word_of(source: str) -> Word:
    """By telephone it is staff who note an answer, and say why."""
    by = person(HEAD) if source == "phone" else None
    return Word(source, by, "попросили по телефону" if by else "")


def step(guest: Invitation, after: str, source: str = "phone") -> None:
    until = timezone.now() + timedelta(hours=6) if after == "offered" else None
    move(guest, after, word_of(source), offered_until=until)


def guest_at(state: str, event: Event | None = None, **fields) -> Invitation:
    """A guest with this answer, to whom no letter waits."""
    guest = make_guest(event or make_event(), invited=False, **fields)
    for after in WAYS[state]:
        step(guest, after)
    EventLetter.objects.all().delete()
    return guest
