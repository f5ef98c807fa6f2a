"""What colleagues say about a text before it is approved, and what was looked at only because somebody asked."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .mailing import Mailing, MailingVersion


class CommentQuerySet(models.QuerySet):
    def open(self):
        return self.filter(resolved_at__isnull=True)


class Comment(models.Model):
    """A remark on one paragraph. `mark` is the hash of its words: when they change, the remark says so."""

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="comments")
    language = models.CharField(max_length=2, choices=MailingVersion.Language)
    mark = models.CharField(max_length=16)
    # What the paragraph said then, for the day when it says something else.
    quote = models.CharField(max_length=200, blank=True)
    text = models.TextField(_("comment"), max_length=2000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(language__in=["ru", "tg", "en"]), name="mailings_comment_language"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(mark=""), name="mailings_comment_says_something"),
            models.CheckConstraint(
                condition=Q(resolved_by__isnull=True, resolved_at__isnull=True)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="mailings_comment_resolved_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.mailing_id}/{self.language}/{self.pk}"

    @property
    def is_resolved(self) -> bool:
        return self.resolved_at is not None


class Probe(models.Model):
    """Something that only a network or another program can tell. A person asks, a worker looks, the answer stays."""

    class Kind(models.TextChoices):
        LINKS = "links", _("Links")
        DOMAIN = "domain", _("Our domain: SPF, DKIM, DMARC")
        SPAM = "spam", _("Spam score")

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="probes")
    kind = models.CharField(max_length=6, choices=Kind)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    # The text it was asked of: of another text the answer says nothing.
    fingerprint = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("check on request")
        verbose_name_plural = _("checks on request")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["mailing", "kind"], name="mailings_probe_once_per_kind"),
            models.CheckConstraint(condition=Q(kind__in=["links", "domain", "spam"]), name="mailings_probe_kind"),
        ]

    def __str__(self):
        return f"{self.mailing_id}/{self.kind}"


# After this no answer is waited for any more.
CHECKUP_TAKES = timedelta(minutes=10)


class Checkup(models.Model):
    """What name servers and our mail server said of our domain when somebody asked. A worker looks."""

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)
    findings = models.JSONField(default=list)

    class Meta:
        verbose_name = _("check-up of the domain")
        verbose_name_plural = _("check-ups of the domain")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.pk}"

    @property
    def is_looking(self) -> bool:
        """Whether the answer is still to come; a worker that died at it brings none."""
        return self.done_at is None and self.asked_at > timezone.now() - CHECKUP_TAKES
