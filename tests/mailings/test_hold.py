"""Five minutes in which the press of “Send” can be taken back, and the number that is typed."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from crm.actions.suppression import suppress
from mailings import actions
from mailings.models import Delivery, Mailing
from mailings.pipeline.claim import claim
from mailings.pipeline.send import send_due
from mailings.states import DeliveryStatus, MailingStatus, WrongState
from tests.factories.mailings import make_approved, make_reader, make_started

pytestmark = pytest.mark.django_db
HOLD = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def hold(settings):
    settings.MAIL_HOLD = HOLD


def make_held(letters=2):
    for number in range(letters):
        make_reader(f"{number}@navid.test")
    return Mailing.objects.get(pk=make_started().pk)


def test_nothing_leaves_while_it_is_held(smtp):
    make_held()
    send_due()

    assert smtp.envelopes == []


def test_when_the_hold_is_over_the_letters_leave(smtp):
    make_held()
    with time_machine.travel(timezone.now() + HOLD, tick=True):
        send_due()

    assert len(smtp.envelopes) == 2


def test_called_back_it_is_approved_as_before_and_nothing_has_left(smtp):
    mailing = make_held()
    called = actions.call_back(mailing, by=mailing.author)
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=True):
        send_due()
    mailing.refresh_from_db()

    assert (called, mailing.status, mailing.frozen_count, Delivery.objects.count(), smtp.envelopes) == (
        2, MailingStatus.APPROVED, None, 0, [],
    )  # fmt: skip


def test_called_back_it_can_be_sent_again(smtp):
    mailing = make_held()
    actions.call_back(mailing, by=mailing.author)
    actions.start(Mailing.objects.get(pk=mailing.pk), by=mailing.author)
    with time_machine.travel(timezone.now() + HOLD, tick=True):
        send_due()

    assert len(smtp.envelopes) == 2


def test_who_unsubscribed_between_gets_nothing_of_the_second_press():
    mailing = make_held()
    actions.call_back(mailing, by=mailing.author)
    suppress("0@navid.test", "unsubscribed", by="test")

    assert actions.start(Mailing.objects.get(pk=mailing.pk), by=mailing.author) == 1


def test_after_the_hold_nothing_is_called_back():
    mailing = make_held()

    with time_machine.travel(timezone.now() + HOLD, tick=False), pytest.raises(WrongState):
        actions.call_back(mailing, by=mailing.author)
    assert Delivery.objects.count() == 2


@pytest.mark.parametrize("fate", [{"status": DeliveryStatus.UNKNOWN}, {"attempts": 1}], ids=["unknown", "tried"])
def test_what_may_have_left_is_not_called_back(fate):
    mailing = make_held()
    Delivery.objects.filter(pk=mailing.deliveries.first().pk).update(**fate)

    with pytest.raises(WrongState):
        actions.call_back(mailing, by=mailing.author)
    assert Delivery.objects.count() == 2


def test_who_does_not_wait_sends_at_once(smtp):
    mailing = make_held()
    actions.let_go(mailing, by=mailing.author)
    send_due()

    assert (len(smtp.envelopes), Mailing.objects.get().is_held) == (2, False)


@pytest.mark.django_db(transaction=True)
def test_calling_back_and_claiming_at_once_never_lose_a_letter_that_is_taken():
    mailing = make_held(letters=4)
    over = mailing.held_until + timedelta(seconds=1)
    barrier, said = threading.Barrier(2), {}

    def take():
        barrier.wait(10)
        said["taken"] = [delivery.pk for delivery in claim(10, at=over)]
        connection.close()

    def call_back():
        mine = Mailing.objects.get(pk=mailing.pk)
        barrier.wait(10)
        try:
            said["called"] = actions.call_back(mine, by=mine.author)
        except WrongState:
            said["called"] = 0
        connection.close()

    threads = [threading.Thread(target=verb) for verb in (take, call_back)]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]

    assert (len(said["taken"]), said["called"]) in [(4, 0), (0, 4)]
    assert Delivery.objects.count() == len(said["taken"])


@pytest.mark.parametrize(("typed", "goes"), [(None, False), (2, False), (4, False), (3, True)])
def test_many_letters_ask_for_their_number(typed, goes, settings):
    settings.TYPE_COUNT_FROM = 3
    for number in range(3):
        make_reader(f"{number}@navid.test")
    mailing = make_approved()
    try:
        actions.start(mailing, typed=typed, by=mailing.author)
        gone = True
    except WrongState:
        gone = False

    assert (gone, Delivery.objects.count()) == (goes, 3 if goes else 0)


def test_few_letters_ask_for_none(settings):
    settings.TYPE_COUNT_FROM = 3
    make_reader()
    mailing = make_approved()

    assert actions.start(mailing, by=mailing.author) == 1


def test_a_schedule_asks_for_the_number_as_well(settings):
    settings.TYPE_COUNT_FROM = 1
    make_reader()
    mailing = make_approved()
    at = timezone.now() + timedelta(days=1)
    actions.plan(mailing, send_at=at, pace="at_once", pace_number=None, by=mailing.author)

    with pytest.raises(WrongState):
        actions.schedule(mailing, by=mailing.author)
    assert actions.schedule(mailing, typed=1, by=mailing.author) == at
