from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Feed(models.Model):
    """The secret address from which one member of staff's calendar reads the events. A new one ends the old."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="event_feed")
    # Never shown: the address is signed, and this says which of a person's addresses is the one that counts.
    mark = models.UUIDField(default=uuid4, editable=False)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self):
        return str(self.user_id)
