"""The card of a contact in a real browser: a note, a reminder, a message, with and without a script."""

import re

import pytest
from playwright.sync_api import expect

from crm.models import FollowUp, Touch
from tests.factories.contacts import make_contact
from tests.factories.touches import make_phone, make_touch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def contact(db):
    contact = make_contact("Ғайрат Субҳӣ", given_name="Ғайрат", languages="tg", emails=["subhi@chashma.test"])
    make_phone(contact, "telegram imo")
    return contact


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("phone", [True, False])
def test_a_call_is_written_down_and_taken_back(open_browser, head, contact, script, phone):
    page = open_browser(head, phone=phone, script=script)
    page.goto(f"/contacts/{contact.pk}/")
    page.locator(".notebox textarea").fill("Готов дать 15 минут")
    page.locator(".notebox .segmented__option").nth(1).click()
    page.locator(".notebox button:not([type])").click()
    expect(page.locator("#story-items")).to_contain_text("Готов дать 15 минут")
    assert Touch.objects.get().kind == "call"
    page.locator(".toast__action").click()

    expect(page.locator("#story-items")).not_to_contain_text("Готов дать 15 минут")
    assert Touch.objects.count() == 0


@pytest.mark.parametrize("script", [True, False])
def test_a_reminder_is_set_and_done(open_browser, head, contact, script):
    page = open_browser(head, script=script)
    page.goto(f"/contacts/{contact.pk}/")
    page.locator(".notebox [popovertarget=remind]").click()
    page.locator("#remind textarea").fill("Позвонить об эфире")
    page.locator("#remind .btn--primary").click()
    expect(page.locator("#reminders")).to_contain_text("Позвонить об эфире")
    page.goto("/")
    page.locator(".item", has_text="Ғайрат").locator("button").click()
    expect(page.locator(".toast")).to_be_visible()

    assert (page.locator(".item", has_text="Ғайрат").count(), FollowUp.objects.open().count()) == (0, 0)


def test_a_message_opens_the_messenger_with_the_text_and_is_written_down(open_browser, head, contact):
    page = open_browser(head)
    page.goto(f"/contacts/{contact.pk}/")
    page.locator("#ways a", has_text="Telegram").click()
    link = page.locator("[data-message-open]")
    expect(link).to_have_attribute("href", re.compile(r"^tg://resolve\?phone=992930001122&text=."))
    page.locator("#message textarea").fill("Салом & хайр?")
    expect(link).to_have_attribute(
        "href",
        "tg://resolve?phone=992930001122&text=%D0%A1%D0%B0%D0%BB%D0%BE%D0%BC%20%26%20%D1%85%D0%B0%D0%B9%D1%80%3F",
    )
    # This machine has no Telegram: the link is asked for nothing, the click does all the rest.
    page.evaluate("document.addEventListener('click', (event) => event.preventDefault())")
    link.click()
    expect(page.locator("#message [role=status]")).not_to_be_empty()
    expect(page.locator("#story-items")).to_contain_text("Салом & хайр?")

    assert list(Touch.objects.values_list("messenger", "text")) == [("telegram", "Салом & хайр?")]
    expect(page.locator("#message button:not([type])")).to_be_hidden()


def test_a_message_without_a_script_is_a_page_and_a_press(open_browser, head, contact):
    page = open_browser(head, script=False)
    page.goto(f"/contacts/{contact.pk}/")
    page.locator("#ways a", has_text="IMO").click()
    expect(page.locator("h1")).to_have_count(1)
    page.locator("textarea").fill("Салом!")
    page.locator("[data-message] button:not([type])").click()

    expect(page.locator("#story-items")).to_contain_text("Салом!")
    assert Touch.objects.get().messenger == "imo"


@pytest.mark.parametrize("script", [True, False])
def test_a_kind_and_what_is_older_are_shown_on_demand(open_browser, head, contact, script):
    for number in range(23):
        make_touch(contact, f"дело {number}.", kind="note", days_ago=number, by=head)
    page = open_browser(head, script=script)
    page.goto(f"/contacts/{contact.pk}/")
    chosen = page.locator(".kinds__kind[href*='kind=note']")
    chosen.click()
    expect(chosen).to_have_attribute("aria-current", "true")
    expect(page.locator(".timeline__event")).to_have_count(20)
    page.locator(".timeline__older .btn").click()
    expect(page.locator("#story-items")).to_contain_text("дело 22.")

    assert ("kind=note" in page.url, page.locator(".timeline__event").count()) == (True, 23 if script else 3)


@pytest.mark.parametrize("phone", [True, False])
def test_nothing_on_the_card_is_wider_than_the_screen(open_browser, head, contact, phone):
    make_touch(contact, "длинное" * 40, by=head)
    page = open_browser(head, phone=phone)
    page.goto(f"/contacts/{contact.pk}/?from=")

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
