"""Answers from calendars: what is right is applied, whatever is wrong changes nothing."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from django.utils import timezone

from events.actions.answers import Word, answer
from events.actions.calendar_answers import Taken, note_answer
from events.actions.planning import change_event
from events.models import Event, EventLetter, Invitation, InvitationEvent
from events.states import Rsvp
from mailings.actions.incoming import take_in
from mailings.models import Incoming
from mailings.pipeline.mailbox.letter import Letter
from tests.factories.events import HEAD, make_event, make_guest
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db
ADDRESS = "reader@navid.test"
OURS = "coalition.test; dkim=pass header.d=navid.test"


@pytest.fixture(autouse=True)
def our_server(settings):
    settings.MAIL_AUTHSERV_ID = "coalition.test"


def take(message) -> Taken:
    return note_answer(Letter.of(message.as_bytes()))


@pytest.fixture
def guest():
    return make_guest(make_event(), emails=[ADDRESS])


def calendar(guest, partstat="ACCEPTED", *, attendee=ADDRESS, sequence=0, stamp=None, uid="", method="REPLY", more=""):
    stamp = (stamp or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "PRODID:-//Google Inc//Google Calendar 70.9054//EN",
            "VERSION:2.0",
            *([f"METHOD:{method}"] if method else []),
            "BEGIN:VEVENT",
            f"UID:{uid or guest.uid}@coalition.test",
            f"DTSTAMP:{stamp}",
            "DTSTART:20270620T060000Z",
            f"SEQUENCE:{sequence}",
            f'ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};CN="Х":mailto:{attendee}',
            *([more] if more else []),
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )


def letter(text, *, sender=ADDRESS, results=OURS, kind="calendar", **params) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "press@coalition.test", "Accepted"
    if results:
        message["Authentication-Results"] = results
    message.set_content("Принято")
    if kind == "calendar":
        message.add_alternative(text.encode(), maintype="text", subtype="calendar", params={"method": "REPLY"} | params)
    else:
        message.add_attachment(text.encode(), maintype="application", subtype=kind, filename="reply.ics")
    return message


def rows() -> tuple:
    """Everything an answer may change."""
    guests = Invitation.objects.order_by("pk").values_list("pk", "rsvp", "answered_at", "calendar_stamp", "people")
    return list(guests), list(Event.objects.values_list("seats_taken")), EventLetter.objects.count()


@pytest.mark.parametrize(
    ("partstat", "rsvp"), [("ACCEPTED", "accepted"), ("TENTATIVE", "tentative"), ("DECLINED", "declined")]
)
def test_a_proved_answer_is_applied(guest, partstat, rsvp):
    taken = take(letter(calendar(guest, partstat)))
    guest.refresh_from_db()

    assert (taken, guest.rsvp, guest.is_unconfirmed, guest.log.first().source) == (Taken.ANSWERED, rsvp, False, "ical")


@pytest.mark.parametrize("kind", ["ics", "octet-stream"])
def test_an_answer_is_found_wherever_a_mail_program_puts_it(guest, kind):
    assert take(letter(calendar(guest), kind=kind)) == Taken.ANSWERED


def test_capitals_in_an_address_are_nothing(guest):
    taken = take(letter(calendar(guest, attendee="Reader@Navid.TEST"), sender="READER@navid.test"))

    assert taken == Taken.ANSWERED


def test_an_answer_without_an_organizer_counts(guest):
    """As outlook.com sends them; the fixture has none, either."""
    assert "ORGANIZER" not in calendar(guest)
    assert take(letter(calendar(guest))) == Taken.ANSWERED


def test_a_comment_becomes_a_note(guest):
    take(letter(calendar(guest, more="COMMENT:Приду с оператором")))

    assert guest.log.first().note == "Приду с оператором"


def test_no_letter_answers_an_answer(guest):
    take(letter(calendar(guest)))

    assert list(EventLetter.objects.values_list("kind", "calendar")) == [("confirmed", "")]


@pytest.mark.parametrize(
    "results",
    [
        "",
        "coalition.test; dkim=fail header.d=navid.test",
        "evil.test; dkim=pass header.d=navid.test",
        "coalition.test.evil.test; dkim=pass header.d=navid.test",
        "coalition.test; dkim=pass",
        "coalition.test; dkim=pass header.d=evil.test; spf=pass smtp.mailfrom=x@evil.test",
        "coalition.test; dkim=pass header.d=xnavid.test",
        "coalition.test; dkim=pass header.d=mail.navid.test",
        "coalition.test; dkim=fail (dkim=pass; dkim=pass header.d=navid.test) header.d=navid.test",
        'coalition.test; spf=pass smtp.mailfrom="x; dkim=pass header.d=navid.test"@evil.test',
        'coalition.test; spf=fail smtp.mailfrom=x"; dkim=pass header.d=navid.test',
    ],
)
def test_an_answer_that_nothing_proves_is_shown_as_not_confirmed(guest, results):
    taken = take(letter(calendar(guest), results=results))
    guest.refresh_from_db()

    assert (taken, guest.rsvp, guest.is_unconfirmed) == (Taken.UNCONFIRMED, "accepted", True)


@pytest.mark.parametrize(
    "results",
    [
        "coalition.test; dkim=pass (2048-bit key) header.d=navid.test header.s=a",
        "Coalition.test 1; spf=pass (sender SPF authorized) smtp.mailfrom=reader@Navid.test",
        "coalition.test; dkim=fail header.d=other.test; dmarc=pass header.from=navid.test",
    ],
)
def test_a_word_about_their_own_domain_is_proof(guest, results):
    take(letter(calendar(guest), results=results))
    guest.refresh_from_db()

    assert (guest.rsvp, guest.is_unconfirmed) == ("accepted", False)


def test_without_a_name_of_our_server_nothing_is_proof(guest, settings):
    settings.MAIL_AUTHSERV_ID = ""

    assert take(letter(calendar(guest), results="; dkim=pass header.d=navid.test")) == Taken.UNCONFIRMED


def test_two_senders_prove_nobody(guest):
    message = letter(calendar(guest)).as_bytes()
    message = message.replace(b"From: ", b"From: evil@evil.test\nFrom: ", 1)

    assert note_answer(Letter.of(message.replace(b"From: evil@evil.test", b"From: " + ADDRESS.encode(), 1))) == (
        Taken.UNCONFIRMED
    )


def test_only_the_topmost_word_of_our_own_server_counts(guest):
    message = letter(calendar(guest), results="coalition.test; dkim=fail; spf=fail")
    message["Authentication-Results"] = OURS

    assert take(message) == Taken.UNCONFIRMED


def test_a_forged_answer_undoes_nothing_that_was_said_for_certain(guest):
    answer(guest, Rsvp.ACCEPTED, Word("web"))
    before = rows()
    taken = take(letter(calendar(guest, "DECLINED"), sender="evil@evil.test"))

    assert (taken, rows()) == (Taken.NOTED, before)


def test_an_answer_from_another_address_changes_nothing_and_is_noted(guest):
    before = rows()
    taken = take(letter(calendar(guest, attendee="other@navid.test"), sender="other@navid.test"))

    assert (taken, rows()) == (Taken.OTHER_ADDRESS, before)
    assert InvitationEvent.objects.order_by("-pk").first().is_unconfirmed is True


def test_an_answer_to_a_former_time_changes_nothing(guest):
    Invitation.objects.filter(pk=guest.pk).update(sequence=2)
    before = rows()

    assert (take(letter(calendar(guest, sequence=1))), rows()) == (Taken.OLD, before)


def test_an_older_answer_that_comes_later_changes_nothing(guest):
    now = timezone.now()
    take(letter(calendar(guest, "DECLINED", stamp=now)))
    before = rows()

    assert (take(letter(calendar(guest, "ACCEPTED", stamp=now - timedelta(minutes=5)))), rows()) == (Taken.OLD, before)


def test_the_same_letter_twice_is_one_answer(guest):
    message = letter(calendar(guest))
    take(message)
    before = rows()

    assert (take(message), rows()) == (Taken.OLD, before)


@pytest.mark.parametrize("method", ["REQUEST", "ADD", "CANCEL", "PUBLISH"])
def test_what_is_no_answer_goes_to_the_inbox(guest, method):
    before = rows()

    assert (take(letter(calendar(guest, method=method))), rows()) == (Taken.NOT_OURS, before)


def test_a_letter_without_a_calendar_goes_to_the_inbox(guest):
    message = EmailMessage()
    message["From"] = ADDRESS
    message.set_content("Буду")

    assert take(message) == Taken.NOT_OURS


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "junk",
        "BEGIN:VCALENDAR",
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n",
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        "\0" * 5000,
        "x" * 1_200_000,
    ],
    ids=["empty", "word", "cut", "no event", "empty event", "zeros", "large"],
)
def test_junk_changes_nothing(guest, junk):
    before = rows()

    assert take(letter(junk)) in {Taken.JUNK, Taken.NOT_OURS}
    assert rows() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("SEQUENCE:0", "SEQUENCE:many"),
        lambda text: text.replace("DTSTAMP:", "DTSTAMP:x"),
        lambda text: text.replace(
            "BEGIN:VEVENT", "BEGIN:VEVENT\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:second@navid.test"
        ),
        lambda text: text.replace("PARTSTAT=ACCEPTED", "PARTSTAT=MAYBE"),
        lambda text: text.replace("UID:", "UID:no-"),
    ],
    ids=["sequence", "stamp", "two people", "unknown answer", "another uid"],
)
def test_a_broken_answer_changes_nothing(guest, change):
    before = rows()
    take(letter(change(calendar(guest))))

    assert rows() == before


def test_an_answer_to_no_invitation_makes_none(guest):
    taken = take(letter(calendar(guest, uid="3f2504e0-4f89-41d3-9a0c-0305e82c3301")))

    assert (taken, Invitation.objects.count()) == (Taken.UNKNOWN, 1)


def test_after_the_deadline_an_answer_is_noted_and_not_applied(guest):
    Event.objects.update(answer_by=timezone.now() - timedelta(hours=1))
    before = rows()

    assert (take(letter(calendar(guest))), rows()) == (Taken.REFUSED, before)


def test_a_yes_without_a_place_waits(guest):
    Event.objects.update(capacity=0)
    take(letter(calendar(guest)))
    guest.refresh_from_db()

    assert (guest.rsvp, list(EventLetter.objects.values_list("kind", flat=True))) == ("waitlisted", ["waiting"])


# As the mailbox reader brings them


def came(message, number="reply-1") -> Incoming:
    message["Message-ID"] = f"<{number}@navid.test>"
    return take_in(message.as_bytes()).incoming


def test_an_answer_read_from_the_mailbox_is_applied(guest):
    incoming = came(letter(calendar(guest, "DECLINED")))
    guest.refresh_from_db()

    assert (guest.rsvp, guest.is_unconfirmed) == ("declined", False)
    assert (incoming.kind, incoming.taken_by, incoming.contact_id) == ("calendar", "events", guest.contact_id)
    assert Incoming.objects.unrecognised().count() == 0


def test_a_forged_answer_read_from_the_mailbox_changes_nothing(guest):
    answer(guest, Rsvp.ACCEPTED, Word("web"))
    before = rows()
    forged = letter(calendar(guest, "DECLINED"), results="coalition.test; dkim=pass header.d=evil.test")
    incoming = came(forged)

    assert (incoming.taken_by, rows()) == ("events", before)
    assert guest.log.first().is_unconfirmed is True


@pytest.mark.parametrize(
    "make",
    [
        lambda guest: letter(calendar(guest, method="COUNTER").replace("DTSTART:20270620T060000Z", "DTSTART:soon")),
        lambda guest: letter(calendar(guest, uid="3f2504e0-4f89-41d3-9a0c-0305e82c3301")),
        lambda guest: letter("BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n"),
    ],
    ids=["another hour", "unknown", "junk"],
)
def test_what_events_do_not_take_a_person_looks_at(guest, make):
    before = rows()
    incoming = came(make(guest))

    assert (incoming.taken_by, rows(), list(Incoming.objects.unrecognised())) == ("", before, [incoming])


def test_what_a_sealed_guest_s_calendar_writes_is_kept_under_the_seal():
    guest = make_guest(make_event(), "Закрытая", emails=["sealed@navid.test"], sensitivity="sealed")
    results = "coalition.test; dkim=pass header.d=navid.test"
    text = calendar(guest, attendee="sealed@navid.test", more="COMMENT:Приду")
    incoming = came(letter(text, sender="sealed@navid.test", results=results))
    guest.refresh_from_db()

    assert (guest.rsvp, guest.is_unconfirmed, incoming.contact_id) == ("accepted", False, guest.contact_id)
    assert (incoming.sender, incoming.subject, incoming.text, incoming.file) == ("", "", "", "")
    assert guest.log.first().note == ""


def test_answer_from_a_clock_that_runs_years_ahead_does_not_silence_the_next_one(guest):
    take(letter(calendar(guest, stamp=datetime(2090, 1, 1, tzinfo=UTC))))
    taken = take(letter(calendar(guest, "DECLINED", stamp=datetime.now(UTC) + timedelta(seconds=2))))
    guest.refresh_from_db()

    assert (taken, guest.rsvp) == (Taken.ANSWERED, "declined")


def test_yes_to_the_former_day_of_who_had_declined_is_no_yes_to_the_new_one(guest):
    take(letter(calendar(guest, "DECLINED", stamp=datetime.now(UTC) - timedelta(hours=1))))
    event = Event.objects.get(pk=guest.event_id)
    event.starts_at, event.ends_at = (at + timedelta(days=3) for at in (event.starts_at, event.ends_at))
    change_event(event, by=person(HEAD))
    taken = take(letter(calendar(guest)))
    guest.refresh_from_db()

    assert (taken, guest.rsvp, guest.remarks.get().kind) == (Taken.OLD, "declined", "former")


@pytest.mark.parametrize(("is_late", "kind"), [(True, "late"), (False, "full")])
def test_yes_that_finds_no_place_is_not_called_late(guest, is_late, kind):
    deadline = timezone.now() - timedelta(hours=1) if is_late else None
    Event.objects.filter(pk=guest.event_id).update(
        capacity=1, seats_taken=1, has_waiting_list=False, answer_by=deadline
    )
    taken = take(letter(calendar(guest)))

    assert (taken, guest.remarks.get().kind) == (Taken.REFUSED, kind)
