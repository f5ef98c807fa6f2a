"""The list at the door, and the page that works without a script."""

import pytest

from core.text import fold
from crm.actions.erasure import erase
from crm.models import Phone
from events.actions.answers import Needs, Word, answer
from events.actions.guests import add_guests, set_presence, withdraw
from events.models import Invitation
from tests.factories.accounts import make_user
from tests.factories.door import accepted, facts, send, states, word
from tests.factories.events import HEAD, make_guest, make_held_today
from tests.factories.mailings import make_reader, person

pytestmark = pytest.mark.django_db


def test_the_page_itself_names_nobody(phone, event):
    accepted(event, "Наврӯз Каримов")
    answer = phone.get(f"/events/{event.pk}/door/")

    assert ("Наврӯз" in answer.content.decode(), "Пресс-конференция" in answer.content.decode()) == (False, False)
    assert "camera=(self)" in answer["Permissions-Policy"]


def test_the_list_has_what_the_door_needs_and_no_way_to_reach_anybody(phone, event):
    add_guests(event, [make_reader("jamshed@navid.test", name="Ҷамшед Холов")], by=person(HEAD))
    guest = event.invitations.get()
    Phone.of(guest.contact, "+992930001122").save()
    Invitation.objects.filter(pk=guest.pk).update(
        rsvp="accepted", needs_camera=True, people=2, text="Номер машины 1234"
    )
    answer = phone.get(f"/events/{event.pk}/door/guests/")
    row = answer.json()["guests"][0]

    assert set(row) == {"id", "name", "line", "key", "code", "expected"}
    assert (row["key"], row["expected"]) == (fold("Джамшед Холов"), True)
    assert [word for word in ("jamshed@navid", "93000", "1234") if word in answer.content.decode()] == []


def test_a_list_that_is_the_same_is_not_sent_again(phone, event):
    accepted(event)
    first = phone.get(f"/events/{event.pk}/door/guests/")
    again = phone.get(f"/events/{event.pk}/door/guests/", headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def sealed(guest):
    guest.contact.sensitivity = "sealed"
    guest.contact.save(update_fields=["sensitivity"])


CHANGES = {
    "one more": lambda guest: accepted(guest.event, "Ещё одна"),
    "answer": lambda guest: answer(guest, "declined", Word("web")),
    "needs": lambda guest: answer(guest, "accepted", Word("web"), Needs(needs_camera=True)),
    "presence": lambda guest: set_presence(guest, records=False, by=person(HEAD)),
    "erased": lambda guest: erase(guest.contact, never_again=False, uploads=False, by=person(HEAD)),
    "sealed": sealed,
    "withdrawn": lambda guest: withdraw(guest, note="x", by=person(HEAD)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_on_the_list_reaches_the_phones(phone, event, change):
    guest = answer(make_guest(event), "accepted", Word("web"))
    path = f"/events/{event.pk}/door/guests/"
    before = phone.get(path)
    change(guest)
    after = phone.get(path, headers={"If-None-Match": before["ETag"]})

    assert (after.status_code, after.content != before.content) == (200, True)


@pytest.mark.parametrize("sensitivity", ["internal", "sealed"])
def test_whom_a_lost_phone_must_not_name_is_not_on_the_keepers_list(client_of, phone, event, sensitivity):
    accepted(event, "Открытая")
    accepted(event, "Закрытая", sensitivity=sensitivity)
    names = [row["name"] for row in phone.get(f"/events/{event.pk}/door/guests/").json()["guests"]]
    of_editor = client_of(make_user("editor")).get(f"/events/{event.pk}/door/guests/").json()["guests"]

    assert (names, sorted(row["name"] for row in of_editor)) == (["Открытая"], ["Закрытая", "Открытая"])


def test_a_keeper_marks_nobody_who_is_not_on_their_list(phone, event):
    hidden = accepted(event, "Закрытая", sensitivity="sealed")
    answer = send(phone, event, word(guest=hidden.pk))

    assert (states(answer), facts(hidden)) == (["refused"], ("unknown", "accepted"))


def test_a_guest_of_another_event_is_refused(phone, event):
    stranger = accepted(make_held_today(title="Другое"))
    answer = send(phone, event, word(guest=stranger.pk))

    assert (states(answer), facts(stranger)) == (["refused"], ("unknown", "accepted"))


def test_withdrawn_and_not_yet_invited_are_not_at_the_door(phone, event):
    gone, draft = accepted(event, "Отозванная"), make_guest(event, "Черновик", invited=False)
    Invitation.objects.filter(pk=gone.pk).update(rsvp="revoked")

    assert phone.get(f"/events/{event.pk}/door/guests/").json()["guests"] == []
    assert states(send(phone, event, word(guest=draft.pk))) == ["refused"]


def test_the_list_costs_the_same_however_long_it_is(phone, event, django_assert_num_queries):
    for number in range(3):
        accepted(event, f"Гость {number}")
    phone.get(f"/events/{event.pk}/door/guests/")
    with django_assert_num_queries(8):
        phone.get(f"/events/{event.pk}/door/guests/")


def test_a_question_for_news_is_cheap_and_does_not_grow(phone, event, django_assert_num_queries):
    guests = [accepted(event, f"Гость {number}") for number in range(3)]
    send(phone, event, *[word(guest=guest.pk) for guest in guests])
    with django_assert_num_queries(5):
        phone.get(f"/events/{event.pk}/door/marks/?after=0", headers={"X-Poll": "door"})


def test_the_plain_page_finds_in_any_script_and_marks(phone, event):
    guest, other = accepted(event, "Ҷамшед Холов"), accepted(event, "Мавҷуда Раҳимова")
    path = f"/events/{event.pk}/door/plain/?q=jamshed"
    text = phone.get(path).content.decode()
    phone.post(path, {"guest": guest.pk})

    assert (guest.name in text, other.name in text, facts(guest)[0]) == (True, False, "present")
    phone.post(path, {"guest": guest.pk, "back": "1"})
    assert facts(guest)[0] == "unknown"


def test_the_plain_page_keeps_what_was_typed_of_a_walk_in(phone, event):
    path = f"/events/{event.pk}/door/plain/"
    refused = phone.post(path, {"name": "", "outlet": "Минбар-24"})
    taken = phone.post(path, {"name": "Ситора", "outlet": "Минбар-24"})

    assert (refused.status_code, "Минбар-24" in refused.content.decode()) == (422, True)
    assert (taken.status_code, event.invitations.get().name) == (302, "Ситора")


def test_taking_back_on_the_plain_page_what_nobody_marked_changes_nothing(phone, event):
    guest = accepted(event)
    answered = phone.post(f"/events/{event.pk}/door/plain/", {"guest": guest.pk, "back": "1"})

    assert (answered.status_code, event.marks.count()) == (302, 0)
