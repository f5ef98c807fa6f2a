"""Links and the picture of measured letters, as anybody on the way may ask for them."""

import pytest
from django.conf import settings
from django.test import Client

from core.signing import make_token as make_other
from mailings.measuring.agents import Agent
from mailings.measuring.judge import Sort
from mailings.measuring.links import Mark, make_token
from mailings.pipeline import spool

URL = "https://coalition.example/ҳуҷҷат?a=1&b=2"
MARK = Mark(7, 9)
ADDRESS, BROWSER = "203.0.113.77", "Mozilla/5.0 (Windows NT 10.0; rv:78.0) Firefox/78.0 Mark-of-a-browser"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VISITS = tmp_path / "visits"


def get(path, **names):
    return Client().get(path, REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=BROWSER, **names)


def noted() -> list[spool.Line]:
    return [line for path in spool.taken() for line in spool.lines(path)]


def test_link_leads_to_where_it_says_and_is_noted_without_the_database():
    answer = get(f"/l/{make_token(MARK, URL)}/")

    [line] = noted()
    assert (answer.status_code, answer["Location"], line.mark, line.sort, line.url, line.agent) == (
        302,
        "https://coalition.example/%D2%B3%D1%83%D2%B7%D2%B7%D0%B0%D1%82?a=1&b=2",
        MARK,
        Sort.CLICK,
        URL,
        Agent.BROWSER,
    )


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("https://пример.рф/суд", "https://xn--e1afmkfd.xn--p1ai/%D1%81%D1%83%D0%B4"),
        ("https://Пример.рф:8443/?a=1", "https://xn--e1afmkfd.xn--p1ai:8443/?a=1"),
        ("https://example.org/?a=1", "https://example.org/?a=1"),
        # Nobody can write it for the DNS: it is led to as it stands.
        (f"https://{'я' * 70}.рф/", f"https://{'%D1%8F' * 70}.%D1%80%D1%84/"),
    ],
)
def test_host_of_other_letters_is_said_as_the_dns_writes_it(url, location):
    assert get(f"/l/{make_token(MARK, url)}/")["Location"] == location


def test_picture_is_a_picture_and_is_noted():
    answer = get(f"/o/{make_token(MARK)}.gif")

    assert (answer["Content-Type"], answer.content[:6], [line.sort for line in noted()]) == (
        "image/gif",
        b"GIF89a",
        [Sort.OPEN],
    )


def test_neither_network_address_nor_name_of_the_program_is_kept(settings):
    get(f"/l/{make_token(MARK, URL)}/")
    get(f"/o/{make_token(MARK)}.gif")

    kept = "".join(path.read_text() for path in spool.taken())
    assert (ADDRESS in kept, "Mark-of-a-browser" in kept, kept.count("\n")) == (False, False, 2)


@pytest.mark.parametrize("path", [f"/l/{make_token(MARK, URL)}/", f"/o/{make_token(MARK)}.gif"])
def test_no_cookie_is_set(path):
    assert get(path).cookies == {}


@pytest.mark.parametrize("path", [f"/l/{make_token(MARK, URL)}/", f"/o/{make_token(MARK)}.gif"])
def test_visit_is_answered_before_anybody_asks_for_session_or_language_and_with_the_headers_of_every_page(path):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "of-somebody-who-is-signed-in"

    answer = client.get(path)

    assert sorted(answer.headers) == [
        "Cache-Control",
        "Content-Length",
        "Content-Security-Policy",
        "Content-Type",
        "Cross-Origin-Opener-Policy",
        "Cross-Origin-Resource-Policy",
        *(["Location"] if answer.status_code == 302 else []),
        "Permissions-Policy",
        "Referrer-Policy",
        "X-Content-Type-Options",
        "X-Frame-Options",
    ]


def test_link_leads_on_when_nothing_can_be_noted(settings, tmp_path):
    (tmp_path / "file").touch()
    settings.VISITS = tmp_path / "file"

    assert get(f"/l/{make_token(MARK, URL)}/").status_code == 302


def test_look_at_the_headers_alone_is_no_visit():
    answer = Client().head(f"/l/{make_token(MARK, URL)}/")

    assert (answer.status_code, noted()) == (302, [])


def test_link_loaded_ahead_by_a_browser_is_no_persons():
    get(f"/l/{make_token(MARK, URL)}/", HTTP_SEC_PURPOSE="prefetch;prerender")

    assert [line.agent for line in noted()] == [Agent.PREVIEW]


def test_trap_leads_nowhere():
    answer = get(f"/l/{make_token(MARK, is_trap=True)}/")

    assert (answer.status_code, [line.is_trap for line in noted()]) == (204, [True])


@pytest.mark.parametrize(
    "token", ["x", make_token(MARK, URL)[:-4], make_other("unsubscribe", 9), make_token(MARK, "https://a.tj") + "AAAA"]
)
def test_link_of_somebody_else_leads_nowhere(token):
    assert (get(f"/l/{token}/").status_code, get(f"/o/{token}.gif").status_code, noted()) == (404, 404, [])


@pytest.mark.parametrize(
    "path", [f"/l/{make_token(MARK)}/", f"/o/{make_token(MARK, URL)}.gif", f"/o/{make_token(MARK, is_trap=True)}.gif"]
)
def test_picture_is_no_link_and_a_link_no_picture(path):
    assert (get(path).status_code, noted()) == (404, [])


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_nothing_but_an_address_is_led_to(url):
    answer = get(f"/l/{make_token(MARK, url)}/")

    assert (answer.status_code, "Location" in answer.headers) == (400, False)


def test_posting_is_refused():
    assert Client().post(f"/l/{make_token(MARK, URL)}/").status_code == 405
