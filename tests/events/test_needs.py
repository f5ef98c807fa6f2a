"""Interpretation and an entrance without steps: asked on the public page, seen by staff, kept through every answer."""

import re

import pytest
from django.test import Client

from events.actions.answers import Needs, Word, answer
from events.actions.calls import note_call
from events.actions.guests import name_colleague
from events.actions.planning import set_held
from events.models import Event, Invitation
from tests.factories.accounts import make_user
from tests.factories.events import HEAD, make_event, make_guest, make_held_today
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db
BOTH = {"needs_interpretation": "on", "needs_access": "on"}


@pytest.fixture
def guest():
    return make_guest(make_event(has_interpretation=True))


@pytest.fixture
def needy(guest):
    """Said yes on the page, and what they need with it."""
    post(guest, answer="accepted", **BOTH)
    guest.refresh_from_db()
    return guest


@pytest.fixture
def editor(client_of):
    return client_of(make_user("editor"))


def path_of(guest) -> str:
    return guest.link[guest.link.index("/r/") :]


def post(guest, **typed):
    return Client().post(path_of(guest), {"people": "1"} | typed)


def needs(guest) -> tuple[bool, bool]:
    return Invitation.objects.values_list("needs_interpretation", "needs_access").get(pk=guest.pk)


def ticked(page) -> list[str]:
    """The boxes of a page that a browser would send back."""
    boxes = re.findall(r'<input type="checkbox"[^>]*>', page.content.decode())
    return sorted(re.search(r'name="(\w+)"', box)[1] for box in boxes if " checked" in box)


def said_in_the_row(page) -> list[str]:
    """What stands under “needs” in the row of the only guest."""
    (row,) = re.findall(r"<tbody><tr>(.*?)</tr>", page.content.decode(), re.DOTALL)
    cell = re.findall(r"<td>(.*?)</td>", row, re.DOTALL)[-1]
    return re.findall(r"<span>([^<]+)</span>", cell)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({}, (False, False)),
        ({"needs_interpretation": "on"}, (True, False)),
        ({"needs_access": "on"}, (False, True)),
        (BOTH, (True, True)),
    ],
)
def test_what_is_asked_for_on_the_page_is_kept(guest, typed, kept):
    post(guest, answer="accepted", **typed)

    assert needs(guest) == kept


def test_interpretation_is_not_offered_where_there_is_none():
    guest = make_guest(make_event())
    form = Client().get(path_of(guest)).context["form"]
    post(guest, answer="accepted", **BOTH)

    assert ("needs_interpretation" in form.fields, needs(guest)) == (False, (False, True))


def test_entrance_is_not_asked_about_where_nobody_enters():
    guest = make_guest(make_event(mode="online", online_url="https://meet.navid.test/", has_interpretation=True))
    form = Client().get(path_of(guest)).context["form"]
    post(guest, answer="accepted", **BOTH)

    assert ("needs_access" in form.fields, needs(guest)) == (False, (True, False))


def test_page_shows_the_guest_what_they_asked_for(needy):
    assert ticked(Client().get(path_of(needy))) == ["needs_access", "needs_interpretation"]


def test_box_that_is_cleared_is_cleared(needy):
    post(needy, answer="accepted", needs_access="on")

    assert needs(needy) == (False, True)


@pytest.mark.parametrize("wish", ["accepted", "tentative", "declined"])
def test_page_sent_back_with_another_answer_keeps_what_is_needed(needy, wish):
    boxes = ticked(Client().get(path_of(needy)))
    post(needy, answer=wish, **dict.fromkeys(boxes, "on"))
    needy.refresh_from_db()

    assert (needy.rsvp, needs(needy)) == (wish, (True, True))


@pytest.mark.parametrize("outcome", ["comes", "not", "later", "missed"])
def test_call_keeps_what_is_needed(needy, outcome):
    post(needy, answer="tentative", **BOTH)
    note_call(needy, outcome, by=person(HEAD))

    assert needs(needy) == (True, True)


@pytest.mark.parametrize("wish", ["accepted", "tentative", "declined"])
def test_answer_from_a_calendar_keeps_what_is_needed(needy, wish):
    answer(needy, wish, Word("ical"))

    assert needs(needy) == (True, True)


def test_event_that_went_online_keeps_what_its_page_asks_no_more(needy):
    Event.objects.update(mode="online", online_url="https://meet.navid.test/", has_interpretation=False)
    post(needy, answer="accepted")

    assert needs(needy) == (True, True)


def test_who_named_a_colleague_and_comes_after_all_still_needs_it(needy):
    name_colleague(needy, name="Мадина", address="")
    needy.refresh_from_db()
    answer(needy, "accepted", Word("ical"))

    assert needs(needy) == (True, True)


def test_what_waits_for_a_place_is_kept_with_it():
    guest = make_guest(make_event(capacity=1, has_interpretation=True))
    answer(make_guest(guest.event, "Занявшая"), "accepted", Word("web"))
    post(guest, answer="accepted", **BOTH)
    guest.refresh_from_db()

    assert (guest.rsvp, needs(guest)) == ("waitlisted", (True, True))


# Staff


@pytest.mark.parametrize("role", ["head", "editor", "viewer"])
def test_row_of_the_guest_says_what_they_need(client_of, needy, role):
    page = client_of(make_user(role)).get(f"/events/{needy.event_id}/")

    assert said_in_the_row(page) == ["наушник", "без ступеней"]


def test_row_of_who_needs_nothing_says_nothing(editor, guest):
    post(guest, answer="accepted")

    assert said_in_the_row(editor.get(f"/events/{guest.event_id}/")) == []


def test_sheet_has_the_boxes_of_what_they_need(editor, needy):
    assert ticked(editor.get(f"/events/guests/{needy.pk}/")) == ["needs_access", "needs_interpretation"]


@pytest.mark.parametrize("who", ["viewer", "editor of an event that is over"])
def test_sheet_without_a_form_says_what_they_need(client_of, needy, who):
    if who != "viewer":
        set_held(Event.objects.get(), by=person(HEAD))
    page = client_of(make_user(who.split()[0])).get(f"/events/guests/{needy.pk}/").content.decode()

    assert [word for word in ("наушник", "без ступеней") if word not in page.lower()] == []


def test_staff_who_note_another_answer_keep_what_the_sheet_shows(editor, needy):
    boxes = ticked(editor.get(f"/events/guests/{needy.pk}/"))
    editor.post(
        f"/events/guests/{needy.pk}/answer/",
        {"answer": "tentative", "source": "phone", "people": "1"} | dict.fromkeys(boxes, "on"),
    )
    needy.refresh_from_db()

    assert (needy.rsvp, needs(needy)) == ("tentative", (True, True))


def test_door_is_told_what_they_need(client_of):
    event = make_held_today(has_interpretation=True)
    answer(make_guest(event), "accepted", Word("web"), Needs(needs_interpretation=True, needs_access=True))
    told = client_of(make_user("editor")).get(f"/events/{event.pk}/door/guests/").json()["guests"]

    assert [one["line"] for one in told] == ["наушник, без ступеней"]
