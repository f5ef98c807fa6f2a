from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import SealedField

from .event import Event


class Figures(models.Model):
    """What an event came to, counted once: the same whatever is deleted later. It names nobody."""

    event = models.OneToOneField(Event, models.CASCADE, related_name="figures")
    data = models.JSONField(_("figures"))
    frozen_at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # After this day nobody can read who came; None for trainings, whose attendance is what they are held for.
    names_until = models.DateField(null=True)
    names_purged_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("figures of an event")
        verbose_name_plural = _("figures of events")

    def __str__(self):
        return str(self.event_id)


class SignedList(models.Model):
    """What people signed at an event, scanned: for whoever checks how money was spent. The database alone gives away
    no name of it; the hash proves that it is what was put in.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="signed_lists")
    name = models.CharField(_("file"), max_length=120)
    type = models.CharField(max_length=100)
    # The file in base64, under the seal.
    sealed_file = SealedField()
    digest = models.CharField("SHA-256", max_length=64)
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("signed list")
        verbose_name_plural = _("signed lists")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "digest"], name="events_signed_list_once"),
            models.CheckConstraint(condition=~Q(sealed_file=""), name="events_signed_list_is_sealed"),
        ]

    def __str__(self):
        return self.digest[:12]
