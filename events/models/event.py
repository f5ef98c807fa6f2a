from datetime import date, datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Right
from crm.models import Contact, Organisation
from crm.states import OrganisationKind

from ..states import (
    DOOR_CLOSES,
    DOOR_OPENS,
    EVENT_TRANSITIONS,
    LATE_MARKS,
    EventKind,
    EventStatus,
    Mode,
    TaskKind,
    WrongState,
)


class Venue(models.Model):
    """A place that events are held at again and again."""

    name = models.CharField(pgettext_lazy("venue", "name"), max_length=200, unique=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    directions = models.TextField(_("how to get there"), max_length=1000, blank=True)
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    is_accessible = models.BooleanField(_("can be entered without steps"), default=False)

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="events_venue_has_a_name")]

    def __str__(self):
        return self.name


class Series(models.Model):
    """Events that belong together: a marathon of trainings, the evenings of a film club."""

    name = models.CharField(pgettext_lazy("series", "name"), max_length=200, unique=True)

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="events_series_has_a_name")]

    def __str__(self):
        return self.name


class EventQuerySet(models.QuerySet):
    def for_list(self):
        return self.select_related("venue", "series")

    def to_come(self, now: datetime):
        """What is not over, the next one first."""
        return self.filter(ends_at__gte=now).exclude(status=EventStatus.CANCELLED).order_by("starts_at", "pk")

    def with_door_for(self, user):
        """The events at whose door this person may stand: any, for who prepares events; else those named to them."""
        return self if user.may(Right.EVENTS_EDIT) else self.filter(keepers__user=user)

    def between(self, first: date, last: date):
        """Those that touch one of these days, in Dushanbe's time."""
        begins = timezone.make_aware(datetime.combine(first, datetime.min.time()))
        ends = timezone.make_aware(datetime.combine(last + timedelta(days=1), datetime.min.time()))
        return self.filter(starts_at__lt=ends, ends_at__gt=begins).order_by("starts_at", "pk")

    def take_places(self, event: "Event", people: int, cameras: int) -> bool:
        """Take so many places if they are free. One statement, so that of two who take the last one, one gets it."""
        free = self.filter(pk=event.pk)
        if people:
            free = free.filter(Q(capacity=None) | Q(capacity__gte=F("seats_taken") + people))
        if cameras:
            free = free.filter(Q(camera_places=None) | Q(camera_places__gte=F("cameras_taken") + cameras))
        taken = {"seats_taken": F("seats_taken") + people, "cameras_taken": F("cameras_taken") + cameras}
        return free.update(**taken) == 1

    def give_back(self, event: "Event", people: int, cameras: int) -> None:
        self.filter(pk=event.pk).update(
            seats_taken=F("seats_taken") - people, cameras_taken=F("cameras_taken") - cameras
        )


class Event(models.Model):
    """What the media group invites to: when, where, in which languages, for how many."""

    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=EventKind, default=EventKind.PRESS_CONFERENCE)
    mode = models.CharField(_("how it is held"), max_length=10, choices=Mode, default=Mode.IN_PERSON)
    status = models.CharField(_("state"), max_length=10, choices=EventStatus, default=EventStatus.DRAFT)
    series = models.ForeignKey(
        Series, models.SET_NULL, verbose_name=_("series"), null=True, blank=True, related_name="events"
    )
    about = models.TextField(_("what it is about"), max_length=2000, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    doors_at = models.DateTimeField(_("doors open"), null=True, blank=True)
    answer_by = models.DateTimeField(_("answers until"), null=True, blank=True)
    venue = models.ForeignKey(
        Venue, models.PROTECT, verbose_name=_("venue"), null=True, blank=True, related_name="events"
    )
    room = models.CharField(_("room"), max_length=100, blank=True)
    online_url = models.URLField(_("link for those who take part online"), blank=True)
    # Codes of the languages spoken there: "tg ru".
    languages = models.CharField(_("languages"), max_length=30, blank=True)
    has_interpretation = models.BooleanField(_("simultaneous interpretation"), default=False)
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    camera_places = models.PositiveIntegerField(_("places for cameras"), null=True, blank=True)
    # Counted by the database itself, under the row's lock: see EventQuerySet.take_places.
    seats_taken = models.IntegerField(default=0, editable=False)
    cameras_taken = models.IntegerField(default=0, editable=False)
    has_waiting_list = models.BooleanField(_("waiting list when it is full"), default=True)
    needs_accreditation = models.BooleanField(_("only with accreditation"), default=False)
    takes_colleagues = models.BooleanField(_("a colleague of the same outlet may come without asking"), default=False)
    arranges_travel = models.BooleanField(_("journey and lodging are arranged for guests"), default=False)
    # By a link that may stand anywhere; raised when a new one is made, and the former opens nothing.
    takes_applications = models.BooleanField(_("whoever has the link may apply to take part"), default=False)
    join_version = models.PositiveSmallIntegerField(default=1, editable=False)
    # In a calendar that a whole office reads, nothing of what it is about.
    is_discreet = models.BooleanField(_("neutral title in calendars"), default=False)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("who leads it"),
        null=True,
        blank=True,
        related_name="+",
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Of the public calendar file; an invitation has one of its own.
    uid = models.UUIDField(default=uuid4, editable=False, unique=True)
    # Rises when the day, the hour or the place changes, and when it is cancelled (RFC 5546).
    sequence = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="events_event_has_a_title"),
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="events_event_kind"),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="events_event_mode"),
            models.CheckConstraint(condition=Q(status__in=EventStatus.values), name="events_event_status"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="events_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(doors_at=None) | Q(doors_at__lte=F("starts_at")), name="events_doors_open_before"
            ),
            models.CheckConstraint(
                condition=Q(answer_by=None) | Q(answer_by__lte=F("starts_at")), name="events_answers_come_before"
            ),
            models.CheckConstraint(
                condition=Q(seats_taken__gte=0, cameras_taken__gte=0), name="events_places_are_not_owed"
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="events_event_starts")]

    def __str__(self):
        return self.title

    @property
    def language_codes(self) -> list[str]:
        return self.languages.split()

    @property
    def place(self) -> str:
        """Venue and room, as far as they are known."""
        return ", ".join(filter(None, [self.venue.name if self.venue else "", self.room]))

    @property
    def is_open(self) -> bool:
        return self.status == EventStatus.OPEN

    @property
    def is_several_days(self) -> bool:
        # What ends at midnight ends on the day before.
        return timezone.localdate(self.starts_at) != timezone.localdate(self.ends_at - timedelta(microseconds=1))

    @property
    def free_places(self) -> int | None:
        """None where there is no limit. Never less than none: capacity may have been lowered."""
        return None if self.capacity is None else max(self.capacity - self.seats_taken, 0)

    @property
    def free_cameras(self) -> int | None:
        return None if self.camera_places is None else max(self.camera_places - self.cameras_taken, 0)

    @property
    def surplus(self) -> int:
        """How many more have a place than there are, after the capacity was lowered: people decide who waits."""
        return 0 if self.capacity is None else max(self.seats_taken - self.capacity, 0)

    def takes_answers(self, at: datetime) -> bool:
        """Whether the invited may still answer, or change what they answered."""
        return self.is_open and at < (self.answer_by or self.starts_at)

    @property
    def has_door(self) -> bool:
        return self.status in {EventStatus.OPEN, EventStatus.HELD}

    @property
    def is_near(self) -> bool:
        """Whether the door is what its page is opened for."""
        return self.door_opens_at - DOOR_OPENS <= timezone.now() <= self.door_closes_at

    @property
    def door_opens_at(self) -> datetime:
        return self.starts_at - DOOR_OPENS

    @property
    def door_closes_at(self) -> datetime:
        """When names are gone from the phones at the door."""
        return self.ends_at + DOOR_CLOSES

    @property
    def marks_until(self) -> datetime:
        """Until when marks count that a phone kept while it had no line."""
        return self.ends_at + LATE_MARKS

    def hold(self) -> None:
        """Read the event anew and let nobody else take its places before the transaction ends."""
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())

    def move_to(self, status: EventStatus, **fields: object) -> None:
        """Change the state if the table allows it and nobody was faster. Raises WrongState."""
        allowed = status in EVENT_TRANSITIONS[self.status]
        if not (allowed and type(self).objects.filter(pk=self.pk, status=self.status).update(status=status, **fields)):
            words = _t("The event is “%(status)s” now: this step is not possible. Reload the page to see it as it is.")
            raise WrongState(words % {"status": EventStatus(self.status).label})
        self.status = status
        for name, value in fields.items():
            setattr(self, name, value)


class ProgrammeItem(models.Model):
    """A part of an event: a session, a speech, a break."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="programme")
    starts_at = models.DateTimeField(_("begins"))
    title = models.CharField(_("what"), max_length=200)
    is_chosen = models.BooleanField(_("guests say whether they come to it"), default=False)
    places = models.PositiveIntegerField(_("places"), null=True, blank=True)

    class Meta:
        verbose_name = _("part of the programme")
        verbose_name_plural = _("programme")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="events_programme_has_a_title"),
            models.CheckConstraint(condition=Q(places=None) | Q(places__gte=1), name="events_part_lets_somebody_in"),
        ]

    def __str__(self):
        return self.title


class Speaker(models.Model):
    """Who speaks: named on the page and on a plate. Their card, if there is one, is theirs alone."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="speakers")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+")
    # For whom they speak: donors ask how often each member did.
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, verbose_name=_("organisation"), null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=200)
    about = models.CharField(_("who it is"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ["pk"]

    def __str__(self):
        return self.name


class Quota(models.Model):
    """How many people one outlet of a kind may send to an event."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="quotas")
    kind = models.CharField(_("kind of outlet"), max_length=15, choices=OrganisationKind)
    people = models.PositiveSmallIntegerField(_("people of one outlet"))

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["event", "kind"], name="events_quota_once"),
            models.CheckConstraint(condition=Q(kind__in=OrganisationKind.values), name="events_quota_kind"),
            models.CheckConstraint(condition=Q(people__gte=1), name="events_quota_lets_somebody_in"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.people}"


class EventTask(models.Model):
    """What is to be done for an event, on which day."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="tasks")
    kind = models.CharField(_("kind"), max_length=10, choices=TaskKind, default=TaskKind.OTHER)
    words = models.CharField(_("what is to be done"), max_length=200, blank=True)
    due_on = models.DateField(_("on which day"))
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("step of the time line")
        verbose_name_plural = _("time line")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TaskKind.values), name="events_task_kind"),
            models.UniqueConstraint(
                fields=["event", "kind"], condition=~Q(kind="other"), name="events_task_once_of_a_kind"
            ),
            models.CheckConstraint(condition=~Q(kind="other") | ~Q(words=""), name="events_other_task_has_words"),
        ]

    def __str__(self):
        return self.words or self.get_kind_display()

    @property
    def is_late(self) -> bool:
        return self.done_at is None and self.due_on < timezone.localdate()
