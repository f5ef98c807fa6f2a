from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

_KINDS = [
    "invitation", "new_password", "new_device", "password_changed", "factor_changed", "rights_changed", "power_given",
    "email_changed", "locked_down", "approval_wanted", "approved", "not_started",
    "request_given", "request_due", "request_draft", "interview_stopped",
    "request_result", "letter_due", "request_came_back", "request_decided",
    "interview_declined", "guest_asks",
]  # fmt: skip


class LetterQuerySet(models.QuerySet):
    def due(self):
        return self.filter(sent_at__isnull=True, next_try_at__lte=timezone.now())


class StaffLetter(models.Model):
    """A letter from the product to one of its own people, waiting for the worker.

    It holds no link: a link is computed when the letter leaves, so that a copy of this table opens nothing.
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("Invitation")
        NEW_PASSWORD = "new_password", _("Link for a new password")
        NEW_DEVICE = "new_device", _("Sign-in from a new device")
        PASSWORD_CHANGED = "password_changed", _("The password was changed")
        FACTOR_CHANGED = "factor_changed", _("The second factor was changed")
        RIGHTS_CHANGED = "rights_changed", _("Rights were changed")
        POWER_GIVEN = "power_given", _("Somebody got power over accounts or the list")
        EMAIL_CHANGED = "email_changed", _("The sign-in address was changed")
        LOCKED_DOWN = "locked_down", _("Everything is locked down")
        APPROVAL_WANTED = "approval_wanted", _("A mailing waits for approval")
        APPROVED = "approved", _("A mailing is approved")
        NOT_STARTED = "not_started", _("A scheduled mailing did not start")
        REQUEST_GIVEN = "request_given", _("A press request was given to somebody")
        REQUEST_DUE = "request_due", _("The time of a press request runs out")
        INTERVIEW_STOPPED = "interview_stopped", _("Consent to an interview was taken back")
        REQUEST_RESULT = "request_result", _("Whether an answer to a reporter was used is not known")
        LETTER_DUE = "letter_due", _("The term of an official letter runs out")
        REQUEST_DECIDED = "request_decided", _("An answer to a reporter was approved or returned")
        INTERVIEW_DECLINED = "interview_declined", _("A calendar declines an interview, or proposes another time")
        REQUEST_CAME_BACK = "request_came_back", _("A letter of a press request did not arrive")
        GUEST_ASKS = "guest_asks", _("Somebody asks to come to an event")
        REQUEST_DRAFT = "request_draft", _("An answer to a press request waits for approval")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=20, choices=Kind)
    # Where it goes when that is not the person's present address: the former one, after a change.
    address = models.EmailField(blank=True)
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter to staff")
        verbose_name_plural = _("letters to staff")
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=_KINDS),
                name="accounts_letter_kind",
            )
        ]
        indexes = [models.Index(fields=["sent_at", "next_try_at"], name="accounts_letter_queue")]

    def __str__(self):
        return f"{self.kind} {self.pk}"
