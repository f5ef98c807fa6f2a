"""The hour, the holiday, oddities of an audience, and what a worker looks at when asked."""

from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.utils import timezone

from mailings import actions
from mailings.models import Holiday, Mailing, Probe
from mailings.pipeline import probes
from mailings.pipeline.checks import check, clashes
from mailings.pipeline.freeze import audience_of
from mailings.pipeline.pacing import HOME
from mailings.states import Pace
from tests.factories.mailings import make_draft, make_reader

pytestmark = pytest.mark.django_db


def texts(mailing, level):
    return [found.text for found in check(mailing, audience_of(mailing)) if found.level == level]


@pytest.mark.parametrize(
    ("hour", "pace", "found"),
    [(6, Pace.AT_ONCE, 1), (7, Pace.AT_ONCE, 0), (20, Pace.AT_ONCE, 0), (21, Pace.AT_ONCE, 1), (3, Pace.MORNING, 0)],
)
def test_the_night_of_dushanbe(hour, pace, found):
    at = datetime(2026, 12, 10, hour, 30, tzinfo=HOME).astimezone(UTC)

    assert len(clashes(at, pace=pace)) == found


def test_a_holiday_of_any_length_is_noticed():
    Holiday.objects.all().delete()
    Holiday.objects.create(name="Навруз", month=3, day=21, length=4)
    days = [datetime(2028, 3, day, 12, tzinfo=HOME) for day in (20, 21, 24, 25)]

    assert [len(clashes(at)) for at in days] == [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("fields", "year", "days"),
    [
        ({"month": 9, "day": 9}, 2026, [date(2026, 9, 9)]),
        # A Saturday and a Sunday: the Monday after is off as well.
        ({"month": 5, "day": 9}, 2026, [date(2026, 5, 9), date(2026, 5, 11)]),
        ({"month": 3, "day": 8}, 2026, [date(2026, 3, 8), date(2026, 3, 9)]),
        # Two days of the weekend inside: two days after it.
        (
            {"month": 3, "day": 21, "length": 4}, 2026,
            [date(2026, 3, day) for day in (21, 22, 23, 24, 25, 26)],
        ),
        ({"month": 3, "day": 10, "year": 2027}, 2026, []),
        ({"month": 2, "day": 29}, 2026, []),
    ],
)  # fmt: skip
def test_days_off_and_those_made_up_for(fields, year, days):
    assert Holiday(name="x", **fields).days_off(year) == days


def test_the_planned_time_is_judged_and_no_other():
    make_reader()
    mailing = make_draft()
    before = len(texts(mailing, "warning"))
    night = (timezone.now() + timedelta(days=300)).astimezone(HOME).replace(hour=23)
    Mailing.objects.filter(pk=mailing.pk).update(send_at=night)

    assert len(texts(Mailing.objects.get(pk=mailing.pk), "warning")) >= before + 1


def test_an_audience_that_is_mostly_left_out_is_odd():
    for number in range(12):
        make_reader("one@navid.test" if number < 3 else "", name=f"Кто-то {number}")
    mailing = make_draft()

    assert any("12" in text for text in texts(mailing, "warning"))


def test_addresses_of_offices_are_noted():
    make_reader("info@navid.test")
    mailing = make_draft()

    assert len(texts(mailing, "note")) == 1


def test_somebody_added_by_hand_who_is_gone_stops_the_mailing():
    make_reader("one@navid.test")
    gone = make_reader("two@navid.test")
    mailing = make_draft(pick=[str(gone.pk)], kind=["journalist"])
    gone.delete()

    assert len(texts(Mailing.objects.get(pk=mailing.pk), "error")) >= 1


class Site(BaseHTTPRequestHandler):
    def do_HEAD(self):
        codes = {"/gone": 404, "/no-head": 405, "/moved": 301}
        self.send_response(codes.get(self.path, 200))
        self.end_headers()

    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def site():
    server = HTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def with_links(*links):
    mailing = make_draft()
    body = "".join(f"<p><a href='{link}'>Текст</a></p>" for link in links)
    words = {"subject": "Тема", "preheader": "", "body": body}
    actions.save_version(mailing, "ru", words=words, revision=1, by=mailing.author)
    return Mailing.objects.get(pk=mailing.pk)


def test_links_are_opened_and_those_that_do_not_open_are_named(site):
    mailing = with_links(f"{site}/", f"{site}/gone", f"{site}/no-head", f"{site}/moved")

    assert probes.look_at_links(mailing, is_allowed=lambda host: True) == {
        "count": 4, "broken": [[f"{site}/gone", "404"]],
    }  # fmt: skip


def test_nobody_looks_into_our_own_network_through_a_link(site):
    mailing = with_links(f"{site}/")

    assert probes.look_at_links(mailing) == {"count": 1, "broken": [[f"{site}/", "no public address"]]}


def test_without_a_network_nothing_is_said_of_links():
    assert probes.look_at_links(with_links("https://example.org/a")) == {"unseen": True}


GOOD = {
    "coalition.test": ["v=spf1 include:mail.test -all"],
    "_dmarc.coalition.test": ["v=DMARC1; p=quarantine"],
    "mail.test": ["v=spf1 ip4:192.0.2.1 -all"],
    "one._domainkey.coalition.test": ["v=DKIM1; k=ed25519; p=" + "A" * 43 + "="],
}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, {"SPF": "ok", "DKIM": "ok", "DMARC": "ok"}),
        ({"coalition.test": ["v=spf1 +all"]}, {"SPF": "weak", "DKIM": "ok", "DMARC": "ok"}),
        ({"coalition.test": ["v=spf1 -all", "v=spf1 ~all"]}, {"SPF": "weak", "DKIM": "ok", "DMARC": "ok"}),
        ({"coalition.test": ["google-site-verification=x"]}, {"SPF": "missing", "DKIM": "ok", "DMARC": "ok"}),
        ({"_dmarc.coalition.test": ["v=DMARC1; p=none"]}, {"SPF": "ok", "DKIM": "ok", "DMARC": "weak"}),
        ({"_dmarc.coalition.test": []}, {"SPF": "ok", "DKIM": "ok", "DMARC": "missing"}),
        ({"_dmarc.coalition.test": None}, {"SPF": "ok", "DKIM": "ok", "DMARC": "unseen"}),
        ({"one._domainkey.coalition.test": ["v=DKIM1; p="]}, {"SPF": "ok", "DKIM": "missing", "DMARC": "ok"}),
    ],
)
def test_what_name_servers_say_of_our_domain(changed, expected, settings):
    settings.DEFAULT_FROM_EMAIL, settings.MAIL_DKIM_SELECTOR = "press@coalition.test", "one"
    answer = probes.look_at_domain(Mailing(), ask=lambda name: (GOOD | changed)[name])

    assert answer == {"domain": "coalition.test", **expected}


def test_without_a_name_server_nothing_is_said_of_the_domain():
    assert probes.look_at_domain(Mailing(), ask=lambda name: None) == {"unseen": True}


def test_without_spamassassin_there_is_no_score(monkeypatch):
    monkeypatch.setattr(probes.shutil, "which", lambda name: None)

    assert probes.look_at_spam(make_draft()) == {"unseen": True}


def test_the_score_is_read_from_the_header():
    letter = "Received: x\nX-Spam-Status: No, score=-0.3 required=5.0 tests=NONE\n\nText score=9"

    assert probes.score_in(letter) == -0.3


def test_a_score_is_asked_of_the_program_with_the_letter_that_would_leave(tmp_path, monkeypatch):
    program = tmp_path / "spamassassin"
    program.write_text("#!/bin/sh\necho 'X-Spam-Status: No, score=1.5 required=5.0'\ncat\n")
    program.chmod(0o700)
    monkeypatch.setattr(probes.shutil, "which", lambda name: str(program))

    assert probes.look_at_spam(make_draft("ru tg")) == {"scores": {"ru": 1.5, "tg": 1.5}}


@pytest.mark.parametrize(
    ("kind", "answer", "level"),
    [
        ("links", {"unseen": True}, "note"),
        ("links", {"count": 2, "broken": []}, "ok"),
        ("links", {"count": 2, "broken": [["https://a.test/", "404"]]}, "warning"),
        ("domain", {"unseen": True}, "note"),
        ("domain", {"domain": "a.test", "SPF": "ok", "DKIM": "ok", "DMARC": "ok"}, "ok"),
        ("domain", {"domain": "a.test", "SPF": "ok", "DKIM": "no_selector", "DMARC": "ok"}, "note"),
        ("domain", {"domain": "a.test", "SPF": "missing", "DKIM": "ok", "DMARC": "ok"}, "warning"),
        ("spam", {"unseen": True}, "note"),
        ("spam", {"scores": {"ru": 0.1}}, "ok"),
        ("spam", {"scores": {"ru": 2.5}}, "warning"),
        ("spam", {"scores": {"ru": 7.0}}, "error"),
    ],
)
def test_an_answer_stands_among_the_checks(kind, answer, level):
    make_reader()
    mailing = make_draft()
    before = len(texts(mailing, level))
    actions.ask(mailing, kind, by=mailing.author)
    Probe.objects.update(answer=answer, done_at=timezone.now())

    # Where there is an error nothing is said of unsubscribing, which is else in order.
    assert len(texts(mailing, level)) == before + 1


def test_an_answer_about_another_text_is_not_told():
    make_reader()
    mailing = make_draft()
    before = len(texts(mailing, "ok"))
    actions.ask(mailing, "links", by=mailing.author)
    Probe.objects.update(answer={"count": 1, "broken": []}, done_at=timezone.now(), fingerprint="of another text")

    assert len(texts(mailing, "ok")) == before


def test_a_worker_answers_what_was_asked():
    mailing = with_links()
    actions.ask(mailing, "links", by=mailing.author)

    assert (probes.look(), probes.look()) == (1, 0)
    assert Probe.objects.get().answer == {"count": 0, "broken": []}


def test_a_question_that_fails_was_not_looked_at(monkeypatch):
    def fail(_mailing):
        raise RuntimeError

    monkeypatch.setitem(probes._LOOKS, "links", fail)
    mailing = make_draft()
    actions.ask(mailing, "links", by=mailing.author)
    probes.look()

    assert Probe.objects.get().answer == {"unseen": True}
