"""What guests are asked beside yes or no, and what they said."""

import json
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import SealedField
from core.sealing import seal, unseal

from ..states import TravelStatus
from .event import Event, ProgrammeItem
from .invitation import Invitation


class SignUp(models.Model):
    """Somebody comes to a part of the programme that guests choose. It holds a place there for each of their people."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="sign_ups")
    part = models.ForeignKey(ProgrammeItem, models.CASCADE, related_name="sign_ups")

    class Meta:
        verbose_name = _("choice of a part")
        verbose_name_plural = _("choices of parts")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["invitation", "part"], name="events_sign_up_once")]

    def __str__(self):
        return f"{self.invitation_id}/{self.part_id}"


class Question(models.Model):
    """Something that only this event asks. `choices` are ready answers, one a line; none: any words."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="questions")
    words = models.CharField(_("question"), max_length=200)
    choices = models.TextField(_("answers to choose from"), max_length=1000, blank=True)
    is_required = models.BooleanField(_("must be answered"), default=False)

    class Meta:
        verbose_name = _("question of an event")
        verbose_name_plural = _("questions of events")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(words=""), name="events_question_has_words")]

    def __str__(self):
        return self.words

    @property
    def ready_answers(self) -> list[str]:
        return self.choices.splitlines()


class Particulars(models.Model):
    """What a guest answered to an event's own questions, and how they travel: always sealed, for it says where somebody
    sleeps and on which road they are. Who looks at it stands in the journal.
    """

    invitation = models.OneToOneField(Invitation, models.CASCADE, related_name="particulars")
    # JSON under the seal: pairs of question and answer, in the words of that day; the wishes for the journey.
    sealed_answers = SealedField()
    sealed_travel = SealedField()
    # What was arranged for them, in staff's words.
    sealed_arrangement = SealedField()
    travel = models.CharField(_("journey"), max_length=8, choices=TravelStatus, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("particulars of a guest")
        verbose_name_plural = _("particulars of guests")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(travel__in=["", *TravelStatus.values]), name="events_travel_status"),
            models.CheckConstraint(
                condition=Q(travel="", sealed_travel="") | ~Q(travel="") & ~Q(sealed_travel=""),
                name="events_travel_is_described",
            ),
        ]

    def __str__(self):
        return str(self.invitation_id)

    def keep_answers(self, answers: list[tuple[str, str]]) -> None:
        """Set these; what was said to other questions stays. Raises CannotUnseal."""
        said = dict(self.answers()) | dict(answers)
        self.sealed_answers = seal(json.dumps(list(said.items()), ensure_ascii=False)) if said else ""

    def keep_travel(self, travel: dict[str, object]) -> None:
        """Set the wishes, which somebody has to look at anew; none: they need no help with the journey."""
        self.sealed_travel = seal(json.dumps(travel, ensure_ascii=False)) if travel else ""
        self.travel = TravelStatus.ASKED if travel else ""
        self.settled_at = self.settled_by = None
        if not travel:
            self.sealed_arrangement = ""

    def take_over(self, other: "Particulars") -> None:
        """What this one lacks, from the same person's other invitation, which goes."""
        self.sealed_answers = self.sealed_answers or other.sealed_answers
        if not self.travel:
            for name in ("sealed_travel", "sealed_arrangement", "travel", "settled_at", "settled_by"):
                setattr(self, name, getattr(other, name))
        self.save()

    def settle(self, status: str, words: str, *, by, at: datetime) -> None:
        """Write down what came of the journey. Without words those of before stay."""
        self.travel, self.settled_by, self.settled_at = status, by, at
        if words:
            self.sealed_arrangement = seal(words)
        self.save()

    def answers(self) -> list[tuple[str, str]]:
        """Questions and answers. Raises CannotUnseal."""
        return [(words, text) for words, text in json.loads(unseal(self.sealed_answers))] if self.sealed_answers else []

    def wishes(self) -> dict[str, object]:
        """Wishes for the journey by the names of their fields. Raises CannotUnseal."""
        return json.loads(unseal(self.sealed_travel)) if self.sealed_travel else {}

    def arrangement(self) -> str:
        return unseal(self.sealed_arrangement) if self.sealed_arrangement else ""
