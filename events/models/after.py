from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
