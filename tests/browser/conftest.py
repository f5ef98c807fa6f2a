"""A real Chromium for the tests marked `browser`. It fails a test for whatever the page itself complains about."""

import os
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from .chromium import find, flags

# A machine that does much else is slow, not wrong.
SLOWEST = 30_000
expect.set_options(timeout=SLOWEST)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
# A picture that moves, and leave to look at it.
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def chromium():
    # Playwright's event loop runs in this thread, and Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        path = find(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=path, args=[*flags(), *CAMERA])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(live_server, settings):
    """The address of the product, running for this test on the test's database."""
    settings.SITE_URL = live_server.url
    return live_server.url


@pytest.fixture
def open_browser(chromium, site):
    """`open_browser(user, phone=True)` is a fresh page, signed in. At its end nothing may have gone wrong in it."""
    contexts, complaints = [], []

    def opened(user=None, *, phone=False, script=True, base=None):
        size = PHONE if phone else DESKTOP
        context = chromium.new_context(
            base_url=base or site, viewport=size, has_touch=phone, locale="ru-RU", java_script_enabled=script
        )
        context.set_default_timeout(SLOWEST)
        contexts.append(context)
        if user is not None:
            context.add_cookies([_session_cookie(user, site)])
        page = context.new_page()
        _listen(context, urlsplit(base or site).netloc, complaints)
        page.complaints = complaints
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_browser):
    """A page at desktop size with nobody signed in."""
    return open_browser()


@pytest.fixture
def broken():
    """`broken(page)` names what axe finds wrong on the page, and where."""
    axe = Axe()

    def found(page) -> list[tuple]:
        violations = axe.run(page, options=RULES).response["violations"]
        return [(rule["id"], node["target"], node["html"][:160]) for rule in violations for node in rule["nodes"]]

    return found


def _session_cookie(user, site: str) -> dict:
    client = Client()
    client.force_login(user)
    cookie = next(iter(client.cookies.values()))
    return {"name": cookie.key, "value": cookie.value, "url": site}


def _listen(context, host: str, complaints: list[str]) -> None:
    """Collect errors of the console (a breach of the content policy is one), exceptions, and requests elsewhere."""

    def on_request(request):
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != host:
            complaints.append(f"request to another host: {request.url}")

    def on_console(message):
        # Chromium says so of any page that a busy machine draws later than seconds after its fonts came.
        if "was preloaded using link preload but not used" in message.text:
            return
        if message.type in {"error", "warning"}:
            complaints.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    context.on("request", on_request)
    context.on("console", on_console)
    context.on("weberror", lambda error: complaints.append(f"exception: {error.error}"))
