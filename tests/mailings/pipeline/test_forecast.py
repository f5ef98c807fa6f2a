from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from mailings.models import Delivery, SendingAccount
from mailings.pipeline.forecast import forecast, time_needed
from mailings.pipeline.pacing import duration
from mailings.states import DeliveryStatus
from tests.factories.mailings import make_reader, make_started
from tests.factories.sending import limit

DUSHANBE = ZoneInfo("Asia/Dushanbe")
MORNING = datetime(2026, 11, 26, 9, tzinfo=DUSHANBE)
HOUR = timedelta(hours=1)


def rounded(moment):
    return moment.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("letters", "per_hour", "needed"), [(300, 300, HOUR), (450, 300, 1.5 * HOUR), (5, None, 0 * HOUR)]
)
def test_time_follows_from_the_number(letters, per_hour, needed):
    assert time_needed(SendingAccount(per_hour=per_hour), letters, start=MORNING) == needed


def test_letters_to_one_mail_service_may_take_longer_than_all_together():
    account = SendingAccount(per_hour=300, per_domain=50)

    assert time_needed(account, 300, start=MORNING, domains=[100, 200]) == 4 * HOUR


def test_new_domain_sends_more_on_the_next_day():
    account = SendingAccount(warm_up_from=MORNING.date())

    # Fifteen hours of the first day at 20, then 40 an hour.
    assert time_needed(account, 15 * 20 + 80, start=MORNING) == 17 * HOUR


@pytest.mark.parametrize(
    ("minutes", "words"), [(1, "1 мин"), (29.2, "30 мин"), (61, "1 ч 5 мин"), (80, "1 ч 20 мин"), (120, "2 ч")]
)
def test_time_is_said_as_exactly_as_it_is_known(minutes, words):
    assert duration(timedelta(minutes=minutes)).replace("h", "ч").replace("min", "мин") == words


@pytest.mark.django_db
def test_others_that_leave_before_are_counted_in():
    limit(per_hour=60)
    make_reader("reader@navid.test")
    make_started()
    mailing, now = make_started(), timezone.now()

    found = forecast(mailing, at=now)

    assert (found.letters, found.ahead, found.per_hour, rounded(found.at)) == (
        1,
        1,
        60,
        rounded(now + timedelta(minutes=2)),
    )


@pytest.mark.django_db
def test_last_wave_is_waited_for():
    make_reader("reader@navid.test")
    mailing, now = make_started(), timezone.now()
    Delivery.objects.update(next_try_at=now + 3 * HOUR)

    assert forecast(mailing, at=now).at == now + 3 * HOUR


@pytest.mark.django_db
def test_without_a_limit_and_before_anything_has_left_nobody_can_tell():
    make_reader("reader@navid.test")
    mailing = make_started()
    Delivery.objects.update(next_try_at=None)

    assert forecast(mailing, at=timezone.now()).at is None


@pytest.mark.django_db
def test_without_a_limit_the_last_minutes_tell():
    for number in range(12):
        make_reader(f"{number}@navid.test")
    mailing, now = make_started(), timezone.now()
    sent = mailing.deliveries.order_by("pk")[:10].values("pk")
    Delivery.objects.filter(pk__in=list(sent.values_list("pk", flat=True))).update(
        status=DeliveryStatus.SENT, sent_at=now - timedelta(seconds=20)
    )
    Delivery.objects.update(next_try_at=None)

    assert forecast(mailing, at=now).at == now + timedelta(seconds=4)


@pytest.mark.django_db
def test_letters_that_are_tried_again_later_are_not_waited_for():
    make_reader("reader@navid.test")
    mailing, now = make_started(), timezone.now()
    Delivery.objects.update(status=DeliveryStatus.DEFERRED, next_try_at=now + 9 * HOUR)

    found = forecast(mailing, at=now)

    assert (found.letters, found.at) == (0, None)
