"""What holds for every address of the product, found from the URL configuration itself."""

import pytest
from django.apps import apps
from django.test import Client

from accounts.roles import Right
from core.rights import rights_for
from tests.factories.mailings import person

from .addresses import ALL, PUBLIC, VIEWS, WITHOUT_CSRF, everybody, make_everything, real


@pytest.mark.django_db
@pytest.mark.parametrize("path", [path for path in ALL if path not in PUBLIC])
@pytest.mark.parametrize("method", ["get", "post"])
def test_stranger_is_sent_to_sign_in(path, method):
    answer = getattr(Client(), method)(path)

    assert (answer.status_code, answer.headers.get("Location", "").partition("?")[0]) == (302, "/sign-in/")


@pytest.mark.django_db
@pytest.mark.parametrize("path", [path for path in ALL if path not in WITHOUT_CSRF])
def test_post_without_a_token_is_refused(path):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("author@payom.test"))

    assert client.post(path).status_code in {403, 405}


@pytest.fixture
def objects(smtp):
    return make_everything(smtp)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ALL)
def test_get_changes_nothing(path, objects):
    client, address = Client(), real(path, objects)
    client.force_login(everybody())
    before = dump()

    answers = {client.get(address).status_code, client.head(address).status_code}

    assert (answers <= {200, 302, 405}, dump() == before) == (True, True)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/contacts/", "/mailings/", "/sign-in/", "/contacts/import/", "/mailings/new/"])
def test_pages_forbid_inline_code_and_other_hosts(path):
    client = Client()
    if path != "/sign-in/":
        client.force_login(person("author@payom.test"))
    policy = client.get(path).headers["Content-Security-Policy"]

    assert ("default-src 'none'" in policy, "unsafe" in policy, "http" in policy, "*" in policy) == (
        True,
        False,
        False,
        False,
    )


@pytest.mark.django_db
@pytest.mark.parametrize("next_page", ["https://evil.test/", "//evil.test/", "/\\evil.test", "javascript:alert(1)"])
def test_sign_in_leads_to_no_other_host(next_page):
    user = person("author@payom.test")
    user.set_password("a-long-password")
    user.save()
    answer = Client().post("/sign-in/", {"login": user.email, "password": "a-long-password", "next": next_page})

    assert answer.headers["Location"] == "/"


@pytest.mark.django_db
def test_foreign_host_header_is_refused():
    assert Client().get("/sign-in/", headers={"Host": "evil.example"}).status_code == 400


def dump():
    """Every row of ours."""
    return {
        model._meta.label: list(model.objects.order_by("pk").values())
        for label in ("accounts", "audit", "crm", "mailings")
        for model in apps.get_app_config(label).get_models()
    }


def test_every_view_names_a_right_that_stands_in_the_table():
    """A view that names none would open for nobody; one that names another would be a hole in the table."""
    unmarked = {
        path: set(rights_for(view))
        for path, view in VIEWS.items()
        if getattr(view, "login_required", True) and not (rights_for(view) and set(rights_for(view)) <= set(Right))
    }

    assert unmarked == {}
