"""Give sealed texts a new key. Stopped in the middle it goes on where it was; nothing is unreadable meanwhile."""

from collections.abc import Callable, Iterator

from django.apps import apps
from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import models, transaction

from core import sealing
from core.fields import SealedField

BATCH = 500


class Command(BaseCommand):
    help = "Seal everything anew with a new key; --finish then throws the old keys away."

    def add_arguments(self, parser):
        parser.add_argument("--finish", action="store_true", help="throw the old keys away if nothing needs them")

    def handle(self, *args, **options):
        if options["finish"]:
            self._finish()
        else:
            self._rotate()

    def _rotate(self):
        if len(sealing.keys()) == 1:
            if settings.SEAL_KEYS:
                raise CommandError("Put a new key before the one in SEAL_KEYS, restart everything, then come back.")
            sealing.add_key()
        renewed = Renewal()
        walk(renewed)
        self.stdout.write(f"Under the new key now: {renewed.changed}, of {renewed.seen} sealed texts.")
        _refuse_lost(renewed.lost)
        self.stdout.write("Make a copy of the new key, then run rotate_seal_keys --finish.")

    def _finish(self):
        count = Count()
        walk(count)
        if count.old:
            raise CommandError(f"Sealed texts still under an old key: {count.old}. Run rotate_seal_keys first.")
        if settings.SEAL_KEYS:
            self.stdout.write("Nothing needs an old key: leave only the first one in SEAL_KEYS.")
            return
        sealing.drop_old_keys()
        self.stdout.write("Only the newest key is left.")


class Renewal:
    """Reseals the tokens that are not under the newest key yet, and counts."""

    def __init__(self):
        self.seen = self.changed = self.lost = 0

    def __call__(self, token: str) -> str:
        self.seen += 1
        if sealing.is_current(token):
            return token
        try:
            renewed = sealing.reseal(token)
        except sealing.CannotUnseal:
            self.lost += 1
            return token
        self.changed += 1
        return renewed


class Count:
    """Changes nothing and counts the tokens that need an old key."""

    def __init__(self):
        self.old = 0

    def __call__(self, token: str) -> str:
        self.old += not sealing.is_current(token)
        return token


def walk(change: Callable[[str], str]) -> None:
    """Put every token of the installation through `change`: all sealed columns, then what registered holders keep."""
    for model, column in sealed_columns():
        _walk_column(model, column, change)
    for holder in sealing.holders().values():
        holder(change)


def sealed_columns() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            if isinstance(field, SealedField):
                yield model, field.attname


def _walk_column(model: type[models.Model], column: str, change: Callable[[str], str]) -> None:
    filled = model._base_manager.exclude(**{column: ""}).order_by("pk")
    last = 0
    while rows := list(filled.filter(pk__gt=last).values_list("pk", column)[:BATCH]):
        with transaction.atomic():
            for pk, token in rows:
                if (changed := change(token)) != token:
                    # Only if nobody wrote meanwhile: whatever they wrote is under the newest key already.
                    model._base_manager.filter(pk=pk, **{column: token}).update(**{column: changed})
        last = rows[-1][0]


def _refuse_lost(lost: int) -> None:
    if lost:
        raise CommandError(f"Sealed texts that open with none of the keys: {lost}. Look for an older copy of the keys.")
