"""Notice that the database was restored from a backup, and ask a person about letters that may have left since then.

The database counts each letter before it goes on the wire; this machine notes the count in a file outside the database.
A database that has counted less than the file says is older than what was sent. Sends nothing.
"""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from audit.log import log

from ..models import Mailing, SendingClock
from ..states import PREPARING, DeliveryStatus, MailingStatus


@dataclass(frozen=True)
class Mark:
    """What the file says. Anything else in it, say "restored" by hand, is a mark of no database and asks, too."""

    database: UUID | None
    ticks: int

    def is_ahead_of(self, clock: SendingClock) -> bool:
        return self.database is None or (self.database == clock.database and self.ticks > clock.ticks)


def place() -> Path:
    return settings.VAR / "sending_clock"


def begin_round() -> None:
    """Before anything is claimed: stop what a restored database would send twice. Raises OSError if it cannot note."""
    # The file first: others send meanwhile, and a count is in the database before it is in the file.
    mark = _read()
    clock = SendingClock.now()
    if mark and mark.is_ahead_of(clock):
        clock = _ask_people(mark)
    transaction.on_commit(lambda: _note(clock))


def tick(letters: int = 1) -> None:
    """Count letters, in the transaction that puts them on the wire; the file is written when that one is committed."""
    clock = SendingClock.advance(letters)
    transaction.on_commit(lambda: _note(clock))


@transaction.atomic
def _ask_people(mark: Mark) -> SendingClock:
    """Pause what is under way, with every letter that has not left as far as this database knows become unknown."""
    clock = SendingClock.objects.select_for_update().get()
    if not mark.is_ahead_of(clock):
        return clock  # another worker was faster
    clock.ticks = max(mark.ticks, clock.ticks) + 1
    clock.save()
    # Also one that is being corrected for the rest of its readers: its rows may have left since.
    is_under_way = Q(status__in=[MailingStatus.SENDING, MailingStatus.PAUSED]) | Q(
        frozen_count__isnull=False, status__in=PREPARING
    )
    under_way = Mailing.objects.select_for_update().filter(is_under_way)
    for mailing in under_way:
        letters = mailing.deliveries.open().update(status=DeliveryStatus.UNKNOWN, claim=None, lease_until=None)
        if letters:
            Mailing.objects.filter(pk=mailing.pk).exclude(status__in=PREPARING).update(
                status=MailingStatus.PAUSED, pause_kind=Mailing.PauseKind.RESTORED, pause_words=""
            )
            log("mailings.mailing.restored", mailing, by="sender", letters=letters)
    Mailing.objects.doubt()
    return clock


def _read() -> Mark | None:
    try:
        words = place().read_text().split()
    except FileNotFoundError:
        return None
    try:
        return Mark(UUID(words[0]), int(words[1]))
    except (IndexError, ValueError):
        return Mark(None, 0)


def _note(clock: SendingClock) -> None:
    """Write the highest count this machine has seen, whole or not at all, and not before it is on the disk."""
    path = place()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        mark = _read()
        ticks = max(mark.ticks, clock.ticks) if mark and mark.database == clock.database else clock.ticks
        new = path.with_suffix(".new")
        with new.open("w") as file:
            file.write(f"{clock.database} {ticks}\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
