"""The import from a hard file to what was written and back: two sheets, a legend, colours, notes, a duplicate."""

import io
import re

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from playwright.sync_api import expect

from crm.models import Contact, EmailAddress, ImportBatch, StopRule
from tests.factories.contacts import make_contact

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PRESS = [
    ["Пресс-лист области"],
    ["красный — не писать"],
    ["ФИО", "Издание", "Почта", "Тел.", "Язык", "Город", "Прим.", "Подарок"],
    ["Каримов У.", "Навид", "k@box.test", "930001122", "тоҷ/рус", "Хорог", "был на семинаре", ""],
    ["Рахимов Далер", "Минбар", "daler@minbar.test", "", "рус", "", "письма возвращаются", "календарь"],
    ["Шарипова Зебо", "Минбар", "zebo@minbar.test", "", "фарси", "", "", ""],
    ["", "", "вакансия", "нет", "", "", "", ""],
]
OFFICES = [["Организация", "ФИО", "E-mail"], ["Министерство культуры", "Ғафурова Мадина", "press@kultura.test"]]


@pytest.fixture
def file() -> dict:
    book = Workbook()
    page = book.active
    page.title = "Журналисты"
    for row in PRESS:
        page.append(row)
    for cell in page[6]:
        cell.fill = PatternFill("solid", fgColor="FFFF0000")
    page["A5"].comment = Comment("осторожно, в эмиграции", "Коллега")
    offices = book.create_sheet("Пресс-службы")
    for row in OFFICES:
        offices.append(row)
    data = io.BytesIO()
    book.save(data)
    return {"name": "Список.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": data.getvalue()}


@pytest.fixture
def umar(db):
    return make_contact("Каримов Умар", organisation="Навид", emails=["umar@navid.test"], city="Душанбе")


def tally(page) -> list[str]:
    return page.locator("#tally dd").all_inner_texts()


def is_wider_than_the_screen(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def bring(page, file) -> None:
    page.goto("/contacts/import/")
    page.locator("[name=file]").set_input_files(file)
    page.locator("main form .btn--primary").first.click()
    expect(page).to_have_url(re.compile(r"/contacts/import/\d+/$"))


def decide(page) -> None:
    """The row is the contact; the city of the row is right, its telephone is not."""
    page.locator("[name=over-city][value=row]").check()
    page.locator("#pairs tr", has_text="930").or_(page.locator("#pairs tr", has_text="93 000")).locator(
        "[name=take]"
    ).uncheck()
    page.locator("#pair-same").click()
    expect(page.locator("#tally dd").nth(2)).to_have_text("0")


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
def test_a_list_goes_all_the_way_and_back(open_browser, head, file, umar, broken, phone):
    page, found = open_browser(head, phone=phone), {}
    page.emulate_media(reduced_motion="reduce")

    def look(name: str) -> None:
        page.wait_for_load_state("networkidle")
        found[name] = broken(page), is_wider_than_the_screen(page)

    bring(page, file)
    look("columns")
    before = tally(page)
    decide(page)
    decided = tally(page)
    page.locator(".tally__verbs .btn--primary").click()
    expect(page).to_have_url(re.compile(r"/check/$"))
    look("check")
    page.locator(".tabs__tab[href='?show=proposals']").click()
    page.locator("label.choice", has_text="daler@minbar.test").locator("input").check()
    look("asked for")
    page.locator(".tally__verbs .btn--primary").click()
    expect(page).to_have_url(re.compile(r"/result/$"))
    look("result")
    umar.refresh_from_db()
    done = umar.city, umar.emails.count(), umar.phones.count(), Contact.objects.count()
    retired = EmailAddress.objects.exclude(retired_on=None).values_list("address", flat=True)
    kept = Contact.objects.get(name="Рахимов Далер").sensitivity, list(retired), StopRule.objects.count()
    page.locator("form[action$='/undo/'] button").click()
    expect(page.locator(".notice--ok")).to_be_visible()
    umar.refresh_from_db()

    assert {name: faults for name, faults in found.items() if faults != ([], False)} == {}
    assert (before, decided) == (["4", "0", "1", "1"], ["3", "1", "0", "1"])
    assert (done, kept) == (("Хорог", 2, 0, 4), ("internal", ["daler@minbar.test"], 0))
    assert (umar.city, umar.emails.count(), Contact.objects.count()) == ("Душанбе", 1, 1)


def test_without_javascript_the_same_way_is_open(open_browser, head, file, umar):
    page = open_browser(head, script=False)
    bring(page, file)
    page.locator("[name=column_0_7]").select_option("note")
    page.locator("#mapping > .btn").click()
    expect(page.locator("[name=column_0_7]")).to_have_value("note")
    decide(page)
    page.locator(".tally__verbs .btn--primary").click()
    page.locator(".tabs__tab[href='?show=proposals']").click()
    page.locator("label.choice", has_text="daler@minbar.test").locator("input").check()
    page.locator(".tally__verbs .btn--primary").click()
    expect(page).to_have_url(re.compile(r"/result/$"))

    umar.refresh_from_db()
    note = Contact.objects.get(name="Рахимов Далер").note
    assert (umar.city, "календарь" in note, ImportBatch.objects.get().status) == ("Хорог", True, "done")


def test_arrows_walk_from_pair_to_pair(open_browser, head, file, umar):
    make_contact("Шарипова З.", organisation="Минбар", emails=["z@box.test"])
    page = open_browser(head)
    bring(page, file)
    first = page.locator("#pairs [name=pair]").input_value()
    page.locator("#pair-after").click()
    expect(page.locator("#pair-after")).to_have_count(0)
    second = page.locator("#pairs [name=pair]").input_value()
    page.locator("#pair-before").click()
    expect(page.locator("#pairs [name=pair]")).to_have_value(first)

    assert first != second


def test_a_column_chosen_otherwise_is_counted_at_once(open_browser, head, file):
    page = open_browser(head)
    bring(page, file)
    before = page.locator("#closed").inner_text()
    expect(page.locator(".mapping__need:visible")).to_have_count(1)
    page.locator("[name=column_0_7]").select_option("note")
    expect(page.locator(".mapping__need:visible")).to_have_count(0)
    page.locator("[name=column_0_4]").select_option("ignore")
    expect(page.locator("#closed .values")).to_have_count(0)

    assert "фарси" in before
