"""What comes in while somebody else holds the right to write into the database: nothing of it is lost."""

import sqlite3
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from crm.models import Suppression
from mailings.actions import provider_events
from mailings.measuring.links import Mark, make_token
from mailings.models import Delivery, Event, ProviderEvent
from mailings.pipeline import visits
from mailings.views import hooks
from tests.factories.hooks import bounce, post
from tests.factories.incoming import make_sent
from tests.factories.measuring import URL, make_delivered, make_office

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("webhooks")]

BROWSER = "Mozilla/5.0 (Windows NT 10.0; rv:78.0) Firefox/78.0"


def patience():
    """How long our connection waits for the file, in milliseconds."""
    return connection.cursor().execute("PRAGMA busy_timeout").fetchone()[0]


@contextmanager
def locked():
    """Another connection holds the file; ours gives up at once, so that nobody waits."""
    waits = patience()
    connection.cursor().execute("PRAGMA busy_timeout = 0")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()
        connection.cursor().execute(f"PRAGMA busy_timeout = {waits}")


def test_clicks_and_opens_are_answered_and_all_of_them_are_there_afterwards(settings, tmp_path):
    settings.VISITS = tmp_path / "visits"
    make_office()
    delivery = make_delivered().deliveries.get()
    Delivery.objects.update(sent_at=timezone.now() - timedelta(hours=1))
    mark = Mark(delivery.mailing_id, delivery.pk)
    paths = [f"/l/{make_token(mark, URL)}/", f"/o/{make_token(mark)}.gif"] * 20

    with locked():
        answers = [Client().get(path, HTTP_USER_AGENT=BROWSER).status_code for path in paths]
    stored = visits.load()

    delivery.refresh_from_db()
    assert (answers, stored, Event.objects.count()) == ([302, 200] * 20, 40, 40)
    assert (delivery.opened_at is not None, delivery.clicked_at is not None) == (True, True)


def test_service_is_told_to_tell_it_again_and_then_all_of_it_is_kept_once(smtp, monkeypatch):
    delivery = make_sent(smtp)
    events = [bounce(delivery, number="1"), *(bounce(None, number=str(number)) for number in range(2, 50))]

    monkeypatch.setattr(provider_events, "PATIENCE", 0)
    with locked():
        refused = post("sendgrid", events)
    kept = ProviderEvent.objects.count()
    taken = [post("sendgrid", events).status_code for _time in range(2)]

    assert (refused.status_code, refused["Retry-After"], kept) == (503, "60", 0)
    assert (taken, ProviderEvent.objects.count(), Suppression.objects.count()) == ([200, 200], 49, 1)


def test_post_of_a_service_waits_seconds_where_a_page_waits_longer(smtp, monkeypatch):
    delivery, usual, waited = make_sent(smtp), patience(), []
    monkeypatch.setattr(provider_events, "came_back", lambda *_told, **_more: waited.append(patience()))

    answer = post("sendgrid", [bounce(delivery)])

    assert (answer.status_code, waited, patience()) == (200, [2000], usual)
    assert usual > 2000


def test_more_posts_at_once_than_there_are_places_are_told_to_come_again(smtp):
    delivery = make_sent(smtp)
    taken = 0
    while hooks.PLACES.acquire(blocking=False):
        taken += 1

    refused = post("sendgrid", [bounce(delivery)])
    for _place in range(taken):
        hooks.PLACES.release()
    again = post("sendgrid", [bounce(delivery)])

    assert (taken, refused.status_code, refused["Retry-After"], again.status_code) == (2, 503, "60", 200)
    assert ProviderEvent.objects.count() == 1
