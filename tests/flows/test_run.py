"""`make run`, without make: everything starts, says where it is, and stops; a second start changes nothing."""

import http.client
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing, contextmanager
from email import message_from_bytes

import pytest

from config.supervisor import free_port
from demo.accounts import ACCOUNTS

TABLES = ["accounts_user", "crm_contact", "mailings_mailing", "mailings_delivery", "audit_entry"]


@pytest.fixture
def run(tmp_path):
    """`with run() as (words, port)`: what the supervisor says until it is up. It is stopped by Ctrl-C at the end."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PAYOM_VAR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/payom.sqlite3",
        "REDIS_URL": "",
        "DEMO": "1",
        "DEBUG": "1",
    }

    @contextmanager
    def running():
        port = free_port()
        command = [sys.executable, "-m", "config.supervisor"]
        with subprocess.Popen(
            command, env=environment | {"PORT": str(port)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            words = []
            for line in process.stdout:
                words.append(line)
                if "Ctrl-C" in line:
                    break
            yield "".join(words), port
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0
            # Whatever a child still had to say would be here; an orphan would keep the pipe open.
            assert process.stdout.read().strip() == ""

    return running


def counts(folder) -> dict[str, int]:
    with closing(sqlite3.connect(folder / "payom.sqlite3")) as database:
        return {table: database.execute(f"select count(*) from {table}").fetchone()[0] for table in TABLES}


def caught(folder) -> Counter[tuple[str, str]]:
    """The letters that the demo's mail catcher has: to whom, and their Message-ID."""
    letters = [message_from_bytes(path.read_bytes()) for path in (folder / "catcher").glob("*.eml")]
    return Counter((letter["To"], letter["Message-ID"]) for letter in letters)


def get(port: int, path: str) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


@pytest.mark.timeout(180)
def test_first_and_second_run(run, tmp_path):
    with run() as (words, port):
        assert f"http://localhost:{port}" in words
        assert all(account.email in words and account.password in words for account in ACCOUNTS)
        status, page = get(port, "/sign-in/")
        style = re.search(r'href="(/static/[^"]+\.css)"', page)
        assert (status, get(port, style.group(1))[0]) == (200, 200)
        first = counts(tmp_path)
    letters = caught(tmp_path)

    with run() as (words, _):
        assert "imported" not in words
        second = counts(tmp_path)

    assert second == first
    # What the clock found due meanwhile (a reminder of a request) may have been sent, too: each once.
    assert set() != set(letters) <= set(caught(tmp_path))
    assert [letter for letter, times in caught(tmp_path).items() if times > 1] == []
