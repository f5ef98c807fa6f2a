"""The one process manager of a laptop: starts web, worker and mail catcher, and stops each by its own pid."""

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass

from demo.accounts import ACCOUNTS

GRACE = 10  # seconds between "please stop" and the end
STARTUP = 60
MANAGE = [sys.executable, "manage.py"]


@dataclass(frozen=True)
class Child:
    name: str
    process: subprocess.Popen


def die_with_parent() -> None:
    """Run in a child before it starts: on Linux the kernel stops it when the supervisor is killed outright."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def start(name: str, command: list[str]) -> Child:
    """Start a child in a session of its own, so that Ctrl-C reaches the supervisor alone."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )
    return Child(name, process)


def stop(children: list[Child]) -> None:
    for child in children:
        child.process.terminate()
    for child in children:
        try:
            child.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()


def run(command: list[str], asked_to_stop: threading.Event) -> int:
    """Run a command to its end, or until a signal comes; return its exit code."""
    child = start(command[-1], command)
    while child.process.poll() is None:
        if asked_to_stop.wait(0.1):
            stop([child])
    return child.process.returncode


def watch(children: list[Child], asked_to_stop: threading.Event) -> int:
    """Wait for a signal (0) or for the first child that ends by itself (1)."""
    while not asked_to_stop.wait(0.3):
        if ended := dead(children):
            print(f"{ended.name} has ended (exit code {ended.process.returncode}); stopping the rest.", flush=True)
            return 1
    return 0


def dead(children: list[Child]) -> Child | None:
    return next((child for child in children if child.process.poll() is not None), None)


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def wait_until_up(port: int, children: list[Child], asked_to_stop: threading.Event) -> bool:
    for _ in range(STARTUP * 10):
        if answers(port):
            return True
        if asked_to_stop.wait(0.1) or dead(children):
            return False
    print(f"The web server did not answer within {STARTUP} seconds.", flush=True)
    return False


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen()
        except OSError:
            return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def chosen_port() -> int | str:
    """The port asked for by PORT, or one line that says why it cannot be had."""
    asked = os.environ.get("PORT", "8000")
    if not (asked.isdecimal() and 1024 <= int(asked) <= 65535):
        return f"PORT must be a number from 1024 to 65535, not {asked!r}."
    port = int(asked)
    if not is_free(port):
        return f"Port {port} is taken. Start with another: make run PORT={port + 1}"
    return port


def site(port: int) -> str:
    """By name: browsers give passkeys to names, not to numbers."""
    return f"http://localhost:{port}"


def surroundings(port: int, mail_port: int) -> dict[str, str]:
    """What the children read: letters go to the catcher, whatever .env says, and links come back here."""
    return {
        "SITE_URL": site(port),
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(mail_port),
        "EMAIL_USE_TLS": "0",
        "EMAIL_HOST_USER": "",
        "EMAIL_HOST_PASSWORD": "",
    }


def web_command(port: int) -> list[str]:
    listen = ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    manners = ["--log-level", "warning", "--graceful-timeout", "5", "--no-control-socket"]
    return [sys.executable, "-m", "gunicorn", "config.wsgi", *listen, *manners]


def welcome(port: int) -> str:
    width = max(len(account.email) for account in ACCOUNTS)
    people = "\n".join(
        f"    {account.email:<{width}}  {account.password}   {account.job_title}" for account in ACCOUNTS
    )
    return f"\n  Payom is running:  {site(port)}\n\n  Sign in as\n{people}\n\n  Ctrl-C stops it.\n"


def supervise(commands: dict[str, list[str]], port: int, asked_to_stop: threading.Event) -> int:
    """Run the commands until a signal comes or one of them ends; the last one started is the last one stopped."""
    children: list[Child] = []
    try:
        for name, command in commands.items():
            children.append(start(name, command))
        if wait_until_up(port, children, asked_to_stop):
            print(welcome(port), flush=True)
        return watch(children, asked_to_stop)
    finally:
        # The catcher goes last: a letter on its way is still taken.
        stop(children[1:])
        stop(children[:1])


def stop_on_signals(asked_to_stop: threading.Event) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: asked_to_stop.set())


def main() -> int:
    port = chosen_port()
    if isinstance(port, str):
        print(port, file=sys.stderr)
        return 1
    mail_port = free_port()
    os.environ |= surroundings(port, mail_port)
    asked_to_stop = threading.Event()
    stop_on_signals(asked_to_stop)
    prepared = run([*MANAGE, "prepare", "--database"], asked_to_stop)
    if asked_to_stop.is_set():
        return 0
    if prepared:
        return prepared
    commands = {
        "mail catcher": [*MANAGE, "catcher", "--port", str(mail_port)],
        "web": web_command(port),
        "worker": [*MANAGE, "worker"],
    }
    return supervise(commands, port, asked_to_stop)


if __name__ == "__main__":
    sys.exit(main())
