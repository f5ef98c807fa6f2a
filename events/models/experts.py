"""Who of the member organisations can speak, on what, and whom we asked to."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right
from core.fields import SealedField
from core.sealing import CannotUnseal, blind, seal, unseal
from crm.models import Organisation, Topic
from crm.models.contact import LANGUAGE_ORDERS
from crm.states import Region

from ..desk_states import OPEN, Consent, Wanted
from .requests import PressRequest

WEEK = timedelta(days=7)


class ExpertQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All of them for the desk; for a member representative those of the own organisation."""
        if user.may(Right.REQUESTS_VIEW):
            return self
        if user.may(Right.OWN_ORGANISATION):
            return self.filter(organisation__representations__user=user)
        return self.none()

    def with_load(self):
        """`load`: how often each was asked, or said yes, within a week."""
        lately = Q(questions__asked_at__gt=timezone.now() - WEEK, questions__status__in=[Consent.WAITING, Consent.YES])
        return self.annotate(load=Count("questions", filter=lately, distinct=True))


class Expert(models.Model):
    """A person of a member organisation who may speak to reporters. Their address is sealed always."""

    name = models.CharField(_("name"), max_length=200)
    title = models.CharField(_("position"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="experts"
    )
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), blank=True, related_name="experts")
    languages = models.CharField(_("languages, the preferred one first"), max_length=8, default="ru")
    # Codes of regions that they know: "sughd khatlon"; empty: all.
    regions = models.CharField(_("regions"), max_length=80, blank=True)
    # Codes of what they do not do: "video live filming".
    refuses = models.CharField(_("does not do"), max_length=60, blank=True)
    limits = models.CharField(_("what to know before asking"), max_length=300, blank=True)
    most_a_week = models.PositiveSmallIntegerField(_("at most so often a week"), default=3)
    away_until = models.DateField(_("away until"), null=True, blank=True)
    is_active = models.BooleanField(_("speaks for the coalition"), default=True)
    sealed_address = SealedField()
    address_key = models.CharField(max_length=64, editable=False, default="", db_index=True)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="events_expert_has_a_name"),
            models.CheckConstraint(condition=Q(languages__in=LANGUAGE_ORDERS), name="events_expert_languages"),
            models.CheckConstraint(condition=Q(most_a_week__range=(1, 50)), name="events_expert_most_a_week"),
        ]

    def __str__(self):
        return self.name

    @property
    def address(self) -> str:
        try:
            return unseal(self.sealed_address) if self.sealed_address else ""
        except CannotUnseal:
            return ""

    def keep_address(self, address: str) -> None:
        self.sealed_address, self.address_key = (seal(address), blind(address)) if address else ("", "")

    @property
    def language_codes(self) -> list[str]:
        return self.languages.split()

    @property
    def refused(self) -> list[str]:
        """What they do not do, in words."""
        return [str(Wanted(code).label) for code in self.refuses.split()]

    @property
    def region_names(self) -> list[str]:
        return [str(Region(code).label) for code in self.regions.split()]

    def is_away(self, on: date) -> bool:
        return self.away_until is not None and self.away_until >= on


class SpeakerQuestionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What was asked of the speakers whom this person may know of; for the desk, on requests that it may see."""
        found = self.filter(expert__in=Expert.objects.visible_to(user).values("pk"))
        if user.may(Right.REQUESTS_VIEW):
            return found.filter(request__in=PressRequest.objects.visible_to(user).order_by().values("pk"))
        return found

    def open(self):
        return self.filter(status=Consent.WAITING, request__status__in=OPEN)


class SpeakerQuestion(models.Model):
    """Whether a speaker would speak. They learn what it is about and by when, never who asks or how to reach them."""

    request = models.ForeignKey(PressRequest, models.CASCADE, related_name="questions")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="questions")
    # What we tell the speaker; written for them.
    text = models.TextField(_("what we ask the speaker"))
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    status = models.CharField(_("answer"), max_length=10, choices=Consent, default=Consent.WAITING)
    answer = models.TextField(_("in their words"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # The representative who answered; empty where it was by the link of the letter.
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = SpeakerQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question to a speaker")
        verbose_name_plural = _("questions to speakers")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "expert"], name="events_speaker_asked_once"),
            models.CheckConstraint(condition=Q(status__in=Consent.values), name="events_speaker_answer"),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "withdrawn"]) | Q(answered_at__isnull=False),
                name="events_speaker_answered_at_some_time",
            ),
        ]

    def __str__(self):
        return f"{self.expert}"

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered, or answered otherwise."""
        return self.status != Consent.WITHDRAWN and self.request.is_open
