from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailings.pipeline.pacing import HOME, paced, zone_of
from mailings.states import Pace

NOON = datetime(2026, 12, 10, 12, tzinfo=HOME)
ZONES = ["Asia/Dushanbe", "Europe/Prague", "America/New_York"]


def moments(zones, pace, number, *, start):
    leaves = paced(pace, number, start=start, letters=len(zones) if pace == Pace.WAVES else 0)
    return [leaves(place, zone) for place, zone in enumerate(zones)]


def hours(pace, number, letters):
    return [(at - NOON) / timedelta(hours=1) for at in moments(["Asia/Dushanbe"] * letters, pace, number, start=NOON)]


def test_all_at_once_is_now():
    assert hours(Pace.AT_ONCE, None, 3) == [0, 0, 0]


def test_so_many_an_hour():
    assert hours(Pace.HOURLY, 2, 5) == [0, 0, 1, 1, 2]


@pytest.mark.parametrize(("letters", "expected"), [(6, [0, 0, 1, 1, 2, 2]), (5, [0, 0, 1, 1, 2]), (2, [0, 1]), (0, [])])
def test_in_three_waves(letters, expected):
    assert hours(Pace.WAVES, 3, letters) == expected


@pytest.mark.parametrize(
    ("start", "zone", "expected"),
    [
        ("2026-12-10T08:00+05:00", "Asia/Dushanbe", "2026-12-10T09:00+05:00"),
        ("2026-12-10T10:30+05:00", "Asia/Dushanbe", "2026-12-10T10:30+05:00"),
        ("2026-12-10T15:00+05:00", "Asia/Dushanbe", "2026-12-11T09:00+05:00"),
        ("2026-12-10T10:00+05:00", "Europe/Prague", "2026-12-10T13:00+05:00"),
        # Over the night when the clocks of Prague go forward.
        ("2026-03-28T23:00+05:00", "Europe/Prague", "2026-03-29T12:00+05:00"),
    ],
)
def test_the_morning_of_the_reader(start, zone, expected):
    found = moments([zone], Pace.MORNING, None, start=datetime.fromisoformat(start))

    assert found == [datetime.fromisoformat(expected)]


@given(
    st.integers(0, 2 * 365 * 24 * 60).map(
        lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.lists(st.sampled_from(ZONES), max_size=30),
    st.sampled_from(Pace),
    st.integers(1, 50),
)
def test_nothing_leaves_before_the_start_and_a_morning_comes_within_a_day(start, zones, pace, number):
    found = moments(zones, pace, number, start=start)

    assert len(found) == len(zones)
    assert all(at >= start for at in found)
    assert pace != Pace.MORNING or all(at - start <= timedelta(hours=25) for at in found)


@pytest.mark.parametrize(
    ("region", "city", "expected"),
    [
        ("abroad", "Прага", "Europe/Prague"),
        ("abroad", "prague", "Europe/Prague"),
        ("", "Вильнюс", "Europe/Vilnius"),
        ("abroad", "", "Asia/Dushanbe"),
        ("sughd", "Москва", "Asia/Dushanbe"),
        ("abroad", "Неизвестный", "Asia/Dushanbe"),
    ],
)
def test_the_zone_follows_from_the_city_where_we_know_it(region, city, expected):
    assert zone_of(region, city) == expected
