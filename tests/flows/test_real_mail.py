"""Letters over a real postfix and a real dovecot: out by SMTP, back by IMAP, and what becomes of them here."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.urls import reverse
from django.utils.translation import gettext
from icalendar import Calendar

from accounts.models import StaffLetter
from crm.models import Suppression
from events.actions import guests
from events.actions.interviews import note_consent, schedule
from events.actions.planning import change_event
from events.models import Event, EventLetter, Interview, PressRequest, RequestMessage
from events.pipeline import desk_letters
from events.pipeline.letters import send_waiting
from mailings.actions.incoming import read_mailbox
from mailings.models import Delivery, Incoming
from tests.factories.events import HEAD, make_event, make_guest, make_venue
from tests.factories.incoming import make_sent
from tests.factories.invitations import answer_of_calendar, entry_of, invite, tree
from tests.factories.mailings import person
from tests.factories.requests import STAFF, make_interview, make_taken
from tests.mta import GUEST, OURS, REPORTER

pytestmark = [pytest.mark.mta, pytest.mark.django_db]
NOBODY = "nobody@navid.test"


def came(post, mailbox: str = GUEST) -> EmailMessage:
    """The last letter in somebody's mailbox."""
    post.settle()
    return post.letters(mailbox)[-1]


def read(post) -> list[tuple[str, str]]:
    """Read our mailbox once; kind and taker of all that has come so far."""
    post.settle()
    read_mailbox()
    return list(Incoming.objects.order_by("pk").values_list("kind", "taken_by"))


def written(text: str, subject: str, *, sender: str = REPORTER, **headers: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = f"Умар Назаров <{sender}>", OURS, subject
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(text)
    return letter


# Invitations


@pytest.fixture
def guest():
    return make_guest(make_event(venue=make_venue()), invited=False, emails=[GUEST])


def test_an_invitation_arrives_as_calendars_expect_it(post, guest):
    invite(guest.event)

    letter = came(post)
    part, entry = entry_of(letter)
    file = next(one for one in letter.walk() if one.get_content_type() == "application/ics")
    assert tree(letter) == (
        "multipart/mixed",
        [("multipart/alternative", ["text/plain", "text/html", "text/calendar"]), "application/ics"],
    )
    assert (part.get_param("method"), part.get_content_disposition(), file.get_filename()) == (
        "REQUEST",
        None,
        "invite.ics",
    )
    assert file.get_payload(decode=True) == part.get_payload(decode=True)
    assert Calendar.from_ical(part.get_payload(decode=True))["method"] == "REQUEST"
    assert (str(entry["attendee"]), str(entry["organizer"])) == (f"mailto:{GUEST}", f"mailto:{OURS}")
    assert letter["From"].addresses[0].addr_spec == OURS


@pytest.mark.parametrize(
    ("partstat", "rsvp"), [("ACCEPTED", "accepted"), ("TENTATIVE", "tentative"), ("DECLINED", "declined")]
)
def test_what_the_guests_calendar_answers_is_their_answer(post, guest, partstat, rsvp):
    invite(guest.event)
    post.send(answer_of_calendar(came(post), partstat), sender=GUEST)

    seen = read(post)

    guest.refresh_from_db()
    assert (seen, guest.rsvp, guest.is_unconfirmed) == ([("calendar", "events")], rsvp, False)
    assert guest.log.first().source == "ical"


def test_an_answer_that_did_not_come_from_the_guests_server_is_not_certain(post, guest):
    invite(guest.event)
    post.send(answer_of_calendar(came(post)), sender=GUEST, server="127.0.0.9")

    read(post)

    guest.refresh_from_db()
    assert (guest.rsvp, guest.is_unconfirmed) == ("accepted", True)


def test_an_answer_from_another_address_changes_nothing(post, guest):
    invite(guest.event)
    other = "second@navid.test"
    post.send(answer_of_calendar(came(post), attendee=other), sender=other)

    read(post)

    guest.refresh_from_db()
    assert (guest.rsvp, Event.objects.get().seats_taken) == ("invited", 0)


def test_a_forged_answer_undoes_nothing_that_was_said_for_certain(post, guest):
    invite(guest.event)
    letter = came(post)
    post.send(answer_of_calendar(letter), sender=GUEST)
    read(post)
    post.send(answer_of_calendar(letter, "DECLINED"), sender=GUEST, server="127.0.0.9")

    read(post)

    guest.refresh_from_db()
    assert (guest.rsvp, guest.is_unconfirmed) == ("accepted", False)


def test_a_moved_event_arrives_as_the_next_version_of_the_same_entry(post, guest):
    event = guest.event
    invite(event)
    first = entry_of(came(post))[1]
    event.starts_at += timedelta(days=1)
    event.ends_at += timedelta(days=1)
    change_event(event, by=person(HEAD))

    send_waiting()

    _part, second = entry_of(came(post))
    assert (str(second["uid"]), int(second["sequence"])) == (str(first["uid"]), int(first["sequence"]) + 1)
    assert second["dtstart"].dt == first["dtstart"].dt + timedelta(days=1)


def test_an_answer_to_the_former_time_changes_nothing(post, guest):
    event = guest.event
    invite(event)
    letter = came(post)
    event.starts_at += timedelta(days=1)
    event.ends_at += timedelta(days=1)
    change_event(event, by=person(HEAD))
    post.send(answer_of_calendar(letter), sender=GUEST)

    read(post)

    guest.refresh_from_db()
    assert guest.rsvp == "invited"


# Mailings


def test_a_letter_to_no_mailbox_comes_back_and_stops_the_address(post):
    delivery = make_sent(post, NOBODY)

    seen = read(post)

    delivery.refresh_from_db()
    assert (seen, delivery.status, delivery.bounce_class) == ([("bounce", "")], "failed", "hard")
    assert list(Suppression.objects.values_list("address", "reason")) == [(NOBODY, "hard_bounce")]


def test_a_reader_leaves_by_the_letter_that_their_mail_program_writes(post):
    make_sent(post, GUEST)
    leave = came(post)["List-Unsubscribe"]
    address = next(one for one in leave.split(",") if "mailto:" in one).strip(" <>").removeprefix("mailto:")
    to, _ask, subject = address.partition("?subject=")
    post.send(written("", subject, sender=GUEST), sender=GUEST, to=to)

    seen = read(post)

    assert (seen, Suppression.objects.get().reason) == ([("unsubscribe", "")], "unsubscribed")


def test_an_automatic_answer_proposes_and_does_nothing(post):
    delivery = make_sent(post, GUEST)
    number = came(post)["Message-ID"]
    away = written("Я больше не работаю в редакции.", "Автоответ", sender=GUEST, In_Reply_To=number)
    away["Auto-Submitted"] = "auto-replied"
    post.send(away, sender=GUEST)

    seen = read(post)

    assert (seen, Incoming.objects.get().proposal) == ([("auto_reply", "")], "left")
    assert (Delivery.objects.get(pk=delivery.pk).status, Suppression.objects.count()) == ("sent", 0)


# Press requests


def told(kind: str) -> list[str]:
    return list(StaffLetter.objects.filter(kind=kind).values_list("user__email", flat=True))


def ask(post, **headers: str) -> PressRequest:
    """A reporter writes; the request that stands on the board then."""
    post.send(written("Когда пускают адвоката?", "Доступ к адвокату", **headers), sender=REPORTER)
    read(post)
    return PressRequest.objects.get()


def answer(client_of, request: PressRequest) -> None:
    """A colleague answers on the page; the worker sends it."""
    form = {"subject": "Re: Доступ к адвокату", "text": "С первого часа задержания."}
    client_of(person(STAFF)).post(reverse("events:request-write", args=[request.pk, "answer"]), form)
    desk_letters.send_waiting()


def test_a_reporters_letter_stands_on_the_board(post, client_of):
    request = ask(post)

    page = client_of(person(STAFF)).get(reverse("events:request-list"))
    assert (request.subject, request.source, request.address) == ("Доступ к адвокату", "mail", REPORTER)
    assert "Доступ к адвокату" in page.content.decode()


def test_the_answer_from_the_page_arrives_in_the_reporters_thread(post, client_of):
    request = ask(post, Message_ID="<first@chashma.test>")
    answer(client_of, request)

    post.settle()
    received, answered = post.letters(REPORTER)
    assert (received["In-Reply-To"], answered["In-Reply-To"]) == ("<first@chashma.test>", received["Message-ID"])
    assert answered["References"].split() == ["<first@chashma.test>", received["Message-ID"]]
    assert answered["From"].addresses[0].addr_spec == OURS
    assert "С первого часа" in answered.get_body(("plain",)).get_content()


def test_what_the_reporter_replies_lands_in_the_same_request(post, client_of):
    request = ask(post)
    answer(client_of, request)
    number = came(post, REPORTER)["Message-ID"]
    post.send(written("Спасибо! А в области?", "Ещё вопрос", In_Reply_To=number, References=number), sender=REPORTER)

    read(post)

    request.refresh_from_db()
    assert (PressRequest.objects.count(), request.status) == (1, "in_work")
    assert [one.direction for one in request.messages.all()] == ["in", "out", "out", "in"]


def test_what_a_reporters_calendar_answers_to_an_interview_is_noted_in_the_request(post):
    interview = make_interview()
    note_consent(interview, by=person(STAFF))
    schedule(Interview.objects.get(), by=person(STAFF))
    desk_letters.send_waiting()
    letter = came(post, REPORTER)
    post.send(answer_of_calendar(letter, "DECLINED"), sender=REPORTER)

    seen = read(post)

    # The speaker's letter went to a domain that nobody here knows.
    assert seen == [("bounce", "requests"), ("calendar", "requests")]
    assert tree(letter)[1][0] == ("multipart/alternative", ["text/plain", "text/html", "text/calendar"])
    assert (interview.request.messages.filter(direction="note").count(), told("interview_declined")) == (1, [STAFF])


def test_a_letter_of_twenty_megabytes_is_shown_as_text_and_kept_as_it_came(post):
    letter = written("Вот запись.", "Запись")
    letter.add_attachment(b"\1" * 15 * 1024 * 1024, maintype="application", subtype="zip", filename="запись.zip")
    post.send(letter, sender=REPORTER)

    seen = read(post)

    message, (raw,) = RequestMessage.objects.get(direction="in"), post.raws(OURS)
    with message.original.open() as kept:
        assert (seen, message.text, len(raw) > 20 * 1024 * 1024) == ([("reply", "requests")], "Вот запись.", True)
        assert kept.read() == raw
    assert [(one.name, bool(one.file), bool(one.refusal)) for one in message.files.all()] == [
        ("запись.zip", False, True)
    ]


def test_a_letter_of_thirty_megabytes_waits_for_a_person_who_sees_whose_it_is(post):
    letter = written("Вот запись.", "Запись")
    letter.add_attachment(b"\1" * 22 * 1024 * 1024, maintype="application", subtype="zip", filename="запись.zip")
    post.send(letter, sender=REPORTER)
    post.send(written("Дошло?", "Вопрос"), sender=REPORTER)

    seen = read(post)

    waits = Incoming.objects.unrecognised().get()
    assert (seen, waits.is_too_big, waits.sender, waits.subject) == (
        [("poison", ""), ("reply", "requests")],
        True,
        REPORTER,
        "Запись",
    )


def test_an_answer_that_no_mailbox_takes_is_no_answer(post, client_of):
    request = make_taken(address=NOBODY, hours=10)
    answer(client_of, request)

    seen = read(post)

    message = request.messages.get(direction="out")
    page = client_of(person(STAFF)).get(reverse("events:request-detail", args=[request.pk])).content.decode()
    assert (seen, message.status, message.bounce_class) == ([("bounce", "requests")], "failed", "hard")
    assert (PressRequest.objects.get().status, PressRequest.objects.get().first_answer_at) == ("in_work", None)
    assert told("request_came_back") == [STAFF]
    assert gettext("The mailbox does not exist") in page
    assert Incoming.objects.unrecognised().count() == 0


def test_a_letter_to_a_guest_that_no_mailbox_takes_stands_with_the_guest(post, client_of):
    guest = make_guest(make_event(), emails=[NOBODY])
    guests.note_answer(guest, "accepted", source="phone", by=person(HEAD))
    send_waiting()

    seen = read(post)

    letter = EventLetter.objects.get()
    assert (seen, letter.status, letter.bounce_class) == ([("bounce", "events")], "failed", "hard")
    assert list(Suppression.objects.values_list("address", "reason")) == [(NOBODY, "hard_bounce")]
