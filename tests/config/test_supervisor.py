"""The supervisor with small children of its own kind; tests/flows starts the real ones."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading

import pytest

from config import supervisor

# One write, so that the lines of several children do not mix.
SLEEPER = "import os, threading; os.write(1, f'{name} {{os.getpid()}}\\n'.encode()); threading.Event().wait()"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def start(tmp_path):
    """Start a supervisor whose children are the given one-line programs; tells its process and their pids."""
    started = []

    def run(**programs):
        script = textwrap.dedent(f"""
            import signal, sys, threading
            from config import supervisor
            supervisor.GRACE = 1
            supervisor.wait_until_up = lambda *_: False
            stopped = threading.Event()
            supervisor.stop_on_signals(stopped)
            commands = {{name: [sys.executable, "-c", program] for name, program in {programs!r}.items()}}
            sys.exit(supervisor.supervise(commands, 0, stopped))
        """)
        process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
        started.append(process)
        lines = [process.stdout.readline().split() for _ in programs]
        return process, {name: int(pid) for name, pid in lines}

    yield run
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_gone(pids) -> bool:
    pause = threading.Event()
    return any(not any(map(alive, pids)) or pause.wait(0.05) for _ in range(100))


def sleepers(*names):
    return {name: SLEEPER.format(name=name) for name in names}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_every_child(start, number):
    process, children = start(**sleepers("catcher", "web", "worker"))

    process.send_signal(number)

    assert process.wait(10) == 0
    assert [name for name, pid in children.items() if alive(pid)] == []


def test_a_child_that_will_not_stop_is_killed(start):
    process, children = start(web=STUBBORN.format(name="web"), worker=SLEEPER.format(name="worker"))

    process.send_signal(signal.SIGTERM)

    assert process.wait(10) == 0
    assert not alive(children["web"])


def test_one_that_ends_by_itself_is_named_and_the_rest_is_stopped(start):
    process, children = start(**sleepers("web", "worker"))

    os.kill(children["worker"], signal.SIGKILL)

    assert process.wait(10) == 1
    assert "worker has ended (exit code -9)" in process.stdout.read()
    assert not alive(children["web"])


@pytest.mark.skipif(sys.platform != "linux", reason="other kernels tell children nothing")
def test_children_end_with_a_supervisor_that_is_killed_outright(start):
    process, children = start(**sleepers("web", "worker"))

    process.kill()

    assert wait_until_gone(children.values())


def test_ctrl_c_reaches_the_supervisor_alone(start):
    _, children = start(**sleepers("web"))

    assert os.getsid(children["web"]) == children["web"]


def test_a_taken_port_gives_one_clear_line(taken_port):
    run = subprocess.run(
        [sys.executable, "-m", "config.supervisor"],
        env=os.environ | {"PORT": str(taken_port)},
        capture_output=True,
        text=True,
    )

    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == f"Port {taken_port} is taken. Start with another: make run PORT={taken_port + 1}\n"


@pytest.mark.parametrize("port", ["", "http", "80", "70000", "-1"])
def test_a_port_that_is_none_gives_one_clear_line(monkeypatch, port):
    monkeypatch.setenv("PORT", port)

    assert supervisor.chosen_port() == f"PORT must be a number from 1024 to 65535, not {port!r}."


def test_children_send_letters_to_the_catcher_whatever_the_surroundings_say():
    assert supervisor.surroundings(8001, 9001) == {
        "SITE_URL": "http://localhost:8001",
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": "9001",
        "EMAIL_USE_TLS": "0",
        "EMAIL_HOST_USER": "",
        "EMAIL_HOST_PASSWORD": "",
    }


def test_the_welcome_tells_the_address_and_a_sign_in():
    text = supervisor.welcome(8001)

    assert "http://localhost:8001" in text
    assert all(account.email in text and account.password in text for account in supervisor.ACCOUNTS)
