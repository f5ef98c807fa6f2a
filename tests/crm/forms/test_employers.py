"""Work at an organisation that a court has banned: whoever may not see its people hears so before anything is saved."""

from datetime import date

import pytest

from accounts.roles import Role
from crm.actions.organisations import restrict
from crm.models import Contact, Organisation, Position
from tests.factories.contacts import make_contact, make_staff
from tests.factories.mailings import person
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db

PAGES = {
    "new/": {"name": "Зебо Рахимова", "kind": "journalist", "languages": "ru", "basis": "unknown"},
    "{}/edit/": {"name": "Зебо", "kind": "journalist", "languages": "ru", "basis": "unknown", "revision": "0"},
    "{}/move/": {},
    "{}/positions/new/": {},
}


@pytest.fixture
def banned():
    make_organisation("Хомӯш", former_names={"Садо": ""})
    restrict("Хомӯш", on=date(2026, 1, 15), note="суд № 7", by=person("head@contacts.test"))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["Хомӯш", "хомуш", "Садо"])
def test_who_may_not_see_a_banned_organisation_is_refused_with_what_was_typed(client_of, banned, page, name):
    contact = make_contact("Зебо")

    answer = client_of(make_staff(Role.EDITOR)).post(
        f"/contacts/{page.format(contact.pk)}", PAGES[page] | {"organisation": name}
    )

    assert answer.status_code == 422
    assert [name in error for error in answer.context["form"].errors["organisation"]] == [True]
    assert answer.context["form"]["organisation"].value() == name
    assert "суд № 7" not in answer.content.decode()
    assert (Contact.objects.count(), Position.objects.count()) == (1, 0)


@pytest.mark.parametrize("page", PAGES)
def test_who_may_see_it_enters_it(client_of, banned, page):
    contact = make_contact("Зебо")

    answer = client_of(make_staff(Role.HEAD)).post(
        f"/contacts/{page.format(contact.pk)}", PAGES[page] | {"organisation": "Садо"}
    )

    assert answer.status_code == 302
    assert [position.organisation for position in Position.objects.all()] == [Organisation.objects.get(name="Хомӯш")]
