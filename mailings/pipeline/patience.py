"""Wait for a busy database no longer than one has time: who is told so at once comes again."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Whoever holds what we need is waited for so long, then OperationalError. To be begun outside a transaction."""
    limit = int(1000 * seconds)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
            begin, end = f"PRAGMA busy_timeout = {limit}", f"PRAGMA busy_timeout = {usual}"
        else:
            begin, end = f"SET lock_timeout = {limit}", "RESET lock_timeout"
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute(end)
