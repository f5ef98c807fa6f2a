from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..states import TrialStatus
from .mailing import Mailing, MailingVersion

# A test that has waited this long is no help any more.
TRIAL_WAITS = timedelta(hours=1)


class TestLetter(models.Model):
    """A letter of a mailing to a member of staff, to be looked at. A worker sends it; no reader is concerned."""

    # pytest collects what is called like this.
    __test__ = False

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="test_letters")
    language = models.CharField(_("language"), max_length=2, choices=MailingVersion.Language)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(_("state"), max_length=8, choices=TrialStatus, default=TrialStatus.QUEUED)
    settled_at = models.DateTimeField(null=True)
    reply = models.TextField(_("the server's words"), blank=True)

    class Meta:
        verbose_name = _("test letter")
        verbose_name_plural = _("test letters")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=TrialStatus.values), name="mailings_trial_status"),
            models.CheckConstraint(condition=models.Q(language__in=["ru", "tg", "en"]), name="mailings_trial_language"),
        ]
        indexes = [models.Index(fields=["status", "asked_at"], name="mailings_trial_queue")]

    def __str__(self):
        return f"{self.mailing_id}/{self.pk}"
