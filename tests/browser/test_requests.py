"""A reporter asks by telephone; somebody takes the request and answers it on its page."""

import pytest
from playwright.sync_api import expect

from events.models import PressRequest
from events.models.requests import RequestMessage
from tests.factories.accounts import make_user
from tests.factories.requests import make_expert, make_interview, make_official, make_request, make_taken

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_editor_takes_a_request_from_the_board_and_answers_it(open_browser):
    request = make_request("Доступ к адвокату")
    page = open_browser(make_user("editor"))
    page.goto("/events/requests/")
    page.get_by_role("button", name="Взять «Доступ к адвокату»").click()
    page.goto(f"/events/requests/{request.pk}/")
    page.locator("textarea[name=text]").first.fill("Здравствуйте! Отвечаем.")
    page.get_by_role("button", name="Ответить").first.click()
    expect(page.get_by_text("Здравствуйте! Отвечаем.").first).to_be_visible()

    request.refresh_from_db()
    assert (request.status, RequestMessage.objects.filter(direction="out").count()) == ("answered", 1)


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
def test_pages_of_the_desk_are_open_to_everybody(open_browser, broken, phone):
    request = make_taken()
    make_interview(request)
    make_expert("Мадина Саидова")
    make_official()
    page, found = open_browser(make_user("editor"), phone=phone), []
    for place in ("", "?view=list", f"{request.pk}/", "new/", "speakers/", "register/", "figures/"):
        page.goto(f"/events/requests/{place}")
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        found += broken(page)

    assert found == []
    assert PressRequest.objects.count() == 1
