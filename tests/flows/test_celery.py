"""The grown installation: a real Celery worker with beat, over a real Redis, sends from a real PostgreSQL."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import pytest
from django.db import connection

from mailings.models import Mailing
from mailings.states import MailingStatus
from tests.factories.mailings import make_reader, make_started

pytestmark = [pytest.mark.grown, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def celery(smtp, settings, tmp_path):
    """A worker with beat, as deploy/ starts it, on the test's own database."""
    database = urlsplit(os.environ["TEST_DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database.geturl(),
        "REDIS_URL": settings.REDIS_URL,
        "PAYOM_VAR": str(tmp_path),
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(smtp.port),
        "EMAIL_USE_TLS": "0",
    }
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-B", "-P", "threads", "-c", "2"]
    with open(tmp_path / "celery.log", "w+") as log:
        options = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log, "start_new_session": True}
        process = subprocess.Popen(command, env=environment, **options)
        yield process
        process.terminate()
        try:
            process.wait(20)
        finally:
            # Beat is a process of its own: killing the worker alone would leave it behind.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        log.seek(0)
        print(log.read())  # pytest shows it when the test fails


def becomes(status: MailingStatus, mailing: Mailing) -> bool:
    pause = threading.Event()
    return any(Mailing.objects.filter(pk=mailing.pk, status=status).exists() or pause.wait(0.1) for _ in range(600))


def test_beat_sends_a_mailing_to_its_end(smtp, celery):
    make_reader("one@navid.test")
    make_reader("two@navid.test")
    mailing = make_started()

    smtp.wait_for(2, seconds=60)

    assert becomes(MailingStatus.FINISHED, mailing)
    assert sorted(smtp.recipients) == ["one@navid.test", "two@navid.test"]


def test_the_worker_stops_when_asked(smtp, celery):
    make_reader("one@navid.test")
    make_started()
    smtp.wait_for(1, seconds=60)

    celery.send_signal(signal.SIGTERM)

    assert celery.wait(30) == 0
