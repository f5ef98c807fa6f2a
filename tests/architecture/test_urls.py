"""What holds for every address of the product, found from the URL configuration itself."""

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter

from accounts.permissions import rights_for
from accounts.roles import Right
from core.signing import make_token
from crm.actions.imports import receive
from demo import catcher
from mailings.pipeline.render import UNSUBSCRIBE
from tests.factories.mailings import make_draft, make_reader, make_started, person

PUBLIC = {"/healthz", "/u/x/", "/sign-in/"}
# Posts that carry their own authority: a mail program has no cookie to protect (RFC 8058).
WITHOUT_CSRF = {"/u/x/"}


def views(resolver=None, prefix="/"):
    """One address for each pattern, numbers as 1 and words as x, with its view."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern, path)
        elif isinstance(pattern, URLPattern):
            for name, converter in pattern.pattern.converters.items():
                kind = "int:" if isinstance(converter, IntConverter) else "str:"
                path = path.replace(f"<{kind}{name}>", "1" if kind == "int:" else "x")
            yield path, pattern.callback


ALL = sorted({path for path, _view in views()})


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
def filled(smtp):
    """One object of each kind: how a pattern's 1 and x are written for real, the first that fits."""
    reader = make_reader(city="Душанбе")
    sent, draft = make_started(), make_draft()
    upload = SimpleUploadedFile("list.csv", "Имя;Почта\nУмар;umar@navid.test\n".encode())
    batch = receive(upload, by=sent.author, kind="journalist", basis="unknown")
    delivery = sent.deliveries.get()
    return [
        ("/contacts/import/1/", f"/contacts/import/{batch.pk}/"),
        ("/contacts/1/", f"/contacts/{reader.pk}/"),
        ("/mailings/of-contact/1/", f"/mailings/of-contact/{reader.pk}/"),
        ("/mailings/deliveries/1/", f"/mailings/deliveries/{delivery.pk}/"),
        ("/mailings/1/text/x/", f"/mailings/{draft.pk}/text/ru/"),
        ("/mailings/1/preview/x/", f"/mailings/{draft.pk}/preview/ru/"),
        ("/mailings/1/", f"/mailings/{sent.pk}/"),
        ("/demo/inbox/x/", f"/demo/inbox/{catcher.keep(b'Subject: x')}/"),
        ("/u/x/", f"/u/{make_token(UNSUBSCRIBE, delivery.pk)}/"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ALL)
def test_get_changes_nothing(path, filled):
    client = Client()
    head = person("head@payom.test")
    head.also_administers = True
    head.save()
    client.force_login(head)
    real = next((path.replace(pattern, address) for pattern, address in filled if path.startswith(pattern)), path)
    before = dump()

    answers = {client.get(real).status_code, client.head(real).status_code}

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
    answer = Client().post("/sign-in/", {"username": user.email, "password": "a-long-password", "next": next_page})

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
        for path, view in views()
        if getattr(view, "login_required", True) and not (rights_for(view) and set(rights_for(view)) <= set(Right))
    }

    assert unmarked == {}
