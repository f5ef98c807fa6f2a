"""What only a browser shows: what a swap keeps, what opens without a script, what a phone leaves in reach."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from mailings import actions
from mailings.models import Delivery
from mailings.pipeline.send import send_due
from mailings.states import DeliveryStatus
from tests.factories.mailings import make_draft, make_reader, make_started

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def swapped(page):
    """Wait until the report's figures are newer than now."""
    page.evaluate("document.querySelector('#report').dataset.old = 'yes'")
    page.locator("#report:not([data-old])").wait_for()


@pytest.fixture
def going(db):
    """A mailing on its way, which nobody sends: its report asks for news every two seconds."""
    make_reader("one@navid.test")
    make_reader("two@navid.test")
    return make_started("ru")


def test_report_of_someone_signed_out_leads_to_sign_in_and_back(open_browser, author, going):
    page = open_browser(author)
    page.goto(f"/mailings/{going.pk}/report/")
    page.context.clear_cookies()

    expect(page).to_have_url(re.compile(re.escape(f"/sign-in/?next={quote(f'/mailings/{going.pk}/report/', safe='')}")))
    expect(page.locator("#report")).to_have_count(0)


def test_report_keeps_the_focus_and_its_live_region(open_browser, author, going):
    page = open_browser(author)
    page.goto(f"/mailings/{going.pk}/report/")
    page.evaluate("document.querySelector('#sent').dataset.same = 'yes'")
    pause = page.locator("form[action$='/pause/'] button")
    pause.focus()
    swapped(page)
    expect(pause).to_be_focused()
    page.locator("#stat-failed").focus()
    swapped(page)

    expect(page.locator("#stat-failed")).to_be_focused()
    expect(page.locator("#sent[data-same]")).to_have_count(1)


def test_report_offers_what_may_be_done_now(open_browser, author, going):
    page = open_browser(author)
    page.goto(f"/mailings/{going.pk}/report/")

    actions.pause(going, by=author)

    expect(page.locator("form[action$='/resume/'] button")).to_be_visible()
    expect(page.locator("form[action$='/pause/']")).to_have_count(0)


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
def test_letter_of_unknown_outcome_is_decided(open_browser, author, smtp, phone):
    smtp.hang_up.add("broken@line.test")
    make_reader("broken@line.test")
    mailing = make_started("ru")
    send_due()
    page = open_browser(author, phone=phone)
    page.goto(f"/mailings/{mailing.pk}/deliveries/?state=failed")
    page.locator("button[value=sent]").click()

    expect(page.locator(".toast")).to_be_visible()
    assert Delivery.objects.get().status == DeliveryStatus.SENT


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_approval_is_asked_again_before_it_counts(open_browser, author, head, script):
    make_reader("one@navid.test")
    mailing = make_draft("ru")
    actions.submit(mailing, by=author)
    page = open_browser(head, script=script)
    page.goto(f"/mailings/{mailing.pk}/text/ru/")
    dialog, opener = page.locator("#approve"), page.locator(".topbar [popovertarget=approve]")
    expect(dialog).to_be_hidden()
    opener.click()
    dialog.locator("[popovertargetaction=hide]").click()
    expect(dialog).to_be_hidden()
    opener.click()
    dialog.locator(".btn--primary").click()

    expect(page.locator(".topbar [popovertarget=send]")).to_be_visible()


def test_contact_search_keeps_the_order_and_shows_what_narrows(open_browser, author):
    for name, kind in [("Холов Анвар", "partner"), ("Холов Ҷамшед", "partner"), ("Бобоев Умар", "journalist")]:
        make_reader(f"{len(name)}{kind}@navid.test", name=name, kind=kind)
    page = open_browser(author)
    page.goto("/contacts/")
    page.locator("thead a[href*='sort=-name']").click()
    expect(page.locator("tbody .person__name").first).to_have_text("Холов Ҷамшед")
    page.locator("[popovertarget=filters]").click()
    page.locator("#filters input[value=partner]").check()
    page.locator("#search input[type=search]").fill("холов")

    expect(page).to_have_url(re.compile(r"q=%D1%85.*sort=-name|sort=-name.*q=%D1%85"))
    expect(page.locator("tbody .person__name")).to_have_text(["Холов Ҷамшед", "Холов Анвар"])
    expect(page.locator("#chips .chip")).to_have_count(1)
    expect(page.locator("#kinds [aria-current]")).to_have_attribute("href", "?kind=partner")


def test_search_among_recipients_stays_in_the_figure(open_browser, author, smtp):
    smtp.refuse["gone@minbar.test"] = "550 5.1.1 User unknown"
    make_reader("gone@minbar.test", name="Мария Холова")
    make_reader("here@minbar.test", name="Ҷамшед Холов")
    mailing = make_started("ru")
    send_due()
    page = open_browser(author)
    page.goto(f"/mailings/{mailing.pk}/deliveries/?state=failed")
    page.locator("main input[type=search]").fill("холов")

    expect(page).to_have_url(re.compile(r"q=.*state=failed|state=failed.*q="))
    expect(page.locator("tbody .person__name")).to_have_text(["Мария Холова"])


def test_counter_tells_when_the_subject_is_longer_than_an_inbox_shows(open_browser, author):
    page = open_browser(author)
    page.goto(f"/mailings/{make_draft('ru').pk}/text/ru/")
    subject, counter = page.locator("[name=subject]"), page.locator("[data-count-for=id_subject]")
    seen = []
    for length in (70, 71, 78):
        subject.fill("п" * length)
        seen.append((counter.inner_text(), counter.get_attribute("class")))

    assert seen == [("70 / 70", "count"), ("71 / 70", "count count--near"), ("78 / 70", "count count--over")]
