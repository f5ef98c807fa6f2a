"""The door on a phone: marks without a line, a reload without a line, and every mark once when the line is back."""

import re

import pytest
from playwright.sync_api import expect

from core.text import fold
from events.actions.door import set_keepers
from events.actions.guests import index
from events.models import DoorMark, Event
from tests.factories.accounts import make_user
from tests.factories.events import HEAD, make_guest, make_held_today, make_venue
from tests.factories.mailings import person

from .conftest import _session_cookie

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = ["Наврӯззод Ҷамшед", "Назарзода Фирӯз", "Ситораӣ Баҳром", "Субҳӣ Ғайрат", "Тополева Галина", "Чашмаӣ Манижа"]

A_DAY_LATER = """() => {
  const now = Date.now;
  Date.now = () => now() + 24 * 3600000;
  window.dispatchEvent(new Event("online"));
}"""
SENT = "() => Object.keys(localStorage).every((key) => !key.includes('.queue.'))"


@pytest.fixture
def event():
    event = make_held_today(capacity=80, venue=make_venue())
    for name in NAMES:
        make_guest(event, name)
    event.invitations.update(rsvp="accepted")
    guest = event.invitations.get(name="Ситораӣ Баҳром")
    guest.outlet_name, guest.needs_camera, guest.people = "«Минбар-24»", True, 2
    index(guest)
    guest.save()
    return event


@pytest.fixture
def keeper(event):
    user = make_user("door")
    set_keepers(event, [user], by=person(HEAD))
    return user


def opened(open_browser, user, event):
    page = open_browser(user, phone=True)
    page.goto(f"/events/{event.pk}/door/")
    expect(page.locator(".door__row")).to_have_count(6)
    return page


@pytest.fixture
def without_a_line(open_browser):
    """`without_a_line(page)` takes the line away of a kept page; what the browser says of that is no fault of it."""
    pages = []

    def cut(page):
        ready(page)
        pages.append(page)
        page.context.set_offline(True)

    yield cut
    for page in pages:
        page.complaints[:] = [one for one in page.complaints if "ERR_INTERNET_DISCONNECTED" not in one]


def row(page, name):
    return page.locator(".door__row", has_text=name)


def ready(page):
    """The browser has kept the page, with all its parts."""
    page.wait_for_function("() => document.body.dataset.offline === 'ready'")


def came(event) -> list[str]:
    return list(event.invitations.filter(attendance="present").order_by("name").values_list("name", flat=True))


def test_a_guest_is_marked_and_taken_back(open_browser, keeper, event):
    page = opened(open_browser, keeper, event)
    button = row(page, "Назарзода").locator("button")
    button.click()
    expect(button).to_have_text(re.compile(r"^\d\d:\d\d$"))
    expect(page.locator("[data-came]")).to_have_text("1")
    page.wait_for_function(SENT)
    marked = came(event)
    button.click()
    button.click()
    expect(page.locator("[data-came]")).to_have_text("0")
    page.wait_for_function(SENT)

    assert (marked, came(event)) == (["Назарзода Фирӯз"], [])


def with_a_square(open_browser, keeper, event):
    """Reading a square is the browser's, and this one has no reader: it is told what stands in the picture."""
    code = event.invitations.get(name="Назарзода Фирӯз").door_code
    seen = f"async detect(video) {{ return video.videoWidth ? [{{ rawValue: '{code}' }}] : []; }}"
    page = open_browser(keeper, phone=True)
    page.add_init_script(f"window.BarcodeDetector = class {{ {seen} }};")
    return page


def test_a_square_that_is_shown_before_the_list_has_come_is_asked_again(open_browser, keeper, event):
    page, held = with_a_square(open_browser, keeper, event), []
    page.route("**/door/guests/", lambda route: held.append(route))
    page.goto(f"/events/{event.pk}/door/")
    page.locator("[data-opens=scan]").click()
    expect(page.locator("[data-scanned]")).to_have_text("В этом списке такого кода нет.")
    held[0].continue_()
    expect(page.locator("[data-scanned]")).to_contain_text("Назарзода Фирӯз")
    page.wait_for_function(SENT)

    assert came(event) == ["Назарзода Фирӯз"]


def test_a_square_before_the_camera_marks_its_guest(open_browser, keeper, event):
    page = with_a_square(open_browser, keeper, event)
    page.goto(f"/events/{event.pk}/door/")
    page.locator("[data-opens=scan]").click()
    expect(page.locator("[data-scanned]")).to_contain_text("Назарзода Фирӯз")
    is_on = page.locator("[data-video]").is_visible()
    page.locator("#scan [data-closes]").click()
    expect(page.locator("[data-video]")).to_be_hidden()
    page.wait_for_function(SENT)

    assert (is_on, came(event)) == (True, ["Назарзода Фирӯз"])


def test_a_name_is_found_in_any_script_as_the_server_finds_it(open_browser, keeper, event):
    page = opened(open_browser, keeper, event)
    found = {}
    for typed in ["jamshed", "Джамшед", "чамшед", "НАВРУЗЗОД", "gayrat", "гайрат", "Firuz", "минбар 24", "bahrom"]:
        page.locator("[data-find]").fill(typed)
        found[typed] = page.locator(".door__name").all_inner_texts()
    keys = {guest.name: guest.search_text for guest in event.invitations.all()}

    assert found == {
        typed: [name for name in NAMES if all(word in keys[name] for word in fold(typed).split())] for typed in found
    }
    assert [typed for typed, names in found.items() if len(names) != 1] == []


def test_without_a_line_for_the_whole_event_every_mark_arrives_once(
    open_browser, keeper, event, without_a_line, tmp_path
):
    page = opened(open_browser, keeper, event)
    without_a_line(page)
    for name in ("Наврӯззод", "Субҳӣ", "Тополева"):
        row(page, name).locator("button").click()
    page.get_by_role("button", name="Тополева Галина").click()
    page.get_by_role("button", name="Тополева Галина").click()
    page.locator("[data-opens=walk-in]").click()
    page.locator("#walk-name").fill("Нигина Раҳимова")
    page.locator("#walk-outlet").fill("Радио «Чашма»")
    page.locator("[value=keep]").click()
    page.locator("[data-opens=walk-in]").click()
    page.locator("[value=count]").click()
    expect(page.locator("[data-line=off]")).to_be_visible()
    page.screenshot(path=tmp_path / "offline.png")
    page.reload()
    expect(page.locator("[data-came]")).to_have_text("4")
    expect(row(page, "Нигина")).to_have_class(re.compile("door__row--came"))
    nothing_yet = DoorMark.objects.count()

    page.context.set_offline(False)
    page.wait_for_function(SENT)
    expect(page.locator("[data-line=off]")).to_be_hidden()

    assert (nothing_yet, came(event)) == (0, ["Наврӯззод Ҷамшед", "Нигина Раҳимова", "Субҳӣ Ғайрат"])
    assert sorted(event.marks.values_list("kind", flat=True)) == [
        "arrived", "arrived", "arrived", "counted", "undone", "walk_in",
    ]  # fmt: skip


def test_who_is_counted_without_a_name_is_taken_back_on_the_same_page(open_browser, keeper, event):
    event.invitations.filter(name="Тополева Галина").update(records_presence=False)
    page = opened(open_browser, keeper, event)
    button = row(page, "Тополева").locator("button")
    button.click()
    expect(page.locator("[data-came]")).to_have_text("1")
    button.click()
    button.click()
    expect(page.locator("[data-came]")).to_have_text("0")
    page.wait_for_function(SENT)

    assert sorted(event.marks.values_list("kind", "invitation")) == [("counted", None), ("undone", None)]


def test_marks_of_a_phone_that_had_no_line_when_names_went_are_sent_when_it_is_back(
    open_browser, keeper, event, without_a_line
):
    page = opened(open_browser, keeper, event)
    without_a_line(page)
    row(page, "Чашмаӣ").locator("button").click()
    page.evaluate(A_DAY_LATER)
    expect(page.locator(".door__row")).to_have_count(0)
    nothing_yet = DoorMark.objects.count()
    page.context.set_offline(False)
    page.wait_for_function(SENT)

    assert (nothing_yet, came(event)) == (0, ["Чашмаӣ Манижа"])


def test_two_phones_see_what_the_other_marked(open_browser, keeper, event):
    first, second = opened(open_browser, keeper, event), opened(open_browser, person(HEAD), event)
    row(first, "Чашмаӣ").locator("button").click()

    expect(row(second, "Чашмаӣ")).to_have_class(re.compile("door__row--came"))
    expect(second.locator("[data-came]")).to_have_text("1")


def test_a_code_marks_its_guest(open_browser, keeper, event):
    page = opened(open_browser, keeper, event)
    guest = event.invitations.get(name="Тополева Галина")
    page.locator("[data-opens=scan]").click()
    page.locator("#scan-code").fill(f"{guest.door_code[:3]} {guest.door_code[3:]}")
    page.locator("[value=find]").click()

    expect(page.locator("[data-scanned]")).to_contain_text("Тополева Галина")
    expect(row(page, "Тополева")).to_have_class(re.compile("door__row--came"))


def test_signing_out_leaves_no_name_on_the_phone(open_browser, event):
    page = opened(open_browser, person(HEAD), event)
    ready(page)
    page.goto("/events/")
    page.locator("form[action$='/sign-out/']").first.evaluate("(form) => form.requestSubmit()")
    expect(page.locator("[name=login]")).to_be_visible()
    page.complaints.clear()
    page.goto(f"/events/{event.pk}/door/")

    expect(page.locator("[name=login]")).to_be_visible()
    assert page.evaluate("async () => [localStorage.length, (await caches.keys()).length]") == [0, 0]


def mark_without_a_line(page, event, without_a_line):
    """One of the list and one who walked in; then the keeper goes elsewhere, and the line is back."""
    without_a_line(page)
    row(page, "Чашмаӣ").locator("button").click()
    page.locator("[data-opens=walk-in]").click()
    page.locator("#walk-name").fill("Нигина Раҳимова")
    page.locator("#walk-contact").fill("+992930001122")
    page.locator("[value=keep]").click()
    expect(row(page, "Нигина")).to_have_class(re.compile("door__row--came"))
    page.goto("about:blank")
    page.context.set_offline(False)


def sign_out(page):
    page.goto("/settings/")
    page.locator("main form[action='/sign-out/']").evaluate("(form) => form.requestSubmit()")


def kept(page):
    return page.evaluate("Object.values(localStorage).join()")


def test_signing_out_sends_first_what_waits(open_browser, keeper, event, without_a_line):
    page = opened(open_browser, keeper, event)
    mark_without_a_line(page, event, without_a_line)
    sign_out(page)
    expect(page.locator("[name=login]")).to_be_visible()

    assert (came(event), page.evaluate("localStorage.length")) == (["Нигина Раҳимова", "Чашмаӣ Манижа"], 0)


def test_marks_that_cannot_be_sent_outlive_signing_out_without_names(open_browser, keeper, event, without_a_line):
    page = opened(open_browser, keeper, event)
    mark_without_a_line(page, event, without_a_line)
    page.route("**/door/marks/", lambda route: route.abort())
    sign_out(page)
    expect(page.locator("[data-door-waits]")).to_contain_text("2")
    page.locator("form:has([value=marks]) button").click()
    expect(page.locator("[name=login]")).to_be_visible()
    left, caches = kept(page), page.evaluate("caches.keys()")

    page.unroute("**/door/marks/")
    page.context.add_cookies([_session_cookie(keeper, page.url.split("/sign-in")[0])])
    page.goto(f"/events/{event.pk}/door/")
    page.wait_for_function(SENT)
    page.complaints[:] = [one for one in page.complaints if "ERR_FAILED" not in one]

    assert [word for word in (*NAMES, "Нигина", "99293") if word in left] == []
    assert (left.count('"kind"'), caches) == (2, [])
    assert came(event) == ["Нигина Раҳимова", "Чашмаӣ Манижа"]


def test_marks_that_nobody_needs_are_deleted_when_asked_to(open_browser, keeper, event, without_a_line):
    page = opened(open_browser, keeper, event)
    mark_without_a_line(page, event, without_a_line)
    page.route("**/door/marks/", lambda route: route.abort())
    sign_out(page)
    page.locator("details summary").click()
    page.locator("form:has([value=nothing]) button").click()
    expect(page.locator("[name=login]")).to_be_visible()
    page.complaints[:] = [one for one in page.complaints if "ERR_FAILED" not in one]

    assert (page.evaluate("localStorage.length"), DoorMark.objects.count()) == (0, 0)


def test_marks_of_another_account_outlive_whoever_signs_out(open_browser, site, keeper, event, without_a_line):
    page = opened(open_browser, keeper, event)
    mark_without_a_line(page, event, without_a_line)
    page.context.clear_cookies()
    page.context.add_cookies([_session_cookie(person(HEAD), site)])
    sign_out(page)
    expect(page.locator("[name=login]")).to_be_visible()

    assert (kept(page).count('"kind"'), DoorMark.objects.count()) == (2, 0)


def test_who_walked_in_is_named_nowhere_once_the_session_has_ended(open_browser, keeper, event, without_a_line):
    page = opened(open_browser, keeper, event)
    without_a_line(page)
    page.locator("[data-opens=walk-in]").click()
    page.locator("#walk-name").fill("Нигина Раҳимова")
    page.locator("[value=keep]").click()
    expect(row(page, "Нигина")).to_have_class(re.compile("door__row--came"))
    page.context.clear_cookies()
    page.context.set_offline(False)
    expect(page.locator("[data-note=stop]")).to_be_visible()

    assert ("Нигина" in kept(page), '"walk_in"' in kept(page)) == (False, True)


def test_when_the_session_has_ended_names_go_and_marks_stay(open_browser, keeper, event, without_a_line):
    page = opened(open_browser, keeper, event)
    without_a_line(page)
    row(page, "Чашмаӣ").locator("button").click()
    page.context.clear_cookies()
    page.context.set_offline(False)
    expect(page.locator("[data-note=stop]")).to_be_visible()

    kept = page.evaluate("Object.values(localStorage).join()")
    assert ([name for name in NAMES if name in kept], kept.count('"arrived"')) == ([], 1)
    assert page.locator(".door__row").count() == 0


def test_when_the_event_is_over_names_go(open_browser, keeper, event):
    page = opened(open_browser, keeper, event)
    ready(page)
    Event.objects.filter(pk=event.pk).update(
        starts_at=event.starts_at.replace(year=2026, month=1), ends_at=event.ends_at.replace(year=2026, month=1)
    )
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-note=stop]")).to_be_visible()
    left = [name for name in NAMES if name in page.evaluate("Object.values(localStorage).join()")]
    page.complaints[:] = [one for one in page.complaints if "410 (Gone)" not in one]

    assert left == []


def test_the_door_breaks_no_rule_of_accessibility(open_browser, keeper, event, broken):
    page = opened(open_browser, keeper, event)
    wrong = broken(page)
    page.locator("[data-opens=walk-in]").click()

    assert wrong + broken(page) == []


def test_without_a_script_the_page_shows_where_to_mark(open_browser, keeper, event):
    page = open_browser(keeper, phone=True, script=False)
    page.goto(f"/events/{event.pk}/door/")
    page.locator("noscript a, .door__main a").first.click()
    page.locator("form button", has_text="Чашмаӣ").click()

    assert came(event) == ["Чашмаӣ Манижа"]
