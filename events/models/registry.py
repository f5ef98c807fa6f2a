"""The register of official letters: numbers, days, to or from which post, and by when the law wants an answer."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right
from crm.models import Contact, Organisation

from ..desk_states import LetterWay
from .event import Event
from .requests import PressRequest

# So long before the day that the law names somebody is reminded.
AHEAD = timedelta(days=3)


class OfficialLetterQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.may(Right.REQUESTS_VIEW):
            return self.none()
        seen = Contact.objects.visible_to(user).order_by().values("pk")
        return self.filter(Q(post=None) | Q(post__in=seen))

    def that_name(self, event: Event):
        """The letters by which bodies name whom they send to an event."""
        return self.filter(event=event, way=LetterWay.INCOMING).select_related("organisation")

    def waiting(self):
        """Letters that somebody has to answer, they or we, and nobody has."""
        return self.filter(due_on__isnull=False, answered_by=None)

    def next_number(self, way: str, year: int) -> int:
        last = self.filter(way=way, year=year).aggregate(Max("number"))["number__max"]
        return (last or 0) + 1


class OfficialLetter(models.Model):
    """A letter under a number of ours. It is never deleted: a book with a page torn out proves nothing."""

    way = models.CharField(_("book"), max_length=3, choices=LetterWay)
    number = models.PositiveIntegerField(_("our number"))
    year = models.PositiveSmallIntegerField(editable=False)
    on = models.DateField(_("date"), default=timezone.localdate)
    their_number = models.CharField(_("number and date of the other side"), max_length=60, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisation"), null=True, related_name="official_letters"
    )
    post = models.ForeignKey(
        Contact, models.SET_NULL, verbose_name=_("post"), null=True, blank=True, related_name="official_letters"
    )
    subject = models.CharField(_("what it is about"), max_length=300)
    due_on = models.DateField(_("answer due by law"), null=True, blank=True)
    due_basis = models.CharField(_("law and article"), max_length=200, blank=True)
    watched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who watches the term"), related_name="+"
    )
    answers = models.OneToOneField(
        "self", models.PROTECT, verbose_name=_("answers the letter"), null=True, blank=True, related_name="answered_by"
    )
    request = models.ForeignKey(
        PressRequest, models.SET_NULL, verbose_name=_("press request"), null=True, blank=True, related_name="letters"
    )
    # A letter that asks for people to be sent, and the one that names them.
    event = models.ForeignKey(
        Event, models.SET_NULL, verbose_name=_("event"), null=True, blank=True, related_name="official_letters"
    )
    scan = models.FileField(upload_to="requests/scans", blank=True)
    scan_name = models.CharField(max_length=70, blank=True)
    scan_type = models.CharField(max_length=100, blank=True)
    # 0 not yet, 1 before the day, 2 after it.
    reminded = models.PositiveSmallIntegerField(default=0, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = OfficialLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter of the register")
        verbose_name_plural = _("letters of the register")
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["way", "year", "number"], name="events_register_number_once"),
            models.CheckConstraint(condition=Q(way__in=LetterWay.values), name="events_register_book"),
            models.CheckConstraint(condition=Q(number__gte=1), name="events_register_number"),
            models.CheckConstraint(condition=Q(due_basis="") | Q(due_on__isnull=False), name="events_register_basis"),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gte=models.F("on")), name="events_register_due"
            ),
            models.CheckConstraint(condition=~Q(answers=models.F("pk")), name="events_register_answers_another"),
            models.CheckConstraint(condition=Q(reminded__in=[0, 1, 2]), name="events_register_reminded"),
        ]
        indexes = [models.Index(fields=["due_on", "reminded"], name="events_register_term")]

    def __str__(self):
        return f"№ {self.number}/{self.year}"

    def save(self, **options):
        self.year = self.on.year
        super().save(**options)

    def days_left(self, today: date) -> int | None:
        return (self.due_on - today).days if self.due_on else None

    @property
    def is_answered(self) -> bool:
        return hasattr(self, "answered_by")

    @property
    def level(self) -> str:
        """How near the term is, as the clock shows it."""
        left = self.days_left(timezone.localdate())
        if left is None or self.is_answered:
            return ""
        return "late" if left < 0 else "soon" if left <= AHEAD.days else ""
