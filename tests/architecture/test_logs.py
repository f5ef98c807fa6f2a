"""Whatever fails, wherever: the log says in which file, line and page, and the words of the fault stay unsaid."""

import functools
import http.client
import io
import logging
import os
import re
import subprocess
import threading
from contextlib import closing
from urllib.parse import quote

import pytest
from celery import current_app
from celery.signals import setup_logging
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, get_resolver

from config.supervisor import answers, free_port, web_command
from core.logs import Formatter
from core.signing import make_token
from mailings.pipeline.render import UNSUBSCRIBE

from .addresses import everybody

WHO, NAME, TOKEN = "canary@navid.test", "Канарейка Желтова", "AbCdEf0123456789_-AbCdEf"
CANARY = ("canary", "Канарейка", quote("Канарейка"), TOKEN)


class Broken(Exception):
    """What a view raises here: it quotes a person, as IntegrityError and SMTP errors do."""


def views(resolver=None, prefix=""):
    """Each address of the product as Django names it, with its pattern."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from views(pattern, route)


ROUTES = sorted({route for route, _pattern in views()})


def leaks(text: str) -> list[str]:
    return [word for word in CANARY if word in text]


@pytest.fixture
def log():
    """What the product's own handler writes meanwhile."""
    handler = next(one for one in logging.getLogger().handlers if isinstance(one.formatter, Formatter))
    stream = io.StringIO()
    before = handler.setStream(stream)
    yield stream
    handler.setStream(before)


@pytest.fixture
def broken_views(monkeypatch):
    """Every view of the product raises, and what it raises quotes a person."""
    for _route, pattern in views():
        monkeypatch.setattr(pattern, "callback", broken(pattern.callback))


def broken(view):
    @functools.wraps(view)
    def raises(request, *args, **kwargs):
        letter = f"{NAME} <{WHO}> /u/{TOKEN}/"
        raise Broken(letter)

    return raises


def address(pattern: str) -> str:
    """A pattern as it could be asked for: numbers are 1, words are a token."""
    return re.sub(r"<(\w+):\w+>", lambda kind: "1" if kind[1] == "int" else TOKEN, pattern)


@pytest.mark.django_db
def test_view_that_fails_says_where_and_nothing_about_anybody(broken_views, log, capfd, mailoutbox):
    user, wrong = everybody(), {}
    for route in ROUTES:
        log.seek(0)
        log.truncate()
        client = Client(raise_request_exception=False)
        client.force_login(user)

        answer = client.post(f"/{address(route)}?q={NAME}", {"name": NAME, "email": WHO})

        said = log.getvalue() + "".join(capfd.readouterr())
        where = bool(re.search(r"tests/architecture/test_logs\.py:\d+ broken", said))
        found = (answer.status_code, f"500 POST /{route}\n" in said, "Broken" in said, where)
        if (found, leaks(said), leaks(answer.content.decode())) != ((500, True, True, True), [], []):
            wrong[route] = said

    assert (wrong, mailoutbox) == ({}, [])


@pytest.mark.django_db
def test_host_that_is_not_ours_is_logged_without_its_words(log):
    Client().get(f"/u/{TOKEN}/", headers={"Host": f"{WHO}.example"})

    assert ("DisallowedHost" in log.getvalue(), leaks(log.getvalue())) == (True, [])


OUR_TASKS = sorted(entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values())


def raise_it(*_args, **_options):
    raise Broken(f"{NAME} <{WHO}> /u/{TOKEN}/")


@pytest.fixture
def broken_tasks(monkeypatch):
    current_app.autodiscover_tasks(force=True)
    for name in OUR_TASKS:
        monkeypatch.setattr(current_app.tasks[name], "run", raise_it)
        # Celery traces a task once and keeps the trace.
        monkeypatch.setattr(current_app.tasks[name], "__trace__", None, raising=False)


@pytest.mark.django_db
@pytest.mark.parametrize("name", OUR_TASKS)
def test_celery_says_of_a_failed_task_where_and_nothing_about_anybody(name, broken_tasks, log, capfd):
    current_app.tasks[name].apply(kwargs={"who": WHO, "name": NAME})

    said = log.getvalue() + "".join(capfd.readouterr())
    assert (f"Task {name}[" in said, "Broken" in said, "test_logs.py:" in said, leaks(said)) == (True, True, True, [])


@pytest.mark.django_db
def test_worker_says_of_a_failed_task_where_and_nothing_about_anybody(broken_tasks, log, capfd):
    call_command("worker", once=True)

    said = log.getvalue() + "".join(capfd.readouterr())
    assert [said.count(f"Task {name} failed: Broken\n") for name in OUR_TASKS] == [1] * len(OUR_TASKS)
    assert ("test_logs.py:" in said, leaks(said)) == (True, [])


def test_celery_is_kept_from_adding_handlers_of_its_own():
    assert [receiver for receiver in setup_logging.receivers if receiver] != []


def test_one_handler_writes_everything_and_it_is_ours():
    names = ["django", "django.server", "django.request", "django.security", "celery", "celery.task", "payom"]

    assert [name for name in names if any(not is_silent(one) for one in logging.getLogger(name).handlers)] == []
    assert [type(one.formatter) for one in logging.getLogger().handlers if type(one) is logging.StreamHandler] == [
        Formatter
    ]


def is_silent(handler) -> bool:
    return isinstance(handler, logging.NullHandler)


@pytest.fixture
def web(tmp_path):
    """The real web server on a database without tables: its port, and where it writes."""
    port, said = free_port(), tmp_path / "said"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PAYOM_VAR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/payom.sqlite3",
        "STATIC_ROOT": str(tmp_path / "static"),
        "DEBUG": "0",
        "DEMO": "0",
        "REDIS_URL": "",
    }
    with said.open("w") as file, subprocess.Popen(web_command(port), env=environment, stdout=file, stderr=file) as web:
        pause = threading.Event()
        while not answers(port):
            assert web.poll() is None, said.read_text()
            pause.wait(0.1)
        yield port, said
        web.terminate()
        assert web.wait(20) == 0


@pytest.mark.timeout(60)
def test_web_server_writes_of_a_fault_where_and_of_a_page_nothing(web):
    port, said = web
    token = make_token(UNSUBSCRIBE, 2**40)
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as line:
        for path in (f"/u/{token}/?q={quote(NAME)}", f"/u/{TOKEN}/", f"/healthz?who={WHO}"):
            line.request("GET", path, headers={"Referer": f"http://127.0.0.1/u/{TOKEN}/", "User-Agent": WHO})
            line.getresponse().read()

    words = said.read_text()
    # Without static files the page that says sorry fails, too: it is gunicorn that writes it down.
    assert [part in words for part in ("GET /u/[…]", "OperationalError", "views/preferences.py:")] == [True] * 3
    assert (leaks(words), token in words, "healthz" in words) == ([], False, False)
