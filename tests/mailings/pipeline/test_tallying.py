"""Counts that pages across mailings read are what the rows say."""

import pytest
from django.core.management import CommandError, call_command

from mailings import actions
from mailings.actions.incoming import complained
from mailings.measuring.links import anonymous
from mailings.models import Tally
from mailings.pipeline import analytics, tallying, visits
from tests.factories.mailings import make_reader
from tests.factories.measuring import URL, make_delivered, make_office, make_readers, read_by, see

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VISITS = tmp_path / "visits"


def counted(mailing, by="all", key=""):
    tallying.count(mailing)
    return mailing.tallies.get(by=by, key=key)


def test_all_letters_are_counted():
    make_reader("a@gmail.com")
    make_reader("b@mail.ru", name="Другой")
    row = counted(make_delivered())

    assert (row.letters, row.sent, row.failed, row.unsubscribed) == (2, 2, 0, 0)


def test_letters_are_counted_by_mail_service():
    for number, domain in enumerate(["gmail.com", "gmail.com", "asia.tj"]):
        make_reader(f"r{number}@{domain}", name=f"Читатель {number}")
    mailing = make_delivered()
    tallying.count(mailing)

    assert dict(mailing.tallies.filter(by="provider").values_list("key", "sent")) == {"gmail": 2, "tj": 1}


def test_named_and_counted_readers_are_one_sum():
    make_readers(5)
    make_office()
    mailing = make_delivered()
    see(anonymous(mailing.pk, "partner", "ru"), minutes=20)
    read_by(mailing.deliveries.get(kind="press_service"), url=URL)
    row = counted(mailing)

    assert (row.measured, row.opened, row.clicked) == (6, 2, 1)


def test_hour_is_that_of_the_office():
    make_office()
    delivery = make_delivered().deliveries.get()
    read_by(delivery)
    delivery.refresh_from_db()
    local = delivery.opened_at.astimezone(tallying.timezone.get_default_timezone())

    assert counted(delivery.mailing, "hour", f"{local.weekday()}-{local.hour}").opened == 1


def test_complaint_counts_for_the_letter_that_was_called_spam():
    make_reader("a@gmail.com")
    first, last = make_delivered(hours=5), make_delivered(hours=2)
    complained(first.deliveries.get())

    assert (counted(first).complained, counted(first, "provider", "gmail").complained, counted(last).complained) == (
        1,
        1,
        0,
    )


def test_complaint_of_who_had_unsubscribed_counts_as_in_the_report():
    make_reader()
    mailing = make_delivered()
    actions.unsubscribe(mailing.deliveries.get())
    complained(mailing.deliveries.get())

    assert (counted(mailing).complained, analytics.totals(mailing).complained) == (1, 1)


def test_readers_of_a_group_that_has_become_too_small_are_not_counted():
    make_readers(5)
    mailing = make_delivered()
    see(anonymous(mailing.pk, "partner", "ru"), minutes=20)
    visits.load()
    mailing.deliveries.filter(name="Читатель 0").update(status="failed")
    row = counted(mailing)

    assert (row.measured, row.opened, mailing.tallies.filter(by="hour").exists()) == (0, 0, False)


def test_counting_again_changes_nothing():
    make_reader()
    mailing = make_delivered()
    tallying.count(mailing)
    before = list(Tally.objects.order_by("pk").values())
    tallying.count(mailing)

    assert list(Tally.objects.order_by("pk").values()) == before


def test_what_is_no_more_goes():
    make_reader("a@gmail.com")
    mailing = make_delivered()
    tallying.count(mailing)
    mailing.deliveries.update(domain="mail.ru")
    tallying.count(mailing)

    assert list(mailing.tallies.filter(by="provider").values_list("key", flat=True)) == ["mailru"]


def test_command_finds_a_count_that_is_wrong_and_mends_it(capsys):
    make_reader()
    mailing = make_delivered()
    tallying.count(mailing)
    Tally.objects.filter(by="all").update(sent=99)
    with pytest.raises(CommandError, match=f"in mailings {mailing.pk}"):
        call_command("tally", check=True)
    call_command("tally")

    assert (mailing.tallies.get(by="all").sent, tallying.differences(mailing)) == (1, [])


def test_unsubscribing_is_counted():
    make_reader()
    mailing = make_delivered()
    actions.unsubscribe(mailing.deliveries.get())
    visits.load()

    assert counted(mailing).unsubscribed == 1
