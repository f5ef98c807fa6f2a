"""Accreditation: who said that they come is told what was decided, and who is not let in holds no place."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.actions.answers import Word, accredit, answer
from events.actions.planning import change_event
from events.actions.waiting import give_places
from events.models import Event, Invitation
from events.pipeline.letters import send_waiting
from events.states import Rsvp, WrongState
from tests.factories.events import HEAD, in_the_morning, make_event, make_guest
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db
WEB = Word("web")


@pytest.fixture
def guest():
    """Said yes to an event of one place that lets in the accredited alone."""
    guest = make_guest(make_event(capacity=1, needs_accreditation=True), emails=["reader@navid.test"])
    return answer(guest, Rsvp.ACCEPTED, WEB)


def decide(guest, after) -> Invitation:
    guest = Invitation.objects.get(pk=guest.pk)
    accredit(guest, after, by=person(HEAD))
    return guest


def taken(guest) -> int:
    return Event.objects.get(pk=guest.event_id).seats_taken


def letters(guest) -> list[tuple[str, str]]:
    return list(guest.letters.order_by("pk").values_list("kind", "calendar"))


def words_of_last(smtp) -> tuple[str, str]:
    send_waiting()
    letter = smtp.envelopes[-1].message
    return letter["Subject"].partition(":")[0], letter.get_body(("plain",)).get_content()


def test_yes_that_is_still_to_be_decided_is_not_called_a_place(guest, smtp):
    subject, words = words_of_last(smtp)

    assert (subject, "решение ещё не принято" in words, "Ждём вас" in words) == ("Ответ записан", True, False)


def test_who_is_accredited_is_told_and_gets_the_number_for_the_door(guest, smtp):
    send_waiting()
    guest = decide(guest, "approved")
    subject, words = words_of_last(smtp)

    assert (subject, f"{guest.door_code[:3]} {guest.door_code[3:]}" in words) == ("Вы аккредитованы", True)


@pytest.mark.parametrize("ways", [["refused"], ["approved", "withdrawn"]])
def test_who_is_not_let_in_is_told_and_leaves_the_place(guest, smtp, ways):
    send_waiting()
    for after in ways:
        guest = decide(guest, after)

    assert (taken(guest), letters(guest)[-1]) == (0, ("shut_out", "cancel"))
    assert "аккредитовать вас на это мероприятие не получится" in words_of_last(smtp)[1]


def test_place_of_who_is_refused_is_offered_to_who_waits(guest):
    waits = answer(make_guest(guest.event, "Ждёт"), Rsvp.ACCEPTED, WEB)
    decide(guest, "refused")

    assert (give_places(in_the_morning(1)), Invitation.objects.get(pk=waits.pk).rsvp) == (1, "offered")


def test_who_is_let_in_after_all_takes_a_place_again(guest):
    decide(guest, "refused")
    decide(guest, "approved")

    assert (taken(guest), letters(guest)[-1]) == (1, ("admitted", "accepted"))


def test_who_is_let_in_after_all_when_no_place_is_left_stays_as_they_are(guest):
    decide(guest, "refused")
    answer(make_guest(guest.event, "Другая"), Rsvp.ACCEPTED, WEB)
    with pytest.raises(WrongState):
        decide(guest, "approved")

    assert (Invitation.objects.get(pk=guest.pk).accreditation, taken(guest)) == ("refused", 1)


def test_who_is_refused_takes_no_place_by_saying_yes_again(guest):
    decide(guest, "refused")
    with pytest.raises(WrongState):
        answer(Invitation.objects.get(pk=guest.pk), Rsvp.ACCEPTED, WEB)

    assert taken(guest) == 0


def test_page_of_who_is_refused_does_not_look_forward_to_them(client, guest):
    guest = decide(guest, "refused")
    page = client.get(guest.link.removeprefix("http://testserver")).content.decode()

    assert [words in page for words in ("Аккредитация не дана.", "Ждём вас", "rsvp__form")] == [True, False, False]


def test_who_had_declined_is_told_nothing(guest):
    answer(guest, Rsvp.DECLINED, WEB)
    before = letters(guest)
    decide(guest, "refused")

    assert letters(guest) == before


def test_event_that_is_moved_asks_nobody_again_who_is_not_let_in(guest):
    other = make_guest(guest.event, "Другая")
    guest = decide(guest, "refused")
    answer(other, Rsvp.ACCEPTED, WEB)
    event = Event.objects.get(pk=guest.event_id)
    event.starts_at, event.ends_at = (at + timedelta(days=1) for at in (event.starts_at, event.ends_at))
    told = change_event(event, by=person(HEAD))
    answer(Invitation.objects.get(pk=other.pk), Rsvp.ACCEPTED, WEB)

    assert (told, Invitation.objects.get(pk=guest.pk).rsvp, taken(guest)) == (1, "accepted", 1)


def test_offer_of_who_is_not_let_in_gives_its_place_back_once(guest):
    waits = answer(make_guest(guest.event, "Ждёт"), Rsvp.ACCEPTED, WEB)
    Invitation.objects.filter(pk=waits.pk).update(accreditation="pending")
    answer(Invitation.objects.get(pk=guest.pk), Rsvp.DECLINED, WEB)
    give_places(in_the_morning(1))
    decide(waits, "refused")
    Invitation.objects.filter(pk=waits.pk).update(offered_until=timezone.now())
    give_places(in_the_morning(1))

    assert (Invitation.objects.get(pk=waits.pk).rsvp, taken(guest)) == ("waitlisted", 0)
