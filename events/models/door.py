"""The door of an event: who keeps it, and what their phones said. Which of it holds is a matter of the marks alone,
never of the order in which they reach us.
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..states import UNDO_WITHIN, MarkKind
from .event import Event
from .invitation import Invitation

_KINDS = (
    Q(kind="arrived", invitation__isnull=False, undoes=None, at__isnull=False)
    | Q(kind="walk_in", invitation__isnull=False, undoes=None, at__isnull=False)
    # Nothing of such a one is personal, not even the minute.
    | Q(kind="counted", invitation=None, undoes=None, at=None)
    | Q(kind="undone", invitation=None, undoes__isnull=False, at__isnull=False)
)


class DoorKeeper(models.Model):
    """Somebody with the role of the door who may open the door page of this event."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="keepers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="doors")

    class Meta:
        verbose_name = _("door keeper")
        verbose_name_plural = _("door keepers")
        constraints = [models.UniqueConstraint(fields=["event", "user"], name="events_keeps_a_door_once")]

    def __str__(self):
        return f"{self.event_id}/{self.user_id}"


class DoorMark(models.Model):
    """One word of a phone at the door: somebody came, or an earlier word is taken back. Rows are only added."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="marks")
    # Made by the phone: a mark that is sent twice is one.
    key = models.UUIDField(unique=True)
    kind = models.CharField(max_length=8, choices=MarkKind)
    invitation = models.ForeignKey(Invitation, models.CASCADE, null=True, related_name="marks")
    # The key of the mark that this one takes back; it may reach us before that one does.
    undoes = models.UUIDField(null=True)
    # By the phone's own clock: it may have had no line.
    at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # Whether who took it back prepares events, and so may whenever they like.
    is_by_staff = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("mark of the door")
        verbose_name_plural = _("marks of the door")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=_KINDS, name="events_mark_is_whole")]
        indexes = [
            models.Index(fields=["event", "id"], name="events_mark_order"),
            models.Index(fields=["undoes"], name="events_mark_undoes"),
        ]

    def __str__(self):
        return str(self.key)

    def takes_back(self, mark: "DoorMark") -> bool:
        """Whoever marked somebody takes it back within minutes; later who prepares the event does. A mark without a
        name has no minute: its own phone takes it back.
        """
        if self.undoes != mark.key:
            return False
        if self.is_by_staff or self.by_id == mark.by_id and mark.at is None:
            return True
        return self.by_id == mark.by_id and self.at - mark.at <= UNDO_WITHIN


def standing(marks: Iterable[DoorMark]) -> list[DoorMark]:
    """The marks that somebody came which nobody took back. One that a phone had not seen is not taken back by it."""
    marks = list(marks)
    undone: dict[object, list[DoorMark]] = {}
    for mark in marks:
        if mark.kind == MarkKind.UNDONE:
            undone.setdefault(mark.undoes, []).append(mark)
    came = (mark for mark in marks if mark.kind != MarkKind.UNDONE)
    return [mark for mark in came if not any(undo.takes_back(mark) for undo in undone.get(mark.key, ()))]


def came_at(marks: Iterable[DoorMark]) -> datetime | None:
    """When somebody came by all marks about them: the earliest that stands; None where none does."""
    return min((mark.at for mark in standing(marks)), default=None)
