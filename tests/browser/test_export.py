"""A list taken out by hand: password, reason, file; at both sizes, in both themes, and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from crm.models import Export
from tests.factories.exports import exporter, make_contact

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people():
    for number in range(3):
        make_contact(f"Ҷамшед Холов {number}", kind="partner" if number else "journalist", city="Душанбе")


def take_out(page):
    """From the list to the form, by way of the password."""
    page.goto("/contacts/?kind=partner")
    page.locator("a[href^='/contacts/export/']:visible").click()
    page.locator("[name=password]").fill("a-long-password")
    page.locator("form .btn--primary").click()
    expect(page).to_have_url(re.compile(r"/contacts/export/\?kind=partner$"))


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
def test_a_list_is_taken_out(open_browser, people, phone, script):
    page = open_browser(exporter(), phone=phone, script=script)
    take_out(page)
    page.locator("[name=reason]").fill("Список для аккредитации")
    with page.expect_download() as download:
        page.locator("form.card .btn--primary").click()

    made = Export.objects.get()
    assert (made.rows, download.value.suggested_filename.endswith(f"-{made.mark}.xlsx")) == (2, True)


def test_a_second_file_can_be_made_and_an_old_error_is_gone(open_browser, people):
    page = open_browser(exporter())
    take_out(page)
    button = page.locator("form.card .btn--primary")
    button.click()
    expect(page.locator("main .notice--bad[role=alert]")).to_be_visible()
    page.complaints.clear()  # the console notes the 422 that was asked for
    page.locator("[name=reason]").fill("Список для аккредитации")
    for _time in range(2):
        with page.expect_download():
            button.click()
        expect(button).not_to_have_attribute("aria-busy", "true")

    expect(page.locator("main .notice--bad, .field__error, [aria-invalid]")).to_have_count(0)
    assert Export.objects.count() == 2


def test_the_way_out_keeps_to_a_filter_that_was_changed_without_a_reload(open_browser, people):
    page = open_browser(exporter())
    page.goto("/contacts/")
    page.locator("main input[type=search]").fill("холов 1")
    expect(page).to_have_url(re.compile("q="))

    expect(page.locator("#export")).to_have_attribute("href", re.compile(r"/contacts/export/\?q="))


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_of_the_export_break_no_rule_and_scroll_no_way_sideways(open_browser, people, broken, phone, theme):
    by = exporter()
    by.theme = theme
    by.save()
    page = open_browser(by, phone=phone)
    take_out(page)
    wrong = []
    for address in ("/contacts/export/?kind=partner", "/contacts/export/?city=Нигде", "/contacts/exports/"):
        page.goto(address)
        wrong += [(address, *one) for one in broken(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append((address, "sideways"))

    assert wrong == []
