"""The page of the domain and the server: it looks at nothing by itself, and opens for who keeps the installation."""

import pytest

from audit.models import Entry
from mailings.models import Checkup
from mailings.pipeline import doctor
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db

PAGE, LOOK = "/mailings/domain/", "/mailings/domain/look/"


@pytest.fixture
def client(client_of):
    return client_of(make_user("administrator"))


def test_page_asks_nobody_outside(client, monkeypatch):
    def leave(*_args):
        raise AssertionError("a request went outside")

    monkeypatch.setattr(doctor, "outside", leave)
    monkeypatch.setattr(doctor.Names, "_ask", leave)

    assert client.get(PAGE).status_code == 200


def test_button_asks_a_worker_once(client):
    client.post(LOOK)
    client.post(LOOK)

    assert (Checkup.objects.count(), Entry.objects.filter(action="mailings.checkup.asked").count()) == (1, 1)


def test_findings_stand_on_the_page_with_the_line_that_mends_them(client):
    client.post(LOOK)
    line = 'coalition.test. IN TXT "v=spf1 mx ~all"'
    found = doctor.Finding("spf", doctor.State.ERROR, "spf_missing", line=line)
    Checkup.objects.update(findings=[found.as_json()])

    assert line.replace('"', "&quot;") in client.get(PAGE).content.decode()


def test_what_was_found_stays_until_the_next_answer(client):
    client.post(LOOK)
    found = doctor.Finding("spf", doctor.State.ERROR, "spf_two", {"count": 2}).as_json()
    Checkup.objects.update(findings=[found], done_at="2026-11-01T00:00Z")
    client.post(LOOK)

    assert Checkup.objects.get().findings == [found]


def test_pasted_letter_is_looked_at_and_kept_nowhere(client):
    page = client.post(PAGE, {"letter": "DKIM-Signature: d=relay.test; h=from\r\n\r\nCanary"}).content.decode()

    assert ("relay.test" in page, Checkup.objects.count()) == (True, 0)


def test_hostile_letter_is_shown_as_text(client):
    page = client.post(PAGE, {"letter": "DKIM-Signature: d=<script>alert(1)</script>; h=x"}).content.decode()

    assert "<script>alert" not in page


def test_nothing_pasted_is_said(client):
    answer = client.post(PAGE, {"letter": "  "})

    assert (answer.status_code, 'aria-invalid="true"' in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("role", ["head", "editor", "viewer", "member"])
def test_others_do_not_open_it(client_of, role):
    client = client_of(make_user(role))

    tabs = client.get("/settings/").content.decode()

    assert (client.get(PAGE).status_code, client.post(LOOK).status_code, PAGE in tabs) == (403, 403, False)
