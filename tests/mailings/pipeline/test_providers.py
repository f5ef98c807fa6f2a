"""Mail services, spoken to by Anymail; the service is a small HTTP server on this machine."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from mailings.message import Attached, Inline, Message, Outcome, Route, Service
from mailings.pipeline import providers
from mailings.pipeline.providers import Provider


class Api:
    """Keeps what it is asked and answers as it is told."""

    def __init__(self):
        self.asked: list[tuple[str, dict, dict]] = []
        self.status, self.answer = 200, {"id": "re_1"}
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                is_json = body[:1] == b"{"
                api.asked.append((self.path, dict(self.headers), json.loads(body) if is_json else {}))
                if api.status is None:
                    self.connection.close()
                    return
                self.send_response(api.status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(api.answer).encode())

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def api(monkeypatch):
    """The service that every provider speaks to in a test."""
    there = Api()
    real = providers._backend

    def towards_here(route):
        backend = real(route)
        backend.api_url = there.url
        return backend

    monkeypatch.setattr(providers, "_backend", towards_here)
    yield there
    there.stop()


def message(**fields):
    given = {
        "message_id": "<row-7@payom.test>",
        "envelope_from": "press@payom.test",
        "sender": "Пресса <press@payom.test>",
        "to": "reader@navid.test",
        "subject": "Тема",
        "html": "<p>Текст</p>",
        "text": "Текст",
        "reply_to": "answers@payom.test",
        "headers": {"List-Unsubscribe": "<https://payom.test/u/x/>", "X-Payom-Delivery": "token"},
    }
    return Message(**given | fields)


def send(service=Service.RESEND, one=None, **fields):
    with Provider(Route("", 0, password="the-key", service=service, timeout=5, **fields)) as provider:
        return provider.send(one or message())


def test_letter_arrives_as_it_is_with_its_own_headers(api):
    receipt = send()

    _path, headers, body = api.asked[0]
    assert (receipt.outcome, receipt.reply, headers["Authorization"]) == (
        Outcome.ACCEPTED,
        "queued re_1",
        "Bearer the-key",
    )
    assert {name: body[name] for name in ("from", "to", "subject", "html", "text")} == {
        "from": "Пресса <press@payom.test>",
        "to": ["reader@navid.test"],
        "subject": "Тема",
        "html": "<p>Текст</p>",
        "text": "Текст",
    }
    assert body["headers"]["List-Unsubscribe"] == "<https://payom.test/u/x/>"


def test_service_that_knows_repeats_is_told_which_letter_it_is(api):
    send()
    send()

    assert [headers["Idempotency-Key"] for _path, headers, _body in api.asked] == ["row-7@payom.test"] * 2


@pytest.mark.parametrize(
    ("status", "answer", "outcome"),
    [
        (401, {"message": "API key is invalid"}, Outcome.OWN_FAULT),
        (429, {"message": "Too many requests"}, Outcome.OWN_FAULT),
        (403, {"message": "The domain is not verified"}, Outcome.OWN_FAULT),
        (422, {"message": "Invalid recipient address"}, Outcome.PERMANENT),
    ],
)
def test_refusal_is_told_apart_by_whom_it_is_about(api, status, answer, outcome):
    api.status, api.answer = status, answer

    receipt = send()

    assert (receipt.outcome, receipt.code, answer["message"] in receipt.reply) == (outcome, status, True)


@pytest.mark.parametrize("status", [500, 503, None])
@pytest.mark.parametrize(
    ("service", "outcome"), [(Service.RESEND, Outcome.TRANSIENT), (Service.BREVO, Outcome.UNCERTAIN)]
)
def test_break_after_the_letter_was_handed_over_is_uncertain_unless_repeats_are_known(api, service, outcome, status):
    api.status, api.answer = status, {}

    assert send(service).outcome is outcome


def test_service_that_cannot_be_reached_is_our_own_fault(api):
    api.stop()

    assert send().outcome is Outcome.OWN_FAULT


def test_account_that_says_too_little_is_our_own_fault(api):
    assert send(Service.UNISENDER_GO).outcome is Outcome.OWN_FAULT


def test_words_of_a_service_quote_no_address(api):
    api.status, api.answer = 403, {"message": "reader@navid.test is not allowed"}

    assert "reader@" not in send().reply


def test_files_and_pictures_go_with_it(api):
    picture, file = Inline("card", "image/png", b"\x89PNG"), Attached("Заявление.pdf", "application/pdf", b"%PDF")

    send(one=message(inline=(picture,), attachments=(file,)))

    files = api.asked[0][2]["attachments"]
    assert sorted(one["filename"] for one in files) == ["card", "Заявление.pdf"]


@pytest.mark.parametrize("service", [one for one in Service if one is not Service.SMTP])
def test_every_service_that_is_offered_can_be_spoken_to(api, service):
    """What each answers differs; that it was asked once does not."""
    with Provider(Route("api.test", 0, "name", "the-key", service=service, timeout=5)) as provider:
        provider.send(message())

    assert len(api.asked) == 1
