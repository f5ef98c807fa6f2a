"""Two members of staff have one page open: the second is told what the first saved, and nothing typed is lost."""

import pytest

from events.actions.answers import Word, answer
from events.models import Event, EventLetter, Invitation
from tests.factories.accounts import make_user
from tests.factories.events import make_event, make_guest, make_venue

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_of):
    return client_of(make_user("editor"))


def typed(page) -> dict:
    """What a browser would send back of an untouched form."""
    form = page.context["form"]
    values = {}
    for bound in form:
        if (value := bound.value()) not in (None, False, ""):
            shown = bound.field.widget.format_value(value) if not hasattr(bound.field, "choices") else value
            values[bound.html_name] = "on" if value is True else shown
    return values


def told() -> int:
    return EventLetter.objects.filter(kind="moved").count()


def test_who_saves_an_old_page_of_an_event_moves_it_back_to_nowhere(desk):
    event = make_event(venue=make_venue(), room="Первый этаж")
    make_guest(event)
    path = f"/events/{event.pk}/edit/"
    old = typed(desk.get(path))
    desk.post(path, old | {"room": "Второй этаж", "tell": "yes"})
    after_first = told()
    page = desk.post(path, old | {"title": "Новое название", "tell": "yes"})
    event.refresh_from_db()

    assert (page.status_code, event.room, event.title) == (422, "Второй этаж", "Пресс-конференция")
    assert (page.context["form"]["title"].value(), page.context["form"]["room"].value()) == (
        "Новое название", "Первый этаж",
    )  # fmt: skip
    assert "Второй этаж" in page.context["form"].errors["room"][0]
    assert told() == after_first


def test_what_was_typed_holds_when_it_is_sent_once_more(desk):
    event = make_event()
    path = f"/events/{event.pk}/edit/"
    old = typed(desk.get(path))
    desk.post(path, old | {"title": "Первое"})
    page = desk.post(path, old | {"title": "Второе"})
    again = old | {"title": "Второе", "seen": page.context["form"]["seen"].value()}
    answered = desk.post(path, again)
    event.refresh_from_db()

    assert (page.status_code, answered.status_code, event.title) == (422, 302, "Второе")


def test_a_page_that_nobody_overtook_is_saved_at_once(desk):
    event = make_event()
    path = f"/events/{event.pk}/edit/"

    assert desk.post(path, typed(desk.get(path)) | {"title": "Новое"}).status_code == 302
    assert Event.objects.get(pk=event.pk).title == "Новое"


def test_staff_see_what_a_guest_answered_while_their_page_was_open(desk):
    guest = make_guest(make_event())
    path = f"/events/guests/{guest.pk}/"
    old = typed(desk.get(path))
    answer(Invitation.objects.get(pk=guest.pk), "declined", Word("web"))
    page = desk.post(f"{path}answer/", old | {"answer": "accepted", "source": "phone", "people": "2"})
    guest.refresh_from_db()

    assert (page.status_code, guest.rsvp) == (422, "declined")
    assert ("не придёт" in page.context["form"].errors["answer"][0], page.context["form"]["people"].value()) == (
        True,
        "2",
    )


def test_the_programme_of_an_old_page_does_not_take_the_place_of_a_newer_one(desk):
    event = make_event()
    path = f"/events/{event.pk}/programme/"
    old = typed(desk.get(path))
    desk.post(path, old | {"programme": "11:00 Открытие"})
    page = desk.post(path, old | {"programme": "11:30 Доклад"})

    assert (page.status_code, [item.title for item in event.programme.all()]) == (422, ["Открытие"])
