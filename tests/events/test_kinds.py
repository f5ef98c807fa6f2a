"""Each kind of event, held in each way: made by an editor in the form, opened, and answered by who is invited."""

import pytest
from django.test import Client

from events.models import Event
from tests.events.test_pages import FORM
from tests.factories.accounts import make_user
from tests.factories.events import in_the_morning, make_guest

pytestmark = pytest.mark.django_db
KINDS = ["press_conf", "forum", "briefing", "training", "film_club", "debate", "marathon", "book"]
ROOM = "https://meet.navid.test/room"
WAYS = {
    "in_person": {},
    "online": {"venue_name": "", "online_url": ROOM},
    "both": {"online_url": ROOM},
}


@pytest.fixture
def editor(client_of):
    return client_of(make_user("editor"))


def make(editor, kind: str, mode: str) -> Event:
    day = f"{in_the_morning(10):%Y-%m-%d}"
    hours = {"starts_at": f"{day}T11:00", "ends_at": f"{day}T12:00"}
    made = editor.post("/events/new/", FORM | hours | {"kind": kind, "mode": mode} | WAYS[mode])
    event = Event.objects.get()
    assert (made.status_code, made["Location"]) == (302, f"/events/{event.pk}/")
    return event


def path_of(guest) -> str:
    return guest.link[guest.link.index("/r/") :]


@pytest.mark.parametrize("mode", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_editor_makes_it_and_finds_its_page(editor, kind, mode):
    event = make(editor, kind, mode)
    venue = "" if mode == "online" else "Зал «Кайхон»"
    page = editor.get(f"/events/{event.pk}/")

    assert (event.kind, event.mode, event.online_url, event.place) == (
        kind,
        mode,
        WAYS[mode].get("online_url", ""),
        venue,
    )
    assert (page.status_code, page.context["event"]) == (200, event)
    assert f'value="{kind}" selected' in editor.get(f"/events/{event.pk}/edit/").content.decode()


@pytest.mark.parametrize("mode", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_who_is_invited_finds_its_page_and_answers(editor, kind, mode):
    event = make(editor, kind, mode)
    editor.post(f"/events/{event.pk}/open/")
    guest = make_guest(Event.objects.get())
    seen = Client().get(path_of(guest))
    answered = Client().post(path_of(guest), {"answer": "accepted", "people": "1"})
    guest.refresh_from_db()

    assert (seen.status_code, answered.status_code, guest.rsvp) == (200, 302, "accepted")
    assert "Брифинг" in seen.content.decode()


@pytest.mark.parametrize(("mode", "is_shown"), [("in_person", False), ("online", True), ("both", True)])
def test_link_of_the_room_stands_on_the_page_of_who_comes(editor, mode, is_shown):
    event = make(editor, "briefing", mode)
    editor.post(f"/events/{event.pk}/open/")
    guest = make_guest(Event.objects.get())
    before = ROOM in Client().get(path_of(guest)).content.decode()
    Client().post(path_of(guest), {"answer": "accepted", "people": "1"})

    assert (before, ROOM in Client().get(path_of(guest)).content.decode()) == (False, is_shown)


@pytest.mark.parametrize("kind", KINDS)
def test_list_of_one_kind_shows_it_alone(editor, kind):
    for number, one in enumerate(KINDS):
        editor.post("/events/new/", FORM | {"kind": one, "title": f"Событие {number}"})

    assert [event.kind for event in editor.get(f"/events/?when=all&kind={kind}").context["object_list"]] == [kind]


@pytest.mark.parametrize(("changed", "field"), [({"kind": "wedding"}, "kind"), ({"mode": "by_pigeon"}, "mode")])
def test_kind_or_way_that_there_is_not_is_refused(editor, changed, field):
    answered = editor.post("/events/new/", FORM | changed)

    assert (answered.status_code, list(answered.context["form"].errors), Event.objects.count()) == (422, [field], 0)
