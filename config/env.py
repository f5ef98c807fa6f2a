"""Settings from the environment: `NAME`, or a file named by `NAME_FILE`; `.env` beside manage.py is read too."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from environ import FileAwareEnv

ROOT = Path(__file__).resolve().parent.parent

env = FileAwareEnv()
env.read_env(ROOT / ".env")


def kept_secret(name: str, path: Path) -> str:
    """The secret from the environment, else from `path`, which is made on first use and readable by its owner only."""
    if given := env.str(name, default=""):
        return given
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written aside and linked into place: of two processes that start at once, both read the same secret.
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as made:
            made.write(secrets.token_urlsafe(50))
            made.flush()
            with suppress(FileExistsError):
                os.link(made.name, path)
    return path.read_text()
