"""The reporter's deadline as the clock, with the time that the test says."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import StaffLetter
from events.actions import requests_answers as answers
from events.actions.requests import change_request
from events.actions.requests_clock import look
from tests.factories.mailings import person
from tests.factories.requests import STAFF, WORDS, make_request, make_taken

pytestmark = pytest.mark.django_db

START = datetime(2026, 6, 10, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def head(db):
    return person("head@desk.test")


def after(hours: float) -> int:
    return look(at=START + timedelta(hours=hours))


def told():
    letters = StaffLetter.objects.filter(kind="request_due").order_by("pk")
    return [(letter.user.email, letter.facts["share"]) for letter in letters]


def test_nobody_is_told_before_half_of_the_time():
    make_taken(received_at=START)

    assert (after(4.9), told()) == (0, [])


def test_who_answers_is_told_at_half_then_the_head_too():
    request = make_taken(received_at=START)
    after(5)
    after(8)
    after(10)

    request.refresh_from_db()
    assert told() == [
        (STAFF, "50"),
        (STAFF, "80"),
        ("head@desk.test", "80"),
        (STAFF, "100"),
        ("head@desk.test", "100"),
    ]
    assert request.status == "missed"


def test_same_moment_twice_tells_once():
    make_taken(received_at=START)

    assert (after(5), after(5), after(6), len(told())) == (1, 0, 0, 1)


def test_after_a_pause_of_the_worker_the_last_alone_is_told():
    make_taken(received_at=START)
    after(9)

    assert told() == [(STAFF, "80"), ("head@desk.test", "80")]


def test_where_nobody_answers_the_head_is_told_from_the_first():
    make_request(received_at=START)
    after(5)

    assert told() == [("head@desk.test", "50")]


def test_answered_request_has_no_clock():
    answers.answer(make_taken(received_at=START), WORDS, by=person(STAFF))

    assert (after(12), told()) == (0, [])


def test_clock_stands_while_the_reporter_is_asked():
    request = make_taken(received_at=START)
    answers.ask_reporter(request, WORDS, by=person(STAFF))

    assert (after(12), request.status) == (0, "reporter")


def test_answer_that_waits_for_approval_is_told_and_not_missed():
    request = make_taken(received_at=START, is_sensitive=True)
    answers.answer(request, WORDS, by=person(STAFF))
    after(10)

    request.refresh_from_db()
    assert (request.status, len(told())) == ("approval", 2)


def test_request_without_a_deadline_has_no_clock():
    make_taken(received_at=START, hours=None)

    assert after(10_000) == 0


def test_another_deadline_begins_the_clock_anew():
    request = make_taken(received_at=START)
    after(5)
    change_request(request, {"deadline": START + timedelta(hours=20)}, by=person(STAFF))

    assert (after(9), after(10), told()) == (0, 1, [(STAFF, "50"), (STAFF, "50")])


def test_missed_request_can_still_be_answered():
    request = make_taken(received_at=START)
    after(11)
    request.refresh_from_db()

    answers.answer(request, WORDS, by=person(STAFF))

    assert request.status == "answered"
