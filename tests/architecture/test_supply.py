"""What comes from others: pinned, from no other host, and no code inside a message."""

import inspect
import pickle
import re
from pathlib import Path

import pytest
from celery import current_app
from celery.exceptions import NotRegistered
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import Client
from kombu.exceptions import ContentDisallowed
from kombu.serialization import loads, prepare_accept_content

from config.env import ROOT
from tests.factories.mailings import person

from .addresses import ALL

PINNED = re.compile(r"[A-Za-z0-9._-]+(\[[a-z0-9,_-]+\])?==[\w.+!]+( ;[^\\]+?)?( +--hash=sha256:[0-9a-f]{64})+")
ELSEWHERE = re.compile(
    r"""(?:\b(?:src|srcset|action|poster|data)\s*=\s*|url\(\s*|@import\s+)["']?\s*(?:https?:)?//[^\s"')]+"""
    r"""|<(?:link|base|use|image)\b[^>]*?href\s*=\s*["']?(?:https?:)?//[^\s"'>]+""",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_with_its_hashes(name):
    text = re.sub(r" *\\\n *", " ", (ROOT / name).read_text())
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]

    assert (len(lines) > 20, [line for line in lines if not PINNED.fullmatch(line)]) == (True, [])


def test_everything_is_installed_with_its_hashes():
    places = [ROOT / "Makefile", ROOT / "deploy" / "Dockerfile"]
    commands = [line for path in places for line in path.read_text().splitlines() if "pip install" in line]

    assert (len(commands) >= 3, [line for line in commands if "--require-hashes" not in line]) == (True, [])


@pytest.mark.parametrize(
    "text",
    [
        '<script src="//cdn.example/x.js">',
        "<img srcset='https://cdn.example/x.png 2x'>",
        '<link rel="stylesheet" href="https://cdn.example/x.css">',
        "@import 'https://cdn.example/x.css'",
        "background: url(//cdn.example/x.png)",
    ],
)
def test_what_would_be_fetched_from_elsewhere_is_recognised(text):
    assert len(ELSEWHERE.findall(text)) == 1


OURS = [path for kind in ("css", "js", "svg") for path in (ROOT / "static").rglob(f"*.{kind}")]
OURS += [path for kind in ("html", "mjml") for path in (ROOT / "templates").rglob(f"*.{kind}")]


def test_no_file_of_ours_takes_anything_from_another_host():
    found = {str(path.relative_to(ROOT)): ELSEWHERE.findall(path.read_text(encoding="utf-8")) for path in OURS}

    assert (len(found) > 50, {name: hosts for name, hosts in found.items() if hosts}) == (True, {})


def test_no_style_or_template_of_a_package_takes_anything_from_another_host():
    """Of those installed as apps: their styles may be linked, their templates may be drawn."""
    files = [path for engine in engines.all() for place in engine.template_dirs for path in Path(place).rglob("*.html")]
    names = {name for finder in finders.get_finders() for name, _storage in finder.list([]) if name.endswith(".css")}
    files += [Path(finders.find(name)) for name in names]
    found = {str(path): ELSEWHERE.findall(path.read_text(encoding="utf-8")) for path in files}

    assert (len(found) > 20, {name: hosts for name, hosts in found.items() if hosts}) == (True, {})


@pytest.mark.django_db
def test_no_page_takes_anything_from_another_host(real):
    user, found = person("head@payom.test"), {}
    for path in ALL:
        client = Client()
        client.force_login(user)
        # A picture is no page: its bytes are searched.
        found[path] = ELSEWHERE.findall(client.get(real(path)).content.decode("latin-1"))

    assert found == {path: [] for path in ALL}


# Messages between web and workers


@pytest.fixture
def celery():
    current_app.autodiscover_tasks(force=True)
    return current_app


@pytest.mark.parametrize("kind", ["application/x-python-serialize", "application/x-yaml", "application/x-msgpack"])
def test_message_that_could_hold_code_is_refused_unread(celery, kind):
    with pytest.raises(ContentDisallowed):
        loads(pickle.dumps([[], {}, {}]), kind, "binary", accept=prepare_accept_content(celery.conf.accept_content))


def test_celery_speaks_json_only(celery):
    conf = celery.conf

    assert (conf.accept_content, conf.task_serializer, conf.result_serializer) == (["json"], "json", "json")
    assert (conf.result_accept_content, conf.task_ignore_result) == (["json"], True)


def test_tasks_take_numbers_at_most(celery):
    """Whoever can write to the broker can start what is there, and nothing else: no address, no text, no callable."""
    ours = {name: task for name, task in celery.tasks.items() if not name.startswith("celery.")}
    takes = {
        f"{name}.{parameter.name}": parameter.annotation
        for name, task in ours.items()
        for parameter in inspect.signature(task.run).parameters.values()
        if parameter.annotation is not int
    }

    assert ({entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(ours), takes) == (True, {})


def test_task_that_is_none_of_ours_is_not_run(celery):
    with pytest.raises(NotRegistered):
        celery.tasks["os.system"]
