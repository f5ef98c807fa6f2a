import logging
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.core.management import call_command

from config.celery import app
from config.management.commands import worker
from core.logs import Formatter

# The first of what runs one after another, and what runs beside it.
BOTH = {"mailings.tasks.send_due", "jobs.tasks.work"}
WHO = "reader@navid.test"


@pytest.fixture
def rounds(settings):
    """The names of the tasks that ran, in order; `steady` and `broken` are the two in the schedule."""
    ran = []

    @app.task(name="tests.broken", shared=False)
    def broken():
        ran.append("broken")
        raise ValueError(f"no letter for {WHO}")

    @app.task(name="tests.steady", shared=False)
    def steady():
        ran.append("steady")

    settings.CELERY_BEAT_SCHEDULE = {
        "broken": {"task": "tests.broken", "schedule": 0.01},
        "steady": {"task": "tests.steady", "schedule": 0.01},
    }
    yield ran
    app.tasks.unregister("tests.broken")
    app.tasks.unregister("tests.steady")


@pytest.mark.django_db
def test_once_runs_each_task_once_and_a_failure_stops_none(rounds):
    call_command("worker", once=True)

    assert rounds == ["broken", "steady"]


@pytest.mark.django_db
def test_a_failure_is_logged_with_its_place_and_without_its_words(rounds, caplog):
    with caplog.at_level(logging.INFO):
        call_command("worker", once=True)

    said = "".join(Formatter().format(record) for record in caplog.records)
    assert [record.getMessage() for record in caplog.records] == ["Task tests.broken failed: ValueError"]
    assert ("test_worker.py:" in said, WHO in said) == (True, False)


class Clock:
    """Seconds pass only while somebody waits; after `limit` of them the wait ends in a stop."""

    def __init__(self, limit: float):
        self.now, self.limit, self.stopped = 0.0, limit, False

    def monotonic(self):
        return self.now

    def is_set(self):
        return self.stopped

    def wait(self, seconds):
        self.now += seconds
        self.stopped = self.now > self.limit


class Recorder:
    def __init__(self, name, clock, ran):
        self.name, self.clock, self.ran = name, clock, ran

    def run(self):
        self.ran.append((self.name, self.clock.now))


@pytest.mark.django_db
def test_each_task_keeps_its_own_interval(monkeypatch):
    clock, ran = Clock(limit=6), []
    monkeypatch.setattr(worker, "time", clock)

    worker.loop([(Recorder("often", clock, ran), 2), (Recorder("seldom", clock, ran), 5)], clock)

    assert ran == [("often", 0), ("seldom", 0), ("often", 2), ("often", 4), ("seldom", 5), ("often", 6)]


@pytest.mark.django_db
def test_a_stop_waits_for_the_task_at_work_and_starts_no_other():
    stopped, ran = threading.Event(), []

    class Stopper:
        name = "stopper"

        def run(self):
            stopped.set()
            ran.append("to the end")

    worker.loop([(Stopper(), 60), (Recorder("next", Clock(0), ran), 60)], stopped)

    assert ran == ["to the end"]


@pytest.mark.django_db
def test_what_takes_long_runs_beside_the_rest_and_is_waited_for_at_the_end():
    stopped, sent, ran = threading.Event(), threading.Event(), []

    class Long:
        name = "long"

        def run(self):
            ran.append(sent.wait(10))

    class Sender:
        name = "sender"

        def run(self):
            sent.set()
            stopped.set()

    beside = worker.loop_beside([(Long(), 60)], stopped)
    worker.loop([(Sender(), 60)], stopped)
    beside.join()

    assert ran == [True]


@pytest.mark.parametrize("signal_sent", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_process_at_once_and_cleanly(tmp_path, signal_sent):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PAYOM_VAR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/payom.sqlite3",
        "LOG_LEVEL": "INFO",
    }
    command = [sys.executable, "manage.py", "worker"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        # With no tables the first round fails: its lines in the log say that both loops are at work.
        unheard = set(BOTH)
        while unheard and (line := process.stderr.readline()):
            unheard -= {task for task in BOTH if f"Task {task} failed: OperationalError" in line}
        started = time.monotonic()
        process.send_signal(signal_sent)
        rest = process.stderr.read()
        code = process.wait(10)

    assert unheard == set()
    assert (code, "Traceback" in rest) == (0, False)
    assert time.monotonic() - started < 5
