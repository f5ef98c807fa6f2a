"""Forget what is past its day. The database's own clock decides, so that no caller can hasten it."""

from datetime import UTC

from django.db import connection, transaction
from django.utils import timezone

from .log import log
from .models import WORKER, Entry


@transaction.atomic
def forget() -> int:
    """Delete the entries that are past their day. Return how many; where there were any, the journal says so."""
    if connection.vendor == "postgresql":
        # The application's role may not delete: a function of the owner does it, and nothing else.
        with connection.cursor() as cursor:
            cursor.execute("SELECT public.audit_forget()")
            count = cursor.fetchone()[0]
    else:
        count, _each = Entry.objects.filter(keep_until__lt=timezone.now().astimezone(UTC).date()).delete()
    if count:
        log("audit.entries.forgotten", by=WORKER, count=count)
    return count
