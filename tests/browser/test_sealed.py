"""A look at a sealed contact, with and without a script, and what is left of it afterwards."""

import pytest
from playwright.sync_api import expect

from audit.models import Entry
from crm.models import EmailAddress, Phone
from tests.factories.contacts import make_contact

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESS = "marzia@tanho.test"


@pytest.fixture
def marzia(db):
    return make_contact("Марзия", sensitivity="sealed", emails=[ADDRESS], phones=["+992930001122"], note="После семи")


def looks():
    return Entry.objects.filter(action="crm.contact.revealed").count()


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("phone", [True, False])
def test_a_look_is_one_press_and_says_that_it_is_kept(open_browser, head, marzia, script, phone):
    page = open_browser(head, phone=phone, script=script)
    page.goto(f"/contacts/{marzia.pk}/")
    expect(page.get_by_text(ADDRESS)).to_have_count(0)
    page.locator("#ways button").click()

    expect(page.locator("#ways")).to_contain_text(ADDRESS)
    expect(page.locator("#ways [role=status]")).to_be_visible()
    expect(page.locator("#ways")).to_be_focused()
    assert looks() == 1


def test_going_away_and_back_hides_it_again(open_browser, head, marzia):
    page = open_browser(head)
    page.goto("/contacts/")
    page.goto(f"/contacts/{marzia.pk}/")
    page.locator("#ways button").click()
    expect(page.locator("#ways")).to_contain_text(ADDRESS)
    page.goto("/contacts/")
    page.go_back()

    expect(page.locator("#ways button")).to_be_visible()
    expect(page.get_by_text(ADDRESS)).to_have_count(0)
    kept = page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    assert (ADDRESS in kept, looks()) == (False, 1)


@pytest.mark.parametrize("script", [True, False])
def test_the_form_opens_by_a_press_and_saves(open_browser, head, marzia, script):
    page = open_browser(head, script=script)
    page.goto(f"/contacts/{marzia.pk}/edit/")
    page.locator("button[name=open]").click()
    expect(page.locator("[name=emails-0-text]")).to_have_value(ADDRESS)
    page.locator("[name=phones-0-text]").fill("")
    page.locator("form#contact button.btn--primary").click()

    expect(page.locator("h1")).to_have_text("Марзия")
    assert (EmailAddress.objects.get().reveal(), Phone.objects.count(), looks()) == (ADDRESS, 0, 1)
