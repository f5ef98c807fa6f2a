"""`python -m bench [NAME]`: one benchmark, or all of them, each on an empty database of its own."""

import importlib
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from . import Result

HERE = Path(__file__).parent
RESULTS = HERE / "results"


def names() -> list[str]:
    return sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))


def run(name: str) -> list[Result]:
    """Set Django up in the tests' room (temporary folder, no .env, no network), make the tables, measure."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.core.management import call_command

    from tests import network

    network.close()
    django.setup()
    call_command("migrate", verbosity=0)
    return importlib.import_module(f"bench.{name}").run()


def table(name: str, results: list[Result]) -> str:
    rows = [
        (result.name, f"{result.value:g} {result.unit}", result.goal, "yes" if result.holds else "NO")
        for result in results
    ]
    rows.insert(0, (name, "value", "goal", "holds"))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:], ""])


def keep(name: str, results: list[Result]) -> None:
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=1)
    (RESULTS / f"{name}.json").write_text(f"{text}\n")


def main(arguments: list[str]) -> int:
    if not arguments:
        return max(subprocess.run([sys.executable, "-m", "bench", name]).returncode for name in names())
    name = arguments[0]
    if name not in names():
        print(f"There is no benchmark {name!r}. There is: {', '.join(names())}", file=sys.stderr)
        return 2
    results = run(name)
    keep(name, results)
    print(table(name, results))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
