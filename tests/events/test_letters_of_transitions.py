"""Which letter follows from each change of the plan, to whom it goes, and what it does to the reader's calendar."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from core.sealing import unseal
from crm.actions.suppression import suppress
from events.actions.answers import Word, answer, move
from events.actions.guests import name_colleague, withdraw
from events.actions.planning import cancel_event, change_event
from events.actions.waiting import give_places, send_to_wait
from events.models import Event, EventLetter, Invitation
from events.pipeline.letters import send_waiting
from tests.factories.accounts import make_user
from tests.factories.events import HEAD, make_event, make_guest
from tests.factories.invitations import WAYS, entry_of, guest_at, invite, step
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db
WEB = Word("web")
ADDRESS = "reader@navid.test"
# By whom, and the letter with its calendar part. Here nothing of ours lies in a calendar but after a yes.
FOLLOWS = [
    ("draft", "invited", "system", []),
    ("invited", "accepted", "web", [("confirmed", "accepted")]),
    ("tentative", "accepted", "web", [("confirmed", "accepted")]),
    ("declined", "accepted", "web", [("confirmed", "accepted")]),
    ("waitlisted", "accepted", "phone", [("confirmed", "accepted")]),
    ("invited", "waitlisted", "web", [("waiting", "")]),
    ("tentative", "waitlisted", "web", [("waiting", "")]),
    ("declined", "waitlisted", "web", [("waiting", "")]),
    ("invited", "tentative", "web", []),
    ("accepted", "tentative", "web", []),
    ("declined", "tentative", "web", []),
    ("waitlisted", "tentative", "web", []),
    ("offered", "tentative", "web", []),
    ("invited", "declined", "web", []),
    ("accepted", "declined", "web", [("off", "cancel")]),
    ("tentative", "declined", "web", []),
    ("waitlisted", "declined", "web", []),
    ("offered", "declined", "web", []),
    ("accepted", "waitlisted", "phone", [("waiting", "cancel")]),
    ("waitlisted", "offered", "system", [("offer", "")]),
    ("offered", "accepted", "web", [("confirmed", "accepted")]),
    ("offered", "waitlisted", "system", [("expired", "")]),
    ("offered", "declined", "system", [("expired", "")]),
    ("draft", "revoked", "phone", []),
    ("invited", "revoked", "phone", [("off", "")]),
    ("accepted", "revoked", "phone", [("off", "cancel")]),
    ("tentative", "revoked", "phone", [("off", "")]),
    ("declined", "revoked", "phone", [("off", "")]),
    ("waitlisted", "revoked", "phone", [("off", "")]),
    ("offered", "revoked", "phone", [("off", "")]),
]
MOVED = {state: [("moved", "asks")] for state in ("invited", "accepted", "tentative")}
MOVED |= {state: [("moved", "")] for state in ("waitlisted", "offered")}
CANCELLED = {state: [("cancelled", "")] for state in ("invited", "tentative", "waitlisted", "offered")}
CANCELLED["accepted"] = [("cancelled", "cancel")]


def queued(guest) -> list[tuple[str, str]]:
    return list(guest.letters.values_list("kind", "calendar"))


def moved_by_a_day(event) -> None:
    event = Event.objects.get(pk=event.pk)
    event.starts_at += timedelta(days=1)
    event.ends_at += timedelta(days=1)
    change_event(event, by=person(HEAD))


def call_off(event) -> None:
    cancel_event(Event.objects.get(pk=event.pk), by=person(HEAD))


def sent(smtp) -> list:
    send_waiting()
    return [envelope.message for envelope in smtp.envelopes]


def method_and_number(letter) -> tuple[str, int]:
    part, entry = entry_of(letter)
    return part.get_param("method"), int(entry["sequence"])


def has_entry(letter) -> bool:
    return any(part.get_content_type() == "text/calendar" for part in letter.walk())


@pytest.mark.parametrize(("before", "after", "source", "letters"), FOLLOWS)
def test_change_is_followed_by_its_letter_and_no_other(before, after, source, letters):
    guest = guest_at(before, emails=[ADDRESS])
    step(guest, after, source)

    assert queued(guest) == letters


@pytest.mark.parametrize("state", WAYS)
def test_another_day_is_told_to_whom_it_concerns(state):
    guest = guest_at(state, emails=[ADDRESS])
    moved_by_a_day(guest.event)

    assert queued(guest) == MOVED.get(state, [])


@pytest.mark.parametrize("state", WAYS)
def test_event_that_is_called_off_is_told_to_whom_it_concerns(state):
    guest = guest_at(state, emails=[ADDRESS])
    call_off(guest.event)

    assert queued(guest) == CANCELLED.get(state, [])


# Out of the reader's calendar


@pytest.fixture
def coming(smtp):
    """Invited by a mailing, said yes on the page; both letters have left."""
    event = make_event()
    guest = make_guest(event, invited=False, emails=[ADDRESS])
    invite(event)
    guest.refresh_from_db()
    answer(guest, "accepted", WEB)
    send_waiting()
    return guest


def lose_the_place(guest) -> None:
    send_to_wait(guest, note="зал стал меньше", by=person(HEAD))


def lose_the_invitation(guest) -> None:
    withdraw(guest, note="не наш адресат", by=person(HEAD))


@pytest.mark.parametrize("lose", [lose_the_place, lose_the_invitation])
def test_who_loses_what_they_had_gets_the_same_entry_cancelled(coming, smtp, lose):
    lose(coming)
    asked, confirmed, last = sent(smtp)
    part, entry = entry_of(last)

    assert [method_and_number(letter) for letter in (asked, confirmed, last)] == [
        ("REQUEST", 0),
        ("REQUEST", 0),
        ("CANCEL", 1),
    ]
    assert {str(entry_of(letter)[1]["uid"]) for letter in (asked, confirmed, last)} == {f"{coming.uid}@coalition.test"}
    assert (str(entry["status"]), str(entry["attendee"]), str(entry["organizer"]), last["To"]) == (
        "CANCELLED",
        f"mailto:{ADDRESS}",
        str(entry_of(asked)[1]["organizer"]),
        ADDRESS,
    )
    assert b"\r\nMETHOD:CANCEL\r\n" in part.get_payload(decode=True)


def test_invited_who_never_answered_gets_the_entry_cancelled_when_it_is_withdrawn(smtp):
    event = make_event()
    guest = make_guest(event, invited=False, emails=[ADDRESS])
    invite(event)
    guest.refresh_from_db()
    lose_the_invitation(guest)
    asked, last = sent(smtp)

    assert [method_and_number(letter) for letter in (asked, last)] == [("REQUEST", 0), ("CANCEL", 1)]
    assert str(entry_of(last)[1]["uid"]) == str(entry_of(asked)[1]["uid"])


def test_who_is_sent_to_wait_reads_that_it_is_not_confirmed_and_not_why(coming, smtp):
    lose_the_place(coming)
    letter = sent(smtp)[-1]
    words = letter.get_body(("plain",)).get_content()

    assert letter["Subject"].strip() == "Вы в листе ожидания: Пресс-конференция"
    assert ("Место пока не подтверждено" in words, "зал стал меньше" in letter.as_string()) == (True, False)


def test_entry_is_cancelled_once(coming, smtp):
    lose_the_place(coming)
    sent(smtp)
    coming.refresh_from_db()
    lose_the_invitation(coming)

    assert [has_entry(letter) for letter in sent(smtp)] == [True, True, True, False]
    assert Invitation.objects.get(pk=coming.pk).sequence == 1


def back_in_turn(guest) -> None:
    lose_the_place(guest)
    send_waiting()
    step(guest, "accepted", "phone")


def yes_after_a_no(guest) -> None:
    answer(guest, "declined", WEB)
    send_waiting()
    answer(guest, "accepted", WEB)


@pytest.mark.parametrize("return_", [back_in_turn, yes_after_a_no])
def test_yes_after_the_entry_was_cancelled_is_a_newer_version_of_it(coming, smtp, return_):
    """A calendar that has cancelled version one takes no other version one for news (RFC 5546, 2.1.4)."""
    return_(coming)

    assert [method_and_number(letter) for letter in sent(smtp)[1:]] == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2)]


@pytest.mark.parametrize("change", [moved_by_a_day, call_off])
def test_no_that_has_not_left_yet_still_takes_the_entry_out_though_the_event_changes(coming, smtp, change):
    """Whoever said no is told of no change: nothing overtakes the letter that empties their calendar."""
    answer(coming, "declined", WEB)
    change(coming.event)

    assert [method_and_number(letter) for letter in sent(smtp)[2:]] == [("CANCEL", 1)]


def offer_by_itself(guest) -> None:
    step(guest, "offered", "system")


def hear_that_it_is_called_off(guest) -> None:
    call_off(guest.event)


@pytest.mark.parametrize("overtake", [lose_the_invitation, offer_by_itself, hear_that_it_is_called_off])
def test_letter_that_overtakes_one_with_a_cancelled_entry_cancels_it_too(coming, smtp, overtake):
    lose_the_place(coming)
    overtake(coming)

    assert [method_and_number(letter) for letter in sent(smtp)[2:] if has_entry(letter)] == [("CANCEL", 1)]


# An offer whose time is over


def noon(day: int) -> datetime:
    return (timezone.localtime() + timedelta(days=day)).replace(hour=12, minute=0, second=0, microsecond=0)


def over() -> None:
    Invitation.objects.filter(rsvp="offered").update(offered_until=timezone.now() - timedelta(minutes=1))


@pytest.fixture
def offered(smtp):
    """One place, given back; the first of two who wait is offered it, and has read so."""
    event = make_event(capacity=1)
    holder, first, second = (
        make_guest(event, name, emails=[f"{name}@navid.test"]) for name in ("holder", "first", "second")
    )
    for guest in (holder, first, second):
        answer(guest, "accepted", WEB)
    send_waiting()
    answer(holder, "declined", WEB)
    give_places(noon(1))
    send_waiting()
    smtp.envelopes.clear()
    return first


def read(smtp) -> list[tuple[str, str]]:
    return [(letter["To"], letter["Subject"].partition(":")[0]) for letter in sent(smtp)]


def test_offer_that_is_over_is_told_to_who_had_it_once(offered, smtp):
    over()
    for _time in range(3):
        give_places(noon(2))
        send_waiting()

    assert sorted(read(smtp)) == [
        ("first@navid.test", "Срок подтверждения истёк"),
        ("second@navid.test", "Освободилось место"),
    ]


def test_second_offer_that_is_over_is_told_once_more_and_is_the_last_letter(offered, smtp):
    Invitation.objects.filter(pk=offered.pk).update(offers=2)
    over()
    give_places(noon(2).replace(hour=23))
    give_places(noon(3).replace(hour=23))
    offered.refresh_from_db()

    assert (offered.rsvp, read(smtp)) == ("declined", [("first@navid.test", "Срок подтверждения истёк")])


def test_letter_of_an_offer_that_is_over_has_nothing_for_the_calendar(offered, smtp):
    over()
    give_places(noon(2).replace(hour=23))
    (letter,) = sent(smtp)

    assert [one.get_content_type() for one in letter.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_who_takes_an_offer_in_time_hears_that_the_place_is_theirs(offered, smtp):
    offered.refresh_from_db()
    answer(offered, "accepted", WEB)
    over()
    give_places(noon(2))

    assert read(smtp) == [("first@navid.test", "Вы записаны")]


# A colleague, a reminder, details


def test_who_names_a_colleague_is_written_to_in_their_own_language(smtp):
    guest = make_guest(make_event(), emails=[ADDRESS], languages="tg")
    answer(guest, "accepted", WEB)
    send_waiting()
    guest.refresh_from_db()
    name_colleague(guest, name="Мадина", address="madina@navid.test")

    assert [letter["Subject"].strip() for letter in sent(smtp)] == [
        "Шумо сабт шудед: Пресс-конференция",
        "Шумо дар рӯйхат нестед: Пресс-конференция",
    ]


def test_colleague_is_written_to_in_the_language_of_who_named_them(smtp):
    guest = make_guest(make_event(takes_colleagues=True), emails=[ADDRESS], languages="tg")
    name_colleague(guest, name="Мадина", address="madina@navid.test")

    assert [(letter["To"], letter["Subject"].strip()) for letter in sent(smtp)] == [
        ("madina@navid.test", "Шумо сабт шудед: Пресс-конференция")
    ]


@pytest.fixture
def everybody():
    """One guest in each state, and a silent one whose address is dead."""
    event = make_event()
    for state, way in WAYS.items():
        guest = make_guest(event, state, invited=False, emails=[f"{state}@navid.test"])
        for after in way:
            step(guest, after, "phone")
    make_guest(event, "dead", emails=["dead@navid.test"])
    suppress("dead@navid.test", "hard_bounce", by="worker")
    EventLetter.objects.all().delete()
    return event


@pytest.mark.parametrize(
    ("purpose", "reader"), [("reminder", "invited@navid.test"), ("details", "accepted@navid.test")]
)
def test_letter_that_changes_nothing_goes_to_whom_it_is_for_alone(everybody, smtp, purpose, reader):
    invite(everybody, purpose)

    assert [letter["To"] for letter in (envelope.message for envelope in smtp.envelopes)] == [reader]


# What staff add


@pytest.fixture
def desk(client_of):
    return client_of(make_user("editor"))


TAKEN = {"withdraw": "revoked", "wait": "waitlisted"}


@pytest.mark.parametrize("verb", TAKEN)
def test_words_of_staff_stand_in_the_letter_and_nowhere_when_it_has_left(desk, smtp, verb):
    guest = make_guest(make_event(), emails=[ADDRESS])
    answer(guest, "accepted", WEB)
    send_waiting()
    asked = {"note": "Зал меньше", "to_guest": "Просим прощения.\nЖдём вас в декабре."}
    desk.post(f"/events/guests/{guest.pk}/{verb}/", asked)
    letter = EventLetter.objects.latest("pk")
    sealed = letter.sealed_words
    send_waiting()
    text = smtp.envelopes[-1].message.get_body(("plain",)).get_content()

    assert (Invitation.objects.get().rsvp, unseal(sealed)) == (TAKEN[verb], asked["to_guest"])
    assert ("Просим прощения.\n\nЖдём вас в декабре." in text, "Зал меньше" in text) == (True, False)
    assert EventLetter.objects.latest("pk").sealed_words == ""


@pytest.mark.parametrize("verb", TAKEN)
def test_words_to_a_guest_stay_in_the_form_where_the_reason_is_missing(desk, verb):
    guest = make_guest(make_event(), emails=[ADDRESS])
    answer(guest, "accepted", WEB)
    page = desk.post(f"/events/guests/{guest.pk}/{verb}/", {"note": "", "to_guest": "Просим прощения."})

    assert (page.status_code, "Просим прощения." in page.content.decode()) == (422, True)
    assert Invitation.objects.get().rsvp == "accepted"


@pytest.mark.parametrize(
    ("before", "confirms", "letters"),
    [
        ("invited", True, [("off", "")]),
        ("invited", False, []),
        ("accepted", True, [("off", "cancel")]),
        ("accepted", False, [("off", "cancel")]),
    ],
)
def test_a_no_that_staff_note_is_confirmed_where_they_wish(desk, smtp, before, confirms, letters):
    guest = make_guest(make_event(), emails=[ADDRESS])
    for after in WAYS[before]:
        move(guest, after, Word("system")) if after == "invited" else answer(guest, after, WEB)
    send_waiting()
    known = EventLetter.objects.count()
    said = {"answer": "declined", "source": "phone", "people": "1", "seen": seen(desk, guest)}
    desk.post(f"/events/guests/{guest.pk}/answer/", said | ({"confirms": "on"} if confirms else {}))

    assert Invitation.objects.get().rsvp == "declined"
    assert list(EventLetter.objects.order_by("pk").values_list("kind", "calendar"))[known:] == letters


def seen(desk, guest):
    return desk.get(f"/events/guests/{guest.pk}/").context["form"]["seen"].value()
