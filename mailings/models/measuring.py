"""What came back from readers whose opens and clicks are measured, and what is kept of it for good."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..measuring.agents import Agent
from ..measuring.judge import PEOPLE, Reason, Sort
from .delivery import Delivery
from .mailing import Mailing

REASON_LABELS = {
    Reason.PERSON: _("a person"),
    Reason.THROUGH_PROXY: _("a person, through Gmail's picture service"),
    Reason.PREFETCH: _("pictures loaded ahead"),
    Reason.KNOWN_AGENT: _("a program that says what it is"),
    Reason.TRAP: _("a link that no person sees"),
    Reason.BURST: _("many links within seconds"),
    Reason.EARLY: _("before the letter arrived"),
    Reason.AT_ONCE: _("right on arrival, unread"),
}


class Link(models.Model):
    """An address that a mailing leads to, and its counts; the one of the empty address is the picture."""

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="links")
    url = models.TextField(blank=True)
    people = models.PositiveIntegerField(default=0)
    human = models.PositiveIntegerField(default=0)
    machine = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("link of a mailing")
        verbose_name_plural = _("links of mailings")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["mailing", "url"], name="mailings_link_once")]

    def __str__(self):
        return self.url


class Reader(models.Model):
    """Somebody of a mailing who opened or clicked and is only counted: a number that leads to nobody."""

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="readers")
    number = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    opened_at = models.DateTimeField(null=True)
    clicked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("counted reader")
        verbose_name_plural = _("counted readers")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["mailing", "number"], name="mailings_reader_once")]

    def __str__(self):
        return f"{self.mailing_id}: {self.number}"


class Event(models.Model):
    """One visit to a link or a picture: when, by what kind of program, and whether a person did it.

    No network address and no name of a program is kept. Rows are added and judged, never changed otherwise, and go
    after `EVENTS_KEPT`.
    """

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="events")
    delivery = models.ForeignKey(Delivery, models.CASCADE, null=True, related_name="events")
    reader = models.ForeignKey(Reader, models.CASCADE, null=True, related_name="events")
    link = models.ForeignKey(Link, models.CASCADE, related_name="events")
    sort = models.CharField(max_length=5, choices=[(sort.value, sort.value) for sort in Sort])
    at = models.DateTimeField()
    agent = models.CharField(max_length=10, choices=[(agent.value, agent.value) for agent in Agent])
    is_trap = models.BooleanField(default=False)
    is_person = models.BooleanField(default=False)
    reason = models.CharField(max_length=12, blank=True, choices=list(REASON_LABELS.items()))

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(sort__in=list(Sort)), name="mailings_event_sort"),
            models.CheckConstraint(condition=Q(reason__in=["", *Reason]), name="mailings_event_reason"),
            models.CheckConstraint(
                condition=Q(is_person=True, reason__in=sorted(PEOPLE))
                | Q(is_person=False) & ~Q(reason__in=sorted(PEOPLE)),
                name="mailings_event_person_has_the_reason",
            ),
            # Whose it is, or one who is only counted; never both.
            models.CheckConstraint(
                condition=Q(delivery__isnull=False, reader__isnull=True)
                | Q(delivery__isnull=True, reader__isnull=False),
                name="mailings_event_of_one",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="mailings_event_age")]

    def __str__(self):
        return f"{self.mailing_id}: {self.sort}"


class Loaded(models.Model):
    """A file of visits that has been read: a worker that died right afterwards does not count them twice."""

    name = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("file of visits")
        verbose_name_plural = _("files of visits")

    def __str__(self):
        return self.name


class Tally(models.Model):
    """Counts of one mailing, kept so that what crosses mailings reads few rows. They are rebuilt, never added to."""

    class By(models.TextChoices):
        ALL = "all", "all"
        # Opens and clicks of those known by name alone: of the others the mail service is not known.
        PROVIDER = "provider", "provider"
        # When people open, "3-14": Thursday, from two o'clock on, where the office is.
        HOUR = "hour", "hour"

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="tallies")
    by = models.CharField(max_length=8, choices=By)
    key = models.CharField(max_length=20, blank=True)
    letters = models.PositiveIntegerField(default=0)
    sent = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    measured = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    clicked = models.PositiveIntegerField(default=0)
    unsubscribed = models.PositiveIntegerField(default=0)
    complained = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["mailing", "by", "key"], name="mailings_tally_once"),
            models.CheckConstraint(condition=Q(by__in=["all", "provider", "hour"]), name="mailings_tally_by"),
        ]

    def __str__(self):
        return f"{self.mailing_id} {self.by} {self.key}"


class Evidence(models.Model):
    """What the receiving server answered to a letter: once, and again where it came back or was sent anew. A chain for
    each mailing: each row holds the hash of the one before, so that none can be changed, left out or put in without its
    being seen.

    Whose letter it was is a commitment: the address, hashed with a secret. Of an erased person nothing can be read.
    """

    mailing = models.ForeignKey(Mailing, models.PROTECT, related_name="evidence")
    number = models.PositiveIntegerField()
    delivery = models.BigIntegerField()
    at = models.DateTimeField()
    code = models.PositiveSmallIntegerField()
    reply = models.TextField(blank=True)
    message_id = models.CharField(max_length=200)
    recipient = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("evidence of delivery")
        verbose_name_plural = _("evidence of delivery")
        ordering = ["mailing", "number"]
        constraints = [
            models.UniqueConstraint(fields=["mailing", "number"], name="mailings_evidence_in_order"),
        ]
        # The last answer to a letter: asked of each, to see whether there is a newer one.
        indexes = [models.Index(fields=["mailing", "delivery", "number"], name="mailings_evidence_of_letter")]

    def __str__(self):
        return f"{self.mailing_id}/{self.number}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("evidence is added, never changed")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("evidence is added, never deleted")
