"""An address that only a form may send to, opened as a page."""

import pytest

from accounts.roles import Role
from tests.factories.contacts import make_contact, make_staff

pytestmark = pytest.mark.django_db


def test_the_answer_says_what_happened_and_leads_back(client_of):
    contact = make_contact("Зебо")

    answer = client_of(make_staff(Role.HEAD, language="en")).get(f"/contacts/{contact.pk}/reveal/")

    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert ("This address is not a page" in page, 'href="/"' in page) == (True, True)


def test_what_a_program_sends_by_another_method_is_answered_without_a_page(client_of):
    contact = make_contact("Зебо")

    answer = client_of(make_staff(Role.HEAD)).put(f"/contacts/{contact.pk}/reveal/")

    assert (answer.status_code, answer.content) == (405, b"")
