"""The page of what cannot be read."""

import pytest
from django.utils.translation import gettext

from audit.models import Entry
from crm.models import Contact, EmailAddress, Unread
from mailings.pipeline.audience import resolve
from tests.factories.contacts import BANNED, change, make_contact, make_everybody, make_staff
from tests.factories.mailings import make_reader, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of):
    return client_of(person("author@payom.test"))


def unread(field="email", text="zebo@", **fields):
    contact = make_reader("", name=fields.pop("name", "Зебо"), **fields)
    row = Unread.of(contact, field, text)
    row.save()
    return row


def repair(client, row, value, **headers):
    return client.post(f"/contacts/to-repair/{row.pk}/", {"value": value}, headers=headers)


@pytest.mark.parametrize(
    ("field", "text", "value", "now"),
    [
        ("email", "zebo@", "zebo@navid.test", ["zebo@navid.test"]),
        ("phone", "93000", "93 000 11 22", ["+992930001122"]),
        ("birthday", "весной", "5 марта", [5, 3]),
        ("basis_on", "давно", "05.03.2024", ["2024-03-05"]),
    ],
)
def test_what_is_repaired_goes_where_it_belongs(client, field, text, value, now):
    row = unread(field, text)
    repair(client, row, value)
    contact = Contact.objects.get()
    found = {
        "email": [email.address for email in contact.emails.all()],
        "phone": [phone.number for phone in contact.phones.all()],
        "birthday": [contact.birth_day, contact.birth_month],
        "basis_on": [f"{contact.basis_on}"],
    }

    assert (found[field], Unread.objects.count(), contact.revision) == (now, 0, 1)


def test_a_repaired_address_gets_letters_and_is_found(client):
    repair(client, unread(), "zebo@navid.test")

    assert [one.address for one in resolve({}, ["ru"]).recipients] == ["zebo@navid.test"]
    assert "zebo@navid.test" in Contact.objects.get().search_text


def test_a_repair_is_in_the_journal_without_the_text(client):
    repair(client, unread(), "zebo@navid.test")
    entry = Entry.objects.get(action="crm.contact.repaired")

    assert (entry.by, entry.changes, entry.details) == ("author", {}, {"field": "email"})


@pytest.mark.parametrize("value", ["", "zebo@navid", "a@navid.test редакция"])
def test_what_cannot_be_read_either_is_refused_and_kept_as_typed(client, value):
    row = unread()
    answer = repair(client, row, value)
    form = next(form for one, form in answer.context["rows"] if one.pk == row.pk)

    assert (answer.status_code, list(form.errors), form["value"].value()) == (422, ["value"], value)
    assert (Unread.objects.get().typed, Contact.objects.get().emails.count()) == ("zebo@", 0)


def test_with_htmx_the_row_alone_comes_back(client):
    row = unread()
    pages = [repair(client, row, value, **{"HX-Request": "true"}) for value in ("x", "zebo@navid.test")]

    assert [(page.status_code, "<html" in page.content.decode()) for page in pages] == [(422, False), (200, False)]


def test_an_address_of_a_sealed_contact_is_not_taken_over(client):
    make_contact("Марзия", sensitivity="sealed", emails=["m@tanho.test"])

    assert repair(client, unread(), "m@tanho.test").status_code == 422


def test_an_address_that_is_there_already_is_not_doubled(client):
    row = unread()
    change(row.contact, emails=["zebo@navid.test"])
    repair(client, row, "Zebo@navid.test")

    assert (EmailAddress.objects.count(), Unread.objects.count()) == (1, 0)


def test_taken_away_it_is_gone_and_that_is_written_down(client):
    client.post(f"/contacts/to-repair/{unread().pk}/remove/")

    assert (Unread.objects.count(), Entry.objects.filter(action="crm.contact.unread_removed").count()) == (0, 1)


def test_the_list_is_narrowed_by_kind(client):
    unread("email", "zebo@")
    unread("phone", "93000", name="Умар")
    page = client.get("/contacts/to-repair/", {"field": "phone"})

    assert ([one.typed for one, _form in page.context["rows"]], page.context["total"]) == (["93000"], 2)


def test_an_empty_page_says_what_will_be_here(client):
    assert gettext("Everything can be read") in client.get("/contacts/to-repair/").content.decode()


@pytest.mark.parametrize("role", ["editor", "head"])
def test_of_a_sealed_contact_the_page_shows_nothing_and_repairs_nothing(client_of, role):
    row = unread(sensitivity="sealed")
    client = client_of(make_staff(role))
    page = client.get("/contacts/to-repair/")
    answers = [repair(client, row, "z@navid.test"), client.post(f"/contacts/to-repair/{row.pk}/remove/")]

    assert ("zebo@" in page.content.decode(), len(page.context["rows"])) == (False, 1)
    assert ([answer.status_code for answer in answers], Unread.objects.count()) == ([404, 404], 1)


def test_people_of_banned_organisations_are_not_there_for_an_editor(client):
    make_everybody()
    row = Unread.of(Contact.objects.get(name=f"open {BANNED}"), "email", "x@")
    row.save()

    assert client.get("/contacts/to-repair/").context["total"] == 0
    assert repair(client, row, "x@navid.test").status_code == 404


@pytest.mark.parametrize("role", ["viewer", "member", "administrator"])
def test_who_does_not_edit_opens_nothing_here(client_of, role):
    client = client_of(make_staff(role))
    row = unread()
    paths = ["/contacts/to-repair/", f"/contacts/to-repair/{row.pk}/", f"/contacts/to-repair/{row.pk}/remove/"]

    assert [client.post(path).status_code for path in paths] == [403, 403, 403]


def test_the_number_stands_in_the_list_and_on_todays_page(client):
    unread()

    assert client.get("/contacts/").context["to_repair"]() == 1
    assert [(one.count, one.url) for one in client.get("/").context["concerns"]] == [(1, "/contacts/to-repair/")]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_the_same_queries_whatever_the_size(client, rows, django_assert_num_queries):
    for number in range(rows):
        unread(text=f"{number}@", name=f"Человек {number}")

    with django_assert_num_queries(6):
        client.get("/contacts/to-repair/")
