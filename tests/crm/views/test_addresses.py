"""Forms of address, looked through before letters are sent."""

import pytest

from audit.models import Entry
from crm.actions.contacts import TypedName
from crm.models import Contact, form_of_address
from tests.factories.contacts import change, make_contact, make_staff
from tests.factories.mailings import make_reader, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of):
    return client_of(person("author@payom.test"))


def named(name, language="ru", **parts):
    gender = parts.pop("gender", "")
    return change(make_reader("", name=name, languages=language), names={language: TypedName(**parts)}, gender=gender)


def listed(page):
    return [(contact.name, found.text, found.is_sure) for contact, found, _text in page.context["rows"]]


def spoken(contact, language="ru"):
    found = form_of_address(Contact.objects.get(pk=contact.pk), language)
    return found.text, found.is_checked


def test_the_odd_ones_stand_first(client):
    named("Верная", surname="Верная", given_name="Анна", patronymic="Ивановна", gender="f")
    named("Рахимова", surname="Рахимова", given_name="Зебо", patronymic="Рустамовна")
    make_reader("", name="Без имени")

    assert listed(client.get("/contacts/addresses/")) == [
        ("Без имени", "Здравствуйте!", True),
        ("Рахимова", "Уважаемая Зебо Рустамовна!", False),
        ("Верная", "Уважаемая Анна Ивановна!", True),
    ]


def test_only_readers_of_the_language_are_there(client):
    named("Рахимова", surname="Рахимова")
    named("Субҳӣ", "tg", given_name="Ғайрат")

    assert listed(client.get("/contacts/addresses/", {"in": "tg"})) == [("Субҳӣ", "Муҳтарам Ғайрат!", True)]


def test_one_is_confirmed_as_shown(client):
    zebo, umar = named("Зебо", given_name="Зебо"), named("Умар", given_name="Умар")
    client.post("/contacts/addresses/?in=ru", posted(zebo, umar) | {"only": zebo.pk})

    assert (spoken(zebo), spoken(umar)) == (("Здравствуйте, Зебо!", True), ("Здравствуйте, Умар!", False))
    assert Contact.objects.get(pk=zebo.pk).names.get().address == ""


def posted(*contacts, **typed):
    shown = {f"shown-{one.pk}": form_of_address(one, "ru").text for one in contacts}
    return shown | {f"address-{one.pk}": typed.get(one.name, form_of_address(one, "ru").text) for one in contacts}


def test_whatever_was_corrected_is_saved_with_any_button(client):
    zebo, umar = named("Зебо", given_name="Зебо"), named("Умар", given_name="Умар")
    client.post("/contacts/addresses/?in=ru", posted(zebo, umar, Умар="Дорогой Умар!") | {"only": zebo.pk})

    assert (spoken(zebo), spoken(umar)) == (("Здравствуйте, Зебо!", True), ("Дорогой Умар!", True))


def test_all_shown_are_confirmed_at_once(client):
    people = [named("Зебо", given_name="Зебо"), named("Умар", given_name="Умар"), make_reader("", name="Никто")]
    client.post("/contacts/addresses/?in=ru", posted(*people) | {"every": "1"})

    assert [spoken(one)[1] for one in people] == [True, True, True]
    assert Entry.objects.filter(action="crm.contact.address_checked").count() == 3
    assert listed(client.get("/contacts/addresses/")) == []


def test_what_was_confirmed_is_what_was_shown(client):
    """Somebody changes the name between the page and the button: the words of the page are kept."""
    zebo = named("Зебо", given_name="Зебо")
    data = posted(zebo) | {"only": zebo.pk}
    change(zebo, names={"ru": TypedName(given_name="Зебуннисо")})
    client.post("/contacts/addresses/?in=ru", data)

    assert spoken(zebo) == ("Здравствуйте, Зебо!", True)


def test_a_field_made_empty_goes_back_to_the_suggestion(client):
    zebo = named("Зебо", given_name="Зебо", address="Дорогая Зебо!")
    client.post("/contacts/addresses/?in=ru", {f"shown-{zebo.pk}": "Дорогая Зебо!", f"address-{zebo.pk}": " "})

    assert spoken(zebo) == ("Здравствуйте, Зебо!", True)


def test_too_long_words_are_refused_and_kept(client):
    zebo = named("Зебо", given_name="Зебо")
    answer = client.post("/contacts/addresses/?in=ru", posted(zebo, Зебо="Д" * 201))

    assert (answer.status_code, [text for _contact, _found, text in answer.context["rows"]]) == (422, ["Д" * 201])
    assert spoken(zebo) == ("Здравствуйте, Зебо!", False)


def test_a_check_tells_whoever_has_the_card_open(client):
    zebo = named("Зебо", given_name="Зебо")
    before = Contact.objects.get().revision
    client.post("/contacts/addresses/?in=ru", posted(zebo) | {"every": "1"})

    assert Contact.objects.get().revision == before + 1


def test_the_people_of_a_rule_alone_are_listed(client):
    named("Зебо", given_name="Зебо")
    change(named("Умар", given_name="Умар"), city="Хорог")

    assert [name for name, *_rest in listed(client.get("/contacts/addresses/", {"city": "Хорог"}))] == ["Умар"]


def test_a_sealed_contact_is_not_changed_by_an_editor(client):
    contact = make_contact("Марзия", sensitivity="sealed", given_name="Марзия")
    page = client.get("/contacts/addresses/")
    client.post("/contacts/addresses/?in=ru", posted(contact) | {"every": "1"})

    assert (page.context["hidden"], listed(page), spoken(contact)[1]) == (1, [], False)


def test_the_head_changes_a_sealed_one(head, client_of):
    contact = make_contact("Марзия", sensitivity="sealed", given_name="Марзия")
    client_of(head).post("/contacts/addresses/?in=ru", posted(contact) | {"every": "1"})

    assert spoken(contact)[1]


@pytest.mark.parametrize("role", ["viewer", "member", "administrator"])
def test_who_does_not_edit_opens_nothing_here(client_of, role):
    assert client_of(make_staff(role)).get("/contacts/addresses/").status_code == 403


@pytest.mark.parametrize("query", [{"in": "xx"}, {"page": "99"}, {"segment": "x"}, {"owner": "x"}, {"nonsense": "1"}])
def test_an_odd_address_still_opens_the_page(client, query):
    named("Зебо", given_name="Зебо")

    assert client.get("/contacts/addresses/", query).status_code == 200


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_takes_the_same_queries_whatever_the_size(client, people, django_assert_num_queries):
    for number in range(people):
        named(f"Человек {number}", given_name="Зебо")

    with django_assert_num_queries(7):
        client.get("/contacts/addresses/")
