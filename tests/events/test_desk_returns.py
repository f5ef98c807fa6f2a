"""Letters of the desk and letters to guests that come back: whose they were, who hears of it, what stops."""

import pytest
from django.utils import timezone

from accounts.models import StaffLetter
from crm.models import Suppression
from events.actions import guests
from events.actions import requests_answers as answers
from events.actions.experts import save_expert
from events.models import EventLetter, PressRequest, RequestMessage
from events.pipeline import desk_letters
from events.pipeline.desk_returns import GUEST_LETTER, MESSAGE
from events.pipeline.letters import send_waiting
from mailings.actions.incoming import take_in
from mailings.models import Incoming
from mailings.pipeline import marks
from tests.factories.contacts import make_contact
from tests.factories.events import HEAD, make_event, make_guest
from tests.factories.incoming import report
from tests.factories.mailings import person
from tests.factories.requests import REPORTER, STAFF, WORDS, come, make_answered, make_question, make_taken

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bounces_come_here(settings):
    settings.MAIL_BOUNCES_TO = "press@coalition.test"


def comes_back(message: RequestMessage, **said) -> Incoming:
    """A server's report on a letter of the desk, which had left."""
    RequestMessage.objects.filter(pk=message.pk).update(status="sent")
    said = {"address": REPORTER, "to": marks.return_path_of(MESSAGE, message.pk)} | said
    return take_in(report(**said)).incoming


def answer_of(request: PressRequest) -> RequestMessage:
    return request.messages.get(direction="out", is_automatic=False, expert=None)


def told() -> list[str]:
    return list(StaffLetter.objects.filter(kind="request_came_back").values_list("user__email", flat=True))


def stopped() -> list[tuple[str, str]]:
    return list(Suppression.objects.values_list("address", "reason"))


def test_each_letter_of_the_desk_has_a_return_path_of_its_own(smtp):
    message = answer_of(make_answered())
    desk_letters.send_waiting()

    assert smtp.envelopes[0].sender == marks.return_path_of(MESSAGE, message.pk)


def test_without_a_mailbox_for_reports_a_letter_returns_to_its_sender(smtp, settings):
    settings.MAIL_BOUNCES_TO = ""
    make_answered()
    desk_letters.send_waiting()

    assert smtp.envelopes[0].sender == "press@coalition.test"


def test_an_answer_that_came_back_puts_its_request_into_work_again():
    request = make_answered()
    incoming = comes_back(answer_of(request))

    request.refresh_from_db()
    message = answer_of(request)
    assert (message.status, message.bounce_class, message.reply) == ("failed", "hard", "550 5.1.1")
    assert (request.status, request.first_answer_at, request.settled_at) == ("in_work", None, None)
    assert (incoming.taken_by, incoming.bounce_class, told()) == ("requests", "hard", [STAFF])


def test_where_nobody_answers_a_request_the_heads_hear_of_it():
    request, head = make_answered(), person("head@desk.test")
    PressRequest.objects.update(assignee=None)
    comes_back(answer_of(request))

    assert told() == [head.email]


def test_a_report_is_known_by_the_number_of_the_letter_that_it_sends_back():
    message = answer_of(make_answered())
    comes_back(message, to="press@coalition.test", returned=f"Message-ID: {message.message_id}\nSubject: ours")

    message.refresh_from_db()
    assert message.status == "failed"


@pytest.mark.parametrize(
    "address",
    [
        lambda pk: f"press+d-{'a' * 28}@coalition.test",
        lambda pk: marks.return_path_of(GUEST_LETTER, pk),
        lambda pk: marks.return_path(pk),
    ],
    ids=["made up", "of a guest's letter", "of a mailing"],
)
def test_a_return_path_that_is_not_this_letters_marks_nothing(address):
    message = answer_of(make_answered())
    comes_back(message, to=address(message.pk))

    message.refresh_from_db()
    assert (message.status, told(), stopped()) == ("sent", [], [])


def test_a_report_that_says_that_it_is_still_tried_marks_nothing():
    message = answer_of(make_answered())
    comes_back(message, action="delayed", status="4.4.1", diagnostic="451 4.4.1 later")

    message.refresh_from_db()
    assert (message.status, told()) == ("sent", [])


def test_a_second_report_on_the_same_letter_tells_nobody_again():
    message = answer_of(make_answered())
    comes_back(message)
    take_in(report(address=REPORTER, to=marks.return_path_of(MESSAGE, message.pk), number="report-2"))

    assert told() == [STAFF]


def test_a_dead_mailbox_of_a_contact_stops_as_it_does_in_mailings():
    make_contact("Умар Назаров", emails=[REPORTER])
    comes_back(answer_of(make_answered()))

    assert stopped() == [(REPORTER, "hard_bounce")]


def test_a_dead_mailbox_of_who_has_no_card_is_stopped_and_not_shown():
    comes_back(answer_of(make_answered()))

    assert stopped() == [("", "hard_bounce")]


@pytest.mark.parametrize(
    ("status", "diagnostic", "bounce"),
    [("5.2.2", "552 5.2.2 mailbox full", "full"), ("5.7.1", "550 5.7.1 blocked as spam", "block")],
)
def test_what_is_no_dead_mailbox_stops_nobody(status, diagnostic, bounce):
    message = answer_of(make_answered())
    comes_back(message, status=status, diagnostic=diagnostic)

    message.refresh_from_db()
    assert (message.status, message.bounce_class, stopped()) == ("failed", bounce, [])


def test_a_letter_that_was_handed_on_and_failed_elsewhere_stops_nobody():
    message = answer_of(make_answered())
    comes_back(message, address="elsewhere@other.test")

    message.refresh_from_db()
    assert (message.status, stopped()) == ("failed", [])


def test_the_report_on_a_letter_to_a_sealed_contact_is_kept_under_the_seal():
    make_contact("Умар Назаров", emails=[REPORTER], sensitivity="sealed")
    incoming = comes_back(answer_of(make_answered()))

    assert (incoming.is_sealed, incoming.text, incoming.file, stopped()) == (True, "", "", [("", "hard_bounce")])


def test_the_report_on_a_letter_to_a_speaker_names_nobody():
    question = make_question()
    message = RequestMessage.objects.get(expert=question.expert)
    incoming = comes_back(message, address="saodat@panoh.test")

    request = PressRequest.objects.get()
    shown = (incoming.text, incoming.sender, incoming.subject, incoming.file)
    assert (RequestMessage.objects.get(pk=message.pk).status, shown) == ("failed", ("", "", "", ""))
    assert (request.status, told(), stopped()) == ("in_work", [STAFF], [("", "hard_bounce")])


def test_the_word_that_a_letter_came_is_marked_and_troubles_nobody():
    raw = f"From: {REPORTER}\nTo: press@coalition.test\nMessage-ID: <a@chashma.test>\nSubject: x\n\ntext".encode()
    request = come(raw)
    person("head@desk.test")
    comes_back(request.messages.get(is_automatic=True))

    assert (request.messages.get(is_automatic=True).status, told()) == ("failed", [])


def test_an_older_letter_that_comes_back_leaves_an_answered_request_answered():
    request = make_taken()
    asked = answers.ask_reporter(request, WORDS, by=person(STAFF))
    answers.answer(PressRequest.objects.get(), WORDS, by=person(STAFF))
    comes_back(asked)

    assert (PressRequest.objects.get().status, told()) == ("answered", [STAFF])


def test_a_letter_that_is_refused_at_once_is_told_of_as_one_that_comes_back(smtp):
    smtp.refuse[REPORTER] = "550 5.1.1 no such user"
    make_contact("Умар Назаров", emails=[REPORTER])
    make_answered()
    desk_letters.send_waiting()

    message = RequestMessage.objects.get(direction="out")
    assert (message.bounce_class, PressRequest.objects.get().status, told()) == ("hard", "in_work", [STAFF])
    assert stopped() == [(REPORTER, "hard_bounce")]


def test_an_answer_that_is_sent_again_is_one_once_more(smtp):
    request = make_answered()
    comes_back(answer_of(request))
    answers.send_again(answer_of(request), by=person(STAFF))
    desk_letters.send_waiting()

    request.refresh_from_db()
    assert (answer_of(request).status, answer_of(request).bounce_class) == ("sent", "")
    assert (request.status, request.first_answer_at is None) == ("answered", False)


def test_a_question_that_is_sent_again_is_no_answer():
    request = make_taken()
    asked = answers.ask_reporter(request, WORDS, by=person(STAFF))
    comes_back(asked)
    answers.send_again(RequestMessage.objects.get(pk=asked.pk), by=person(STAFF))

    assert PressRequest.objects.get().status == "reporter"


def test_the_report_on_a_letter_to_who_has_no_card_names_nobody():
    incoming = comes_back(answer_of(make_answered()))

    assert (incoming.text, incoming.sender, incoming.subject, incoming.file) == ("", "", "", "")


def test_the_report_on_a_letter_to_a_contact_is_kept_with_the_contact():
    contact = make_contact("Умар Назаров", emails=[REPORTER])
    incoming = comes_back(answer_of(make_answered()))

    assert (incoming.contact, incoming.sender, bool(incoming.file)) == (contact, "MAILER-DAEMON@mx.navid.test", True)


def test_a_letter_to_a_speaker_that_is_sent_again_goes_where_they_are_now(smtp):
    question = make_question()
    comes_back(RequestMessage.objects.get(expert=question.expert), address="saodat@panoh.test")
    save_expert(question.expert, topics=[], address="s.hakimova@panoh.test", by=person(STAFF))
    answers.send_again(RequestMessage.objects.get(expert=question.expert), by=person(STAFF))
    desk_letters.send_waiting()

    assert smtp.recipients == ["s.hakimova@panoh.test"]


# Letters to guests


def confirmed(**fields) -> EventLetter:
    """The letter to a guest whose yes was noted."""
    guest = make_guest(make_event(), **({"emails": ["reader@navid.test"]} | fields))
    guests.note_answer(guest, "accepted", source="phone", by=person(HEAD))
    return EventLetter.objects.get()


def test_a_guests_letter_that_comes_back_stands_with_the_guest(smtp, client_of):
    letter = confirmed()
    send_waiting()
    take_in(report(to=smtp.envelopes[0].sender))

    letter.refresh_from_db()
    page = client_of(person(HEAD)).get(f"/events/guests/{letter.invitation_id}/")
    assert (smtp.envelopes[0].sender, letter.status) == (marks.return_path_of(GUEST_LETTER, letter.pk), "failed")
    assert (letter.bounce_class, stopped()) == ("hard", [("reader@navid.test", "hard_bounce")])
    assert list(page.context["letters"]) == [letter]


def test_a_guests_letter_is_known_by_the_number_that_is_sent_back(smtp, settings):
    settings.MAIL_BOUNCES_TO = ""
    letter = confirmed()
    send_waiting()
    number = smtp.envelopes[0].message["Message-ID"]
    take_in(report(to="press@coalition.test", returned=f"Message-ID: {number}"))

    letter.refresh_from_db()
    assert letter.status == "failed"


def test_the_report_on_a_letter_to_a_sealed_guest_is_kept_under_the_seal(smtp):
    letter = confirmed(sensitivity="sealed")
    send_waiting()
    incoming = take_in(report(to=smtp.envelopes[0].sender)).incoming

    letter.refresh_from_db()
    assert (incoming.is_sealed, incoming.file, letter.reply) == (True, "", "550 5.1.1")


def test_a_guests_letter_that_a_server_puts_off_is_tried_again(smtp):
    smtp.refuse["reader@navid.test"] = ["451 4.7.1 greylisted"]
    letter = confirmed()
    send_waiting()
    letter.refresh_from_db()
    waits = letter.status, letter.next_try_at > timezone.now(), send_waiting()
    EventLetter.objects.update(next_try_at=timezone.now())

    assert (waits, send_waiting()) == (("queued", True, 0), 1)


def test_a_guests_letter_that_is_refused_for_good_says_why(smtp):
    smtp.refuse["reader@navid.test"] = "550 5.1.1 no such user"
    letter = confirmed()
    send_waiting()

    letter.refresh_from_db()
    assert (letter.status, letter.bounce_class, stopped()) == ("failed", "hard", [("reader@navid.test", "hard_bounce")])
