from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SendingClock(models.Model):
    """How many letters this database has put on the wire: one row. A restored backup is behind what workers noted."""

    only = models.PositiveSmallIntegerField(primary_key=True, default=1)
    # Another database is not an older one: its count says nothing about this one.
    database = models.UUIDField(default=uuid4, editable=False)
    ticks = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("sending clock")
        verbose_name_plural = _("sending clock")
        constraints = [
            models.CheckConstraint(condition=Q(only=1), name="mailings_one_clock"),
            models.CheckConstraint(condition=Q(ticks__gte=0), name="mailings_clock_counts_up"),
        ]

    def __str__(self):
        return f"{self.database} {self.ticks}"

    @classmethod
    def now(cls) -> "SendingClock":
        return cls.objects.get_or_create(only=1)[0]

    @classmethod
    def advance(cls, letters: int = 1) -> "SendingClock":
        """Count so many letters more, and keep others from counting until this transaction ends."""
        words = "UPDATE mailings_sendingclock SET ticks = ticks + %s RETURNING *"
        return next(iter(cls.objects.raw(words, [letters])), None) or cls._begun(letters)

    @classmethod
    def _begun(cls, letters: int) -> "SendingClock":
        cls.now()
        return cls.advance(letters)
