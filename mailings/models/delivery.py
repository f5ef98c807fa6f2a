from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Case, Exists, F, Q, Value, When
from django.db.models.base import ModelState
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Lockdown
from accounts.roles import Right
from core.fields import SealedField
from core.sealing import unseal
from crm.models import Contact, plain_or_sealed, visible

from ..measuring.policy import Measured
from ..states import FAILED_DELIVERY, OPEN_DELIVERY, WISHES, DeliveryStatus, Reason
from .mailing import Mailing


def known_to(user) -> Q:
    """Rows of visible contacts. Of a deleted one nobody knows how carefully it was kept: not for viewers.

    Empty for whoever may know of all.
    """
    seen = visible(user, of="contact__")
    return seen if user.may(Right.CONTACTS_INTERNAL) else seen & Q(contact__isnull=False)


def when_known_to(user, value, otherwise) -> Case | F | Value:
    """A value of rows of visible contacts, and what stands for it in the other rows."""
    known = known_to(user)
    return Case(When(known, then=value), default=Value(otherwise)) if known else value


class OfContactQuerySet(models.QuerySet):
    """Rows about contacts: whoever may not know of the contact sees no row of it."""

    def visible_to(self, user):
        return self.filter(known_to(user))


class DeliveryQuerySet(OfContactQuerySet):
    def open(self):
        return self.filter(status__in=OPEN_DELIVERY)

    def due(self, at: datetime):
        """Rows that may go at `at`."""
        return self.claimable().in_time(at)

    def in_time(self, at: datetime):
        """Rows of running mailings whose time has come; none while everything is locked down."""
        in_time = Q(next_try_at__isnull=True) | Q(next_try_at__lte=at)
        running = Mailing.objects.being_sent().order_by().values("pk")
        return self.filter(in_time, ~Exists(Lockdown.objects.on()), mailing__in=running)

    def claimable(self):
        return self.filter(status__in=[DeliveryStatus.QUEUED, DeliveryStatus.DEFERRED])

    def sent(self):
        return self.filter(status=DeliveryStatus.SENT)

    def left(self):
        """Those that went over the wire, whatever came of it."""
        return self.filter(Q(status__in=[DeliveryStatus.SENT, DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN]))

    def failed(self):
        return self.filter(status__in=FAILED_DELIVERY)


class Delivery(models.Model):
    """One mailing to one address: the inputs, frozen, and the fate of the letter."""

    # Each of its states is written into every index there is, so there are few, and those of columns that are mostly
    # empty hold the others alone.
    mailing = models.ForeignKey(Mailing, models.PROTECT, related_name="deliveries", db_index=False)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="deliveries")
    name = models.CharField(_("name"), max_length=200)
    # Of a letter to a post: who held it that day.
    holder = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="letters_to_post", db_index=False)
    holder_name = models.CharField(_("who held the post"), max_length=200, blank=True)
    # Readable, or sealed as its contact is; then the domain, too, stays empty. `address_key` is the blind index.
    address = models.EmailField(_("e-mail"), blank=True)
    sealed = SealedField()
    domain = models.CharField(max_length=254, blank=True)
    address_key = models.CharField(max_length=64)
    # The letter that this one corrects: it is an answer to it in the reader's mailbox.
    original = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+", db_index=False)
    language = models.CharField(_("language"), max_length=2)
    merge_data = models.JSONField(default=dict)
    status = models.CharField(_("state"), max_length=10, choices=DeliveryStatus, default=DeliveryStatus.QUEUED)
    claim = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # No attempt is made before. The first one of a row waits for the hold, and for its wave or morning.
    next_try_at = models.DateTimeField(_("next attempt"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    code = models.PositiveSmallIntegerField(_("code"), default=0)
    reply = models.TextField(_("the server's words"), blank=True)
    bounce_class = models.CharField(max_length=10, blank=True)
    # When the letter that a server had taken came back, and when its reader called it spam.
    bounced_at = models.DateTimeField(_("came back"), null=True)
    complained_at = models.DateTimeField(_("called spam"), null=True)
    # Which of the texts it carries, where the mailing was corrected on its way.
    edition = models.PositiveSmallIntegerField(default=1)
    unsubscribed_at = models.DateTimeField(_("unsubscribed"), null=True)
    # What kind of contact it was.
    kind = models.CharField(max_length=20, blank=True)
    # What may be known of this reader, frozen with the rest, and, where it is theirs, when they opened and clicked.
    measured_as = models.CharField(max_length=6, blank=True, choices=[(one.value, one.value) for one in Measured])
    opened_at = models.DateTimeField(_("opened at"), null=True)
    clicked_at = models.DateTimeField(_("followed a link at"), null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["pk"]
        constraints = [
            # By the address first: what became of the letters to it is asked for each that comes back.
            models.UniqueConstraint(fields=["address_key", "mailing"], name="mailings_delivery_once_per_address"),
            models.CheckConstraint(condition=Q(status__in=DeliveryStatus.values), name="mailings_delivery_status"),
            models.CheckConstraint(condition=Q(language__in=["ru", "tg", "en"]), name="mailings_delivery_language"),
            models.CheckConstraint(
                condition=Q(bounce_class__in=["", "hard", "soft", "full", "block", "unknown"]),
                name="mailings_delivery_bounce_class",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["claimed", "inflight"], claim__isnull=False, lease_until__isnull=False)
                | (~Q(status__in=["claimed", "inflight"]) & Q(claim__isnull=True, lease_until__isnull=True)),
                name="mailings_claimed_has_an_owner",
            ),
            models.CheckConstraint(
                condition=~Q(status="deferred") | Q(next_try_at__isnull=False), name="mailings_deferred_has_a_next_try"
            ),
            models.CheckConstraint(
                # Of an erased person nothing is left to read.
                condition=plain_or_sealed("address") | Q(contact=None, name="", address="", sealed=""),
                name="mailings_delivery_plain_or_sealed",
            ),
            models.CheckConstraint(condition=Q(sealed="") | Q(domain=""), name="mailings_sealed_has_no_domain"),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False), name="mailings_sent_has_a_time"
            ),
            # Nothing is known of who is not measured, or is only counted.
            models.CheckConstraint(
                condition=Q(measured_as="person")
                | Q(measured_as__in=["", "totals"], opened_at__isnull=True, clicked_at__isnull=True),
                name="mailings_only_who_may_be_is_measured",
            ),
        ]
        indexes = [
            # What became of a mailing's letters, and the queue: its rows stand here in their order.
            models.Index(fields=["mailing", "status", "id"], name="mailings_delivery_fate"),
            # What workers hold: few rows, whatever was sent before, and statistics of it never speak of all the others.
            models.Index(fields=["claim"], condition=Q(claim__isnull=False), name="mailings_delivery_claimed"),
            models.Index(fields=["holder"], condition=Q(holder__isnull=False), name="mailings_delivery_of_holder"),
            models.Index(fields=["original"], condition=Q(original__isnull=False), name="mailings_delivery_corrects"),
            # Who has ever opened: asked of each contact, to tell who is silent.
            models.Index(
                fields=["contact", "sent_at"], condition=Q(opened_at__isnull=False), name="mailings_delivery_opened"
            ),
        ]

    def __str__(self):
        return f"{self.mailing_id}/{self.pk}"

    @classmethod
    def from_db(cls, db, field_names, values):
        """What `__init__` sets one by one, in one step: a sender reads thousands of rows a second."""
        row = cls.__new__(cls)
        row.__dict__.update(zip(field_names, values, strict=True), _state=ModelState())
        row._state.adding, row._state.db = False, db
        return row

    @property
    def is_sealed(self) -> bool:
        return bool(self.sealed)

    @property
    def is_erased(self) -> bool:
        """Whether the person asked to be erased: the row counts, and names nobody."""
        return not self.address and not self.sealed

    @property
    def code_before(self) -> str:
        """The code to stand before the server's words, which in reports begin with it themselves."""
        return "" if not self.code or self.reply.startswith(str(self.code)) else f"{self.code} "

    def reveal(self) -> str:
        """The address, sealed or not: for the sender, and for the recipient's own eyes."""
        return unseal(self.sealed) if self.sealed else self.address

    @staticmethod
    def domain_of(address: str) -> str:
        return address.rpartition("@")[2].casefold()


class Exclusion(models.Model):
    """Somebody whom the rule chose and who was left out, with the reason, frozen with the audience."""

    mailing = models.ForeignKey(Mailing, models.PROTECT, related_name="exclusions")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(_("name"), max_length=200)
    address = models.CharField(_("e-mail"), max_length=254, blank=True)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)

    objects = OfContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("left out")
        verbose_name_plural = _("left out")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(reason__in=Reason.values), name="mailings_exclusion_reason_known")
        ]
        indexes = [models.Index(fields=["mailing", "reason"], name="mailings_exclusion_reason")]

    def __str__(self):
        return f"{self.name}: {self.reason}"

    @property
    def is_wish(self) -> bool:
        """Whether it was a rule of theirs, that stands on their page."""
        return self.reason in WISHES


# A sender that was not heard of for longer is gone.
SENDER_IS_LATE = timedelta(seconds=60)


@dataclass(frozen=True)
class Pulse:
    """When a sender was last seen, so many seconds ago, and how many are at work."""

    seen_at: datetime | None
    workers: int
    seconds: int

    @property
    def is_late(self) -> bool:
        return not self.workers


class Heartbeat(models.Model):
    """When a sender was last alive. A page that waits for one says so when there is none."""

    worker = models.CharField(max_length=100, unique=True)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("sender")
        verbose_name_plural = _("senders")

    def __str__(self):
        return f"{self.worker} {self.seen_at:%H:%M:%S}"

    @classmethod
    def pulse(cls) -> "Pulse":
        """Whether somebody sends. One query."""
        now = timezone.now()
        seen = list(cls.objects.order_by("-seen_at").values_list("seen_at", flat=True)[:20])
        alive = [moment for moment in seen if moment >= now - SENDER_IS_LATE]
        return Pulse(seen[0] if seen else None, len(alive), int((now - seen[0]).total_seconds()) if seen else 0)
