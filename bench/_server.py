"""gunicorn with the product, started for a benchmark, and how one asks it over a kept connection."""

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from config.supervisor import free_port

from .send import wait_for

_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


@contextlib.contextmanager
def served(folder: Path, database: Path, *, workers: int = 1, **environment: str) -> Iterator[int]:
    """Workers of four threads, as deploy/ starts them; one leaves whoever asks the other processor."""
    port = free_port()
    listen = ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", str(workers), "--threads", "4"]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "bench._serving", *listen, "--no-control-socket"],
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "config.settings", "SECRET_KEY": settings.SECRET_KEY, "PAYOM_VAR": str(folder)}
        | {"DATABASE_URL": f"sqlite:///{database}", "ALLOWED_HOSTS": "127.0.0.1", "DEMO": "0"}
        | environment,
    )
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


async def ask(line, path: str, *, answers: frozenset[bytes], **headers: str) -> None:
    """One request to its end. Raises RuntimeError for another status than these."""
    reader, writer = line
    told = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{told}\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    if head[9:12] not in answers:
        raise RuntimeError(head.splitlines()[0].decode())
    if found := _LENGTH.search(head):
        await reader.readexactly(int(found[1]))
