"""Whose card is looked at, and by whom."""

import pytest

from tests.crm.views.cards.pages import ADDRESS, SECRET
from tests.factories.contacts import HEAD, make_contact, make_staff
from tests.factories.mailings import person
from tests.factories.touches import make_phone, make_reminder, make_touch


@pytest.fixture
def contact():
    return make_contact("Ғайрат Субҳӣ", emails=[ADDRESS], given_name="Ғайрат")


@pytest.fixture
def sealed():
    contact = make_contact("Марзия", sensitivity="sealed", emails=["marzia@tanho.test"], note="после семи")
    make_touch(contact, SECRET)
    make_reminder(contact, assignee=person(HEAD), text=SECRET)
    return contact


@pytest.fixture
def editor():
    return make_staff("editor")


@pytest.fixture
def client(client_of, editor):
    return client_of(editor)


@pytest.fixture
def phone(contact):
    return make_phone(contact, "telegram whatsapp imo")
