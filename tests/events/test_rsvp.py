"""The page on which the invited answer: without cookies and scripts; looking changes nothing."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.signing import make_token
from events.actions.answers import Word, answer
from events.actions.guests import withdraw
from events.models import Event, Invitation, InvitationEvent
from events.states import Rsvp
from tests.architecture.rows import dump
from tests.factories.contacts import make_contact
from tests.factories.events import HEAD, make_event, make_guest, make_venue
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db
YES = {"answer": "accepted", "people": "1"}


@pytest.fixture
def guest():
    return make_guest(make_event(capacity=10, venue=make_venue()), "Ҷамшед Холов", organisation="Навид")


def path_of(guest) -> str:
    return guest.link[guest.link.index("/r/") :]


def post(guest, **typed):
    return Client(enforce_csrf_checks=True).post(path_of(guest), {"people": "1"} | typed)


def test_an_answer_needs_neither_cookie_nor_account(guest):
    answered = post(guest, answer="accepted", people="2", text="оператор Баҳром", needs_camera="on")
    guest.refresh_from_db()

    assert (answered.status_code, answered.cookies) == (302, {})
    assert (guest.rsvp, guest.people, guest.needs_camera, guest.text) == ("accepted", 2, True, "оператор Баҳром")


def test_looking_changes_nothing_however_often(guest):
    before = dump()
    client = Client()
    for _time in range(20):
        for asked in ("", "?a=accepted", "?a=declined", "?a=declined&lang=tg"):
            client.get(path_of(guest) + asked)
            client.head(path_of(guest) + asked)

    assert dump() == before


def test_a_link_in_a_letter_marks_a_choice_and_sends_none(guest):
    form = Client().get(path_of(guest) + "?a=declined").context["form"]

    assert form["answer"].value() == "declined"
    assert Invitation.objects.get(pk=guest.pk).rsvp == "invited"


def test_an_answer_can_be_changed_by_the_same_link(guest):
    for wish in ("declined", "accepted", "tentative", "accepted"):
        post(guest, answer=wish)

    assert [row.after for row in guest.log.filter(source="web").order_by("pk")] == [
        "declined",
        "accepted",
        "tentative",
        "accepted",
    ]


def test_the_same_answer_twice_is_one(guest):
    for _time in range(2):
        post(guest, answer="accepted")

    assert InvitationEvent.objects.filter(after="accepted").count() == 1
    assert Event.objects.get().seats_taken == 1


def test_a_no_asks_for_the_materials(guest):
    post(guest, answer="declined", decline_reason="busy")
    guest.refresh_from_db()

    assert (guest.rsvp, guest.wants_materials, guest.decline_reason) == ("declined", True, "busy")


def test_a_colleague_is_named_instead(guest):
    answered = post(guest, answer="colleague", colleague="Мадина Саидова", colleague_address="madina@navid.test")
    colleague = guest.replacements.get()

    assert (answered.status_code, colleague.name, colleague.rsvp, colleague.outlet_name) == (
        302,
        "Мадина Саидова",
        "draft",
        "Навид",
    )


@pytest.mark.parametrize(
    "typed",
    [
        {"answer": "colleague"},
        {"answer": "colleague", "colleague": "Мадина", "colleague_address": "madina"},
        {"answer": "junk"},
        {},
        {"answer": "accepted", "people": "0"},
        {"answer": "accepted", "people": "999"},
        {"answer": "accepted", "language": "xx"},
    ],
)
def test_what_is_typed_wrong_is_kept_and_changes_nothing(guest, typed):
    answered = post(guest, **typed, text="оператор Баҳром")

    assert (answered.status_code, Invitation.objects.get(pk=guest.pk).rsvp) == (422, "invited")
    assert "оператор Баҳром" in answered.content.decode()


def test_when_it_is_full_the_page_says_that_nothing_is_confirmed(guest):
    Event.objects.update(capacity=0)
    post(guest, answer="accepted")
    page = Client().get(path_of(guest)).content.decode()

    assert Invitation.objects.get(pk=guest.pk).rsvp == "waitlisted"
    assert "and not confirmed" in page or "не подтвержд" in page


def test_after_the_deadline_the_page_says_so_and_takes_nothing(guest):
    Event.objects.update(answer_by=timezone.now() - timedelta(minutes=1))
    answered = post(guest, answer="accepted")
    page = Client().get(path_of(guest)).content.decode()

    assert (answered.status_code, Invitation.objects.get(pk=guest.pk).rsvp) == (422, "invited")
    assert "<form" not in page


def test_a_cancelled_event_takes_no_answer_and_keeps_the_page(guest):
    Event.objects.update(status="cancelled")

    assert (Client().get(path_of(guest)).status_code, post(guest, answer="accepted").status_code) == (200, 422)


def test_nobody_else_is_named_on_the_page(guest):
    other = make_guest(guest.event, "Другая Гостья", emails=["other@navid.test"], phones=["+992930001122"])
    answer(other, Rsvp.ACCEPTED, Word("web"))
    page = Client().get(path_of(guest)).content.decode()

    assert [word for word in ("Другая", "other@", "930001122") if word in page] == []


def test_the_link_of_somebody_online_stands_there_after_a_yes(guest):
    Event.objects.update(online_url="https://meet.example.org/x", mode="both")
    before = "meet.example.org" in Client().get(path_of(guest)).content.decode()
    post(guest, answer="accepted")

    assert (before, "meet.example.org" in Client().get(path_of(guest)).content.decode()) == (False, True)


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_the_page_speaks_the_language_that_is_asked_for(guest, language):
    assert f'<html lang="{language}"' in Client().get(path_of(guest) + f"?lang={language}").content.decode()


def test_the_page_is_kept_nowhere_and_tells_nobody_where_one_came_from(guest):
    answered = Client().get(path_of(guest))

    assert "no-store" in answered["Cache-Control"]
    assert answered["Referrer-Policy"] in {"no-referrer", "same-origin"}


# Links


def wrong_links(guest) -> list[str]:
    token = path_of(guest).split("/")[2]
    number = guest.pk * 1024 + guest.link_version
    return [
        ("B" if token[0] == "A" else "A") + token[1:],
        token[:-1],
        token + "A",
        make_token("unsubscribe", number),
        make_token("rsvp", number + 1),
        make_token("rsvp", (guest.pk + 1) * 1024 + 1),
    ]


def test_a_link_that_is_not_theirs_opens_nothing(guest):
    answers = [Client().get(f"/r/{token}/") for token in wrong_links(guest)]

    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert len({answer.content for answer in answers}) == 1


def test_links_that_open_nothing_cannot_be_told_apart_by_page_or_by_what_they_ask(guest):
    revoked = make_guest(guest.event, "Отозванная")
    paths = [path_of(revoked), *(f"/r/{token}/" for token in wrong_links(guest))]
    withdraw(revoked, note="не наш", by=person(HEAD))
    found = set()
    for path in paths:
        with CaptureQueriesContext(connection) as asked:
            answer = Client().get(path)
        found.add((answer.status_code, answer.content, len(asked)))

    assert len(found) == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_was_taken_back_opens_nothing(guest, method):
    withdraw(guest, note="не наш", by=person(HEAD))

    assert getattr(Client(), method)(path_of(guest), YES).status_code == 404
    assert Invitation.objects.get(pk=guest.pk).rsvp == "revoked"


def test_the_link_of_an_erased_person_opens_nothing(guest):
    path = path_of(guest)
    Invitation.objects.filter(pk=guest.pk).update(link_version=0, contact=None)

    assert Client().get(path).status_code == 404


def test_the_link_of_a_test_letter_opens_a_page_that_changes_nothing():
    make_contact("Кто-то")
    before = dump()
    token = make_token("rsvp", 0)

    assert (Client().get(f"/r/{token}/").status_code, Client().post(f"/r/{token}/", YES).status_code) == (200, 200)
    assert dump() == before


def test_the_calendar_file_of_the_page_names_nobody(guest):
    text = Client().get(path_of(guest) + "calendar/").content.decode()

    assert ("SUMMARY:Пресс-конференция" in text, "ATTENDEE" in text, "/r/" in text) == (True, False, False)


def test_who_comes_sees_the_code_of_the_door_and_nobody_else_does(client):
    guest = make_guest(make_event())
    path = urlsplit(guest.link).path
    before = client.get(f"{path}square/").status_code
    answer(guest, "accepted", Word("web"))
    page, square = client.get(path).content.decode(), client.get(f"{path}square/")

    assert (before, square.status_code, square["Content-Type"]) == (404, 200, "image/svg+xml")
    assert f"{guest.door_code[:3]} {guest.door_code[3:]}" in page
