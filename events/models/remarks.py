from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import SealedField

from ..states import RemarkKind, Rsvp
from .invitation import Invitation


class RemarkQuerySet(models.QuerySet):
    def open(self):
        return self.filter(settled_at=None)


class Remark(models.Model):
    """What came from a calendar and is no plain answer: another hour is proposed, another address answers. Nothing
    follows from it by itself; a person decides.
    """

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="remarks")
    kind = models.CharField(_("what"), max_length=10, choices=RemarkKind)
    # What was answered; empty where none of our answers was.
    wish = models.CharField(_("answer"), max_length=10, choices=Rsvp, blank=True)
    # The hour that is proposed.
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    # Of a sealed contact it stands under the seal alone, with the letter.
    words = models.CharField(_("what they wrote"), max_length=300, blank=True)
    # Who answers for themselves from another address, and under which name.
    sealed_address = SealedField()
    name = models.CharField(_("name"), max_length=200, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark from a calendar")
        verbose_name_plural = _("remarks from calendars")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RemarkKind.values), name="events_remark_kind"),
            models.CheckConstraint(condition=Q(wish__in=["", *Rsvp.values]), name="events_remark_wish"),
            models.CheckConstraint(condition=~Q(kind="time") | Q(starts_at__isnull=False), name="events_remark_time"),
        ]
        indexes = [models.Index(fields=["invitation", "settled_at"], name="events_remark_open")]

    def __str__(self):
        return f"{self.invitation_id}/{self.kind}"
