import pytest

from crm.models import Contact, StopRule
from tests.factories.accounts import make_user
from tests.factories.contacts import make_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of, head):
    return client_of(head)


def make_zarina(**fields):
    return make_contact("Холова Зарина", emails=["zarina@navid.test"], phones=["+992930001122"], **fields)


def ask(client, contact, **typed):
    return client.post(f"/contacts/{contact.pk}/erase/", {"name": contact.name} | typed)


@pytest.mark.parametrize("role", ["editor", "viewer", "administrator", "member"])
def test_without_the_right_the_page_is_closed(role, client_of):
    contact, client = make_zarina(), client_of(make_user(role))

    assert [client.get(f"/contacts/{contact.pk}/erase/").status_code, ask(client, contact).status_code] == [403, 403]
    assert Contact.objects.count() == 1


def test_the_page_says_how_much_goes(client):
    page = client.get(f"/contacts/{make_zarina().pk}/erase/")

    assert page.context["goes"] == [("адреса эл. почты", 1), ("телефоны", 1)]
    assert Contact.objects.count() == 1


def test_the_name_typed_erases(client):
    answer = ask(client, make_zarina(), name=" холова  зарина ")

    assert (answer.status_code, answer.headers["Location"], Contact.objects.count()) == (302, "/contacts/", 0)


@pytest.mark.parametrize("name", ["", "Холова", "Зарина Холова"])
def test_another_name_erases_nobody_and_keeps_what_was_chosen(client, name):
    answer = ask(client, make_zarina(), name=name, never_again="on")

    assert (answer.status_code, answer.context["form"]["never_again"].value(), Contact.objects.count()) == (
        422,
        True,
        1,
    )


def test_never_again_is_kept(client):
    ask(client, make_zarina(), never_again="on")

    assert [rule.scope for rule in StopRule.objects.all()] == ["everything"]


def test_the_page_of_an_erased_person_is_gone(client):
    contact = make_zarina()
    ask(client, contact)

    assert [client.get(f"/contacts/{contact.pk}/").status_code, ask(client, contact).status_code] == [404, 404]
