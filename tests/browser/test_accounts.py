"""Invitation, sign-in, second factor and lock down, clicked through."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from accounts import letters
from accounts.models import RolePolicy
from tests.factories.accounts import PASSWORD, add_app, code_of, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW = "three-unrelated-words-2026"


@pytest.fixture
def boss():
    return make_user("head", name="Фарангис Н.", also_administers=True)


@pytest.fixture
def secure_site(site, settings):
    """Passkeys want a name, not a number: the same server as localhost."""
    settings.SITE_URL = site.replace("127.0.0.1", "localhost")
    return settings.SITE_URL


def sign_in(page, user, password=PASSWORD):
    page.goto("/sign-in/")
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill(password)
    page.locator("form .btn--primary").click()


def is_in(page, user):
    expect(page.locator(".me__name")).to_have_text(user.name)


def link_in_letter():
    letters.send_due()
    return re.search(r"http://\S+/join/\S+", mail.outbox[-1].body)[0]


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
def test_invited_person_joins_and_sets_the_second_factor_before_anything_else(open_browser, boss, phone):
    RolePolicy.objects.create(role="editor", second_factor=True)
    page = open_browser(boss)
    page.goto("/people/invite/")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main .btn--primary").click()
    page.locator("[name=name]").fill("Мехрона С.")
    page.locator("[name=email]").fill("mehrona@payom.test")
    page.locator("[name=role][value=editor]").check()
    page.locator("main .btn--primary").click()
    expect(page.locator("h1")).to_have_text("Мехрона С.")

    guest = open_browser(phone=phone)
    guest.goto(link_in_letter())
    guest.locator("[name=password]").fill(NEW)
    guest.locator("[name=again]").fill(NEW)
    guest.locator(".btn--primary").click()
    expect(guest).to_have_url(re.compile("/settings/security/$"))
    guest.goto("/contacts/")
    expect(guest).to_have_url(re.compile("/settings/security/$"))
    guest.locator("a[href$='/app/']").click()
    guest.locator("[name=code]").fill(code_of(guest.locator(".secret").inner_text()))
    guest.locator("main .btn--primary").click()
    expect(guest.locator(".codes li")).to_have_count(10)
    guest.goto("/contacts/")
    expect(guest.locator("#results")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
def test_second_step_takes_a_code_with_a_gap_and_trusts_the_computer(open_browser, phone):
    user = make_user("editor", name="Мехрона С.")
    secret = add_app(user)
    page = open_browser(phone=phone)
    sign_in(page, user)
    expect(page.locator("[name=code]")).to_be_focused()
    code = code_of(secret)
    page.locator("[name=code]").fill(f"{code[:3]} {code[3:]}")
    page.locator("[name=trust]").check()
    page.locator(".btn--primary").click()
    page.goto("/settings/")
    page.locator("main form[action='/sign-out/'] button").click()
    sign_in(page, user)
    page.goto("/settings/devices/")

    expect(page.locator("main .item")).to_have_count(1)


def test_wrong_code_says_what_to_do_and_keeps_the_step(open_browser):
    user = make_user("editor")
    add_app(user)
    page = open_browser()
    sign_in(page, user)
    page.locator("[name=code]").fill("000000")
    page.locator(".btn--primary").click()

    expect(page.locator("#code-error")).to_be_visible()
    expect(page.locator("[name=code]")).to_be_focused()


def test_passkey_is_added_and_opens_the_account(open_browser, secure_site):
    user = make_user("editor", name="Мехрона С.")
    page = open_browser(base=secure_site)
    _put_a_key_into(page)
    sign_in(page, user)
    page.goto("/settings/security/keys/new/")
    page.locator("[name=name]").fill("Мой телефон")
    page.locator("#add-key").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto("/settings/security/")
    expect(page.locator("main")).to_contain_text("Мой телефон")
    page.goto("/settings/")
    page.locator("main form[action='/sign-out/'] button").click()
    sign_in(page, user)
    page.locator("#use-key").click()

    is_in(page, user)


def test_passkey_that_fails_says_so_and_enter_in_its_name_adds_it(open_browser, secure_site):
    user = make_user("editor", name="Мехрона С.")
    page = open_browser(base=secure_site)
    browser, key = _put_a_key_into(page)
    sign_in(page, user)
    page.goto("/settings/security/keys/new/")
    page.locator("[name=name]").fill("Мой телефон")
    page.locator("[name=name]").press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    code = page.locator(".codes li").first.inner_text()
    page.goto("/settings/")
    page.locator("main form[action='/sign-out/'] button").click()
    sign_in(page, user)
    expect(page.locator("#key-failure")).to_be_hidden()
    browser.send("WebAuthn.clearCredentials", {"authenticatorId": key})
    page.locator("#use-key").click()
    expect(page.locator("#key-failure")).to_be_visible()
    page.locator("[name=code]").fill(code)
    page.locator("[name=code]").press("Enter")

    is_in(page, user)


def _put_a_key_into(page):
    """A virtual authenticator of the browser's own test interface: it says yes to whatever it is asked.

    Returned are the interface and the name of the authenticator in it.
    """
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    answer = line.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": options | {"isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    return line, answer["authenticatorId"]


def test_lock_down_from_the_button_to_the_way_back(open_browser, boss):
    writer = make_user("editor", name="Мехрона С.")
    page, other = open_browser(), open_browser()
    sign_in(page, boss)
    sign_in(other, writer)
    is_in(other, writer)
    page.goto("/lockdown/")
    page.locator("[name=reason]").fill("Телефон изъят")
    page.locator("main .btn--danger").click()
    expect(page.locator("h1")).to_be_visible()
    other.goto("/contacts/")
    expect(other).to_have_url(re.compile("/sign-in/"))
    sign_in(other, writer)
    expect(other.locator(".notice--bad")).to_be_visible()

    sign_in(page, boss)
    page.goto("/lockdown/")
    page.locator("main .btn--primary").click()
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main .btn--primary").click()
    expect(page.locator("main .btn--danger")).to_be_visible()
    sign_in(other, writer)
    is_in(other, writer)


def test_refusal_names_the_right_and_who_can_help(open_browser, boss):
    page = open_browser(make_user("viewer"))
    page.goto("/contacts/import/")
    expect(page.locator("main")).to_contain_text(boss.name)

    # The browser complains of every refusal; here it is what was asked for.
    assert [line.partition("(")[0] for line in page.complaints] == [
        "console error: Failed to load resource: the server responded with a status of 403 "
    ]
    page.complaints.clear()
