"""Programs that run beside the tests: started, waited for, and ended in every case."""

import contextlib
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator

from config.supervisor import die_with_parent

STARTUP = 30


@contextlib.contextmanager
def running(command: list, **options) -> Iterator[subprocess.Popen]:
    # An inherited stderr would keep a pipe of the caller open; a session of its own keeps Ctrl-C for pytest.
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, start_new_session=True, preexec_fn=die_with_parent, **quiet, **options)
    try:
        yield process
    finally:
        # To PostgreSQL this says: do not wait for clients to leave.
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait(try_it: Callable[[], object], process: subprocess.Popen, *unready: type[Exception]) -> None:
    """Until a program answers; `unready` is what is raised as long as it does not."""
    pause = threading.Event()
    for _ in range(STARTUP * 20):
        try:
            try_it()
        except unready as error:
            if process.poll() is not None:
                raise RuntimeError(f"{process.args[0]} ended with exit code {process.returncode}") from error
            pause.wait(0.05)
        else:
            return
    raise RuntimeError(f"{process.args[0]} did not answer within {STARTUP} seconds")
