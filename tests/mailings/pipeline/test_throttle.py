import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from mailings.models import WARM_AFTER, Allowance, Delivery, SendingAccount
from mailings.pipeline import throttle
from mailings.pipeline.claim import claim
from mailings.pipeline.send import send_due
from mailings.states import DeliveryStatus
from tests.factories.mailings import make_reader, make_started
from tests.factories.sending import limit, make_account, make_started_over

START = datetime(2026, 11, 26, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def make_rows(count, domain="navid.test"):
    """Rows of a mailing that has begun to leave; frozen at once, since a throttle does not ask who they are."""
    make_reader(f"first@{domain}")
    mailing = make_started()
    first = mailing.deliveries.get()
    Delivery.objects.bulk_create(
        Delivery(mailing=mailing, address=f"{n}@{domain}", domain=domain, address_key=f"{n}@{domain}", language="ru")
        for n in range(count - 1)
    )
    return [first, *mailing.deliveries.exclude(pk=first.pk).select_related("mailing__account")]


def endless(*domains):
    """More letters to each mail service than may leave together."""
    mailing = make_rows(1)[0].mailing
    return [Delivery(mailing=mailing, domain=domain) for domain in domains for _letter in range(12)]


def left_in(hours, rows, every=timedelta(seconds=9), start=START):
    """How many of endless letters leave within so long, when workers look every few seconds."""
    taken, at = 0, start
    while at < start + hours:
        taken += len(throttle.take(rows, at=at))
        at += every
    return taken


@pytest.mark.django_db
@pytest.mark.parametrize("per_hour", [60, 300, 2000])
def test_an_hour_gets_the_number_to_one_percent_and_never_more(per_hour):
    limit(per_hour=per_hour)

    taken = left_in(HOUR, make_rows(12))

    assert (taken <= per_hour, taken >= per_hour * 0.99) == (True, True)


def left_by_workers(rows, workers=3, every=6):
    """How many letters to each mail service leave in an hour, when workers look each in their own beat and order."""
    left, chance = Counter(), random.Random(1)
    looks = [START + timedelta(seconds=at + chance.random()) for at in range(0, 3599, every // workers)]
    for at in looks:
        left.update(row.domain for row in throttle.take(chance.sample(rows, len(rows)), at=at))
    return left


@pytest.mark.django_db
def test_number_of_each_service_holds_to_one_percent_over_an_hour_with_several_workers():
    limit(per_hour=900, per_domain=300)

    left = left_by_workers(endless("one.test", "two.test"))

    assert {domain: 297 <= letters <= 300 for domain, letters in left.items()} == {"one.test": True, "two.test": True}


@pytest.mark.django_db
def test_number_of_the_account_holds_where_its_services_would_take_more():
    limit(per_hour=600, per_domain=550)

    left = left_by_workers(endless("one.test", "two.test"))

    assert (594 <= left.total() <= 600, max(left.values()) <= 550) == (True, True)


@pytest.mark.django_db
def test_any_hour_counts_not_only_the_first():
    limit(per_hour=300)
    rows = make_rows(4)
    left_in(timedelta(minutes=20), rows)

    taken = left_in(HOUR, rows, start=START + timedelta(minutes=20))

    assert (taken <= 300, taken >= 297) == (True, True)


@pytest.mark.django_db
def test_what_was_not_used_is_not_saved_up():
    limit(per_hour=360)
    rows = make_rows(20)

    throttle.take(rows, at=START)

    assert len(throttle.take(rows, at=START + 10 * HOUR)) == 1


@pytest.mark.django_db
def test_without_a_number_everything_may_leave_and_nothing_is_written():
    rows = make_rows(5)

    assert (len(throttle.take(rows, at=START)), Allowance.objects.count()) == (5, 0)


@pytest.mark.django_db
def test_one_mail_service_waits_while_another_goes_on():
    limit(per_domain=60)
    rows = make_rows(5, "navid.test")
    rows += [Delivery(mailing=rows[0].mailing, domain="chashma.test")]

    taken = [row.domain for row in throttle.take(rows, at=START)]

    assert taken == ["navid.test", "chashma.test"]


@pytest.mark.django_db
def test_a_claim_takes_no_more_than_the_hour_allows_and_the_rest_stays_in_the_queue():
    limit(per_hour=60)
    make_rows(5)
    now = timezone.now()

    claimed = [len(claim(10, at=now)), len(claim(10, at=now))]

    assert (claimed, Delivery.objects.filter(status=DeliveryStatus.QUEUED).count()) == ([1, 0], 4)


@pytest.mark.django_db
def test_account_that_has_had_its_hour_does_not_hold_up_another(smtp, settings):
    settings.MAIL_BOUNCES_TO = ""
    limit(per_hour=1)
    make_reader("one@navid.test")
    make_reader("two@navid.test")
    make_started()
    make_started_over(make_account(smtp))

    send_due()

    assert sorted(envelope.sender for envelope in smtp.envelopes) == [
        "news@group.test",
        "news@group.test",
        "press@coalition.test",
    ]


@pytest.mark.django_db
def test_letters_that_were_counted_and_did_not_leave_are_given_back():
    limit(per_hour=360, per_domain=360)
    rows = make_rows(2)
    throttle.take(rows, at=START)

    throttle.give_back(rows[:1])

    assert len(throttle.take(rows, at=START)) == 1


@pytest.mark.django_db
def test_service_that_says_later_rests_longer_each_time_and_others_do_not():
    row = make_rows(1)[0]
    now, waits = timezone.now(), []
    for _time in range(3):
        throttle.rest(row.mailing, "navid.test", at=now)
        until = Allowance.objects.get(domain="navid.test").rests_until
        waits.append(until - now)
        now = until

    assert waits == throttle.RESTS[:3]


@pytest.mark.django_db
def test_after_a_quiet_time_a_rest_is_short_again():
    row = make_rows(1)[0]
    throttle.rest(row.mailing, "navid.test", at=START)
    throttle.rest(row.mailing, "navid.test", at=START + timedelta(hours=5))

    assert Allowance.objects.get().rests_until == START + timedelta(hours=5) + throttle.RESTS[0]


@pytest.mark.django_db
def test_sealed_address_whose_service_nobody_knows_puts_nobody_to_rest():
    row = make_rows(1)[0]

    throttle.rest(row.mailing, "", at=START)

    assert Allowance.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("age", "per_hour", "expected"),
    [(0, None, 20), (1, 5000, 40), (1, 10, 10), (27, None, 2500), (WARM_AFTER, None, None), (-3, 500, 20)],
)
def test_new_domain_grows_by_the_table(age, per_hour, expected):
    day = timezone.localdate()
    account = SendingAccount(warm_up_from=day - timedelta(days=age), per_hour=per_hour)

    assert account.limit_on(day) == expected


@pytest.mark.django_db
def test_another_number_counts_from_now():
    limit(per_hour=1)
    rows = make_rows(3)
    now = timezone.now()
    throttle.take(rows, at=now)
    limit(per_hour=3600)

    assert len(claim(3, at=now)) == 3


@pytest.mark.django_db(transaction=True)
def test_workers_that_take_at_once_take_no_more_together():
    limit(per_hour=3600)
    make_rows(40)
    barrier, taken, now = Barrier(3), [], timezone.now()

    def work():
        barrier.wait()
        taken.append(len(claim(20, at=now)))
        connection.close()

    workers = [Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    # What becomes due in ten seconds, and the first one.
    assert sum(taken) == 10


@pytest.mark.django_db
def test_a_letter_waits_for_its_turn_and_leaves_when_it_comes(smtp):
    limit(per_hour=60)
    make_reader("one@navid.test")
    make_reader("two@navid.test")
    make_started()

    send_due()
    at_first = len(smtp.envelopes)
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        send_due()

    assert (at_first, len(smtp.envelopes)) == (1, 2)
