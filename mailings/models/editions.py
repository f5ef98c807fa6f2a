from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .mailing import Mailing


class Edition(models.Model):
    """The text of a mailing as a part of its readers got it, before it was corrected for the rest."""

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="editions")
    number = models.PositiveSmallIntegerField(_("number"))
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    fingerprint = models.CharField(max_length=64)
    # [language, subject, preheader, body] of each version.
    texts = models.JSONField(default=list)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["mailing", "number"], name="mailings_edition_once")]

    def __str__(self):
        return f"{self.mailing_id}/{self.number}"

    @classmethod
    def keep(cls, mailing: Mailing) -> "Edition":
        """Put away what was approved and has left in part."""
        return cls.objects.create(
            mailing=mailing,
            number=mailing.edition,
            approved_by_id=mailing.approved_by_id,
            approved_at=mailing.approved_at,
            fingerprint=mailing.approved_fingerprint,
            texts=[
                [version.language, version.subject, version.preheader, version.body]
                for version in mailing.versions.order_by("pk")
                if version.is_ready
            ],
        )
