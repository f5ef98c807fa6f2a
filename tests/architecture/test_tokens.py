"""Every token by which a stranger opens a page: it cannot be guessed, altered, used elsewhere, or asked about."""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.links import link_for
from accounts.models import User
from core import signing
from core.signing import make_token
from events.actions.feeds import FEED, address_of, renew_feed
from events.actions.joining import JOIN
from events.actions.joining import link_of as link_of_event
from events.actions.requests_answers import THREAD
from events.models import RSVP
from events.pipeline.desk_words import SPEAKER
from mailings.measuring.links import Mark
from mailings.measuring.links import make_token as make_link
from mailings.models import OWN_DATA, OwnDataRequest
from mailings.pipeline.frame import WEB_COPY
from mailings.pipeline.render import UNSUBSCRIBE
from tests.factories.asking import make_forum
from tests.factories.events import make_event, make_guest
from tests.factories.mailings import make_reader, make_started, person
from tests.factories.requests import make_expert, make_question, make_request

from .addresses import VIEWS


def unsubscribe() -> str:
    make_reader()
    return make_token(UNSUBSCRIBE, make_started().deliveries.get().pk)


def web_copy() -> str:
    make_reader()
    return make_token(WEB_COPY, make_started().pk)


def own_data() -> str:
    make_reader()
    asked = OwnDataRequest.objects.create(delivery=make_started().deliveries.get(), kind="copy", language="ru")
    return make_token(OWN_DATA, asked.pk)


def guest() -> User:
    return User.objects.create_user("guest@payom.test", name="Гость", link_sent_at=timezone.now())


def link_of(guest) -> str:
    return guest.link.rstrip("/").rpartition("/")[2]


def link_token(user: User) -> str:
    return link_for(user).rstrip("/").rpartition("/")[2]


@dataclass(frozen=True)
class Examined:
    """An address with a token: one that opens it, one of something that is not there, the same for other purposes."""

    opens: Callable[[], str]
    unknown: Callable[[], str]
    elsewhere: Callable[[str], list[str]]
    queries: int = 1
    takes_posts: bool = True
    shows: int = 200

    def refusal(self, method: str) -> tuple[int, int]:
        """The status and the queries of a token that opens nothing."""
        return (404, self.queries) if self.takes_posts or method != "post" else (405, 0)


EXAMINED = {
    "/join/x/": Examined(
        opens=lambda: link_token(guest()),
        unknown=lambda: link_token(
            User(pk=2**40, email="nobody@payom.test", password="x", link_sent_at=timezone.now())
        ),
        elsewhere=lambda token: [
            f"{token.partition('-')[0]}-{default_token_generator.make_token(User.objects.get())}",
            make_token("join", User.objects.get().pk),
            make_token(UNSUBSCRIBE, User.objects.get().pk),
        ],
        queries=2,  # whether everything is locked down, and the person
    ),
    "/d/x/": Examined(
        opens=own_data,
        unknown=lambda: make_token(OWN_DATA, 2**40),
        elsewhere=lambda token: [
            make_token(purpose, signing.read_token(OWN_DATA, token))
            for purpose in ("message", "delivery", UNSUBSCRIBE, "own data letter", "")
        ],
    ),
    "/r/x/": Examined(
        opens=lambda: link_of(make_guest(make_event())),
        unknown=lambda: make_token(RSVP, 2**40),
        elsewhere=lambda token: [
            make_token(purpose, signing.read_token(RSVP, token))
            for purpose in ("unsubscribe", "message", "event feed", "RSVP", "rsvp:", "")
        ],
    ),
    "/speak/x/": Examined(
        opens=lambda: make_token(SPEAKER, make_question(make_request(), make_expert()).pk),
        unknown=lambda: make_token(SPEAKER, 2**40),
        elsewhere=lambda token: [
            make_token(purpose, signing.read_token(SPEAKER, token))
            for purpose in ("unsubscribe", "rsvp", THREAD, SPEAKER.upper(), "")
        ],
    ),
    "/take-part/x/": Examined(
        opens=lambda: link_of_event(make_forum(applies=True)).rstrip("/").rpartition("/")[2],
        unknown=lambda: make_token(JOIN, 2**40),
        elsewhere=lambda token: [
            make_token(purpose, signing.read_token(JOIN, token))
            for purpose in ("unsubscribe", "rsvp", "event", "Event application", "")
        ],
    ),
    "/calendar/x/": Examined(
        opens=lambda: address_of(renew_feed(by=person("author@payom.test"))).rstrip("/").rpartition("/")[2],
        unknown=lambda: make_token(FEED, 2**60),
        elsewhere=lambda token: [
            make_token(purpose, signing.read_token(FEED, token))
            for purpose in ("unsubscribe", "rsvp", "event", "Event feed", "")
        ],
        takes_posts=False,
    ),
    "/u/x/": Examined(
        opens=unsubscribe,
        unknown=lambda: make_token(UNSUBSCRIBE, 2**40),
        elsewhere=lambda token: [
            make_token(purpose, signing.read_token(UNSUBSCRIBE, token))
            for purpose in ("message", "delivery", "rsvp", "join", "", "Unsubscribe", "unsubscribe:")
        ],
    ),
    "/w/x/": Examined(
        opens=web_copy,
        unknown=lambda: make_token(WEB_COPY, 2**40),
        elsewhere=lambda token: [
            make_token(purpose, signing.read_token(WEB_COPY, token))
            for purpose in (UNSUBSCRIBE, "join", "", "Web copy", "web copy:")
        ],
        takes_posts=False,
    ),
    "/l/x/": Examined(
        opens=lambda: make_link(Mark(7, 9), "https://example.org/"),
        # Everything is signed inside: what nobody signed is all that can be unknown.
        unknown=lambda: "A" * 22 + make_link(Mark(7, 9), "https://example.org/")[22:],
        elsewhere=lambda token: [make_token(purpose, 9) for purpose in (UNSUBSCRIBE, WEB_COPY, "join", "")],
        queries=0,
        takes_posts=False,
        shows=302,
    ),
}
# The name of a mail service is no token.
NO_TOKEN = {"/hooks/x/"}

pytestmark = pytest.mark.django_db
every = pytest.mark.parametrize("path", sorted(EXAMINED))


def status(path: str, token: str, **data) -> int:
    client = Client()
    address = path.replace("/x/", f"/{token}/")
    return client.post(address, data).status_code if data else client.get(address).status_code


def test_every_address_with_a_token_is_examined_here():
    """A new one belongs into the table above."""
    with_token = {
        path for path, view in VIEWS.items() if path.endswith("/x/") and not getattr(view, "login_required", True)
    }

    assert with_token - NO_TOKEN == set(EXAMINED)


@every
def test_token_opens_its_page(path):
    assert status(path, EXAMINED[path].opens()) == EXAMINED[path].shows


@every
def test_token_with_any_character_changed_opens_nothing(path):
    token = EXAMINED[path].opens()
    changed = [
        token[:place] + other + token[place + 1 :]
        for place, char in enumerate(token)
        for other in "Aa0-"
        if other != char
    ]

    assert {status(path, other) for other in changed} == {404}


@every
@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t + "A", lambda t: t * 2, str.swapcase, str.upper])
def test_token_of_another_length_or_case_opens_nothing(path, change):
    assert status(path, change(EXAMINED[path].opens())) == 404


@every
def test_token_of_another_purpose_opens_nothing(path):
    others = EXAMINED[path].elsewhere(EXAMINED[path].opens())

    assert [status(path, other) for other in others] == [404] * len(others)


@every
@pytest.mark.parametrize("method", ["get", "post", "head"])
def test_wrong_and_unknown_are_answered_alike(path, method):
    """By the page, its headers and what the database is asked, nobody learns whether somebody is in the list."""
    answers = []
    token = EXAMINED[path].opens()
    wrong = ("B" if token[0] == "A" else "A") + token[1:]
    for one in (wrong, EXAMINED[path].unknown()):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = getattr(Client(), method)(path.replace("/x/", f"/{one}/"))
        sql = [re.sub(r"'[^']*'|\b\d+\b", "?", query["sql"]) for query in asked]
        # Two answers may be given in two seconds.
        headers = {name: value for name, value in answer.headers.items() if name != "Expires"}
        answers.append((answer.status_code, answer.content, headers, sql))

    assert answers[0] == answers[1]
    assert (answers[0][0], len(answers[0][3])) == EXAMINED[path].refusal(method)


def test_tokens_are_compared_in_constant_time(monkeypatch):
    compared = []

    def compare(one, other):
        compared.append((len(one), len(other)))
        return hmac_compare(one, other)

    hmac_compare = hmac.compare_digest
    monkeypatch.setattr(signing.hmac, "compare_digest", compare)
    token = make_token(UNSUBSCRIBE, 7)
    for one in (token, "A" * 24, ("B" if token[0] == "A" else "A") + token[1:]):
        status("/u/x/", one)

    assert compared == [(16, 16)] * 3


def test_tokens_hold_128_bits_that_nobody_can_know(settings):
    tokens = [make_token(UNSUBSCRIBE, number) for number in range(2000)]
    settings.SECRET_KEY = "another"

    assert len({token[:21] for token in tokens}) == 2000
    assert {make_token(UNSUBSCRIBE, number)[:21] for number in range(2000)}.isdisjoint(token[:21] for token in tokens)
