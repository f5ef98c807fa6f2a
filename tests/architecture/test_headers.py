"""Every address answers with the whole set of headers, whatever it answers."""

import re

import pytest
from django.contrib.auth.signals import user_logged_out
from django.http import HttpResponse
from django.test import Client

from core.headers import HeadersMiddleware
from tests.factories.mailings import person

from .addresses import ALL, everybody, undone

WHOLE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=(), payment=(), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)",
}

# The door reads the codes of guests.
DOOR = re.compile(r"/events/\d+/door/")


def lacking(answer) -> list[str]:
    """The headers that are not what they should be."""
    wrong = [name for name, value in WHOLE.items() if answer.headers.get(name) != value]
    if "no-store" not in answer.headers.get("Cache-Control", ""):
        wrong.append("Cache-Control")
    if answer.headers.get("X-Frame-Options") not in {"DENY", "SAMEORIGIN"}:
        wrong.append("X-Frame-Options")
    policy = answer.headers.get("Content-Security-Policy", "")
    return wrong if "default-src 'none'" in policy else [*wrong, "Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_of_things_that_are_there_have_them(method, real):
    user, found = everybody(), {}
    for path in ALL:
        with undone():
            client = Client(raise_request_exception=False)
            client.force_login(user)
            found[path] = lacking(getattr(client, method)(real(path)))

    wanting = {path for path in ALL if method == "get" and DOOR.fullmatch(path)}
    assert found == {path: ["Permissions-Policy"] if path in wanting else [] for path in ALL}


@pytest.mark.django_db
def test_door_may_use_the_camera_and_nothing_else(real):
    client = Client()
    client.force_login(everybody())
    allowed = client.get(real("/events/1/door/")).headers["Permissions-Policy"]

    assert allowed == WHOLE["Permissions-Policy"].replace("camera=()", "camera=(self)")


@pytest.mark.django_db
def test_answers_to_a_stranger_have_them():
    paths = [*ALL, "/nothing-is-here/", "/u/wrong/"]

    assert {path: found for path in paths if (found := lacking(Client(raise_request_exception=False).get(path)))} == {}


@pytest.mark.django_db
def test_refusals_have_them():
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("viewer@payom.test"))

    assert lacking(client.post("/settings/")) == []
    assert lacking(client.get("/", headers={"Host": "evil.example"})) == []


def test_view_may_say_how_long_it_is_kept():
    answer = HeadersMiddleware(lambda _request: HttpResponse(headers={"Cache-Control": "max-age=60"}))(object())

    assert answer.headers["Cache-Control"] == "max-age=60"


@pytest.mark.django_db
def test_signing_out_clears_the_browser_and_keeps_its_cookies():
    client = Client()
    client.force_login(person("author@payom.test"))
    client.cookies["device"] = "known"

    answer = client.post("/sign-out/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.cookies["device"].value == "known"


@pytest.mark.django_db
def test_whoever_is_signed_out_by_the_product_has_the_browser_cleared_too():
    user = person("author@payom.test")
    client = Client()
    client.force_login(user)
    type(user).objects.filter(pk=user.pk).update(expires_at="2020-01-01T00:00Z")

    assert client.get("/").headers["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.django_db
def test_nothing_is_cleared_otherwise():
    client = Client()
    client.force_login(person("author@payom.test"))

    assert [path for path in ("/", "/sign-in/") if "Clear-Site-Data" in client.get(path).headers] == []


def test_signing_out_where_there_is_no_page_is_no_fault():
    user_logged_out.send(sender=None, request=None, user=None)
