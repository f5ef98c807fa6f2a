"""No page leads to another host, whatever it is told; and no link names one, whatever host is asked for."""

import re
from urllib.parse import unquote

import pytest
from django.test import Client

from mailings import actions
from mailings.models import Mailing
from mailings.pipeline.send import send_due
from tests.factories.mailings import make_approved, make_reader, person

from .addresses import ALL, everybody, undone

pytestmark = pytest.mark.django_db

EVIL = "evil.example"
ELSEWHERE = [
    f"https://{EVIL}/", f"http://{EVIL}", f"//{EVIL}/", f"///{EVIL}/", f"/\\{EVIL}/", f"\\\\{EVIL}/", f"/\t/{EVIL}/",
    f"https:{EVIL}", f"https:/{EVIL}", f"http:///{EVIL}/", f"\x08//{EVIL}/", f" //{EVIL}/", f"//{EVIL}\\@testserver/",
    f"https://testserver@{EVIL}/", f"https://testserver.{EVIL}/", f"javascript:alert('{EVIL}')",
    f"data:text/html,{EVIL}", f"/sign-in/?next=//{EVIL}/\r\nLocation: https://{EVIL}/",
]  # fmt: skip
NAMES = ["next", "url", "to", "redirect", "return", "return_to", "continue", "success_url", "referrer"]


def leads_elsewhere(answer) -> bool:
    """Whether the browser would leave this host: it does unless the address begins with one slash and a name."""
    targets = [answer.headers.get(name, "") for name in ("Location", "HX-Redirect", "HX-Location", "Refresh")]
    return any(target and not re.match(r"/(?![/\\])", target) for target in targets)


# A link of a letter: where it leads is signed inside.
LINK = "/l/x/"


@pytest.mark.parametrize("target", [ELSEWHERE[0], ELSEWHERE[2], ELSEWHERE[4]])
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_page_sends_the_browser_elsewhere(target, method, real):
    user, leading = everybody(), []
    for path in ALL:
        with undone():
            client = Client(headers={"Referer": target, "HX-Current-URL": target})
            client.force_login(user)
            if leads_elsewhere(getattr(client, method)(real(path), dict.fromkeys(NAMES, target))):
                leading.append(path)

    assert leading == [LINK] * (method == "get")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_link_of_a_letter_leads_to_what_is_signed_in_it_and_nowhere_else(target, real):
    answer = Client(headers={"Referer": target}).get(real(LINK), dict.fromkeys(NAMES, target))

    assert answer.headers["Location"] == "https://example.org/"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_to_no_other_host(target):
    user = person("author@payom.test")
    user.set_password("a-long-password")
    user.save()

    answer = Client().post("/sign-in/", {"login": user.email, "password": "a-long-password", "next": target})

    assert (answer.status_code, leads_elsewhere(answer)) == (302, False)


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize(("path", "method"), [("/sign-in/", "get"), ("/sign-out/", "post")])
def test_whoever_is_signed_in_is_led_to_no_other_host(path, method, target):
    client = Client()
    client.force_login(person("author@payom.test"))

    answer = getattr(client, method)(path, {"next": target})

    assert (answer.status_code, leads_elsewhere(answer)) == (302, False)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_sign_in_page_names_no_other_host(target):
    """A stranger who opens a page is sent to sign in and back, which is a page of ours."""
    page = Client().get("/sign-in/", {"next": target}).content.decode()

    assert re.findall(rf"""(?:href|src|action)=["'][^"']*{EVIL}""", unquote(page)) == []


@pytest.mark.parametrize("host", [EVIL, f"testserver.{EVIL}", f"testserver@{EVIL}", f"testserver, {EVIL}"])
def test_foreign_host_is_refused(host):
    client = Client()
    client.force_login(everybody())

    assert [path for path in ALL if client.get(path, headers={"Host": host}).status_code != 400] == []


def test_forwarded_host_is_not_listened_to(real):
    user, listening = everybody(), []
    for path in ALL:
        with undone():
            client = Client(headers={"X-Forwarded-Host": EVIL, "X-Host": EVIL, "Forwarded": f"host={EVIL}"})
            client.force_login(user)
            answer = client.get(real(path))
            if EVIL.encode() in answer.content or EVIL in str(answer.headers):
                listening.append(path)

    assert listening == []


def test_links_of_letters_are_ours_whatever_host_started_them(smtp, settings):
    settings.SITE_URL = "https://press.example.org"
    make_reader()
    mailing = make_approved()
    client = Client(headers={"X-Forwarded-Host": EVIL})
    client.force_login(everybody())

    refused = client.post(f"/mailings/{mailing.pk}/send/", headers={"Host": EVIL}).status_code
    client.post(f"/mailings/{mailing.pk}/send/")
    send_due()

    letter = smtp.envelopes[0].message
    words = " ".join([str(letter.items()), *(part.get_content() for part in letter.walk() if not part.is_multipart())])
    hosts = set(re.findall(r"https?://([^/\s>\"]+)/u/", words))
    assert (refused, EVIL in words, hosts) == (400, False, {"press.example.org"})


def test_actions_that_send_letters_take_no_host():
    """Links are made from SITE_URL by the worker: there is no request to ask."""
    assert [name for name in dir(actions) if "request" in name.casefold()] == []
    assert not hasattr(Mailing, "get_absolute_url")
