"""What an idle person had typed is not lost by the sign-out."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories.accounts import make_user, sign_in
from tests.factories.mailings import make_draft, person

pytestmark = pytest.mark.django_db
TYPED = {"subject": "Право на адвоката", "preheader": "", "body": "<p>Первая строка</p>", "revision": "0"}


@pytest.fixture
def writer():
    user = person("author@payom.test")
    user.set_password("a-long-password")
    user.save()
    return user


@pytest.fixture
def idle(writer, time_machine, settings):
    """A browser whose owner has written for longer than a session lasts."""
    client = sign_in(writer)
    time_machine.move_to(timezone.now() + settings.SESSION_IDLE + timedelta(minutes=1))
    return client


def test_text_is_offered_after_signing_in_again_and_saved(writer, idle):
    path = f"/mailings/{make_draft('ru').pk}/text/tg/"
    away = idle.post(path, TYPED)
    sign_in(writer, client=idle)
    kept = idle.get("/settings/kept/").context["kept"]
    idle.post(kept.path, dict(kept.fields))

    assert (away.headers["Location"], kept.path) == ("/sign-in/?next=/settings/kept/", path)
    assert idle.get(path).context["form"]["subject"].value() == "Право на адвоката"


def test_somebody_else_in_the_same_browser_does_not_see_it(idle):
    idle.post("/mailings/new/", {"title": "Тайна", "kind": "statement"})
    other = sign_in(make_user("head"), client=idle)

    assert other.get("/settings/kept/").headers["Location"] == "/"


def test_it_can_be_dropped(writer, idle):
    idle.post("/mailings/new/", {"title": "Лишнее", "kind": "statement"})
    sign_in(writer, client=idle)
    idle.post("/settings/kept/")

    assert idle.get("/settings/kept/").headers["Location"] == "/"


def test_stranger_leaves_nothing_behind():
    client = Client()
    answer = client.post("/mailings/new/", {"title": "Чужое", "kind": "statement"})

    assert (answer.headers["Location"], dict(client.session)) == ("/sign-in/?next=/mailings/new/", {})


def test_passwords_are_not_kept(writer, idle):
    idle.post(
        "/settings/password/", {"current": "a-long-password", "password": "a-new-secret", "again": "a-new-secret"}
    )

    assert dict(idle.session) == {}


def test_writing_keeps_one_signed_in(writer, time_machine, settings):
    client, start = sign_in(writer), timezone.now()
    time_machine.move_to(start + settings.SESSION_IDLE * 0.8)
    answer = client.post("/settings/presence/")
    time_machine.move_to(start + settings.SESSION_IDLE * 1.5)

    assert (answer.status_code, client.get("/settings/").status_code) == (204, 200)
