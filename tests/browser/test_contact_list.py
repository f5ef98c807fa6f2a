"""The contact list under a person's hands: its keys, ticking, and taking back.

The numbers of the segments come after the page: whoever leaves before them breaks a request off, and is heard of.
"""

import re

import pytest
from playwright.sync_api import expect

from crm.models import Contact, Tag
from tests.factories.mailings import make_reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def three(author):
    return [make_reader(f"r{number}@navid.test", name=name) for number, name in enumerate(["Анвар", "Баҳром", "Карим"])]


@pytest.fixture
def crowd(db):
    """One more than a page holds."""
    Contact.objects.bulk_create(Contact(name=f"Человек {number}", sort_key=f"{number:03}") for number in range(51))


@pytest.fixture
def page(open_browser, author):
    page = open_browser(author)
    page.goto("/contacts/", wait_until="networkidle")
    return page


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim()")


def tagged():
    return sorted(Tag.objects.get().contacts.values_list("name", flat=True)) if Tag.objects.exists() else []


def test_keys_walk_tick_search_and_open(three, page):
    walked = []
    for key in "jjkj":
        page.keyboard.press(key)
        walked.append(focused(page))
    page.keyboard.press("x")
    expect(page.locator(".check--row").nth(1)).to_be_checked()
    page.keyboard.press("/")
    expect(page.locator("#search input[type=search]")).to_be_focused()
    page.keyboard.type("jx")
    page.keyboard.press("Escape")
    expect(page.locator("#search input[type=search]")).not_to_be_focused()

    assert walked == ["Анвар", "Баҳром", "Анвар", "Баҳром"]


def test_enter_opens_the_contact_and_never_sends_the_ticked_ones(three, page):
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.locator(".check--row").first.focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(f"/contacts/{three[0].pk}/[?]from=$"))


def test_keys_work_in_a_russian_layout(three, page):
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'о', code: 'KeyJ', bubbles: true}))")

    assert focused(page) == "Анвар"


def test_keys_are_explained_and_can_be_switched_off(three, page):
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.locator("[data-keys-on]").uncheck()
    page.reload(wait_until="networkidle")
    page.keyboard.press("j")
    before = focused(page)
    page.locator("[popovertarget=keys]").first.click()
    page.locator("[data-keys-on]").check()
    page.keyboard.press("Escape")
    page.keyboard.press("j")

    assert (before == "Анвар", focused(page)) == (False, "Анвар")


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
def test_ticked_contacts_get_a_tag_and_lose_it_again(open_browser, author, three, phone):
    page = open_browser(author, phone=phone)
    page.goto("/contacts/", wait_until="networkidle")
    expect(page.locator("[data-bulk]")).to_be_hidden()
    for number in (0, 2):
        page.locator(".check--row").nth(number).check()
    expect(page.locator(".bulk__count [data-bulk-count]")).to_have_text("2")
    page.locator("[popovertarget=bulk-tag]").click()
    page.locator("#bulk_tag").fill("важное")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_be_visible()
    given = tagged()
    page.wait_for_load_state("networkidle")
    page.locator(".toast__action").click()
    expect(page.locator(".toast__action")).to_have_count(0)
    expect(page.locator(".toast")).to_be_visible()

    assert (given, tagged()) == (["Анвар", "Карим"], [])


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_all_who_fit_are_asked_about_and_put_away(open_browser, author, crowd, script):
    page = open_browser(author, script=script)
    page.goto("/contacts/?kind=journalist", wait_until="networkidle")
    page.locator(".check--row").first.check()
    page.locator(".bulk__all").click()
    if script:
        expect(page.locator(".bulk__count [data-bulk-count]")).to_have_text("51")
    page.locator("[popovertarget=bulk-more]").click()
    page.locator("#bulk-more button[value=archive]").click()
    expect(page.locator("h1")).to_be_visible()
    before = Contact.objects.active().count()
    page.wait_for_load_state("networkidle")
    page.locator("main form button").click()
    expect(page.locator(".toast")).to_be_visible()

    assert (before, Contact.objects.active().count()) == (51, 0)


def test_taking_one_out_means_all_no_more(crowd, page):
    page.locator(".check--row").first.check()
    page.locator(".bulk__all").click()
    page.locator(".check--row").nth(3).uncheck()

    expect(page.locator("[data-bulk-everybody]")).not_to_be_checked()
    expect(page.locator(".bulk__count [data-bulk-count]")).to_have_text("49")


def test_without_a_script_the_ticked_are_tagged_too(open_browser, author, three):
    page = open_browser(author, script=False)
    page.goto("/contacts/", wait_until="networkidle")
    page.locator(".check--row").first.check()
    page.locator("[popovertarget=bulk-tag]").click()
    page.locator("#bulk_tag").fill("важное")
    page.locator("#bulk-tag button[value=tag]").click()
    expect(page.locator(".toast")).to_be_visible()

    assert tagged() == ["Анвар"]


def test_one_is_put_away_from_its_row(three, page):
    page.locator("tbody .table__menu > button").first.click()
    page.locator(".menu:popover-open button[value=archive]").click()
    expect(page.locator(".toast")).to_be_visible()

    assert list(Contact.objects.active()) == three[1:]


def test_chips_follow_the_filter_and_take_it_away(three, page):
    page.locator("[popovertarget=filters]").click()
    page.locator("#filters input[value=journalist]").check()
    expect(page.locator("#chips .chip")).to_have_count(1)
    page.locator("#chips .chip__remove").click()

    expect(page.locator("#chips .chip")).to_have_count(0)
    expect(page).to_have_url(re.compile("/contacts/[?]?[^=]*(q=)?$"))


def test_sorting_leaves_the_focus_where_it_was(three, page):
    page.locator("thead a").nth(1).focus()
    before = focused(page)
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort]")).to_have_text(before)

    assert focused(page) == before


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
def test_two_who_are_ticked_are_compared(open_browser, author, three, phone):
    page = open_browser(author, phone=phone)
    page.goto("/contacts/", wait_until="networkidle")
    page.locator(".check--row").nth(0).check()
    expect(page.locator(".bulk [value=merge]")).to_be_hidden()
    page.locator(".check--row").nth(2).check()
    page.locator(".bulk [value=merge]").click()

    expect(page).to_have_url(re.compile(f"/contacts/merge/[?]a={three[0].pk}&b={three[2].pk}$"))


def test_columns_are_chosen_without_a_script(open_browser, author, three):
    page = open_browser(author, script=False)
    page.goto("/contacts/?kind=journalist", wait_until="networkidle")
    page.locator("[popovertarget=columns]").click()
    page.locator("#columns input[value=email]").check()
    page.locator("#columns .btn--primary").click()

    expect(page.locator("tbody")).to_contain_text("r0@navid.test")
    expect(page).to_have_url(re.compile("kind=journalist"))
