"""How guests travel: said by them or for them, sealed, looked at, arranged."""

from datetime import timedelta

import pytest
from django.test import Client

from core.sealing import seal
from events.actions.asking import settle_travel
from events.actions.planning import cancel_event, change_event
from events.models import Event, Particulars
from events.states import WrongState
from tests.factories.accounts import make_user
from tests.factories.asking import JOURNEY, make_forum, opened, post
from tests.factories.contacts import change
from tests.factories.events import HEAD, make_guest
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client_of):
    return client_of(make_user("editor"))


def test_a_journey_is_sealed_and_read_in_words():
    guest = make_guest(make_forum(travels=True))
    post(guest, **JOURNEY)

    assert "Хоруғ" not in str(Particulars.objects.values_list().get())
    assert opened(guest).journey == [
        "Хоруғ",
        "1 марта – 3 марта",
        "автобусом или маршруткой",
        "номер на ночь",
        "без лестниц",
    ]


def test_the_page_does_not_say_again_where_somebody_travels():
    guest = make_guest(make_forum(travels=True))
    post(guest, **JOURNEY)
    page = Client().get(guest.link).content.decode()

    assert ("Хоруғ" in page, "без лестниц" in page, "позаботимся о дороге" in page) == (False, False, True)


def test_an_answer_anew_leaves_the_journey_as_it_was_arranged():
    guest = make_guest(make_forum(travels=True))
    post(guest, **JOURNEY)
    settle_travel(guest, "arranged", words="гостиница «Вахш»", by=person(HEAD))
    post(guest, needs_travel="on", people="2")

    assert (opened(guest).arrangement, guest.particulars.travel) == ("гостиница «Вахш»", "arranged")


def test_another_journey_is_to_be_arranged_anew():
    guest = make_guest(make_forum(travels=True))
    post(guest, **JOURNEY)
    settle_travel(guest, "arranged", words="", by=person(HEAD))
    post(guest, **JOURNEY | {"comes_from": "Хуҷанд"})

    assert (Particulars.objects.get().travel, opened(guest).journey[0]) == ("asked", "Хуҷанд")


@pytest.mark.parametrize("leave", [{"needs_travel": ""}, {"answer": "declined"}])
def test_a_journey_nobody_needs_is_forgotten(leave):
    guest = make_guest(make_forum(travels=True))
    post(guest, **JOURNEY)
    settle_travel(guest, "arranged", words="гостиница", by=person(HEAD))
    post(guest, **leave)

    assert Particulars.objects.values_list("travel", "sealed_travel", "sealed_arrangement").get() == ("", "", "")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"needs_travel": ""}, "needs_travel"),
        ({"comes_from": ""}, "comes_from"),
        ({"leaves_on": "2027-02-01"}, "leaves_on"),
        ({"way": "x"}, "way"),
    ],
)
def test_a_journey_that_cannot_be_is_named_and_kept(changed, field):
    guest = make_guest(make_forum(travels=True))
    page = post(guest, **JOURNEY | changed)

    assert (page.status_code, list(page.context["form"].errors), Particulars.objects.count()) == (422, [field], 0)
    assert "без лестниц" in page.content.decode()


def test_other_days_alone_are_no_other_journey_and_are_not_lost():
    guest = make_guest(make_forum(travels=True))
    post(guest, **JOURNEY)
    page = post(guest, needs_travel="on", arrives_on="2027-03-02")

    assert (page.status_code, list(page.context["form"].errors)) == (422, ["comes_from"])


def test_when_the_event_moves_a_journey_is_to_be_arranged_anew():
    event = make_forum(travels=True)
    guest = make_guest(event)
    post(guest, **JOURNEY)
    settle_travel(guest, "arranged", words="гостиница «Вахш»", by=person(HEAD))
    moved = Event.objects.get(pk=event.pk)
    moved.starts_at, moved.ends_at = moved.starts_at + timedelta(days=5), moved.ends_at + timedelta(days=5)
    change_event(moved, by=person(HEAD))

    assert (Particulars.objects.get().travel, opened(guest).arrangement) == ("asked", "гостиница «Вахш»")


def test_after_the_event_was_cancelled_no_journey_is_promised():
    event = make_forum(travels=True)
    guest = make_guest(event)
    post(guest, **JOURNEY)
    cancel_event(event, by=person(HEAD))

    assert "позаботимся о дороге" not in Client().get(guest.link).content.decode()


def test_staff_note_a_journey_told_by_telephone(editor):
    guest = make_guest(make_forum(travels=True))
    said = {"answer": "accepted", "people": "1", "source": "phone", "note": ""} | JOURNEY
    editor.post(f"/events/guests/{guest.pk}/answer/", said)

    assert opened(guest).journey[0] == "Хоруғ"


def test_what_guests_said_is_shown_by_a_post_and_not_before(editor):
    guest = make_guest(make_forum(travels=True))
    post(guest, **JOURNEY)
    path = f"/events/{guest.event_id}/particulars/"
    before, after = editor.get(path).content.decode(), editor.post(path).content.decode()

    assert ("Хоруғ" in before, "Хоруғ" in after) == (False, True)


def test_without_the_key_the_page_says_so(editor):
    guest = make_guest(make_forum(travels=True))
    post(guest, **JOURNEY)
    Particulars.objects.update(sealed_travel=seal("x")[:-4] + "AAAA")
    page = editor.post(f"/events/{guest.event_id}/particulars/", follow=True)

    assert "Показать нельзя" in page.content.decode()


def test_what_is_arranged_is_noted_from_the_page(editor):
    guest = make_guest(make_forum(travels=True))
    post(guest, **JOURNEY)
    editor.post(f"/events/guests/{guest.pk}/travel/", {"status": "arranged", "words": "гостиница «Вахш»"})

    assert (Particulars.objects.get().travel, opened(guest).arrangement) == ("arranged", "гостиница «Вахш»")


def test_a_journey_that_was_taken_back_is_not_settled():
    guest = make_guest(make_forum(travels=True))
    with pytest.raises(WrongState):
        settle_travel(guest, "arranged", words="", by=person(HEAD))


@pytest.mark.parametrize(("role", "is_shown"), [("editor", False), ("head", True)])
def test_the_journey_of_a_sealed_contact_is_shown_to_who_may_see_those(client_of, role, is_shown):
    event = make_forum(travels=True)
    hidden = make_guest(event, "Скрытая")
    post(hidden, **JOURNEY)
    change(hidden.contact, sensitivity="sealed")
    page = client_of(make_user(role, email="other@payom.test")).post(f"/events/{event.pk}/particulars/")

    assert ("Хоруғ" in page.content.decode()) == is_shown
