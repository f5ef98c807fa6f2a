"""The room of a fault run: an installation of its own."""

import os
from pathlib import Path


def prepare(folder: Path, url: str) -> None:
    """The environment of an installation of its own, before Django is set up."""
    for name in ("REDIS_URL", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "MAIL_FROM"):
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "DATABASE_URL": url,
        "PAYOM_VAR": str(folder),
        "SECRET_KEY": "a-fixed-key-for-the-fault-run-that-guards-nothing-at-all",
        "SITE_URL": "https://payom.test",
        "DEMO": "0",
        "MAIL_HOLD_SECONDS": "0",
        "EMAIL_TIMEOUT": "1",
        "EMAIL_USE_TLS": "0",
    }
