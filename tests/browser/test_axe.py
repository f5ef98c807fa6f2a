"""No page breaks a rule of WCAG 2.2 A or AA that axe can check, at both sizes and in both themes."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from audit.changes import Text
from audit.log import log
from crm.actions.organisations import restrict
from crm.models import ImportBatch, Organisation, Segment, Unread
from mailings.pipeline.send import send_due
from tests.factories.contacts import change, make_contact, make_staff
from tests.factories.mailings import make_approved, make_draft, make_reader, make_started

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PRESS_LIST = "ФИО,СМИ,e-mail,Подарок\nКаримов Умар,ТВ «Навид»,umar@navid.test,календарь\nБез Адреса,,нет,\n"


@pytest.fixture
def addresses(author, client_of, smtp):
    """The main pages, each with something on it: a letter that came, one refused, one of which nobody knows."""
    smtp.refuse["gone@minbar.test"] = "550 5.1.1 User unknown"
    smtp.hang_up.add("broken@line.test")
    contact = make_reader("reader@navid.test", city="Душанбе", note="Звонить после обеда")
    make_reader("gone@minbar.test", name="Мария Ушедшая")
    make_reader("broken@line.test", name="Олег Далёкий", kind="partner")
    sent = make_started("ru")
    send_due()
    going, draft = make_started("ru"), make_draft("ru tg")
    client = client_of(author)
    file = SimpleUploadedFile("Список.csv", PRESS_LIST.encode())
    client.post("/contacts/import/", {"file": file, "kind": "journalist", "basis": "unknown"})
    return [
        smtp.envelopes[0].message["List-Unsubscribe"].partition(",")[0].strip("<>"),
        "/",
        "/contacts/",
        "/contacts/?city=Душанбе&sort=-name",
        f"/contacts/{contact.pk}/",
        f"/contacts/{contact.pk}/edit/",
        "/contacts/import/",
        f"/contacts/import/{ImportBatch.objects.get().pk}/",
        f"/contacts/import/{ImportBatch.objects.get().pk}/check/",
        "/jobs/",
        "/mailings/",
        "/mailings/new/",
        f"/mailings/{draft.pk}/text/ru/",
        f"/mailings/{sent.pk}/report/",
        f"/mailings/{going.pk}/report/",
        f"/mailings/{sent.pk}/deliveries/",
        f"/mailings/{sent.pk}/left-out/",
        f"/mailings/{draft.pk}/recipients/",
        "/settings/",
        "/people/roles/",
        "/demo/inbox/",
    ]


def test_a_fault_is_found(page, broken):
    page.goto("/sign-in/")
    page.evaluate("document.querySelector('label').remove()")

    assert [(rule, target) for rule, target, _html in broken(page)] == [("label", ["#id_login"])]


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_break_no_rule(open_browser, author, addresses, broken, theme, phone):
    found = {}
    stranger, page = open_browser(phone=phone), open_browser(author, phone=phone)
    for reader, address in [(stranger, "/sign-in/"), *((page, address) for address in addresses)]:
        reader.emulate_media(color_scheme=theme, reduced_motion="reduce")
        reader.goto(address)
        expect(reader.locator(".skeleton")).to_have_count(0)
        found[address] = broken(reader)

    assert {address: faults for address, faults in found.items() if faults} == {}


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_journal_breaks_no_rule(open_browser, author, head, broken, theme, phone):
    contact = make_reader(city="Душанбе")
    log("crm.contact.changed", contact, by=author, changes={"city": ["Хорог", "Душанбе"], "note": ["", Text("Тайна")]})
    page, found = open_browser(head, phone=phone), {}
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    for address in ("/journal/?kind=write", f"/contacts/{contact.pk}/", f"/contacts/{contact.pk}/history/"):
        page.goto(address)
        expect(page.locator(".skeleton")).to_have_count(0)
        page.locator("summary").first.click()
        found[address] = broken(page), page.evaluate("document.documentElement.scrollWidth > innerWidth")

    assert {address: faults for address, faults in found.items() if faults != ([], False)} == {}


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_about_care_break_no_rule(open_browser, head, broken, theme, phone):
    head.also_administers = True
    head.save()
    make_staff("member")
    sealed = make_contact("Марзия", sensitivity="sealed", emails=["m@tanho.test"], phones=["+992930001122"], note="x")
    make_contact("Олег", sensitivity="internal", organisation="Запрещённая", emails=["o@didgoh.test"])
    restrict("Запрещённая", on=date(2026, 1, 15), note="Верховный суд", by=head)
    draft = make_draft(restricted=["include"])
    addresses = [
        "/contacts/",
        f"/contacts/{sealed.pk}/",
        f"/contacts/{sealed.pk}/edit/",
        "/contacts/new/",
        "/contacts/restricted/",
        "/contacts/representatives/",
        f"/mailings/{draft.pk}/recipients/",
        f"/mailings/{draft.pk}/text/ru/",
    ]
    page, found = open_browser(head, phone=phone), {}
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    for address in addresses:
        page.goto(address)
        expect(page.locator(".skeleton")).to_have_count(0)
        found[address] = broken(page), page.evaluate("document.documentElement.scrollWidth > innerWidth")

    assert {address: faults for address, faults in found.items() if faults != ([], False)} == {}


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_form_of_a_contact_and_what_is_to_repair_break_no_rule(open_browser, author, broken, theme, phone):
    contact = make_contact("Зебо", organisation="Навид", emails=["zebo@navid.test"], city="Хорог")
    for field, text in (("email", "zebo@"), ("birthday", "весной")):
        Unread.of(contact, field, text).save()
    page, found = open_browser(author, phone=phone), {}
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.goto(f"/contacts/{contact.pk}/edit/")
    found["form"] = broken(page), page.evaluate("document.documentElement.scrollWidth > innerWidth")
    change(contact, city="Душанбе")
    page.locator("[name=city]").fill("Куляб")
    page.locator("form#contact .btn--primary").click()
    page.locator("#conflicts").wait_for()
    page.complaints.clear()  # the console notes the 409 that was asked for
    found["conflict"] = broken(page), page.evaluate("document.documentElement.scrollWidth > innerWidth")
    for address in ("/contacts/to-repair/", "/contacts/addresses/"):
        page.goto(address)
        found[address] = broken(page), page.evaluate("document.documentElement.scrollWidth > innerWidth")

    assert {address: faults for address, faults in found.items() if faults != ([], False)} == {}


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_around_contacts_break_no_rule(open_browser, head, broken, theme, phone):
    head.may_export = True
    head.save()
    first = make_contact("Зебо", organisation="Навид", emails=["zebo@navid.test"], city="Хорог")
    second = make_contact("Зебо Б.", organisation="Чашма", emails=["zebo@chashma.test"], phones=["+992930001122"])
    outlet, segment = (
        Organisation.objects.get(name="Навид"),
        Segment.objects.create(name="Свои", kind=Segment.Kind.LIST, made_by=head),
    )
    card, page_of_outlet = f"/contacts/{first.pk}/", f"/contacts/organisations/{outlet.pk}/"
    addresses = [
        "/contacts/organisations/",
        "/contacts/organisations/new/",
        page_of_outlet,
        *(f"{page_of_outlet}{verb}/" for verb in ("edit", "rename", "merge", "close", "posts/new")),
        "/contacts/segments/",
        "/contacts/segments/new/?kind=journalist",
        f"/contacts/segments/{segment.pk}/",
        f"/contacts/segments/{segment.pk}/why/{second.pk}/",
        "/contacts/duplicates/",
        f"/contacts/merge/?a={first.pk}&b={second.pk}",
        "/contacts/merges/",
        "/contacts/stop-list/",
        "/contacts/stop-list/addresses/",
        "/contacts/stop-list/addresses/new/",
        *(f"{card}{verb}/" for verb in ("segments", "move", "positions/new", "stops", "reminders/new", "erase")),
        f"{card}dossier/",
        f"{card}print/",
    ]
    page, found = open_browser(head, phone=phone), {}
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.goto(f"{card}dossier/")
    page.locator("[name=password]").fill("a-long-password")
    page.locator("form .btn--primary").click()
    for address in addresses:
        page.goto(address)
        expect(page).to_have_url(re.compile(f"{re.escape(address)}$"))
        expect(page.locator("h1")).to_have_count(1)
        expect(page.locator(".skeleton")).to_have_count(0)
        found[address] = broken(page), page.evaluate("document.documentElement.scrollWidth > innerWidth")

    assert {address: faults for address, faults in found.items() if faults != ([], False)} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_opens_breaks_no_rule(open_browser, author, addresses, broken, theme):
    draft, approved = make_draft("ru"), make_approved("ru")
    going = [address for address in addresses if address.endswith("/report/")][-1]
    opened = [
        ("/contacts/", "filters"),
        (f"/mailings/{draft.pk}/text/ru/", "audience-rule"),
        (f"/mailings/{approved.pk}/text/ru/", "send"),
        (going, "stop"),
    ]
    page, found = open_browser(author), {}
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    for address, name in opened:
        page.goto(address)
        page.locator(f"[popovertarget={name}]").first.click()
        page.locator(f"#{name}:popover-open").wait_for()
        found[name] = broken(page)

    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_writing_breaks_no_rule(open_browser, author, broken, theme, phone):
    make_reader()
    mailing = make_draft("ru tg")
    page, found = open_browser(author, phone=phone), {}
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    for tail in ("", "history/"):
        page.goto(f"/mailings/{mailing.pk}/text/ru/{tail}")
        if not tail:
            page.locator("[data-tools]").wait_for()
        found[tail] = broken(page)

    assert found == {"": [], "history/": []}
