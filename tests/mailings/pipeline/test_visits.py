"""From the file of visits to what a report counts."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from mailings.measuring.agents import Agent
from mailings.measuring.judge import Reason
from mailings.measuring.links import Mark, anonymous
from mailings.models import Delivery, Event, Link, Loaded, Mailing, Reader
from mailings.pipeline import analytics, spool, visits
from tests.factories.contacts import change
from tests.factories.mailings import make_reader, make_started
from tests.factories.measuring import URL, make_delivered, make_measured, make_office, make_readers, read_by, see

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VISITS = tmp_path / "visits"


def facts(delivery: Delivery) -> tuple[bool, bool]:
    delivery.refresh_from_db()
    return delivery.opened_at is not None, delivery.clicked_at is not None


def test_open_of_an_office_stands_on_its_letter():
    make_office()
    delivery = make_delivered().deliveries.get()
    read_by(delivery)

    assert facts(delivery) == (True, False)


def test_who_followed_a_link_has_opened_the_letter():
    make_office()
    delivery = make_delivered().deliveries.get()
    read_by(delivery, url=URL)

    assert facts(delivery) == (True, True)


def test_scanner_is_not_counted_and_its_reason_is_kept():
    make_office()
    delivery = make_delivered().deliveries.get()
    for number in range(4):
        see(Mark(delivery.mailing_id, delivery.pk), minutes=1 + number / 100, url=f"{URL}/{number}")
    visits.load()

    assert (facts(delivery), set(Event.objects.values_list("reason", flat=True))) == ((False, False), {Reason.BURST})


def test_burst_that_is_completed_later_takes_the_first_click_back():
    make_office()
    delivery = make_delivered().deliveries.get()
    mark = Mark(delivery.mailing_id, delivery.pk)
    see(mark, minutes=60, url=f"{URL}/0")
    visits.load()
    first = facts(delivery)
    see(mark, minutes=60.01, url=f"{URL}/1")
    see(mark, minutes=60.02, url=f"{URL}/2")
    visits.load()

    assert (first, facts(delivery)) == ((True, True), (False, False))


def test_who_is_only_counted_is_a_number_that_leads_to_nobody():
    make_readers(5)
    mailing = make_delivered()
    see(anonymous(mailing.pk, "partner", "ru"), minutes=30, url=URL)
    visits.load()

    event, reader = Event.objects.get(), Reader.objects.get()
    assert (event.delivery, event.reader, reader.kind, reader.clicked_at is not None) == (None, reader, "partner", True)


def test_two_visits_of_one_counted_reader_are_one_person():
    make_readers(5)
    mailing = make_delivered()
    mark = anonymous(mailing.pk, "partner", "ru")
    see(mark, minutes=30, url=URL)
    see(mark, minutes=50, url=URL)
    visits.load()

    link = Link.objects.get()
    assert (link.people, link.human, link.machine) == (1, 2, 0)


def test_link_counts_people_and_machines_apart():
    make_office()
    delivery = make_delivered().deliveries.get()
    read_by(delivery, url=URL)
    see(Mark(delivery.mailing_id, delivery.pk), minutes=40, url=URL, agent=Agent.PREVIEW)
    visits.load()

    link = Link.objects.get(url=URL)
    assert (link.people, link.human, link.machine) == (1, 1, 1)


def test_file_read_twice_counts_once():
    make_office()
    delivery = make_delivered().deliveries.get()
    see(Mark(delivery.mailing_id, delivery.pk), minutes=30)
    [path] = spool.taken()
    content = path.read_bytes()
    visits.load()
    path.write_bytes(content)
    visits.load()

    assert (Event.objects.count(), path.exists()) == (1, False)


def test_visits_wait_while_the_database_is_busy(monkeypatch):
    make_office()
    delivery = make_delivered().deliveries.get()
    see(Mark(delivery.mailing_id, delivery.pk), minutes=30)

    def busy(*_arguments, **_names):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(Loaded.objects, "get_or_create", busy)
        with pytest.raises(OperationalError):
            visits.load()
    visits.load()

    assert facts(delivery) == (True, False)


def test_nothing_is_kept_of_a_mailing_that_measures_nothing():
    make_office()
    mailing = make_started()
    see(Mark(mailing.pk, mailing.deliveries.get().pk), minutes=30)
    visits.load()

    assert (Event.objects.count(), Reader.objects.count(), Link.objects.count()) == (0, 0, 0)


def test_nothing_is_kept_of_who_is_not_measured_by_name():
    make_reader(kind="partner")
    mailing = make_delivered()
    see(Mark(mailing.pk, mailing.deliveries.get().pk), minutes=30)
    visits.load()

    assert Event.objects.count() == 0


def test_nothing_more_is_kept_of_who_has_become_internal():
    contact = make_office()
    delivery = make_delivered().deliveries.get()
    type(contact).objects.filter(pk=contact.pk).update(sensitivity="internal")
    read_by(delivery)

    assert (facts(delivery), Event.objects.count()) == ((False, False), 0)


def test_sealing_takes_what_was_known_away():
    contact = make_office()
    delivery = make_delivered().deliveries.get()
    read_by(delivery, url=URL)
    change(contact, sensitivity="sealed")

    delivery.refresh_from_db()
    assert (facts(delivery), delivery.measured_as, Event.objects.count()) == ((False, False), "", 0)


def test_sealing_leaves_the_count_of_a_group_whole():
    make_readers(5)
    mailing = make_delivered()
    for _reader in range(5):
        see(anonymous(mailing.pk, "partner", "ru"), minutes=20)
    visits.load()
    change(mailing.deliveries.first().contact, sensitivity="sealed")
    found = analytics.totals(mailing)

    assert (found.measured, found.opened) == (5, 5)


def test_letter_that_is_still_to_leave_measures_nobody_who_was_sealed():
    make_readers(5)
    mailing = make_measured()
    change(mailing.deliveries.first().contact, sensitivity="sealed")

    assert sorted(mailing.deliveries.values_list("measured_as", flat=True)) == ["", *["totals"] * 4]


def test_old_visits_go_and_what_they_showed_stays(settings):
    make_office()
    delivery = make_delivered().deliveries.get()
    read_by(delivery, url=URL)
    old = timezone.now() - settings.EVENTS_KEPT - timedelta(days=1)
    Mailing.objects.update(started_at=old)
    gone = visits.forget()

    assert (gone, facts(delivery), Link.objects.get(url=URL).people) == (1, (True, True), 1)


def test_visit_of_long_afterwards_is_not_kept(settings):
    make_office()
    delivery = make_delivered().deliveries.get()
    Mailing.objects.update(started_at=timezone.now() - settings.EVENTS_KEPT - timedelta(days=1))
    read_by(delivery)

    assert Event.objects.count() == 0


@pytest.mark.parametrize("letters", [1, 3])
def test_loading_takes_the_same_queries_whatever_the_number(letters, django_assert_max_num_queries):
    for number in range(letters):
        make_office(f"press{number}@ministry.test")
    mailing = make_delivered()
    for delivery in mailing.deliveries.all():
        see(Mark(mailing.pk, delivery.pk), minutes=30, url=URL)

    with django_assert_max_num_queries(34):
        visits.load()
