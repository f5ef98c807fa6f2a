from celery import shared_task
from django.db import connection


@shared_task
def know_the_tables() -> None:
    """Let SQLite look at what its tables hold, by which it chooses indexes. PostgreSQL does so by itself."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        # A sample of each index is enough, and takes milliseconds where a whole reading holds up whoever writes.
        cursor.execute("PRAGMA analysis_limit = 1000")
        cursor.execute("ANALYZE")
