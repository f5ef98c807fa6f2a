"""Where a Chromium is, and how to start it so that it talks to this machine only."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-features=OptimizationHints,MediaRouter,Translate",
    "--disable-quic",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def find(playwrights_own: str = "") -> str | None:
    """PAYOM_CHROMIUM, else one on the path, else the one that Playwright has downloaded."""
    candidates = [os.environ.get("PAYOM_CHROMIUM"), *map(shutil.which, NAMES), playwrights_own]
    return next((path for path in candidates if path and Path(path).exists()), None)


def flags() -> list[str]:
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
