"""Mailings, the event, its invitations: whoever changes an event waits for them in this order, on PostgreSQL."""

from threading import Event as Signal
from threading import Thread

import pytest
from django.db import connection, transaction

from crm.actions.merging import merge, unmerge
from events.actions.answers import Word, answer
from events.actions.invitations import begin_mailing
from events.actions.planning import cancel_event, change_event
from events.actions.waiting import give_place
from events.models import Event, Invitation
from mailings.models import Delivery, Mailing, companions
from tests.events.test_calendar_answers import calendar, letter, take
from tests.factories.events import HEAD, make_event, make_guest
from tests.factories.mailings import person

# SQLite has one writer at a time: nobody waits for anybody there.
pytestmark = [pytest.mark.grown, pytest.mark.django_db(transaction=True)]

PATIENCE = 20
_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
def event():
    event = make_event(capacity=5)
    make_guest(event, "Ҷамшед Холов", invited=False, emails=["reader@navid.test"])
    return event


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        return cursor.fetchone()[0] > 0


def at_the_same_time(change):
    """`change` in another connection; come back when it waits for what this one holds."""
    wrong = []

    def run() -> None:
        try:
            change()
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    for _time in range(PATIENCE * 20):
        if somebody_waits():
            return thread, wrong
        Signal().wait(0.05)
    raise AssertionError("nobody waited")


def later(event) -> Event:
    changed = Event.objects.get(pk=event.pk)
    changed.room = "Другой зал"
    return changed


CHANGES = {
    "changed": lambda event: change_event(later(event), by=person(HEAD)),
    "cancelled": lambda event: cancel_event(Event.objects.get(pk=event.pk), by=person(HEAD)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_event_that_changes_waits_for_the_mailing_that_leaves(event, change):
    mailing = begin_mailing(event, "invitation", by=person(HEAD))
    contact = event.invitations.get().contact
    row = {"contact": contact, "name": contact.name, "address": "reader@navid.test", "address_key": "k"}
    delivery = Delivery.objects.create(mailing=mailing, language="ru", domain="navid.test", **row)
    stranger = make_guest(make_event(title="Другое"), "Новая", invited=False, emails=["new@navid.test"]).contact
    row = {"contact": stranger, "name": stranger.name, "address": "new@navid.test", "address_key": "l"}
    new = Delivery.objects.create(mailing=mailing, language="ru", domain="navid.test", **row)
    with transaction.atomic():
        Mailing.objects.get(pk=mailing.pk).hold()
        thread, wrong = at_the_same_time(lambda: change(event))
        companions.record(mailing, [delivery, new])
    thread.join(timeout=PATIENCE)

    assert (wrong, thread.is_alive(), event.invitations.count()) == ([], False, 2)


@pytest.mark.parametrize("step", ["merging", "splitting"])
def test_cards_that_become_one_or_two_wait_for_the_event_first(event, step):
    keep, drop = make_guest(event, "Холова Зарина"), make_guest(event, "Холова З.")
    by = person(HEAD)
    done = merge(keep.contact, drop.contact, by=by) if step == "splitting" else None
    mine = Invitation.objects.select_related("event").get(pk=keep.pk)
    with transaction.atomic():
        mine.event.hold()
        thread, wrong = at_the_same_time(
            lambda: unmerge(done, by=by) if done else merge(keep.contact, drop.contact, by=by)
        )
        answer(mine, "accepted", Word("web"))
    thread.join(timeout=PATIENCE)

    assert (wrong, thread.is_alive(), Event.objects.get(pk=event.pk).seats_taken) == ([], False, 1)


def by_calendar(guest) -> None:
    take(letter(calendar(guest, attendee="madina@navid.test"), sender="madina@navid.test"))


def offering(guest) -> None:
    give_place(guest, by=person(HEAD))


@pytest.mark.parametrize("other", [by_calendar, offering])
def test_whoever_answers_for_a_guest_waits_for_the_event_first(event, other):
    guest = make_guest(event, "Мадина Саидова", emails=["madina@navid.test"])
    if other is offering:
        Invitation.objects.filter(pk=guest.pk).update(rsvp="waitlisted", waiting_since=event.created_at)
    mine = Invitation.objects.select_related("event").get(pk=guest.pk)
    theirs = Invitation.objects.select_related("event").get(pk=guest.pk)
    with transaction.atomic():
        mine.event.hold()
        thread, wrong = at_the_same_time(lambda: other(theirs))
        Invitation.objects.select_for_update().get(pk=guest.pk)
        Invitation.objects.filter(pk=guest.pk).update(people=2)
    thread.join(timeout=PATIENCE)

    assert (wrong, thread.is_alive(), Invitation.objects.get(pk=guest.pk).people) == ([], False, 2)
