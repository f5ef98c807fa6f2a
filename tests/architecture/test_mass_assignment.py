"""No form takes what it does not show: fields added to a request change nothing."""

from copy import copy
from html.parser import HTMLParser

import pytest
from django.db import models as fields
from django.db import transaction
from django.test import Client

from accounts.models import User
from tests.factories.accounts import PASSWORD

from .addresses import STAFF, everybody, make_everything, real
from .rows import comparable, models

pytestmark = pytest.mark.django_db

# Fields of other frameworks and of earlier versions, which attackers try first.
CLASSICS = {"is_staff": "1", "is_superuser": "1", "approved": "1", "owner": "1", "suppressed": "1", "groups": "1"}


class Forms(HTMLParser):
    """The forms of a page that post: address and fields as a browser would send them."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, list[str]]]] = []
        self._fields: dict[str, list[str]] | None = None
        self._select: str | None = None
        self._area: str | None = None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form" and (given.get("method") or "").lower() == "post":
            self._fields = {}
            self.found.append((given.get("action") or "", self._fields))
        elif self._fields is None:
            return
        elif tag in {"input", "button"} and given.get("name") and given.get("type") != "file":
            if given.get("type") not in {"checkbox", "radio"} or "checked" in given:
                self._fields.setdefault(given["name"], []).append(given.get("value") or "")
        elif tag == "select":
            self._select = given.get("name")
        elif tag == "option" and self._select and "selected" in given:
            self._fields.setdefault(self._select, []).append(given.get("value") or "")
        elif tag == "textarea":
            self._area = given.get("name")
            self._fields[self._area] = [""]

    def handle_data(self, data):
        if self._area and self._fields is not None:
            self._fields[self._area][0] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._fields = None
        elif tag in {"select", "textarea"}:
            self._select = self._area = None


def every_field() -> dict[str, str]:
    """Every column of ours by both of its names, with a value that would do harm."""
    wanted = dict(CLASSICS)
    for model in models():
        for field in model._meta.concrete_fields:
            wanted[field.name] = wanted[field.attname] = _harm(field)
    return wanted


def _harm(field) -> str:
    if field.choices:
        return str(list(field.choices)[-1][0])
    if isinstance(field, fields.BooleanField):
        return "1"
    if isinstance(field, fields.DateTimeField):
        return "2030-01-01T00:00"
    if isinstance(field, fields.DateField):
        return "2030-01-01"
    if field.is_relation:
        return str(User.objects.order_by("pk").first().pk)
    return "7" if isinstance(field, fields.IntegerField) else "harm"


def after(client: Client, address: str, data: dict) -> dict:
    """All rows as the request leaves them; then it is taken back, in the browser too."""
    cookies = copy(client.cookies)
    with transaction.atomic():
        client.post(address, data)
        rows = comparable()
        transaction.set_rollback(True)
    client.cookies = cookies
    return rows


def test_no_form_takes_a_field_that_it_does_not_show(smtp):
    objects = make_everything(smtp)
    client = Client()
    client.force_login(everybody())
    client.post("/confirm/", {"password": PASSWORD})
    extra, forms, harmed = every_field(), {}, []
    for path in STAFF:
        page = client.get(real(path, objects))
        if page.status_code == 200 and "html" in page.headers["Content-Type"]:
            for action, shown in Forms(page.content.decode()).found:
                forms.setdefault(action or real(path, objects), shown)
    for address, shown in forms.items():
        added = {name: value for name, value in extra.items() if name not in shown}
        if after(client, address, shown) != after(client, address, shown | added):
            harmed.append(address)

    assert (harmed, len(forms) > 25) == ([], True)
