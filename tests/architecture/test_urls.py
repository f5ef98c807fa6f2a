"""What holds for every address of the product, found from the URL configuration itself."""

import pytest
from django.test import Client

from tests.factories.mailings import person

from .addresses import ALL, PUBLIC, WITHOUT_CSRF, everybody, make_everything, real
from .rows import dump


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
