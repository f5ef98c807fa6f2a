"""The door: what phones send, who may, and that the order in which it comes does not matter."""

import json
from base64 import b64decode, b64encode
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from audit.models import Entry
from core.sealing import unseal
from core.text import fold
from crm.actions.erasure import erase
from crm.models import Phone
from events.actions.answers import Needs, Word, answer
from events.actions.door import Said, set_keepers, take
from events.actions.guests import add_guests, set_presence, withdraw
from events.actions.planning import cancel_event
from events.models import DoorMark, Event, Invitation, InvitationEvent
from events.pipeline.door_seal import seal_words
from tests.factories.accounts import make_user
from tests.factories.events import HEAD, make_event, make_guest, make_held_today
from tests.factories.mailings import make_reader, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return make_held_today(title="Пресс-конференция")


@pytest.fixture
def keeper(event):
    user = make_user("door")
    set_keepers(event, [user], by=person(HEAD))
    return user


@pytest.fixture
def phone(client_of, keeper):
    return client_of(keeper)


def accepted(event, name="Ҷамшед Холов", **fields):
    guest = make_guest(event, name, **fields)
    Invitation.objects.filter(pk=guest.pk).update(rsvp="accepted")
    return guest


def word(kind="arrived", *, minutes=0, **fields) -> dict:
    at = timezone.now() - timedelta(minutes=minutes)
    return {"kind": kind, "key": str(uuid4()), "at": at.isoformat(), **fields}


def send(client, event, *marks, sent_at=None):
    body = {"sent_at": (sent_at or timezone.now()).isoformat(), "marks": list(marks)}
    return client.post(f"/events/{event.pk}/door/marks/", json.dumps(body), content_type="application/json")


def states(answer) -> list[str]:
    return [reply["state"] for reply in answer.json()["replies"]]


def facts(guest) -> tuple:
    guest.refresh_from_db()
    return guest.attendance, guest.rsvp


# Who may


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


# The list


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


# Marks


def test_who_is_marked_has_come_and_the_log_says_how(phone, event, keeper):
    guest = accepted(event)
    mark = word(guest=guest.pk, minutes=5)
    answer = send(phone, event, mark)
    row = guest.log.get(fact="attendance")

    assert (states(answer), facts(guest)) == (["kept"], ("present", "accepted"))
    assert (row.before, row.after, row.source, row.by) == ("unknown", "present", "door", keeper)
    assert row.at.isoformat()[:19] == mark["at"][:19] == guest.came_at.isoformat()[:19]


def test_a_mark_sent_twice_is_one(phone, event):
    guest = accepted(event)
    mark = word(guest=guest.pk)
    answers = [states(send(phone, event, mark, mark)), states(send(phone, event, mark))]

    assert answers == [["kept", "kept"], ["kept"]]
    assert (DoorMark.objects.count(), guest.log.filter(fact="attendance").count()) == (1, 1)


def test_two_phones_mark_somebody_once_at_the_earlier_time(client_of, phone, event):
    guest = accepted(event)
    early, late = word(guest=guest.pk, minutes=30), word(guest=guest.pk, minutes=2)
    send(phone, event, late)
    send(client_of(make_user("editor")), event, early)
    guest.refresh_from_db()

    assert guest.came_at.isoformat()[:19] == early["at"][:19]
    assert guest.log.filter(fact="attendance").count() == 1


def test_an_undo_takes_back_what_it_names(phone, event):
    guest = accepted(event)
    mark = word(guest=guest.pk)
    send(phone, event, mark)
    answer = send(phone, event, word("undone", undoes=mark["key"]))
    guest.refresh_from_db()

    assert (states(answer), guest.attendance, guest.came_at) == (["kept"], "unknown", None)
    assert list(guest.log.filter(fact="attendance").values_list("after", flat=True)) == ["unknown", "present"]


def test_an_undo_does_not_take_back_what_its_phone_had_not_seen(client_of, phone, event):
    guest = accepted(event)
    mine, theirs = word(guest=guest.pk), word(guest=guest.pk)
    send(phone, event, mine)
    send(client_of(make_user("editor")), event, theirs)
    send(phone, event, word("undone", undoes=mine["key"]))

    assert facts(guest)[0] == "present"


def test_after_ten_minutes_who_prepares_the_event_takes_a_mark_back(client_of, phone, event):
    guest = accepted(event)
    mark = word(guest=guest.pk, minutes=30)
    send(phone, event, mark)
    by_keeper = send(phone, event, word("undone", undoes=mark["key"]))
    after_that = facts(guest)[0]
    by_editor = send(client_of(make_user("editor")), event, word("undone", undoes=mark["key"]))

    assert (states(by_keeper), after_that) == (["refused"], "present")
    assert (states(by_editor), facts(guest)[0]) == (["kept"], "unknown")


def test_words_that_the_phone_sealed_are_opened_here(phone, event):
    given = b64decode(phone.get(f"/events/{event.pk}/door/guests/").json()["seal"])
    words = {"name": "Ситора Баҳром", "outlet": "Минбар-24", "contact": "+992930001122"}
    sealed = b64encode(b"n" * 12 + AESGCM(given).encrypt(b"n" * 12, json.dumps(words).encode(), None)).decode()
    answer = send(phone, event, word("walk_in", sealed=sealed))
    guest = event.invitations.get()

    assert (states(answer), guest.name, guest.outlet_name) == (["kept"], "Ситора Баҳром", "Минбар-24")
    assert unseal(guest.sealed_address) == "+992930001122"


OF_ANOTHER = {
    "another key": lambda event: seal_words(make_held_today(title="Другое"), {"name": "Ситора"}, b"n" * 12),
    "no key": lambda event: "bm90aGluZw==",
    "no base64": lambda event: "не ключ",
    "words are missing": lambda event: seal_words(event, {"name": "Ситора"}, b"n" * 12),
    "no words": lambda event: seal_words(event, {"name": 1, "outlet": "", "contact": ""}, b"n" * 12),
}


@pytest.mark.parametrize("sealed", OF_ANOTHER.values(), ids=OF_ANOTHER)
def test_a_walk_in_whose_name_nobody_can_open_still_came(phone, event, sealed):
    answer = send(phone, event, word("walk_in", sealed=sealed(event)))

    assert (states(answer), event.invitations.count(), event.marks.get().kind) == (["kept"], 0, "counted")


def test_signing_out_forgets_all_but_what_the_page_kept_back(client_of, keeper):
    whole = client_of(keeper).post("/sign-out/")["Clear-Site-Data"]
    kept = client_of(keeper).post("/sign-out/", {"keep": "marks"})["Clear-Site-Data"]
    thrown = client_of(keeper).post("/sign-out/", {"keep": "nothing"})["Clear-Site-Data"]

    assert (whole, kept, thrown) == ('"cache", "storage"', '"cache"', '"cache", "storage"')


def test_who_walks_in_is_on_the_list_with_a_place_and_their_number_is_sealed(phone, event):
    mark = word("walk_in", name="Ситора  Баҳром", outlet="Минбар-24", contact="+992 93 000 11 22")
    send(phone, event, mark)
    send(phone, event, mark)
    guest = event.invitations.get()

    assert (guest.name, guest.outlet_name, guest.came_from, *facts(guest)) == (
        "Ситора Баҳром", "Минбар-24", "walk_in", "present", "accepted",
    )  # fmt: skip
    assert ("93 000" in guest.sealed_address, unseal(guest.sealed_address)) == (False, "+992 93 000 11 22")
    assert Event.objects.get(pk=event.pk).seats_taken == 1
    assert guest.log.first().source == "walk_in"


def test_a_walk_in_without_a_name_is_refused(phone, event):
    assert states(send(phone, event, word("walk_in", name=" "))) == ["refused"]


def test_a_mark_of_somebody_whose_walk_in_has_not_come_yet_waits(phone, event):
    walk_in = word("walk_in", name="Ситора")
    again = word(guest=walk_in["key"])
    waits = states(send(phone, event, again))
    send(phone, event, walk_in)

    assert (waits, states(send(phone, event, again)), event.invitations.count()) == (["wait"], ["kept"], 1)


def test_whose_presence_is_not_written_down_is_counted_and_nothing_else(phone, event, keeper):
    guest = accepted(event)
    set_presence(guest, records=False, by=person(HEAD))
    entries = InvitationEvent.objects.count()
    answers = [states(send(phone, event, word("counted"))), states(send(phone, event, word(guest=guest.pk)))]

    assert (answers, facts(guest)[0]) == ([["kept"], ["kept"]], "unknown")
    assert list(event.marks.values_list("kind", "invitation", "at")) == [("counted", None, None)] * 2
    assert InvitationEvent.objects.count() == entries


def test_what_was_marked_and_taken_back_is_forgotten_with_the_presence(phone, event):
    guest = accepted(event)
    mark = word(guest=guest.pk)
    send(phone, event, mark, word("undone", undoes=mark["key"]))
    set_presence(guest, records=False, by=person(HEAD))

    assert (guest.marks.count(), guest.log.filter(fact="attendance").count()) == (0, 0)


def test_the_journal_says_that_marks_were_taken_and_not_of_whom(phone, event):
    guest = accepted(event)
    send(phone, event, word(guest=guest.pk), word("counted"))
    entry = Entry.objects.get(action="events.door.marked")

    assert (entry.subject_id, entry.details) == (event.pk, {"marks": 2})


def test_phones_hear_what_others_said_since_they_asked(phone, event, keeper):
    guest = accepted(event)
    first = word(guest=guest.pk)
    send(phone, event, first)
    heard = phone.get(f"/events/{event.pk}/door/marks/?after=0").json()
    silence = phone.get(f"/events/{event.pk}/door/marks/?after={heard['next']}").json()

    assert [(one["key"], one["guest"], one["by"]) for one in heard["marks"]] == [(first["key"], guest.pk, keeper.pk)]
    assert silence == {"next": None, "marks": []}


def test_a_clock_that_is_hours_wrong_is_set_right(phone, event):
    guest = accepted(event)
    now = timezone.now()
    wrong = now - timedelta(hours=5)
    mark = {"kind": "arrived", "key": str(uuid4()), "guest": guest.pk, "at": (wrong - timedelta(minutes=3)).isoformat()}
    send(phone, event, mark, sent_at=wrong)
    guest.refresh_from_db()

    assert abs(guest.came_at - (now - timedelta(minutes=3))) < timedelta(minutes=1)


def sent(*marks, at="2026-06-20T10:00:00Z") -> str:
    return json.dumps({"sent_at": at, "marks": list(marks)})


GOOD = {"kind": "arrived", "key": str(UUID(int=1)), "guest": 1, "at": "2026-06-20T10:00:00Z"}
NOT_MARKS = {
    "empty": "",
    "a list": "[]",
    "cut": "{",
    "no marks": '{"sent_at": "2026-06-20T10:00:00Z"}',
    "no list": '{"sent_at": "2026-06-20T10:00:00Z", "marks": 1}',
    "no time": sent(at="yesterday"),
    "time without a zone": sent(GOOD, at="2026-06-20T10:00:00"),
    "a number": sent(7),
    "too many": sent(*[GOOD] * 201),
    "kind": sent(GOOD | {"kind": "x"}),
    "key": sent(GOOD | {"key": "1"}),
    "undoes nothing": sent(GOOD | {"kind": "undone"}),
    "guest": sent(GOOD | {"guest": -1}),
    "text": sent(GOOD | {"name": ["x"]}),
}


@pytest.mark.parametrize("body", NOT_MARKS.values(), ids=NOT_MARKS)
def test_what_is_no_list_of_marks_is_refused_whole(phone, event, body):
    answer = phone.post(f"/events/{event.pk}/door/marks/", body, content_type="application/json")

    assert (answer.status_code, DoorMark.objects.count()) == (400, 0)


# When


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


# Without a script


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


# Keepers


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


# Any order


class AnyOrder(TestCase):
    """Marks of three phones, some taken back, delivered in any order, any number of times, in any batches."""

    @settings(max_examples=25)
    @given(data=st.data())
    def test_marks_come_to_the_same_in_any_order(self, data):
        event = make_held_today()
        guests = [accepted(event, name) for name in ("Первая", "Вторая")]
        users = [person(HEAD), make_user("door"), make_user("door", email="second@payom.test")]
        set_keepers(event, users[1:], by=users[0])
        marks = data.draw(drawn_marks([guest.pk for guest in guests]))
        expected = deliver(event, users, [[one] for one in marks], guests)

        shuffled = data.draw(st.permutations(marks + data.draw(st.lists(st.sampled_from(marks), max_size=8))))
        size = data.draw(st.integers(1, 5))
        batches = [shuffled[start : start + size] for start in range(0, len(shuffled), size)]

        assert deliver(event, users, batches, guests) == expected


def drawn_marks(guests: list[int]):
    """(phone, mark) of arrivals, walk-ins, counts and undoes of any of them, by anybody, minutes apart."""
    now = timezone.now()

    @st.composite
    def marks(draw):
        made = []
        for _number in range(draw(st.integers(3, 9))):
            phone, at = draw(st.integers(0, 2)), now - timedelta(minutes=draw(st.integers(0, 40)))
            kind = draw(st.sampled_from(["arrived", "undone", "walk_in", "counted", "again"]))
            others = [(phone, mark) for phone, mark in made if mark.kind != "undone"]
            walked = [mark.key for _phone, mark in made if mark.kind == "walk_in"]
            fields = {}
            if kind == "undone":
                whose, undone = draw(st.sampled_from(others)) if others else (phone, None)
                fields["undoes"] = undone.key if undone else uuid4()
                # Mostly as people do: on the same phone, a minute later.
                if undone and draw(st.integers(0, 2)):
                    phone, at = whose, undone.at + timedelta(minutes=1)
            elif kind == "again":
                kind, fields = "arrived", {"guest": draw(st.sampled_from(walked or guests))}
            elif kind == "arrived":
                fields["guest"] = draw(st.sampled_from(guests))
            elif kind == "walk_in":
                fields["name"] = f"Пришла {len(made)}"
            made.append((phone, Said(kind, at, uuid4(), **fields)))
        return made

    return marks()


def deliver(event, users, batches, guests):
    """Everything to an empty door, whatever waits again; what it came to."""
    event.marks.all().delete()
    event.invitations.filter(came_from="walk_in").delete()
    event.invitations.update(attendance="unknown", came_at=None)
    for _round in range(2):
        for batch in batches:
            for number, user in enumerate(users):
                take(event, [mark for phone, mark in batch if phone == number], by=user)
    came = event.invitations.order_by("name").values_list("name", "attendance", "came_at")
    counted = [mark for mark in event.marks.filter(kind="counted")]
    undone = list(event.marks.filter(kind="undone"))
    return list(came), len([mark for mark in counted if not any(undo.takes_back(mark) for undo in undone)])
