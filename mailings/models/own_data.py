from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right
from crm.models import Contact

from ..states import TrialStatus
from .delivery import Delivery

# The purpose of the token in that link.
OWN_DATA = "own data"
# So long the link of the letter works; so long no second letter goes to the same address.
LINK_WORKS = timedelta(days=3)
ONE_LETTER_IN = timedelta(days=1)


class OwnDataRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Requests of visible contacts. Of a deleted one nobody knows how carefully it was kept: not for viewers."""
        seen = Q(delivery__contact__in=Contact.objects.visible_to(user).order_by().values("pk"))
        if user.may(Right.CONTACTS_INTERNAL):
            seen |= Q(delivery__contact=None)
        return self.filter(seen)

    def waiting(self):
        """What staff have not answered yet, of what a person has confirmed, or cannot confirm at that address."""
        return self.filter(confirmed_at__isnull=False, settled_at=None)

    def recent(self, address_key: str):
        """Those of an address for which a letter left, or will, within a day, whatever was asked for."""
        since = timezone.now() - ONE_LETTER_IN
        return self.filter(delivery__address_key=address_key, asked_at__gt=since)


class OwnDataRequest(models.Model):
    """Somebody with a letter's link asks for the data of its reader, or to have them erased.

    A letter may have been passed on, so that the link alone proves nothing: another letter goes to the reader's own
    address, and what its link confirms is the reader's wish.
    """

    class Kind(models.TextChoices):
        COPY = "copy", _("A copy of their data")
        ERASURE = "erasure", _("To be erased")

    kind = models.CharField(_("what they ask for"), max_length=8, choices=Kind)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="own_data_requests")
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    status = models.CharField(max_length=8, choices=TrialStatus, default=TrialStatus.QUEUED)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    # Empty where the person was given the file at once.
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = OwnDataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request of a person about their data")
        verbose_name_plural = _("requests of people about their data")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["copy", "erasure"]), name="mailings_own_data_kind"),
            models.CheckConstraint(condition=Q(status__in=TrialStatus.values), name="mailings_own_data_status"),
            models.CheckConstraint(condition=Q(language__in=["ru", "tg", "en"]), name="mailings_own_data_language"),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False, confirmed_at__isnull=False),
                name="mailings_own_data_settled_was_confirmed",
            ),
        ]
        indexes = [models.Index(fields=["status", "asked_at"], name="mailings_own_data_queue")]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    @property
    def is_unproven(self) -> bool:
        """Whether no letter asked the reader: the address it would have gone to was not theirs any more."""
        return self.confirmed_at == self.asked_at

    @property
    def is_open(self) -> bool:
        """Whether the link of its letter still works."""
        return self.asked_at > timezone.now() - LINK_WORKS
