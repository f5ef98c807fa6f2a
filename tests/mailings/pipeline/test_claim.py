from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from mailings import actions
from mailings.models import Delivery
from mailings.pipeline.claim import LEASE, claim, take_back
from mailings.states import DeliveryStatus
from tests.factories.mailings import make_reader, make_started


def start_mailing(letters=2):
    for number in range(letters):
        make_reader(f"reader{number}@navid.test")
    return make_started()


def vars_of(row):
    return {field.attname: getattr(row, field.attname) for field in Delivery._meta.concrete_fields}


@pytest.mark.django_db
def test_claim_hands_out_due_rows_once():
    start_mailing(letters=3)
    now = timezone.now()

    assert [len(claim(2, at=now)), len(claim(2, at=now)), len(claim(2, at=now))] == [2, 1, 0]


@pytest.mark.django_db
def test_paused_mailing_gives_no_rows():
    mailing = start_mailing()
    actions.pause(mailing, by=mailing.author)

    assert claim(10, at=timezone.now()) == []


@pytest.mark.django_db
def test_deferred_row_is_due_at_its_time_and_not_before():
    start_mailing(letters=1)
    now = timezone.now()
    Delivery.objects.update(status=DeliveryStatus.DEFERRED, next_try_at=now)

    assert [len(claim(1, at=now - timedelta(seconds=1))), len(claim(1, at=now))] == [0, 1]


@pytest.mark.django_db
def test_a_retry_that_is_due_goes_before_letters_that_never_went():
    start_mailing(letters=3)
    now = timezone.now()
    last = Delivery.objects.last()
    Delivery.objects.filter(pk=last.pk).update(status=DeliveryStatus.DEFERRED, next_try_at=now)

    assert [row.pk for row in claim(2, at=now)] == [last.pk, Delivery.objects.first().pk]


@pytest.mark.django_db
def test_an_older_mailing_goes_before_a_newer_one():
    make_reader("reader@navid.test")
    older, newer = make_started(), make_started()

    assert [row.mailing_id for row in claim(2, at=timezone.now())] == [older.pk, newer.pk]


@pytest.mark.django_db
def test_a_row_that_was_read_is_the_row_that_was_written():
    row = Delivery(**vars_of(start_mailing(letters=1).deliveries.get()))

    found = Delivery.objects.get()

    assert (found, vars_of(found), found._state.adding) == (row, vars_of(row), False)


@pytest.mark.django_db
def test_expired_claim_returns_to_the_queue():
    start_mailing(letters=1)
    now = timezone.now()
    claim(1, at=now)

    take_back(at=now + LEASE + timedelta(seconds=1))

    assert Delivery.objects.get().status == DeliveryStatus.QUEUED


@pytest.mark.django_db
def test_letter_lost_on_the_wire_becomes_unknown_and_is_never_claimed_again():
    start_mailing(letters=1)
    now = timezone.now()
    claim(1, at=now)
    Delivery.objects.update(status=DeliveryStatus.INFLIGHT)

    later = now + LEASE + timedelta(seconds=1)
    take_back(at=later)

    assert (Delivery.objects.get().status, claim(1, at=later)) == (DeliveryStatus.UNKNOWN, [])


@pytest.mark.django_db
def test_lease_that_still_runs_is_respected():
    start_mailing(letters=1)
    now = timezone.now()
    claim(1, at=now)

    take_back(at=now + LEASE - timedelta(seconds=1))

    assert Delivery.objects.get().status == DeliveryStatus.CLAIMED


@pytest.mark.django_db(transaction=True)
def test_workers_that_claim_at_once_never_get_the_same_row():
    start_mailing(letters=60)
    barrier, taken = Barrier(4), []

    def work():
        barrier.wait()
        while batch := claim(5, at=timezone.now()):
            taken.extend(delivery.pk for delivery in batch)
        connection.close()

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(taken) == sorted(Delivery.objects.values_list("pk", flat=True))
