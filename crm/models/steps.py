"""Something done to several rows at once that can be taken back: a change of work, a merged or closed organisation."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .contact import Contact
from .organisation import Organisation


class Step(models.Model):
    """Which rows a verb changed, made and deleted, with their values: keys, dates and names, never a way to reach."""

    action = models.CharField(max_length=40)
    # What it was about: the one or the other.
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="steps")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="steps")
    record = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(contact=None, organisation__isnull=False) | Q(contact__isnull=False, organisation=None),
                name="crm_step_is_about_one",
            )
        ]

    def __str__(self):
        return self.action
