"""`python -m tests.faults --database sqlite --recipients 10000 --kills 50 --seeds 1 2 3`: prints and keeps JSON."""

import argparse
import contextlib
import json
import sys
import tempfile
from pathlib import Path

from tests.grown import postgresql

from .databases import PostgreSQL, SQLite

RESULTS = Path(__file__).parent / "results"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--recipients", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--latency", type=float, default=0.02)
    given = parser.parse_args(arguments)
    with contextlib.ExitStack() as services:
        folder = Path(services.enter_context(tempfile.TemporaryDirectory(prefix="payom-faults-")))
        folder.chmod(0o711)
        is_sqlite = given.database == "sqlite"
        database = SQLite(folder) if is_sqlite else PostgreSQL(services.enter_context(postgresql(folder)))
        result = vars(given) | run(database, folder, given)
    text = json.dumps(result, ensure_ascii=False, indent=1)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{given.database}-{given.seed}.json").write_text(f"{text}\n")
    print(text)
    return 0 if result["holds"] else 1


def run(database: SQLite | PostgreSQL, folder: Path, given: argparse.Namespace) -> dict:
    # Django reads its settings when it is imported, and they name this folder.
    from . import surroundings

    surroundings.prepare(folder, database.url)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from .run import Run, holds

    words = {"recipients": given.recipients, "kills": given.kills, "seed": given.seed, "latency": given.latency}
    result = Run(database, folder, **words).go()
    return result | {"holds": holds(result)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
