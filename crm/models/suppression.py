from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right

from .contact import Contact
from .reach import EmailAddress


class SuppressionQuerySet(models.QuerySet):
    def readable_to(self, user):
        """Entries whose address this person may read: of contacts they know of, and of nobody's any more.

        A viewer reads none of the latter: nobody knows how carefully its owner was kept.
        """
        seen = Contact.objects.visible_to(user).order_by().values("pk")
        found = Q(key__in=EmailAddress.objects.filter(contact__in=seen).values("key"))
        if user.may(Right.CONTACTS_INTERNAL):
            found |= ~Q(key__in=EmailAddress.objects.values("key"))
        return self.exclude(address="").filter(found)


class Suppression(models.Model):
    """An address we must not mail, whoever it belongs to. It stays when contacts are deleted or imported again."""

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")
        HARD_BOUNCE = "hard_bounce", _("the mailbox does not exist")
        ON_HOLD = "on_hold", _("letters keep coming back; tried again later")
        COMPLAINT = "complaint", _("marked our letter as spam")
        MANUAL = "manual", _("put on the stop list by staff")

    # What a person asked for, themselves or through staff. A dead mailbox only makes us write to the next one.
    WISHES = frozenset({Reason.UNSUBSCRIBED, Reason.COMPLAINT, Reason.MANUAL})

    # What servers said, and no person.
    OF_SERVERS = frozenset({Reason.HARD_BOUNCE, Reason.ON_HOLD})

    # What staff may take back: what a recipient said, the recipient alone takes back.
    LIFTABLE = frozenset({Reason.HARD_BOUNCE, Reason.ON_HOLD, Reason.MANUAL})

    _WEIGHT = {
        Reason.ON_HOLD: 0,
        Reason.HARD_BOUNCE: 1,
        Reason.MANUAL: 2,
        Reason.UNSUBSCRIBED: 3,
        Reason.COMPLAINT: 3,
    }

    # The blind index of the address outlives the address: an erased person stays on the list, readable to nobody.
    key = models.CharField(max_length=64, unique=True, editable=False)
    # Empty where it is, or was, a sealed contact's.
    address = models.CharField(_("e-mail"), max_length=254, blank=True)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    evidence = models.TextField(_("evidence"), blank=True)
    at = models.DateTimeField(_("since"), auto_now_add=True)
    # A hold ends by itself on this day. The row goes then, so that whoever asks the list need not know of days.
    until_on = models.DateField(_("until"), null=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("stop list entry")
        verbose_name_plural = _("stop list")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reason__in=["unsubscribed", "hard_bounce", "on_hold", "complaint", "manual"]),
                name="crm_suppression_reason",
            ),
            models.CheckConstraint(
                condition=Q(reason="on_hold", until_on__isnull=False) | ~Q(reason="on_hold") & Q(until_on=None),
                name="crm_hold_has_an_end",
            ),
        ]

    def __str__(self):
        return f"{self.address or '•••'}: {self.get_reason_display()}"

    @property
    def is_liftable(self) -> bool:
        return self.reason in self.LIFTABLE

    def is_outweighed_by(self, reason: str) -> bool:
        """A dead mailbox replaces a hold, what staff wrote down replaces both, and nothing what the person said."""
        return self._WEIGHT[reason] > self._WEIGHT[self.reason]
