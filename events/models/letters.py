from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.fields import SealedField
from mailings.models import Mailing

from ..states import ASKS, Calendar, Letter, LetterStatus, Purpose
from .event import Event
from .invitation import Invitation


class EventLetter(models.Model):
    """A letter that follows from an answer or from a change of the event. A worker sends it; its words are fixed, and
    staff may add some of their own where they take something away.

    The invitation itself, and reminders, are mailings: people write them, and others approve them.
    """

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="letters")
    kind = models.CharField(_("letter"), max_length=10, choices=Letter)
    calendar = models.CharField(max_length=8, blank=True)
    # When and where the event was before: the moment, a space, the place. Each reader reads it in their own language.
    was = models.CharField(max_length=300, blank=True)
    # What staff add, until the letter has left.
    sealed_words = SealedField()
    status = models.CharField(_("state"), max_length=8, choices=LetterStatus, default=LetterStatus.QUEUED)
    asked_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    reply = models.TextField(_("the server's words"), blank=True)
    # Why a server would not have it, at once or days later.
    bounce_class = models.CharField(max_length=10, blank=True)

    class Meta:
        verbose_name = _("letter to a guest")
        verbose_name_plural = _("letters to guests")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Letter.values), name="events_letter_kind"),
            models.CheckConstraint(condition=Q(status__in=LetterStatus.values), name="events_letter_status"),
            models.CheckConstraint(
                condition=Q(calendar__in=[one.value for one in Calendar]), name="events_letter_part"
            ),
        ]
        indexes = [models.Index(fields=["status", "id"], name="events_letter_queue")]

    def __str__(self):
        return f"{self.invitation_id}/{self.pk}"

    @property
    def was_in_words(self) -> str:
        """In the language that is active; older rows hold words."""
        moment, _space, place = self.was.partition(" ")
        if (at := parse_datetime(moment)) is None:
            return self.was
        return ", ".join(filter(None, [date_format(timezone.localtime(at), "DATETIME_FORMAT"), place]))


class EventMailing(models.Model):
    """A mailing that belongs to an event: who gets it stands on the list, and may answer by it."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="mailings")
    mailing = models.OneToOneField(Mailing, models.CASCADE, related_name="of_event")
    purpose = models.CharField(_("what for"), max_length=10, choices=Purpose)

    class Meta:
        verbose_name = _("mailing of an event")
        verbose_name_plural = _("mailings of events")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="events_mailing_purpose")]

    def __str__(self):
        return f"{self.event_id}/{self.mailing_id}"

    @property
    def asks(self) -> bool:
        """Whether it is answered, and stands in the reader's calendar."""
        return self.purpose in ASKS

    @classmethod
    def first_that_asked(cls, event: Event) -> Mailing | None:
        """What put the event into calendars: they know what follows again by the address that it came from."""
        asked = Mailing.objects.filter(of_event__event=event, of_event__purpose__in=ASKS, started_at__isnull=False)
        return asked.select_related("account").order_by("started_at", "pk").first()
