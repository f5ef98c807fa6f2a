"""An event that is moved: whose yes stands, who is asked again, what moves with it, and who keeps their place."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.actions.answers import Word, answer
from events.actions.planning import change_event
from events.actions.waiting import give_places
from events.models import Event, Invitation, ProgrammeItem
from events.pipeline.letters import send_waiting
from events.states import Rsvp, WrongState
from tests.factories.events import HEAD, in_the_morning, make_event, make_guest
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db
WEB = Word("web")
DAY = timedelta(days=1)


def change(event, *, tells=True, **values) -> int:
    event = Event.objects.get(pk=event.pk)
    for name, value in values.items():
        setattr(event, name, value)
    return change_event(event, tells=tells, by=person(HEAD))


def move(event, later=DAY, **values) -> int:
    return change(event, starts_at=event.starts_at + later, ends_at=event.ends_at + later, **values)


def say(guest, wish=Rsvp.ACCEPTED) -> str:
    return answer(Invitation.objects.get(pk=guest.pk), wish, WEB).rsvp


def answers(*guests) -> list[str]:
    return [Invitation.objects.get(pk=guest.pk).rsvp for guest in guests]


def noon(days=1):
    return in_the_morning(days) + timedelta(hours=1)


@pytest.fixture
def full():
    """Two places taken, one guest waiting."""
    event = make_event(capacity=2)
    guests = [make_guest(event, name, emails=[f"{name}@navid.test"]) for name in ("first", "second", "waits")]
    for guest in guests:
        say(guest)
    return event, *guests


def test_places_of_those_who_are_asked_again_are_nobody_elses(full):
    event, first, second, waits = full
    move(event)
    offered = give_places(noon())
    say(first)

    assert (offered, answers(first, second, waits)) == (0, ["accepted", "invited", "waitlisted"])


def test_newcomer_does_not_take_the_place_of_who_is_asked_again(full):
    event, first, _second, _waits = full
    move(event)
    late = make_guest(event, "late")

    assert (say(late), say(first)) == ("waitlisted", "accepted")


def test_without_a_waiting_list_the_newcomer_reads_why(full):
    event, *_guests = full
    move(event, has_waiting_list=False)
    late = make_guest(event, "late")
    with pytest.raises(WrongState, match="whose colleague waits|чей коллега"):
        say(late)


def test_who_does_not_say_it_again_in_time_keeps_no_place(full):
    event, first, second, waits = full
    move(event, answer_by=timezone.now() + DAY)
    Event.objects.filter(pk=event.pk).update(answer_by=timezone.now())
    offered = give_places(noon())

    assert (offered, answers(first, second, waits)) == (1, ["invited", "invited", "offered"])


def test_who_says_no_the_second_time_leaves_the_place_to_who_waits(full):
    event, first, _second, waits = full
    move(event)
    say(first, Rsvp.DECLINED)

    assert (give_places(noon()), answers(waits)) == (1, ["offered"])


def test_event_that_is_moved_and_told_to_nobody_leaves_the_answers(full):
    event, *guests = full
    change(event, tells=False, starts_at=event.starts_at + DAY, ends_at=event.ends_at + DAY)

    assert (answers(*guests), Event.objects.get(pk=event.pk).seats_taken) == (["accepted", "accepted", "waitlisted"], 2)


def test_another_end_asks_nobody_again_and_says_what_it_is(full, smtp):
    event, *guests = full
    send_waiting()
    smtp.envelopes.clear()
    told = change(event, ends_at=event.ends_at + timedelta(minutes=15))
    send_waiting()
    words = smtp.envelopes[0].message.get_body(("plain",)).get_content()
    end = f"окончание {timezone.localtime(event.ends_at + timedelta(minutes=15)):%H:%M}"

    assert (told, answers(*guests)) == (3, ["accepted", "accepted", "waitlisted"])
    assert ("Было" in words, end in words) == (False, True)


@pytest.mark.parametrize(("former", "told"), [("", 0), ("https://meet.test/old", 3)])
def test_link_that_was_missing_moves_nothing_and_another_one_is_told(full, former, told):
    event, *_guests = full
    Event.objects.filter(pk=event.pk).update(online_url=former)

    assert change(event, online_url="https://meet.test/new") == told


def test_doors_deadline_and_programme_move_with_the_hour():
    event = make_event(answer_by=in_the_morning(9), doors_at=in_the_morning(10) - timedelta(minutes=30))
    ProgrammeItem.objects.create(event=event, starts_at=event.starts_at, title="Открытие")
    before = (event.answer_by, event.doors_at, event.starts_at)
    move(event, 3 * DAY)
    moved = Event.objects.get(pk=event.pk)

    assert (moved.answer_by, moved.doors_at, moved.programme.get().starts_at) == tuple(at + 3 * DAY for at in before)


def test_deadline_that_was_set_anew_stays_as_it_was_set():
    event = make_event(answer_by=in_the_morning(9))
    move(event, 3 * DAY, answer_by=in_the_morning(11))

    assert Event.objects.get(pk=event.pk).answer_by == in_the_morning(11)


def test_who_is_asked_again_after_the_deadline_may_answer(full):
    event, first, *_others = full
    Event.objects.filter(pk=event.pk).update(answer_by=timezone.now() - DAY)
    event.refresh_from_db()
    move(event, timedelta(hours=2))

    assert (answers(first), say(first)) == (["invited"], "accepted")


@pytest.mark.parametrize(
    ("rsvp", "words"), [("waitlisted", "подтверждать ничего не нужно"), ("offered", "Мы держим для вас место")]
)
def test_who_waits_is_told_and_has_nothing_to_confirm(full, smtp, rsvp, words):
    event, _first, second, waits = full
    if rsvp == "offered":
        say(second, Rsvp.DECLINED)
        give_places(noon())
    send_waiting()
    smtp.envelopes.clear()
    move(event)
    send_waiting()
    letters = {one.message["To"]: one.message for one in smtp.envelopes}
    letter = letters["waits@navid.test"]

    assert (words in letter.get_body(("plain",)).get_content(), answers(waits)) == (True, [rsvp])
    assert [part.get_content_type() for part in letter.walk() if part.get_content_type() == "text/calendar"] == []
