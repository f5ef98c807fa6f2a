"""The browser fixture notices what a page does wrong; without this, its silence would prove nothing."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def complaints_of(page) -> list[str]:
    found, page.complaints[:] = list(page.complaints), []
    return found


def test_the_sign_in_page_gives_no_complaint(page):
    page.goto("/sign-in/")

    assert page.locator("input[type=password]").count() == 1


def test_a_breach_of_the_content_policy_is_noticed(page):
    page.goto("/sign-in/")

    with page.expect_event("console"):
        page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))")

    assert [line for line in complaints_of(page) if "Content Security Policy" in line] != []
    assert page.evaluate("window.ran") is None


def test_a_request_to_another_host_is_noticed(page):
    page.goto("/sign-in/")

    with page.expect_event("console"):
        page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://203.0.113.77/pixel.gif'}))")

    assert complaints_of(page) != []


def test_an_exception_is_noticed(page):
    page.goto("/sign-in/")

    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('oops') })")

    assert complaints_of(page) == ["exception: oops"]


def test_signed_in_and_on_a_phone(open_browser, author):
    page = open_browser(author, phone=True)

    page.goto("/")

    assert page.evaluate("innerWidth") == 390
    assert "/sign-in/" not in page.url
