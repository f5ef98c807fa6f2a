"""Two people take the last place at once, each over a connection of their own: one gets it."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from events.actions.answers import Word, answer
from events.models import Event, Invitation
from tests.factories.events import make_event, make_guest

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_take_the_last_place_one_gets_it():
    event = make_event(capacity=1)
    guests = [make_guest(event, "Первая"), make_guest(event, "Вторая")]
    together = Barrier(2)

    def take(pk: int) -> None:
        try:
            guest = Invitation.objects.select_related("event").get(pk=pk)
            together.wait(timeout=20)
            answer(guest, "accepted", Word("web"))
        finally:
            connection.close()

    threads = [Thread(target=take, args=[guest.pk]) for guest in guests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(Invitation.objects.values_list("rsvp", flat=True)) == ["accepted", "waitlisted"]
    assert Event.objects.get(pk=event.pk).seats_taken == 1


def test_a_place_that_is_gone_is_not_taken_whatever_was_read_before():
    """The statement itself asks whether there is one."""
    event = make_event(capacity=1)
    got = [Event.objects.take_places(event, 1, 0) for _time in range(2)]

    assert (got, Event.objects.get(pk=event.pk).seats_taken) == ([True, False], 1)
