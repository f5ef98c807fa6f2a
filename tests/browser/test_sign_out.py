"""Signing out in a browser: nothing of the desk can be seen any more, and the browser is still known."""

import pytest
from playwright.sync_api import expect

from tests.factories.mailings import make_reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_after_signing_out_nothing_is_left_but_the_mark_of_the_device(open_browser, author, site):
    reader = make_reader("reader@navid.test", name="Ҷамшед Холов")
    page = open_browser(author)
    page.context.add_cookies([{"name": "device", "value": "known", "url": site}])
    page.goto(f"/contacts/{reader.pk}/")
    page.evaluate("localStorage.setItem('draft', 'a name')")

    page.locator("form[action$='/sign-out/'] button").first.click(force=True)
    expect(page.locator("[name=login]")).to_be_visible()

    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    assert (page.evaluate("localStorage.length"), cookies.get("device"), "session" in cookies) == (0, "known", False)
