import pytest
from django.apps import apps
from django.test import Client, RequestFactory
from django.urls import resolve

from audit import origin
from audit.middleware import is_for_staff
from audit.models import Entry
from config import public_urls
from core.signing import make_token
from mailings import actions
from mailings.pipeline.render import UNSUBSCRIBE
from tests.factories.mailings import make_draft, make_reader, make_started

CANARY = "203.0.113.77"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"


def everything_stored() -> str:
    return "".join(str(list(model.objects.values())) for model in apps.get_models())


@pytest.mark.django_db
def test_entry_of_a_staff_page_says_where_it_came_from(client_of, author):
    client_of(author).post(
        "/mailings/new/", {"title": "Заявление", "kind": "statement"}, REMOTE_ADDR=CANARY, HTTP_USER_AGENT=FIREFOX
    )

    assert Entry.objects.get(action="mailings.mailing.created").origin == f"{CANARY} · Firefox, Windows"


@pytest.mark.django_db
@pytest.mark.parametrize("signed_in", [False, True], ids=["stranger", "staff"])
def test_a_recipient_leaves_no_trace(client_of, author, signed_in):
    make_reader()
    delivery = make_started().deliveries.get()
    client = client_of(author) if signed_in else Client()
    client.get("/mailings/", REMOTE_ADDR="198.51.100.5")
    for data in ({"action": "unsubscribe"}, {"action": "back"}, {"List-Unsubscribe": "One-Click"}):
        address = f"/u/{make_token(UNSUBSCRIBE, delivery.pk)}/"
        client.post(address, data, REMOTE_ADDR=CANARY, HTTP_USER_AGENT="CanaryBrowser/7")

    # Lifted and stopped again between the two: three entries that could have told.
    assert Entry.objects.filter(by="recipient").count() == 3
    assert [word for word in (CANARY, "CanaryBrowser") if word in everything_stored()] == []


@pytest.mark.django_db
def test_origin_ends_with_its_request(client_of, author):
    client_of(author).get("/mailings/", REMOTE_ADDR=CANARY)
    make_draft()

    assert {entry.origin for entry in Entry.objects.all()} == {""}


@pytest.mark.django_db
def test_what_a_recipient_does_has_no_origin_even_on_a_staff_page(author):
    make_reader()
    delivery = make_started().deliveries.get()
    origin.set_current(lambda: CANARY)
    try:
        actions.unsubscribe(delivery)
    finally:
        origin.set_current(None)

    assert Entry.objects.get(by="recipient").origin == ""


@pytest.mark.parametrize(
    ("path", "for_staff"),
    [
        ("/u/x/", False),
        ("/r/x/", False),
        ("/sign-in/", True),
        ("/sign-in/code/", True),
        ("/join/x/", True),
        ("/contacts/1/", True),
    ],
)
def test_only_pages_of_staff_have_an_origin(path, for_staff):
    assert is_for_staff(resolve(path)) is for_staff


def test_every_page_of_a_recipient_is_known_as_one():
    """What is included in config/public_urls.py is told by its namespace."""
    assert {pattern.namespace.partition("-")[0] for pattern in public_urls.urlpatterns} == {"public"}


@pytest.mark.parametrize(
    ("behind_https", "forwarded", "address"),
    [
        (False, "198.51.100.9", "127.0.0.1"),
        (True, "198.51.100.9", "198.51.100.9"),
        (True, "10.0.0.1, 198.51.100.9", "198.51.100.9"),
        (True, "2001:db8::77", "2001:db8::77"),
        (True, "<script>", ""),
        (True, None, "127.0.0.1"),
    ],
)
def test_only_the_last_address_of_our_own_proxy_counts(settings, behind_https, forwarded, address):
    settings.BEHIND_HTTPS = behind_https
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    assert origin.address_of(RequestFactory().get("/", headers=headers)) == address
