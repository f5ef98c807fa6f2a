"""Who may stand at which door, when, and who names them."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from events.actions.door import set_keepers
from events.actions.planning import cancel_event
from events.models import DoorMark, Event
from tests.factories.accounts import make_user
from tests.factories.door import accepted, facts, send, states, word
from tests.factories.events import HEAD, make_event, make_held_today
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db


PATHS = ["", "guests/", "marks/", "plain/", "worker.js"]


@pytest.mark.parametrize("path", PATHS)
def test_nothing_of_the_door_is_read_without_signing_in(client, event, path):
    guest = accepted(event)
    answer = client.get(f"/events/{event.pk}/door/{path}")

    assert (answer.status_code, answer["Location"].startswith("/sign-in/")) == (302, True)
    assert guest.name not in answer.content.decode()


def test_marks_are_not_taken_without_signing_in(client, event):
    guest = accepted(event)
    answer = send(client, event, word(guest=guest.pk))

    assert (answer.status_code, DoorMark.objects.count()) == (302, 0)


@pytest.mark.parametrize("path", PATHS)
def test_who_keeps_another_door_finds_none(phone, path):
    other = make_held_today(title="Другое")

    assert phone.get(f"/events/{other.pk}/door/{path}").status_code == 404


@pytest.mark.parametrize("role", ["viewer", "member", "administrator"])
@pytest.mark.parametrize("path", [*PATHS, "keepers/"])
def test_other_roles_are_refused(client_of, event, role, path):
    assert client_of(make_user(role)).get(f"/events/{event.pk}/door/{path}").status_code == 403


def test_who_prepares_events_stands_at_every_door(client_of, event):
    guest = accepted(event)
    answer = client_of(make_user("editor")).get(f"/events/{event.pk}/door/guests/")

    assert [row["id"] for row in answer.json()["guests"]] == [guest.pk]


def test_the_keeper_sees_nothing_else_of_events(phone, event):
    guest = accepted(event)
    paths = [f"/events/{event.pk}/", f"/events/guests/{guest.pk}/", "/events/", f"/events/{event.pk}/door/keepers/"]

    assert [phone.get(path).status_code for path in paths] == [403, 403, 403, 403]


def test_a_mark_without_the_token_of_the_page_is_refused(event, keeper):
    client = Client(enforce_csrf_checks=True)
    client.force_login(keeper)
    guest = accepted(event)
    refused = send(client, event, word(guest=guest.pk))
    token = client.get(f"/events/{event.pk}/door/marks/")["X-CSRFToken"]
    body = json.dumps({"sent_at": timezone.now().isoformat(), "marks": [word(guest=guest.pk)]})
    taken = client.post(
        f"/events/{event.pk}/door/marks/", body, content_type="application/json", headers={"X-CSRFToken": token}
    )

    assert (refused.status_code, taken.status_code, facts(guest)) == (403, 200, ("present", "accepted"))


def test_the_doors_of_a_keeper_open_at_once_when_there_is_one(phone, event):
    make_held_today(title="Другое")

    assert phone.get("/events/door/")["Location"] == f"/events/{event.pk}/door/"


def test_a_keeper_without_a_door_reads_what_to_do(client_of):
    page = client_of(make_user("door")).get("/events/door/")

    assert (page.status_code, page.context["events"]) == (200, [])


def test_only_accounts_of_the_door_are_named(client_of, event):
    keeper, viewer = make_user("door"), make_user("viewer")
    client = client_of(make_user("editor"))
    refused = client.post(f"/events/{event.pk}/door/keepers/", {"keepers": [viewer.pk]})
    client.post(f"/events/{event.pk}/door/keepers/", {"keepers": [keeper.pk]})

    assert (refused.status_code, [one.user for one in event.keepers.all()]) == (422, [keeper])


def test_an_account_that_has_ended_opens_no_door(event):
    ended = make_user("door", email="ended@payom.test", expires_at=timezone.now() - timedelta(minutes=1))
    set_keepers(event, [ended], by=person(HEAD))
    client = Client()
    client.force_login(ended)

    assert client.get(f"/events/{event.pk}/door/guests/").status_code == 302


def test_before_the_day_the_list_is_there_and_nothing_is_marked(client_of):
    event = make_event(in_days=5)
    guest = accepted(event)
    client = client_of(make_user("editor"))
    answer = send(client, event, word(guest=guest.pk))

    assert (answer.status_code, facts(guest)[0]) == (409, "unknown")
    assert client.get(f"/events/{event.pk}/door/guests/").json()["early"] == answer.json()["words"]


def test_when_the_event_is_over_the_list_is_gone_and_late_marks_are_taken(phone, event):
    guest = accepted(event)
    mark = word(guest=guest.pk)
    over = timezone.now() - timedelta(hours=5)
    Event.objects.filter(pk=event.pk).update(starts_at=over - timedelta(hours=1), ends_at=over)
    paths = [f"/events/{event.pk}/door/{path}" for path in ("guests/", "marks/")]

    assert [phone.get(path).status_code for path in paths] == [410, 410]
    assert (states(send(phone, event, mark)), facts(guest)[0]) == (["kept"], "present")


def test_a_week_later_nothing_is_marked(phone, event):
    guest = accepted(event)
    Event.objects.filter(pk=event.pk).update(
        starts_at=timezone.now() - timedelta(days=9), ends_at=timezone.now() - timedelta(days=8)
    )

    assert (send(phone, event, word(guest=guest.pk)).status_code, facts(guest)[0]) == (409, "unknown")
    assert phone.get(f"/events/{event.pk}/door/").status_code == 410


def test_a_cancelled_event_has_no_door(phone, event):
    guest = accepted(event)
    cancel_event(event, by=person(HEAD))

    assert (send(phone, event, word(guest=guest.pk)).status_code, facts(guest)[0]) == (409, "unknown")
    assert [phone.get(f"/events/{event.pk}/door/{path}").status_code for path in ("", "guests/")] == [410, 410]
