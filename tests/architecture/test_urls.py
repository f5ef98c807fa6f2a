"""What holds for every address of the product, found from the URL configuration itself."""

import pytest
from django.test import Client

from tests.factories.mailings import person

from .addresses import ALL, STAFF, WITHOUT_CSRF, everybody, undone
from .rows import dump


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_stranger_is_sent_to_sign_in(method):
    answers = {path: getattr(Client(), method)(path) for path in STAFF}
    found = {
        path: (one.status_code, one.headers.get("Location", "").partition("?")[0]) for path, one in answers.items()
    }

    assert found == dict.fromkeys(STAFF, (302, "/sign-in/"))


@pytest.mark.django_db
def test_post_without_a_token_is_refused():
    user, taken = person("author@payom.test"), []
    for path in set(ALL) - WITHOUT_CSRF:
        with undone():
            client = Client(enforce_csrf_checks=True)
            client.force_login(user)
            if client.post(path).status_code not in {403, 405}:
                taken.append(path)

    assert taken == []


@pytest.mark.django_db
def test_get_changes_nothing(real):
    client, wrong = Client(), {}
    client.force_login(everybody())
    before = dump()
    for path in ALL:
        address = real(path)
        answers, after = {client.get(address).status_code, client.head(address).status_code}, dump()
        if not answers <= {200, 302, 405} or after != before:
            wrong[path] = answers
        before = after

    assert wrong == {}


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
