"""Marks that phones send: each counts once, an undo takes back what it names."""

import json
from base64 import b64decode, b64encode
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils import timezone

from audit.models import Entry
from core.sealing import unseal
from events.actions.guests import set_presence
from events.models import DoorMark, Event, InvitationEvent
from events.pipeline.door_seal import seal_words
from tests.factories.accounts import make_user
from tests.factories.door import accepted, facts, send, states, word
from tests.factories.events import HEAD, make_held_today
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db


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


def test_marks_of_one_account_are_not_said_by_another(phone, event):
    guest = accepted(event)
    body = {"sent_at": timezone.now().isoformat(), "marks": [word(guest=guest.pk)]}
    path, others = f"/events/{event.pk}/door/marks/", {"X-Door-User": str(person(HEAD).pk)}
    answered = phone.post(path, json.dumps(body), content_type="application/json", headers=others)

    assert (answered.status_code, phone.get(path, headers=others).status_code, event.marks.count()) == (401, 401, 0)
