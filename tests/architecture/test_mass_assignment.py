"""No form takes what it does not show: fields added to a request change nothing."""

from copy import copy
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from django.db import models as columns
from django.db import transaction
from django.test import Client

from accounts.models import User
from tests.factories.accounts import PASSWORD

from .addresses import STAFF, everybody, make_everything, real
from .rows import comparable, models

pytestmark = pytest.mark.django_db

# Fields of other frameworks and of earlier versions, which attackers try first.
CLASSICS = {"is_staff": "1", "is_superuser": "1", "approved": "1", "owner": "1", "suppressed": "1", "groups": "1"}


@dataclass
class Form:
    """What a browser would send of it unchanged, and every name it has."""

    action: str
    sent: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class Forms(HTMLParser):
    """The forms of a page that post."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[Form] = []
        self._form: Form | None = None
        self._select = self._area = ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name, value, kind = (given.get(key) or "" for key in ("name", "value", "type"))
        if tag == "form" and (given.get("method") or "").lower() == "post":
            self._form = Form(given.get("action") or "")
            self.found.append(self._form)
        if self._form is None:
            return
        self._form.names.add(name)
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area, self._form.sent[name] = name, [""]
        elif self._is_sent(tag, kind, given):
            self._form.sent.setdefault(name or self._select, []).append(value)

    def _is_sent(self, tag, kind, given) -> bool:
        if tag == "option":
            return bool(self._select) and "selected" in given
        chosen = kind not in {"checkbox", "radio"} or "checked" in given
        return tag in {"input", "button"} and bool(given.get("name")) and kind != "file" and chosen

    def handle_data(self, data):
        if self._area and self._form:
            self._form.sent[self._area][0] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag in {"select", "textarea"}:
            self._select = self._area = ""


def every_field() -> dict[str, str]:
    """Every column of ours by both of its names, with a value that would do harm."""
    wanted = dict(CLASSICS)
    for model in models():
        for column in model._meta.concrete_fields:
            wanted[column.name] = wanted[column.attname] = _harm(column)
    return wanted


def _harm(column) -> str:
    if column.choices:
        return str(list(column.choices)[-1][0])
    if isinstance(column, columns.BooleanField):
        return "1"
    if isinstance(column, columns.DateTimeField):
        return "2030-01-01T00:00"
    if isinstance(column, columns.DateField):
        return "2030-01-01"
    if column.is_relation:
        return str(User.objects.order_by("pk").first().pk)
    return "7" if isinstance(column, columns.IntegerField) else "harm"


def after(client: Client, address: str, data: dict) -> dict:
    """All rows as the request leaves them; then it is taken back, in the browser too."""
    cookies = copy(client.cookies)
    with transaction.atomic():
        client.post(address, data)
        rows = comparable()
        transaction.set_rollback(True)
    client.cookies = cookies
    return rows


# Every form twice, and all tables read after each.
@pytest.mark.timeout(900)
def test_no_form_takes_a_field_that_it_does_not_show(smtp):
    objects = make_everything(smtp)
    client = Client()
    client.force_login(everybody())
    client.post("/confirm/", {"password": PASSWORD})
    extra, forms, harmed = every_field(), {}, []
    for path in STAFF:
        page = client.get(real(path, objects))
        if page.status_code == 200 and "html" in page.headers["Content-Type"]:
            for form in Forms(page.content.decode()).found:
                forms.setdefault(form.action or real(path, objects), form)
    for address, form in forms.items():
        added = {name: value for name, value in extra.items() if name not in form.names}
        if after(client, address, form.sent) != after(client, address, form.sent | added):
            harmed.append(address)

    assert (harmed, len(forms) > 25) == ([], True)
