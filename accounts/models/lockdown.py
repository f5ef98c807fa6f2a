from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _


class LockdownQuerySet(models.QuerySet):
    def on(self):
        """The lock down in force, if any. There is never more than one."""
        return self.filter(is_on=True)


class Lockdown(models.Model):
    """Everything closed at once: nobody but the key holder signs in or takes contacts out, nothing is sent."""

    is_on = models.BooleanField(default=True)
    at = models.DateTimeField(_("since"), default=timezone.now)
    by = models.CharField(_("who"), max_length=254)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    key_holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("key holder")
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=254, blank=True)

    objects = LockdownQuerySet.as_manager()

    class Meta:
        verbose_name = _("lock down")
        verbose_name_plural = _("lock downs")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["is_on"], condition=Q(is_on=True), name="accounts_one_lockdown_at_a_time"),
            models.CheckConstraint(
                condition=Q(is_on=True, lifted_at__isnull=True) | Q(is_on=False, lifted_at__isnull=False),
                name="accounts_lockdown_lifted_has_a_time",
            ),
        ]

    def __str__(self):
        return date_format(timezone.localtime(self.at), "DATETIME_FORMAT")
