from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .mailing import Mailing, MailingVersion

# What one person writes within these minutes is one entry of the history.
BURST = timedelta(minutes=10)
# Whoever's page was not heard of for longer is gone.
PRESENT = timedelta(seconds=60)


class RevisionQuerySet(models.QuerySet):
    def entries(self):
        """The history as people read it: of what was saved every few seconds the last of a burst."""
        return self.filter(is_passing=False).select_related("by").order_by("-number")

    def forget_passing(self, before: datetime) -> None:
        """Steps inside a burst are there to join what two people write; a day later nobody has such a page open."""
        self.filter(is_passing=True, saved_at__lt=before).delete()


class Revision(models.Model):
    """One language version as somebody saved it. Nothing that was written is ever overwritten for good."""

    version = models.ForeignKey(MailingVersion, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    preheader = models.CharField(_("seen in the inbox after the subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    # When the burst began that this entry stands for.
    begun_at = models.DateTimeField(default=timezone.now)
    is_auto = models.BooleanField(default=False)
    # A later one of the same burst stands for it in the history.
    is_passing = models.BooleanField(default=False)
    # Which older one it brought back.
    restored = models.PositiveIntegerField(null=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved text")
        verbose_name_plural = _("saved texts")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="mailings_revision_once_per_number"),
        ]

    def __str__(self):
        return f"{self.version_id}/{self.number}"

    def continues(self, last: "Revision | None") -> bool:
        """Whether it goes on with the burst of `last`."""
        return (
            last is not None
            and self.is_auto
            and last.is_auto
            and last.by_id == self.by_id
            and self.saved_at - last.begun_at < BURST
        )


class PresenceQuerySet(models.QuerySet):
    def now(self):
        return self.filter(seen_at__gte=timezone.now() - PRESENT).select_related("user").order_by("user__name", "user")


class Presence(models.Model):
    """Who has which text open, and when their page was last heard of."""

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    language = models.CharField(_("language"), max_length=2, choices=MailingVersion.Language)
    seen_at = models.DateTimeField(default=timezone.now)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [
            models.UniqueConstraint(fields=["mailing", "user"], name="mailings_presence_once_per_person"),
            models.CheckConstraint(
                condition=models.Q(language__in=["ru", "tg", "en"]), name="mailings_presence_language"
            ),
        ]

    def __str__(self):
        return f"{self.user_id} {self.language}"
