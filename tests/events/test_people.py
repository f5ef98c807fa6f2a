"""What becomes of invitations when a person is erased, two cards become one, or a contact is sealed."""

import pytest
from django.db import connection

from crm.actions.merging import merge, unmerge
from events.actions.answers import Needs, Word, answer
from events.actions.guests import name_colleague
from events.actions.planning import set_held
from events.models import Event, Invitation
from events.receivers import invitations
from events.states import Rsvp
from tests.factories.contacts import change
from tests.factories.erasure import erase
from tests.factories.events import HEAD, make_event, make_guest
from tests.factories.mailings import person

pytestmark = pytest.mark.django_db
WEB = Word("web")


def words_in_events(*words: str) -> set[str]:
    """Which of these words stand in a table of the room."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("events_"):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                text = str(cursor.fetchall())
                found |= {word for word in words if word in text}
    return found


@pytest.mark.parametrize(("is_over", "stays"), [(True, ("accepted", 2, 2)), (False, ("revoked", 2, 0))])
def test_of_an_erased_person_the_answer_counts_once_it_is_over_and_no_word_stays(is_over, stays):
    event = make_event()
    guest = make_guest(event, "Холова Зарина", organisation="Навид")
    answer(guest, Rsvp.ACCEPTED, Word("ical", note="от соседки"), Needs(people=2, text="приду с дочкой"))
    before = words_in_events("Холова", "holov", "дочкой", "соседки")
    if is_over:
        set_held(Event.objects.get(), by=person(HEAD))
    erase(guest.contact)
    guest.refresh_from_db()

    assert before == {"Холова", "holov", "дочкой", "соседки"}
    assert words_in_events("Холова", "holov", "дочкой", "соседки", "Навид") == set()
    assert (guest.rsvp, guest.people, Event.objects.get().seats_taken) == stays


def test_what_is_told_to_a_person_names_their_invitations():
    guest = make_guest(make_event(title="Брифинг"), "Холова Зарина")
    answer(guest, Rsvp.ACCEPTED, WEB, Needs(text="с оператором"))
    facts = invitations(guest.contact).facts

    assert [(title, "с оператором" in words) for title, words in facts] == [("Брифинг", True)]


def test_two_invitations_of_one_person_become_one_and_two_again():
    event = make_event()
    keep, drop = make_guest(event, "Холова Зарина"), make_guest(event, "Холова З.")
    for guest in (keep, drop):
        answer(guest, Rsvp.ACCEPTED, WEB)
    done = merge(keep.contact, drop.contact, by=person(HEAD))
    together = (event.invitations.count(), Event.objects.get().seats_taken)
    unmerge(done, by=person(HEAD))

    assert together == (1, 1)
    assert (event.invitations.count(), Event.objects.get().seats_taken) == (2, 2)


def test_who_is_sealed_has_their_words_sealed():
    guest = make_guest(make_event())
    answer(guest, Rsvp.ACCEPTED, Word("ical", note="и с сестрой"), Needs(text="приду с братом"))
    change(guest.contact, sensitivity="sealed")
    guest.refresh_from_db()

    assert (guest.text, guest.reveal()) == ("", "приду с братом\nи с сестрой")
    assert words_in_events("братом", "сестрой") == set()


def test_where_a_colleague_is_reached_is_sealed_always():
    name_colleague(make_guest(make_event()), name="Мадина", address="madina@navid.test")

    assert words_in_events("madina@navid.test") == set()


def test_a_place_goes_with_its_row():
    event = make_event()
    guest = make_guest(event)
    answer(guest, Rsvp.ACCEPTED, WEB, Needs(people=3, needs_camera=True))
    Invitation.objects.get(pk=guest.pk).delete()
    left = Event.objects.get()

    assert (left.seats_taken, left.cameras_taken) == (0, 0)
