"""What passed between us and a contact beside letters, and what we mean to do next."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..states import Messenger, TouchKind
from .contact import Contact
from .sealable import SealableText, never_both


class Touch(SealableText):
    """A call, a meeting, a note or a message: who, when, and what was said."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="touches")
    kind = models.CharField(_("what it was"), max_length=10, choices=TouchKind)
    messenger = models.CharField(_("messenger"), max_length=10, choices=Messenger, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # When it was written down: for a day its author may take it back.
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("touch")
        verbose_name_plural = _("touches")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TouchKind.values), name="crm_touch_kind"),
            models.CheckConstraint(
                condition=Q(kind=TouchKind.MESSENGER, messenger__in=Messenger.values)
                | ~Q(kind=TouchKind.MESSENGER) & Q(messenger=""),
                name="crm_touch_messenger",
            ),
            never_both("touch"),
        ]
        indexes = [models.Index(fields=["contact", "-at"], name="crm_touch_of_contact")]

    def __str__(self):
        return self.get_kind_display()


class FollowUpQuerySet(models.QuerySet):
    def open(self):
        return self.filter(done_at=None)

    def visible_to(self, user):
        """Reminders on contacts whom this person may know of."""
        # Asked of each row, since the rows are few and the contacts are many.
        return self.filter(Exists(Contact.objects.visible_to(user).filter(pk=OuterRef("contact"))))


class FollowUp(SealableText):
    """A reminder on a contact: who does what by when."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="follow_ups")
    due_on = models.DateField(_("when"))
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("whom to remind"), related_name="follow_ups"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text="", sealed_text=""), name="crm_follow_up_says_what"),
            never_both("follow_up"),
        ]
        indexes = [models.Index(fields=["assignee", "done_at", "due_on"], name="crm_follow_up_due")]

    def __str__(self):
        return f"{self.due_on}"

    @property
    def days_late(self) -> int:
        """Days since it was due; below nought while it is to come."""
        return (timezone.localdate() - self.due_on).days
