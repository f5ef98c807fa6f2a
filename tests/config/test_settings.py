"""What the one settings file makes of an environment, asked of fresh processes."""

import json
import os
import subprocess
import sys

import pytest

ASK = """
import json, django
django.setup()
from django.conf import settings
from django.urls import resolve, Resolver404
from django.core.checks import run_checks
def found(path):
    try: return bool(resolve(path))
    except Resolver404: return False
print(json.dumps({
    "debug": settings.DEBUG, "demo": "demo" in settings.INSTALLED_APPS, "inbox": found("/demo/inbox/"),
    "styleguide": found("/styleguide/"), "engine": settings.DATABASES["default"]["ENGINE"].rsplit(".")[-1],
    "hosts": settings.ALLOWED_HOSTS, "secure": settings.SESSION_COOKIE_SECURE, "cookie": settings.SESSION_COOKIE_NAME,
    "broker": settings.CELERY_BROKER_URL, "tls": settings.EMAIL_USE_TLS, "key": settings.SECRET_KEY,
    "problems": [str(problem) for problem in run_checks()],
}))
"""


@pytest.fixture
def ask(tmp_path):
    """The settings of a process with exactly this environment, .env left unread."""

    def answer(**environment):
        basics = {"PATH": os.environ["PATH"], "PYTHONPATH": ".", "PAYOM_VAR": str(tmp_path / "var")}
        script = f"from unittest.mock import patch\nwith patch('environ.Env.read_env'):\n    import config.env\n{ASK}"
        run = subprocess.run(
            [sys.executable, "-c", script],
            env=basics | {"DJANGO_SETTINGS_MODULE": "config.settings"} | environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(run.stdout)

    return answer


def test_an_empty_environment_is_safe_for_a_laptop(ask):
    said = ask()

    assert said.pop("key")
    assert said == {
        "debug": False,
        "demo": False,
        "inbox": False,
        "styleguide": False,
        "engine": "sqlite3",
        "hosts": ["127.0.0.1", "localhost", "[::1]"],
        "secure": False,
        "cookie": "session",
        "broker": "memory://",
        "tls": False,
        "problems": [],
    }


def test_the_key_is_made_once_and_readable_by_its_owner_only(ask, tmp_path):
    assert ask()["key"] == ask()["key"]
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o077 == 0


def test_the_grown_installation(ask):
    said = ask(
        SITE_URL="https://press.example.org",
        ALLOWED_HOSTS="press.example.org",
        DATABASE_URL="postgres://payom:pw@127.0.0.1/payom",
        REDIS_URL="redis://:pw@127.0.0.1/0",
        EMAIL_HOST="mail.example.org",
    )

    wanted = ("engine", "hosts", "secure", "cookie", "broker", "tls", "problems")
    assert {name: said[name] for name in wanted} == {
        "engine": "postgresql",
        "hosts": ["press.example.org"],
        "secure": True,
        "cookie": "__Host-session",
        "broker": "redis://:pw@127.0.0.1/0",
        "tls": True,
        "problems": [],
    }


def test_the_demo_is_there_only_when_asked_for(ask):
    said = ask(DEMO="1", DEBUG="1")

    assert (said["demo"], said["inbox"], said["styleguide"], said["problems"]) == (True, True, True, [])


def test_a_secret_can_stand_in_a_file(ask, tmp_path):
    (tmp_path / "key").write_text("from-a-file")

    assert ask(SECRET_KEY_FILE=str(tmp_path / "key"))["key"] == "from-a-file"


def test_the_tests_use_nothing_of_a_real_installation(settings, tmp_path):
    assert (settings.SETTINGS_MODULE, settings.VAR.name.startswith("payom-tests-")) == ("tests.settings", True)
    assert (settings.EMAIL_HOST, settings.DEBUG) == ("127.0.0.1", False)
