"""A report while letters leave, and its charts."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from mailings.models import Delivery, Mailing
from mailings.pipeline import tallying
from mailings.states import MailingStatus
from tests.factories.mailings import make_reader, make_started, person
from tests.factories.measuring import URL, make_delivered, make_office, read_by
from tests.factories.sending import limit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_visits")]
POLL = {"HX-Request": "true", "X-Poll": "1"}


@pytest.fixture
def client(client_of):
    return client_of(person("author@payom.test"))


def report_of(client, mailing, **headers):
    return client.get(f"/mailings/{mailing.pk}/report/", headers=headers)


def test_report_asks_for_itself_while_letters_leave(client):
    make_reader()
    mailing = make_started("ru")
    before = 'hx-trigger="every 2s"' in report_of(client, mailing).content.decode()
    Mailing.objects.update(status=MailingStatus.FINISHED, finished_at=timezone.now())

    assert (before, 'hx-trigger="every 2s"' in report_of(client, mailing).content.decode()) == (True, False)


@pytest.mark.parametrize(
    ("status", "asks"),
    [(MailingStatus.SENDING, None), (MailingStatus.FINISHED, "true"), (MailingStatus.PAUSED, "true")],
)
def test_whole_page_is_asked_for_when_letters_leave_no_more(client, status, asks):
    make_reader()
    mailing = make_started("ru")
    Mailing.objects.update(status=status, finished_at=timezone.now(), pause_kind="person")
    answer = report_of(client, mailing, **POLL)

    assert (answer.headers.get("HX-Refresh"), "<html" in answer.content.decode()) == (asks, False)


def test_progress_is_counted(client):
    for number in range(3):
        make_reader(f"{number}@navid.test")
    mailing = make_started("ru")
    first = mailing.deliveries.first()
    Delivery.objects.filter(pk=first.pk).update(status="sent", sent_at=timezone.now())
    page = report_of(client, mailing).content.decode()

    assert '<progress class="progress" id="sent-bar" max="3" value="1"' in page


def test_hour_when_the_last_letter_leaves_is_told(client):
    limit(per_hour=60)
    for number in range(3):
        make_reader(f"{number}@navid.test")
    mailing = make_started("ru")
    page = report_of(client, mailing)

    assert "Все письма уйдут примерно к" in page.content.decode()
    assert timedelta(minutes=2) <= page.context["forecast"].at - timezone.now() <= timedelta(minutes=10)


def charted(page):
    """The words of the first chart, and the last row of the table behind it."""
    figure = page.content.decode().split('<figure class="chart">')[1].split("</figure>")[0]
    row = figure.rsplit("<tr>", 1)[1]
    return re.search(r'aria-label="([^"]*)"', figure)[1], re.findall(r'<td class="table__num">([^<]*)</td>', row)


def test_chart_says_in_words_and_in_a_table_what_it_shows(client):
    for number in range(3):
        make_office(f"{number}@ministry.test", f"Служба {number}")
    mailing = make_delivered()
    one, two = mailing.deliveries.all()[:2]
    read_by(one, url=URL)
    read_by(two)

    assert charted(report_of(client, mailing)) == (
        "Открытия и переходы по времени: 2 открыли, 1 перешли",
        ["2", "1"],
    )


def test_curve_of_letters_says_so_too(client):
    make_reader("a@navid.test", name="Первая")
    make_reader("b@navid.test", name="Вторая")
    mailing = make_delivered("")
    mailing.deliveries.filter(name="Вторая").update(status="failed", bounced_at=timezone.now() - timedelta(minutes=30))

    assert charted(report_of(client, mailing)) == ("Доставлено по времени: 1 доставлено, 1 вернулось", ["1", "1"])


def test_best_hours_are_told_in_a_sentence(client):
    make_office()
    delivery = make_delivered().deliveries.get()
    monday = timezone.localtime().replace(year=2026, month=11, day=23, hour=9, minute=30)
    Delivery.objects.filter(pk=delivery.pk).update(opened_at=monday)
    tallying.count(delivery.mailing)
    page = client.get("/mailings/reports/").content.decode()

    assert "Понедельник, 8:00–10:00: больше всего (1)." in page
