"""The main job, clicked through: a list goes in, a statement goes out in three languages, its fate is on the screen."""

import re

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect

from crm.models import Contact, Suppression
from mailings.models import Mailing
from mailings.pipeline.send import send_due
from tests.factories.mailings import make_draft, make_reader, make_started

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PEOPLE = [
    ("Холов Ҷамшед", "«Навиди рӯз»", "jamshed@navid.test", "тоҷ"),
    ("Тополева Галина", "Агентство «Меридиан»", "galina@meridian.test", "рус"),
    ("Morel Catherine", "Open Light", "catherine@light.test", "англ"),
    ("Ушедшая Мария", "«Минбар-24»", "gone@minbar.test", "рус"),
    ("Безадресный Олег", "«Дидгоҳ»", "нет", "рус"),
]
TEXTS = {
    "ru": ("Право на адвоката", "Здравствуйте, {имя|коллеги}!"),
    "tg": ("Ҳуқуқ ба адвокат", "Салом, {ном|ҳамкорон}!"),
    "en": ("The right to a lawyer", "Hello, {name|colleagues}!"),
}


@pytest.fixture
def press_list(tmp_path):
    """A list with a title and an empty row above its header."""
    book = Workbook()
    sheet = book.active
    sheet.append(["Пресс-лист, обновлено 14.03.2026"])
    sheet.append([])
    sheet.append(["Ф.И.О.", "Издание", "Эл. почта", "Язык"])
    for row in PEOPLE:
        sheet.append(row)
    book.save(tmp_path / "Пресс-лист.xlsx")
    return tmp_path / "Пресс-лист.xlsx"


def sign_in(page, user):
    page.goto("/sign-in/")
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill("a-long-password")
    page.locator("form .btn--primary").click()
    expect(page.locator(".me__name")).to_have_text(user.name)


def upload(page, path):
    page.goto("/contacts/import/")
    page.locator("[name=file]").set_input_files(path)
    page.locator("form .btn--primary").click()
    expect(page).to_have_url(re.compile(r"/contacts/import/\d+/$"))
    assert Contact.objects.count() == 0  # nothing is written before a person says so
    page.locator(".tally__verbs .btn--primary").click()
    expect(page).to_have_url(re.compile(r"/check/$"))
    page.locator(".tally__verbs .btn--primary").click()
    expect(page).to_have_url(re.compile(r"/result/"))


def write(page, title):
    page.goto("/mailings/new/")
    page.locator("[name=title]").fill(title)
    page.locator("main .btn--primary").click()
    for language, (subject, greeting) in TEXTS.items():
        page.locator(f".composer__langs a[lang={language}]").click()
        expect(page.locator(f".composer__langs a[lang={language}]")).to_have_attribute("aria-current", "page")
        page.locator("[name=subject]").fill(subject)
        page.locator(".tiptap").click()
        page.keyboard.type(greeting)
        page.locator(".topbar button[form=text]").click()
        expect(page.locator(".toast")).to_be_visible()


def step(page, action):
    page.locator(f"form[action$='/{action}/'] button:not([type=button])").click()


def figure(page, state):
    return page.locator(f"a.stat[href$='state={state}'] .stat__value").inner_text()


def test_statement_goes_out_in_three_languages(open_browser, author, head, press_list, smtp):
    smtp.refuse["gone@minbar.test"] = "550 5.1.1 User unknown"
    page = open_browser()
    sign_in(page, author)
    upload(page, press_list)
    write(page, "Право на адвоката")
    expect(page.locator("#audience .big")).to_have_text("4")
    step(page, "submit")
    expect(page.locator("form[action$='/approve/']")).to_have_count(0)

    approver = open_browser(head)
    approver.goto(page.url)
    approver.locator("[popovertarget=approve]:visible").click()
    step(approver, "approve")
    approver.locator("[popovertarget=send]:visible").click()
    step(approver, "send")
    expect(approver).to_have_url(re.compile(r"/report/$"))
    send_due()
    approver.reload()

    assert {envelope.recipients[0]: envelope.message["Subject"] for envelope in smtp.envelopes} == {
        "jamshed@navid.test": "Ҳуқуқ ба адвокат",
        "galina@meridian.test": "Право на адвоката",
        "catherine@light.test": "The right to a lawyer",
    }
    assert (figure(approver, "sent"), figure(approver, "failed")) == ("75 %", "1")
    approver.locator("a.stat[href$='state=failed']").click()
    expect(approver.locator("tbody")).to_contain_text("550 5.1.1 User unknown")


def test_reader_unsubscribes_and_the_next_mailing_leaves_them_out(open_browser, author, press_list, smtp):
    make_reader("reader@navid.test", name="Ҷамшед Холов")
    make_reader("other@navid.test", name="Зебо Бодомӣ")
    make_started("ru")
    send_due()
    letter = next(envelope for envelope in smtp.envelopes if envelope.recipients == ["reader@navid.test"])
    link = letter.message["List-Unsubscribe"].partition(",")[0].strip("<>")

    reader = open_browser(phone=True)
    reader.goto(link)
    assert Suppression.objects.count() == 0
    reader.locator("button[value=unsubscribe]").click()
    expect(reader.locator("button[value=back]")).to_be_visible()

    page = open_browser(author)
    page.goto(f"/mailings/{make_draft('ru').pk}/")
    expect(page.locator("#audience .big")).to_have_text("1")
    page.locator("#audience a[href$='reason=unsubscribed']").click()
    expect(page.locator("tbody")).to_contain_text("Ҷамшед Холов")


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
def test_no_page_scrolls_sideways(open_browser, author, phone, smtp):
    make_reader(
        "a-very-long-address-of-a-press-service@executive-office-of-the-region.test", name="Ҷамшедҷон Холов" * 4
    )
    sent, draft = make_started("ru"), make_draft("ru")
    send_due()
    page = open_browser(author, phone=phone)
    paths = ["/", "/contacts/", "/contacts/new/", "/contacts/import/", "/mailings/", f"/mailings/{sent.pk}/report/",
             f"/mailings/{sent.pk}/deliveries/", f"/mailings/{draft.pk}/text/tg/", "/settings/"]  # fmt: skip
    wide = []
    for path in paths:
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)

    assert (Mailing.objects.count(), wide) == (2, [])


def test_rule_of_the_audience_counts_without_a_reload(open_browser, author):
    make_reader("one@navid.test", kind="partner")
    make_reader("two@navid.test", kind="journalist")
    page = open_browser(author)
    page.goto(f"/mailings/{make_draft('ru').pk}/text/ru/")
    page.locator("[popovertarget=audience-rule]").click()
    page.locator("#audience-rule input[value=partner]").check()
    page.locator("#audience-rule .btn").click()

    expect(page.locator("#audience .big")).to_have_text("1")
