"""Each mail service in its own words, signed by its own rule."""

import pytest

from crm.models import Suppression
from mailings.models import Delivery, ProviderEvent
from mailings.pipeline.provider_events import PROVIDERS
from tests.factories.hook_dialects import (
    BODIES,
    BOUNCED,
    DELIVERED,
    KEYS,
    SECONDS,
    SHARED,
    key_of,
    mac,
    send,
    tell,
    written,
)
from tests.factories.hooks import SECRET, post, stops
from tests.factories.incoming import make_sent

pytestmark = pytest.mark.django_db


@pytest.fixture(params=PROVIDERS)
def provider(request, settings):
    """Every service, known by its own key where it signs, else by the secret in its address."""
    name = request.param
    settings.ANYMAIL = key_of(name) if name in KEYS else {"WEBHOOK_SECRET": [SECRET]}
    return name


def test_no_service_is_left_out():
    assert set(BODIES) == set(BOUNCED) == set(DELIVERED) == set(PROVIDERS)
    assert set(KEYS) == {name for name, (_view, key) in PROVIDERS.items() if key} - {"resend"}


def test_each_service_s_dialect_is_read(smtp, provider):
    delivery = make_sent(smtp)

    answer = tell(provider, delivery, BOUNCED)

    assert (answer.status_code, stops()) == (200, ["hard_bounce"])


def test_same_post_a_second_time_changes_nothing(smtp, provider):
    delivery = make_sent(smtp)
    tell(provider, delivery, BOUNCED)
    Suppression.objects.all().delete()

    answer = tell(provider, delivery, BOUNCED)

    assert (answer.status_code, stops(), ProviderEvent.objects.count()) == (200, [], 1)


def test_word_of_each_service_that_it_arrived_settles_a_letter_of_unknown_outcome(smtp, provider):
    delivery = make_sent(smtp)
    Delivery.objects.update(status="unknown", sent_at=None)

    answer = tell(provider, delivery, DELIVERED)

    delivery.refresh_from_db()
    assert (answer.status_code, delivery.status) == (200, "sent")


@pytest.mark.parametrize(("secret", "answer"), [("", 401), (SECRET, 400)])
@pytest.mark.parametrize("provider", KEYS)
def test_changed_post_with_the_old_signature_is_refused(smtp, settings, provider, secret, answer):
    """Whether the service says the secret of its address, too, or its signature is all that it has."""
    settings.ANYMAIL = key_of(provider) | ({"WEBHOOK_SECRET": [secret]} if secret else {})
    text, headers = written(provider, BODIES[provider](make_sent(smtp), BOUNCED[provider]))
    # Mailgun signs no more than its token and the time.
    old, new = ("token-1", "token-2") if provider == "mailgun" else ("User unknown", "No such user")

    refused = send(provider, text.replace(old, new), headers, secret=secret)

    assert (refused.status_code, stops(), ProviderEvent.objects.count()) == (answer, [], 0)


def mailgun(row, *, token="token-1", seconds=SECONDS, event="failed"):
    body = BODIES["mailgun"](row, BOUNCED["mailgun"])
    body["signature"] = {"timestamp": str(seconds), "token": token, "signature": mac(f"{seconds}{token}").hexdigest()}
    body["event-data"]["event"] = event
    return body


def test_token_of_mailgun_is_taken_once_whatever_is_told_with_it(settings, smtp):
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": SHARED}
    delivery = make_sent(smtp)

    answers = [post("mailgun", mailgun(delivery, event=event), secret="") for event in ("delivered", "complained")]

    assert ([answer.status_code for answer in answers], ProviderEvent.objects.count(), stops()) == ([200, 200], 1, [])


def test_token_of_mailgun_that_was_kept_too_long_is_refused(settings, smtp):
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": SHARED}
    delivery = make_sent(smtp)

    answer = post("mailgun", mailgun(delivery, seconds=SECONDS - 15 * 24 * 3600), secret="")

    assert (answer.status_code, ProviderEvent.objects.count()) == (401, 0)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(("Permanent", "General"), ["hard_bounce"]), (("Permanent", "Suppressed"), []), (("Transient", "General"), [])],
)
def test_resend_s_kind_of_bounce_counts_where_no_words_are_told(settings, smtp, kind, expected):
    settings.ANYMAIL = {"WEBHOOK_SECRET": [SECRET]}
    delivery = make_sent(smtp)
    body = BODIES["resend"](delivery, BOUNCED["resend"])
    body["data"]["bounce"] = {
        "type": kind[0],
        "subType": kind[1],
        "message": "The recipient's email provider sent a hard bounce message. This may harm your reputation.",
    }

    answer = post("resend", body)

    assert (answer.status_code, stops()) == (200, expected)


def test_token_of_mailgun_that_told_of_an_open_is_used_up(settings, smtp):
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": SHARED}
    delivery = make_sent(smtp)

    for event in ("opened", "complained"):
        post("mailgun", mailgun(delivery, event=event), secret="")

    assert (stops(), sorted(ProviderEvent.objects.values_list("kind", flat=True))) == ([], ["opened", "token"])


@pytest.mark.parametrize("timestamp", ["1e300", "inf", "nan", "x", "-1e18", None])
def test_time_that_is_none_is_refused(settings, timestamp):
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": SHARED}

    assert post("mailgun", {"signature": {"timestamp": timestamp}}, secret="").status_code == 401
