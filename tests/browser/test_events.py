"""Somebody invited answers on a telephone, without scripts; staff see it in the list of guests."""

import pytest
from playwright.sync_api import expect

from events.actions.asking import Given, keep_given
from events.actions.joining import link_of
from events.forms import robots
from tests.architecture.rows import dump
from tests.factories.accounts import make_user
from tests.factories.asking import make_forum
from tests.factories.events import make_event, make_guest, make_venue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def guest(site):
    event = make_event(venue=make_venue(), capacity=1, camera_places=1, takes_colleagues=True, has_interpretation=True)
    return make_guest(event, "Ҷамшед Холов", organisation="Навид", emails=["reader@navid.test"], languages="ru")


def send(page) -> None:
    with page.expect_navigation():
        page.locator(".rsvp__send").click()
    expect(page.locator("[role=status]").first).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["scripts", "none"])
def test_guest_answers_changes_the_answer_and_finds_it_there(open_browser, guest, script, tmp_path):
    page = open_browser(phone=True, script=script)
    page.goto(guest.link)
    page.locator("input[value=accepted]").check()
    page.locator("input[name=needs_camera]").check()
    send(page)
    guest.refresh_from_db()
    first = (guest.rsvp, guest.needs_camera)

    page.locator("input[value=declined]").first.check()
    send(page)
    page.goto(guest.link)
    expect(page.locator("input[value=declined]").first).to_be_checked()
    page.screenshot(path=tmp_path / "answer.png", full_page=True)
    guest.refresh_from_db()

    assert (first, guest.rsvp) == (("accepted", True), "declined")


@pytest.fixture
def forum(site):
    return make_forum(("Пытки", 2), ("СМИ", None), questions=[("Тема", "", True)], travels=True, applies=True)


@pytest.mark.parametrize("script", [True, False], ids=["scripts", "none"])
def test_guest_chooses_parts_and_says_how_they_travel(open_browser, forum, script):
    guest = make_guest(forum, "Ҷамшед Холов", emails=["reader@navid.test"], languages="ru")
    page = open_browser(phone=True, script=script)
    page.goto(guest.link)
    page.locator("input[value=accepted]").check()
    page.get_by_label("Пытки").check()
    page.get_by_label("Тема").fill("Надзор")
    page.locator("[name=needs_travel]").check()
    page.get_by_text("Дорога и жильё").click()
    page.locator("[name=comes_from]").fill("Хоруғ")
    send(page)
    guest.refresh_from_db()

    assert (guest.rsvp, list(guest.sign_ups.values_list("part__title", flat=True))) == ("accepted", ["Пытки"])
    assert (guest.particulars.answers(), guest.particulars.wishes()) == ([("Тема", "Надзор")], {"comes_from": "Хоруғ"})


def test_somebody_applies_and_staff_let_them_come(open_browser, forum, monkeypatch):
    # A person needs longer than a test.
    monkeypatch.setattr(robots, "FASTEST", 0)
    page = open_browser(phone=True, script=False)
    page.goto(link_of(forum))
    page.locator("[name=name]").fill("Зарина Холова")
    page.locator("[name=address]").fill("zarina@navid.test")
    page.locator(".rsvp__send").click()
    expect(page.locator("[name=name]")).to_have_value("Зарина Холова")
    page.complaints.clear()
    page.get_by_label("Тема").fill("Надзор")
    page.locator(".rsvp__send").click()
    expect(page.locator("h1")).to_have_text("Спасибо")

    staff = open_browser(make_user("editor"))
    staff.goto(f"/events/{forum.pk}/")
    staff.get_by_role("button").filter(has_text="Пусть приходит").click()
    expect(staff.get_by_text("Зарина Холова").first).to_be_visible()

    assert list(forum.invitations.values_list("name", "rsvp")) == [("Зарина Холова", "accepted")]


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
def test_pages_of_a_forum_are_open_to_everybody_and_no_wider_than_the_screen(open_browser, broken, forum, phone):
    guest = make_guest(forum, "Ҷамшед Холов")
    keep_given(guest, Given(answers=[("Тема", "Надзор")], travel={"comes_from": "Хоруғ"}))
    page, found = open_browser(make_user("editor"), phone=phone), []
    for address in (link_of(forum), guest.link, *(f"/events/{forum.pk}/{one}" for one in ("asks/", "particulars/"))):
        page.goto(address)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        found += broken(page)
    page.get_by_role("button", name="Показать, что они сказали").click()
    expect(page.get_by_text("Хоруғ")).to_be_visible()

    assert found + broken(page) == []


def test_scanner_with_a_browser_answers_nothing(open_browser, guest):
    before = dump()

    page = open_browser()
    for link in (guest.link, f"{guest.link}?a=yes", f"{guest.link}calendar/"):
        if link.endswith("calendar/"):
            page.request.get(link)
        else:
            page.goto(link)
            page.wait_for_load_state("networkidle")
            page.mouse.move(200, 300)

    assert dump() == before


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
def test_pages_of_events_are_open_to_everybody_and_no_wider_than_the_screen(open_browser, broken, guest, phone):
    event = guest.event
    page, found = open_browser(make_user("editor"), phone=phone), []
    for address in (guest.link, "/events/", f"/events/{event.pk}/", f"/events/{event.pk}/calls/"):
        page.goto(address)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        found += broken(page)

    assert found == []


def test_editor_finds_a_guest_in_the_list_by_part_of_the_name_in_any_letters(open_browser, guest, tmp_path):
    make_guest(guest.event, "Мадина Саидова", emails=["other@navid.test"])
    page = open_browser(make_user("editor"))
    page.goto(f"/events/{guest.event_id}/")
    page.locator("input[name=q]").last.fill("djamshed")
    expect(page.get_by_text("Мадина Саидова")).to_have_count(0)

    expect(page.get_by_text("Ҷамшед Холов").first).to_be_visible()
    page.screenshot(path=tmp_path / "guests.png", full_page=True)
