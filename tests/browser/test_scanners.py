"""A mail scanner opens every link of a letter, some in a browser that runs scripts: nobody is unsubscribed by that."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from crm.models import StopRule, Suppression
from mailings.models import OwnDataRequest
from mailings.pipeline.confirming import send_waiting
from mailings.pipeline.send import send_due
from tests.architecture.rows import dump
from tests.factories.mailings import make_reader, make_started

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def links(smtp) -> list[str]:
    texts = [
        part.get_content()
        for envelope in smtp.envelopes
        for part in envelope.message.walk()
        if part.get_content_maintype() == "text"
    ]
    heads = [str(envelope.message["List-Unsubscribe"]) for envelope in smtp.envelopes]
    return sorted(set(re.findall(r"http://(?:localhost|127\.0\.0\.1):\d+/[udw]/[\w-]+/", " ".join([*texts, *heads]))))


@pytest.fixture
def letters(site, smtp):
    """The links of a letter, and of the one that asks whether it was they who asked for their data."""
    make_reader("reader@navid.test")
    delivery = make_started("ru").deliveries.get()
    OwnDataRequest.objects.create(delivery=delivery, kind="erasure", language="ru")
    send_due()
    send_waiting()
    return links(smtp)


def test_scanner_with_a_browser_changes_nothing(open_browser, letters):
    before = dump()

    page = open_browser()
    for link in letters:
        for _again in range(3):
            page.goto(link)
            page.wait_for_load_state("networkidle")
            page.mouse.move(200, 300)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        page.wait_for_timeout(1000)
        Client().get(link, headers={"Sec-Purpose": "prefetch"})
        Client().head(link)

    assert ({link.split("/")[3] for link in letters} >= {"u", "d"}, dump() == before) == (True, True)


def test_person_chooses_with_and_without_scripts(open_browser, letters):
    link = next(one for one in letters if "/u/" in one)
    for script, kind in ((True, "greetings"), (False, "invitations")):
        page = open_browser(phone=True, script=script)
        page.goto(link)
        page.locator(f"input[value={kind}]").uncheck()
        page.locator("button[value=save]").click()
        expect(page.locator("[role=status]").first).to_be_visible()

    page.locator("button[value=unsubscribe]").click()
    expect(page.locator("button[value=back]")).to_be_visible()
    assert sorted(StopRule.objects.values_list("scope", flat=True)) == ["greetings", "invitations"]
    assert Suppression.objects.get().reason == "unsubscribed"


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
def test_pages_are_open_to_everybody_and_no_wider_than_the_screen(open_browser, broken, letters, phone):
    page = open_browser(phone=phone)
    found = []
    for link in letters:
        page.goto(link)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        found += broken(page)
        found += ["wide"] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else []

    assert found == []
