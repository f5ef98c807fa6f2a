"""The contact list: its columns, and what stands in a row."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from accounts.roles import Role
from core import phones
from crm.models import ColumnChoice, EmailAddress, Organisation, Position, StopRule, Tag, Topic, Touch
from crm.states import Scope
from tests.factories.contacts import NAVID, make_contact, make_staff

pytestmark = pytest.mark.django_db


def columns(page):
    return [column.name for column in page.context["columns"]]


def test_columns_are_the_usual_ones_until_somebody_chooses(client):
    assert columns(client.get("/contacts/")) == ["organisation", "kind", "languages", "city", "basis", "event"]


def test_chosen_columns_are_kept_for_the_person_alone(client, client_of, head):
    answer = client.post("/contacts/columns/", {"columns": ["tags", "email"], "query": "kind=partner&page=2"})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/contacts/?kind=partner&page=2")
    assert columns(client.get("/contacts/")) == ["email", "tags"]
    assert columns(client_of(head).get("/contacts/")) == ["organisation", "kind", "languages", "city", "basis", "event"]


def test_the_name_alone_can_be_chosen(client):
    client.post("/contacts/columns/", {})

    assert columns(client.get("/contacts/")) == []


def test_the_usual_columns_come_back(client):
    client.post("/contacts/columns/", {"columns": ["tags"]})
    client.post("/contacts/columns/", {"columns": ["tags"], "usual": "1"})

    assert ColumnChoice.objects.count() == 0


def test_a_column_that_is_not_there_changes_nothing(client):
    client.post("/contacts/columns/", {"columns": ["tags"]})
    client.post("/contacts/columns/", {"columns": ["sealed_note"]})

    assert columns(client.get("/contacts/")) == ["tags"]


@pytest.mark.parametrize("query", ["https://evil.test/", "//evil.test", "\nSet-Cookie: x=y"])
def test_choosing_columns_leads_nowhere_but_to_the_list(client, query):
    answer = client.post("/contacts/columns/", {"query": query})

    assert urlsplit(answer.headers["Location"])[:3] == ("", "", "/contacts/")


def test_every_column_shows_what_the_contact_has(client, editor):
    contact = make_contact(
        "Анвар", organisation="Газета", emails=["anvar@navid.test"], phones=["+992930000000"], city="Хуҷанд",
        region="sughd", languages="tg", basis="consent", owner=editor,
    )  # fmt: skip
    Organisation.objects.update(kind="newspaper")
    contact.tags.add(Tag.objects.named("важное"))
    contact.topics.add(Topic.objects.named("армия"))
    Touch.objects.create(contact=contact, kind="call", at=timezone.now() - timedelta(days=1))
    everything = [value for value, _label in client.get("/contacts/").context["columns_form"].fields["columns"].choices]
    client.post("/contacts/columns/", {"columns": everything})
    page = client.get("/contacts/").content.decode()

    shown = ["Газета", "anvar@navid.test", phones.display("+992930000000"), "Хуҷанд", "важное", "армия", editor.name]
    assert [word for word in shown if word not in page] == []


def test_a_sealed_contact_shows_no_address_in_any_column(client_of, head):
    make_contact("Скрытый", sensitivity="sealed", emails=["hidden@navid.test"], phones=["+992930000000"])
    client = client_of(head)
    client.post("/contacts/columns/", {"columns": ["email", "phone"]})
    page = client.get("/contacts/").content.decode()

    assert [
        word in page for word in ("hidden@navid.test", "930000000", phones.display("+992930000000"), "mailto:")
    ] == [False] * 4


def row_of(page, name):
    return next(row for row in page.context["rows"] if row.contact.name == name)


def test_the_last_event_is_the_last_one(client):
    contact = make_contact("Анвар")
    now = timezone.now()
    for days, kind in ((3, "call"), (0, "meeting"), (9, "note")):
        Touch.objects.create(contact=contact, kind=kind, at=now - timedelta(days=days))

    assert row_of(client.get("/contacts/"), "Анвар").event.at == now


def test_a_post_shows_who_holds_it_now(client):
    post = make_contact("Пресс-секретарь", organisation="Министерство", is_post=True)
    ministry = Organisation.objects.get()
    for name, ended in (("Прежняя", "2020"), ("Нынешняя", "")):
        Position.objects.create(contact=make_contact(name), organisation=ministry, post=post, ended_on=ended)

    assert row_of(client.get("/contacts/"), "Пресс-секретарь").holders == ["Нынешняя"]


def test_a_holder_whom_the_viewer_may_not_know_of_is_not_named(client_of):
    post = make_contact("Пресс-секретарь", organisation="Министерство", is_post=True)
    holder = make_contact("Тайная", sensitivity="internal")
    Position.objects.create(contact=holder, organisation=Organisation.objects.get(), post=post)
    page = client_of(make_staff(Role.VIEWER)).get("/contacts/")

    assert (row_of(page, "Пресс-секретарь").holders, "Тайная" in page.content.decode()) == ([], False)


def test_an_address_not_used_any_more_is_neither_shown_nor_written_to(client):
    make_contact("Анвар", emails=["old@navid.test"])
    EmailAddress.objects.update(retired_on=timezone.localdate())

    assert "old@navid.test" not in client.get("/contacts/").content.decode()


def test_who_asked_for_no_mailings_is_marked(client):
    contact = make_contact("Анвар", emails=["anvar@navid.test"])
    StopRule.objects.create(contact=contact, scope=Scope.BULK)
    row = row_of(client.get("/contacts/"), "Анвар")

    assert (bool(row.refusal), row.write_to) == (True, "")


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_with_everything_takes_the_same_queries_whatever_the_size(
    client, editor, people, django_assert_num_queries
):
    for number in range(people):
        post = make_contact(f"Пост {number}", organisation="Министерство", is_post=True)
        contact = make_contact(f"Человек {number}", organisation=NAVID, emails=[f"p{number}@navid.test"], owner=editor)
        Position.objects.create(contact=contact, organisation=Organisation.objects.first(), post=post)
        contact.tags.add(Tag.objects.named("важное"))
        Touch.objects.create(contact=contact, kind="call")
    choices = client.get("/contacts/").context["columns_form"].fields["columns"].choices
    client.post("/contacts/columns/", {"columns": [value for value, _label in choices]})

    with django_assert_num_queries(28):
        client.get("/contacts/", {"organisation": Organisation.objects.first().pk, "active": "year"})


def test_an_empty_list_says_how_to_begin_and_a_narrow_one_how_to_widen_it(client):
    assert 'href="/contacts/import/"' in client.get("/contacts/").content.decode()
    make_contact("Анвар")

    assert 'class="btn" href="/contacts/"' in client.get("/contacts/", {"q": "никто"}).content.decode()
