"""What mail services tell: a secret first, each event once, and only about letters that are ours."""

from datetime import timedelta
from uuid import uuid4

import pytest
from anymail.exceptions import AnymailInsecureWebhookWarning
from django.test import Client
from django.utils import timezone

from crm.models import Suppression
from mailings.models import Delivery, Event, ProviderEvent
from mailings.pipeline.provider_events import PROVIDERS
from tests.factories.accounts import make_user
from tests.factories.hooks import bounce, post, stops
from tests.factories.incoming import make_sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("webhooks")]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_without_a_secret_nothing_is_taken_from_anybody(settings, provider):
    settings.ANYMAIL = {}

    assert post(provider, [], secret="").status_code == 404


@pytest.mark.parametrize(("given", "answer"), [("", 401), ("payom:wrong", 400), ("a-long-secret", 400)])
def test_wrong_secret_is_refused(smtp, given, answer):
    delivery = make_sent(smtp)

    assert (post("sendgrid", [bounce(delivery)], secret=given).status_code, stops()) == (answer, [])


def test_unknown_service_is_not_there():
    assert post("nobody", []).status_code == 404


def test_dead_mailbox_stops_the_address(smtp):
    delivery = make_sent(smtp)

    answer = post("sendgrid", [bounce(delivery)])

    delivery.refresh_from_db()
    assert (answer.status_code, stops()) == (200, ["hard_bounce"])
    assert (delivery.status, delivery.bounce_class, delivery.reply) == ("failed", "hard", "550 5.1.1 User unknown")


def test_same_event_a_second_time_changes_nothing(smtp):
    delivery = make_sent(smtp)
    post("sendgrid", [bounce(delivery)])
    Suppression.objects.all().delete()

    answer = post("sendgrid", [bounce(delivery)])

    assert (answer.status_code, stops(), ProviderEvent.objects.count()) == (200, [], 1)


@pytest.mark.parametrize("age", [timedelta(days=15), timedelta(hours=-2)])
def test_post_that_was_kept_too_long_or_is_from_the_future_is_refused(smtp, age):
    delivery = make_sent(smtp)

    answer = post("sendgrid", [bounce(delivery, at=timezone.now() - age)])

    assert (answer.status_code, stops(), ProviderEvent.objects.count()) == (400, [], 0)


def test_event_about_somebody_else_s_letter_is_kept_and_does_nothing(smtp):
    delivery = make_sent(smtp)

    answer = post("sendgrid", [bounce(None)])

    delivery.refresh_from_db()
    assert (answer.status_code, stops(), delivery.status) == (200, [], "sent")
    assert list(ProviderEvent.objects.values_list("delivery", flat=True)) == [None]


def test_event_about_an_address_the_letter_was_forwarded_to_does_nothing(smtp):
    delivery = make_sent(smtp)

    post("sendgrid", [bounce(delivery, email="elsewhere@other.test")])

    assert stops() == []


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"reason": "550 5.7.1 blocked as spam, user unknown", "type": "blocked"}, "block"),
        ({"reason": "552 5.2.2 mailbox full"}, "full"),
        ({"event": "dropped", "reason": "Spam Reporting Address"}, "block"),
    ],
)
def test_what_is_not_a_dead_mailbox_stops_nobody(smtp, more, found):
    delivery = make_sent(smtp)

    post("sendgrid", [bounce(delivery, **more)])

    delivery.refresh_from_db()
    assert (stops(), delivery.bounce_class) == ([], found)


@pytest.mark.parametrize(
    ("event", "then"),
    [("spamreport", ["complaint"]), ("unsubscribe", ["unsubscribed"]), ("open", []), ("click", []), ("deferred", [])],
)
def test_other_events_follow_by_their_name(smtp, event, then):
    delivery = make_sent(smtp)

    post("sendgrid", [bounce(delivery, event=event, reason="")])

    assert stops() == then


def test_word_that_it_arrived_settles_a_letter_of_unknown_outcome(smtp):
    delivery = make_sent(smtp)
    Delivery.objects.update(status="unknown", sent_at=None)

    post("sendgrid", [bounce(delivery, event="delivered")])

    delivery.refresh_from_db()
    assert delivery.status == "sent"


def test_many_events_cost_as_many_questions_as_one(smtp, django_assert_max_num_queries):
    delivery = make_sent(smtp)
    events = [bounce(delivery, number=str(number), event="processed") for number in range(200)]

    with django_assert_max_num_queries(11):
        post("sendgrid", events)

    assert ProviderEvent.objects.count() == 200


def test_post_that_is_no_json_is_refused():
    assert post("sendgrid", "not json").status_code == 400


def test_post_that_is_too_big_is_refused(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    assert post("sendgrid", "[" + " " * 2000 + "]").status_code == 400


@pytest.mark.parametrize("kind", ["open", "click"])
def test_what_a_service_measures_by_itself_is_nobodys(smtp, kind):
    """Whoever it is about, and however careful we are with them: the service does not know."""
    delivery = make_sent(smtp)
    Delivery.objects.filter(pk=delivery.pk).update(measured_as="person")
    words = [bounce(delivery, event=kind, number=number, url="https://navid.test/") for number in "123"]

    answer = post("sendgrid", words)

    delivery.refresh_from_db()
    assert (answer.status_code, delivery.opened_at, delivery.clicked_at, Event.objects.count()) == (200, None, None, 0)
    kept = ProviderEvent.objects.values_list("kind", "delivery")
    assert list(kept) == [({"open": "opened", "click": "clicked"}[kind], None)]


def test_service_that_measures_is_named_on_the_page_of_the_domain(smtp, client_of):
    delivery = make_sent(smtp)
    client = client_of(make_user("administrator"))
    before = "sendgrid" in client.get("/mailings/domain/").content.decode()

    post("sendgrid", [bounce(delivery, event="open")])

    assert (before, "sendgrid" in client.get("/mailings/domain/").content.decode()) == (False, True)


@pytest.mark.parametrize("method", ["get", "head"])
def test_service_that_looks_whether_somebody_is_there_is_answered(method):
    answer = getattr(Client(), method)("/hooks/unisender_go/")

    assert (answer.status_code, answer.content) == (200, b"")


def test_key_under_a_name_that_nothing_reads_opens_no_door(settings, smtp, monkeypatch):
    delivery = make_sent(smtp)
    settings.ANYMAIL = {"A_KEY": "misnamed"}
    monkeypatch.setitem(PROVIDERS, "sparkpost", (PROVIDERS["sparkpost"][0], "A_KEY"))

    with pytest.warns(AnymailInsecureWebhookWarning):
        answer = post("sparkpost", [bounce(delivery)], secret="")

    assert (answer.status_code, ProviderEvent.objects.count()) == (404, 0)


def test_arrival_told_by_a_service_is_evidence(smtp):
    delivery = make_sent(smtp)

    post("sendgrid", [bounce(delivery, event="delivered", response="250 2.0.0 in the mailbox", reason="")])

    replies = delivery.mailing.evidence.values_list("code", "reply")
    assert list(replies) == [(250, "2.0.0 OK kept"), (250, "reported by sendgrid: 250 2.0.0 in the mailbox")]


@pytest.mark.parametrize(("event", "after"), [("delivered", "sent"), ("bounce", "failed")])
def test_fate_told_before_the_worker_wrote_it_down_is_asked_for_again(smtp, event, after):
    delivery = make_sent(smtp)
    Delivery.objects.update(status="inflight", claim=uuid4(), lease_until=timezone.now(), sent_at=None)
    told = [bounce(delivery, event=event), bounce(delivery, number="2", event="spamreport", reason="")]
    early = post("sendgrid", told)
    kept = list(ProviderEvent.objects.values_list("kind", flat=True))
    Delivery.objects.update(status="unknown", claim=None, lease_until=None)
    late = post("sendgrid", told)

    delivery.refresh_from_db()
    assert (early.status_code, early["Retry-After"], kept) == (503, "60", ["complained"])
    assert (late.status_code, delivery.status) == (200, after)
