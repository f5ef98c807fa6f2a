"""An interview: who speaks how and where, on what conditions, and whether they consented."""

from uuid import uuid4

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.fields import SealedField
from core.sealing import CannotUnseal, seal, unseal

from ..desk_states import WITH_CONSENT, Given, InterviewStatus, Record, Wanted, WrongStep
from .experts import Expert
from .requests import LANGUAGES, PressRequest

# What somebody who was harmed must have been told and asked, before a day is named.
CHECKLIST = {
    "told_who_sees": _("Who will see or hear it, and where"),
    "told_how_long": _("How long it stays, and that it cannot be taken back from the net"),
    "agreed_identity": _("Name, voice and face: shown, changed or hidden"),
    "agreed_limits": _("What will not be asked"),
    "has_companion": _("Who will be there with the person"),
    "knows_to_stop": _("That they may stop at any time, without a reason"),
    "has_follow_up": _("Who looks after the person afterwards"),
}
_ALL_POINTS = Q(**dict.fromkeys(CHECKLIST, True))


class InterviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(request__in=PressRequest.objects.visible_to(user).order_by().values("pk"))


class Interview(models.Model):
    """Part of a request. Who was harmed, or mourns, has a code name alone, and that is sealed: no name is kept at all.

    The reporter and the speaker get calendar invitations of their own, so that neither learns the other's address.
    """

    request = models.ForeignKey(PressRequest, models.CASCADE, related_name="interviews")
    status = models.CharField(_("state"), max_length=10, choices=InterviewStatus, default=InterviewStatus.PROPOSED)
    expert = models.ForeignKey(
        Expert, models.PROTECT, verbose_name=_("speaker"), null=True, blank=True, related_name="interviews"
    )
    is_survivor = models.BooleanField(_("somebody who was harmed, or a relative"), default=False)
    sealed_code_name = SealedField()
    way = models.CharField(_("how"), max_length=10, choices=Wanted, default=Wanted.PHONE)
    place = models.CharField(_("place or link"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="ru")
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=30)
    agreed_topics = models.TextField(_("topics agreed"), blank=True, max_length=2000)
    record = models.CharField(_("on what terms"), max_length=10, choices=Record, default=Record.ON_RECORD)
    embargo_until = models.DateTimeField(_("not before"), null=True, blank=True)
    checks_quotes = models.BooleanField(_("quotes are checked before they appear"), default=True)
    we_record = models.BooleanField(_("we record it, too"), default=False)
    consent = models.CharField(_("consent of who speaks"), max_length=10, choices=Given, default=Given.ASKED)
    told_who_sees = models.BooleanField(CHECKLIST["told_who_sees"], default=False)
    told_how_long = models.BooleanField(CHECKLIST["told_how_long"], default=False)
    agreed_identity = models.BooleanField(CHECKLIST["agreed_identity"], default=False)
    agreed_limits = models.BooleanField(CHECKLIST["agreed_limits"], default=False)
    has_companion = models.BooleanField(CHECKLIST["has_companion"], default=False)
    knows_to_stop = models.BooleanField(CHECKLIST["knows_to_stop"], default=False)
    has_follow_up = models.BooleanField(CHECKLIST["has_follow_up"], default=False)
    reporter_uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    speaker_uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = InterviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=InterviewStatus.values), name="events_interview_status"),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(WITH_CONSENT)) | Q(consent="given", starts_at__isnull=False),
                name="events_interview_only_with_consent",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(WITH_CONSENT), is_survivor=True) | _ALL_POINTS,
                name="events_survivor_was_told_everything",
            ),
            models.CheckConstraint(
                condition=Q(is_survivor=True, expert=None) & ~Q(sealed_code_name="")
                | Q(is_survivor=False, expert__isnull=False, sealed_code_name=""),
                name="events_survivor_has_a_code_name_alone",
            ),
            models.CheckConstraint(condition=Q(minutes__range=(5, 600)), name="events_interview_minutes"),
        ]

    def __str__(self):
        return f"{self.request}"

    @property
    def code_name(self) -> str:
        try:
            return unseal(self.sealed_code_name) if self.sealed_code_name else ""
        except CannotUnseal:
            return ""

    def keep_code_name(self, name: str) -> None:
        self.sealed_code_name = seal(name) if name else ""

    @property
    def points(self) -> list[tuple[str, bool]]:
        """The seven points, each with whether it is settled."""
        return [(str(label), getattr(self, name)) for name, label in CHECKLIST.items()]

    @property
    def is_live(self) -> bool:
        return self.status in {InterviewStatus.PROPOSED, InterviewStatus.SCHEDULED}

    @property
    def missing(self) -> list[str]:
        """What has to be there before a day can be named, in words."""
        found = [] if self.consent == Given.GIVEN else [_t("the consent of who speaks")]
        found += [] if self.starts_at else [_t("day and hour")]
        return found + [label for label, is_settled in self.points if self.is_survivor and not is_settled]

    def move(self, to: str, *, allowed: frozenset[str], **fields: object) -> None:
        """Another state, where the present one allows it. Raises WrongStep: of two who press, the second is told."""
        with transaction.atomic():
            here = Interview.objects.select_for_update().values_list("status", flat=True).get(pk=self.pk)
            if here not in allowed:
                label = InterviewStatus(here).label
                raise WrongStep(_t("This interview is “%(state)s” now. Nothing was changed.") % {"state": label})
            self.status = to
            for name, value in fields.items():
                setattr(self, name, value)
            self.save()
