"""A mailing split by everything a report shows, over time, and beside earlier ones."""

from datetime import timedelta

import pytest

from mailings.measuring.links import anonymous
from mailings.pipeline import analytics, course, tallying, visits
from mailings.pipeline.breakdown import breakdown
from tests.factories.contacts import make_contact
from tests.factories.mailings import make_reader, person
from tests.factories.measuring import URL, make_delivered, make_office, make_readers, read_by, see
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VISITS = tmp_path / "visits"


def split(mailing):
    return breakdown(mailing, seen_by=person("head@payom.test"))


def test_groups_are_kinds_in_a_language():
    make_readers(5)
    make_office()
    mailing = make_delivered()

    assert [(group.key, group.letters, group.measured) for group in split(mailing).kinds] == [
        ("partner ru", 5, 5),
        ("press_service ru", 1, 1),
    ]


def test_opens_of_counted_readers_are_in_their_group():
    make_readers(5)
    mailing = make_delivered()
    see(anonymous(mailing.pk, "partner", "ru"), minutes=20, url=URL)
    visits.load()
    [group] = split(mailing).kinds

    assert (group.opened, group.opened_percent, group.clicked_percent) == (1, 20, 20)


def test_group_that_is_not_measured_has_no_share_of_its_own():
    make_office()
    make_office("in@ministry.test", "Внутренняя", sensitivity="internal")
    mailing = make_delivered()
    read_by(mailing.deliveries.get(name="Пресс-служба"))
    [group] = split(mailing).kinds

    assert (group.letters, group.measured, group.opened_percent) == (2, 1, 100)


def test_outlets_regions_and_services_are_told_apart():
    make_organisation("Радио", kind="radio")
    make_contact("Холов", organisation="Радио", emails=["a@gmail.com"], region="sughd")
    make_contact("Каримов", emails=["b@mfa.gov.tj"])
    found = split(make_delivered())

    assert (
        [(group.key, group.letters) for group in found.outlets],
        [(group.key, group.letters) for group in found.regions],
        [(group.key, group.letters) for group in found.providers],
    ) == ([("", 1), ("radio", 1)], [("", 1), ("sughd", 1)], [("gmail", 1), ("state", 1)])


@pytest.mark.parametrize("letters", [1, 3])
def test_split_takes_five_queries_whatever_the_size(letters, django_assert_num_queries):
    for number in range(letters):
        make_reader(f"r{number}@navid.test", name=f"Читатель {number}")
    mailing, head = make_delivered(), person("head@payom.test")

    with django_assert_num_queries(5):
        breakdown(mailing, seen_by=head)


def test_opens_by_outlet_are_of_those_known_by_name():
    make_readers(5)
    make_office()
    mailing = make_delivered()
    see(anonymous(mailing.pk, "partner", "ru"), minutes=20)
    read_by(mailing.deliveries.get(name="Пресс-служба"))
    [group] = split(mailing).outlets

    assert (group.letters, group.measured, group.named, group.opened) == (6, 1, 1, 1)


def test_totals_name_the_honest_denominator():
    make_readers(5)
    make_office()
    make_office("in@ministry.test", "Внутренняя", sensitivity="internal")
    mailing = make_delivered()
    see(anonymous(mailing.pk, "partner", "ru"), minutes=20)
    read_by(mailing.deliveries.get(name="Пресс-служба"), url=URL)
    found = analytics.totals(mailing)

    assert (found.sent, found.measured, found.named, found.opened, found.opened_named, found.clicked) == (
        7,
        6,
        1,
        2,
        1,
        1,
    )


def test_letter_that_was_opened_and_came_back_counts_nowhere_as_opened():
    make_office()
    mailing = make_delivered()
    read_by(mailing.deliveries.get(), url=URL)
    mailing.deliveries.update(status="failed")
    found, [group] = analytics.totals(mailing), split(mailing).kinds

    assert (found.measured, found.opened, found.clicked, group.opened, group.clicked) == (0, 0, 0, 0, 0)


def test_counted_readers_are_no_more_than_letters_that_stayed():
    make_readers(6)
    mailing = make_delivered()
    for _reader in range(6):
        see(anonymous(mailing.pk, "partner", "ru"), minutes=20)
    visits.load()
    mailing.deliveries.filter(name="Читатель 0").update(status="failed")

    assert (analytics.totals(mailing).opened_percent, split(mailing).kinds[0].opened_percent) == (100, 100)


def test_group_that_has_become_too_small_is_not_measured():
    make_readers(5)
    mailing = make_delivered()
    see(anonymous(mailing.pk, "partner", "ru"), minutes=20, url=URL)
    visits.load()
    mailing.deliveries.exclude(name="Читатель 0").update(status="failed")
    found, parts = analytics.totals(mailing), split(mailing)

    assert [(one.measured, one.opened, one.clicked) for one in (found, *parts.kinds, *parts.languages)] == [
        (0, 0, 0)
    ] * 3
    assert course.over_time(mailing, days=1)[-1].opened == 0


def test_first_day_grows_by_the_hour():
    make_office()
    delivery = make_delivered(hours=5).deliveries.get()
    read_by(delivery, minutes=130, url=URL)
    points = course.over_time(delivery.mailing, days=1)

    # The hour that has begun is the last.
    assert [(point.opened, point.clicked) for point in points] == [(0, 0)] * 3 + [(1, 1)] * 4


def test_letters_are_counted_by_the_hour_they_arrived_and_came_back():
    make_reader("a@navid.test", name="Первая")
    make_reader("b@navid.test", name="Вторая")
    mailing = make_delivered("", hours=3)
    begun = mailing.started_at
    mailing.deliveries.filter(name="Первая").update(sent_at=begun + timedelta(minutes=20))
    mailing.deliveries.filter(name="Вторая").update(
        sent_at=begun + timedelta(minutes=70), status="failed", bounced_at=begun + timedelta(minutes=130)
    )
    points = course.arrivals(mailing, days=1)

    assert [(point.sent, point.bounced) for point in points] == [(0, 0), (1, 0), (1, 0), (1, 1), (1, 1)]


def test_curve_of_a_mailing_that_has_just_begun_ends_now():
    make_reader()
    mailing = make_delivered("", hours=0.5)
    mailing.deliveries.update(sent_at=mailing.started_at + timedelta(minutes=1))
    points = course.arrivals(mailing, days=1)

    assert ([point.sent for point in points], points[-1].at - points[0].at < timedelta(hours=1)) == ([0, 1], True)


def test_first_week_ends_after_seven_days():
    make_office()
    mailing = make_delivered(hours=24 * 9)

    assert len(course.over_time(mailing, days=7)) == 4 * 7 + 1


def test_earlier_mailings_of_the_kind_stand_beside():
    make_reader()
    first, last = make_delivered(hours=30), make_delivered(hours=2)
    tallying.count(first)

    assert [(one.mailing, one.sent, one.delivered_percent) for one in course.earlier(last)] == [(first, 1, 100)]
