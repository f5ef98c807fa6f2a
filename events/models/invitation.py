import hashlib
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Max, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right
from core.fields import SealedField
from core.signing import make_token
from crm.models import Contact, Organisation
from crm.models.position import restricted_people
from crm.models.sealable import SealableText
from crm.states import Sensitivity

from ..states import (
    AT_DOOR,
    MAY_ENTER,
    MOST_PEOPLE,
    SEATED,
    SHUT_OUT,
    Accreditation,
    Attendance,
    CallOutcome,
    DeclineReason,
    EventStatus,
    Fact,
    Rsvp,
    Source,
)
from .event import Event

RSVP, DOOR = "rsvp", "door"
# The version of a link stands in its lowest bits.
_VERSIONS = 1024


class InvitationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of contacts that this person may know of, and of people who have no card."""
        return self.filter(Q(contact=None) | Q(contact__in=Contact.objects.visible_to(user).order_by().values("pk")))

    def at_door(self, user):
        """Who stands on this person's list at the door. Who only keeps a door is not shown whom a phone that is lost
        must not name.
        """
        here = self.filter(rsvp__in=AT_DOOR)
        if user.may(Right.EVENTS_VIEW):
            return here.visible_to(user)
        hidden = Contact.objects.exclude(sensitivity=Sensitivity.OPEN)
        return here.exclude(contact__in=hidden.order_by().values("pk")).exclude(contact__in=restricted_people())

    def state(self, event: Event) -> dict[str, object]:
        """Another one whenever something that the door shows of these is another; cheaper than reading them."""
        changes = InvitationEvent.objects.filter(invitation__event=event).exclude(fact=Fact.ATTENDANCE)
        return self.order_by().aggregate(
            number=Count("pk"),
            who=Sum("pk"),
            nameless=Count("pk", filter=Q(name="")),
            counted=Count("pk", filter=Q(records_presence=False)),
            answered=Max("answered_at"),
        ) | changes.order_by().aggregate(change=Max("pk"))

    def of_link(self, number: int):
        """Whose link carries this number; nobody's, where it was taken back."""
        return self.filter(pk=number // _VERSIONS, link_version=number % _VERSIONS).exclude(rsvp=Rsvp.REVOKED)

    def in_force(self):
        return self.exclude(rsvp=Rsvp.REVOKED)

    def seated(self):
        return self.filter(rsvp__in=SEATED).exclude(accreditation__in=SHUT_OUT)

    def undecided(self):
        """Who asks to come and waits for staff: a colleague whom somebody invited has named, or who applied."""
        return self.filter(Q(parent__isnull=False) | Q(applied_at__isnull=False), rsvp=Rsvp.DRAFT)

    def expired(self, at: datetime):
        """Offers whose time is over. What was called off takes none back: nobody else gets the place."""
        return self.filter(rsvp=Rsvp.OFFERED, offered_until__lte=at, event__status=EventStatus.OPEN)

    def with_a_claim(self, event: Event, at: datetime):
        """Who holds no place now, and nobody else gets it: who had one and is asked again since the event was moved,
        as long as they may answer; and the colleague named by somebody who had one, until staff decide.
        """
        gave_up = InvitationEvent.objects.filter(
            invitation=models.OuterRef("parent"), fact=Fact.ANSWER, before__in=SEATED, after=Rsvp.DECLINED
        )
        claims = Q(rsvp=Rsvp.DRAFT) & models.Exists(gave_up)
        if event.takes_answers(at):
            claims |= Q(rsvp=Rsvp.INVITED, must_reconfirm=True)
        return self.filter(claims, event=event).exclude(accreditation__in=SHUT_OUT)

    def counts(self) -> dict[str, int]:
        """How many there are of each answer."""
        found = self.order_by().values_list("rsvp").annotate(Count("pk"))
        return dict.fromkeys(Rsvp.values, 0) | dict(found)

    def people_of(self, outlet_id: int) -> int:
        """How many people of one outlet have a place."""
        return self.seated().filter(outlet=outlet_id).aggregate(found=Sum("people"))["found"] or 0

    def in_turn(self):
        """Who waits, in the order in which places are given: those staff put first, then outlets with nobody there
        yet, then who has waited longest.
        """
        seated = Invitation.objects.seated().filter(event=models.OuterRef("event"), outlet=models.OuterRef("outlet"))
        waiting = (
            self.filter(rsvp=Rsvp.WAITLISTED)
            .exclude(accreditation__in=SHUT_OUT)
            .annotate(is_there=models.Exists(seated))
        )
        return waiting.order_by("-priority", "is_there", "waiting_since", "pk")


class Invitation(SealableText):
    """One person's invitation to one event. How they were reached, what they answered, whether we let them in and
    whether they came are four facts; none follows from another. `text` is what they wrote of crew and needs, kept as
    the contact is.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="invitations")
    # Of somebody who is not in the list, or was erased, there is none.
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="invitations")
    # As it was called out at the door; empty once the person is erased.
    name = models.CharField(_("name"), max_length=200, blank=True)
    sort_key = models.CharField(max_length=400, editable=False, blank=True)
    search_text = models.TextField(editable=False, blank=True)
    outlet = models.ForeignKey(
        Organisation, models.SET_NULL, verbose_name=_("outlet"), null=True, blank=True, related_name="+"
    )
    outlet_name = models.CharField(_("outlet"), max_length=200, blank=True)
    # Where to write to somebody without a card: always sealed.
    sealed_address = SealedField()
    # Of somebody who applied by themselves: when, and the blind key of the address, so that nobody stands there twice.
    applied_at = models.DateTimeField(null=True, editable=False)
    address_key = models.CharField(max_length=64, blank=True, editable=False)
    rsvp = models.CharField(_("answer"), max_length=10, choices=Rsvp, default=Rsvp.DRAFT)
    accreditation = models.CharField(
        _("accreditation"), max_length=10, choices=Accreditation, default=Accreditation.NOT_NEEDED
    )
    attendance = models.CharField(_("attendance"), max_length=8, choices=Attendance, default=Attendance.UNKNOWN)
    # When they came; of two phones that say so, the earlier word.
    came_at = models.DateTimeField(null=True, editable=False)
    # Came by calendar, and nothing proved that it was they who answered.
    is_unconfirmed = models.BooleanField(default=False)
    # Said yes before the day or the hour changed.
    must_reconfirm = models.BooleanField(default=False)
    people = models.PositiveSmallIntegerField(_("how many people"), default=1)
    needs_camera = models.BooleanField(_("place for a camera"), default=False)
    needs_interpretation = models.BooleanField(_("interpretation, headphones"), default=False)
    needs_access = models.BooleanField(_("entrance without steps"), default=False)
    wants_interview = models.BooleanField(_("interview with a speaker"), default=False)
    wants_materials = models.BooleanField(_("send the materials"), default=False)
    language = models.CharField(_("language"), max_length=2, blank=True)
    decline_reason = models.CharField(_("why not"), max_length=10, choices=DeclineReason, blank=True)
    # Who is at risk where their name stands on a list: counted at the door, never written down.
    records_presence = models.BooleanField(_("presence may be written down"), default=True)
    priority = models.SmallIntegerField(_("first in turn"), default=0)
    waiting_since = models.DateTimeField(null=True, blank=True)
    offered_until = models.DateTimeField(null=True, blank=True)
    offers = models.PositiveSmallIntegerField(default=0)
    invited_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    came_from = models.CharField(max_length=10, choices=Source, default=Source.SYSTEM)
    # The one whose colleague this is.
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replacements")
    # The letter of the body that sends them.
    nominated_by = models.ForeignKey(
        "OfficialLetter", models.SET_NULL, verbose_name=_("named by the letter"), null=True, related_name="nominated"
    )
    # In the reader's calendar: a number of their own, which changes when the event does or they are taken off.
    uid = models.UUIDField(default=uuid4, editable=False, unique=True)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    # Whether something of ours lies in their calendar, and the newest answer that came from there.
    is_in_calendar = models.BooleanField(default=False, editable=False)
    calendar_stamp = models.DateTimeField(null=True, editable=False)
    # Raised when a link is taken back: older ones open nothing.
    link_version = models.PositiveSmallIntegerField(default=1, editable=False)
    # Who calls this person now; nobody else does until then.
    caller = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    called_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "contact"], name="events_invited_once"),
            models.UniqueConstraint(
                fields=["event", "address_key"], condition=~Q(address_key=""), name="events_applied_once"
            ),
            models.CheckConstraint(condition=Q(rsvp__in=Rsvp.values), name="events_invitation_rsvp"),
            models.CheckConstraint(
                condition=Q(accreditation__in=Accreditation.values), name="events_invitation_accreditation"
            ),
            models.CheckConstraint(condition=Q(attendance__in=Attendance.values), name="events_invitation_attendance"),
            models.CheckConstraint(condition=Q(people__range=(1, MOST_PEOPLE)), name="events_invitation_people"),
            models.CheckConstraint(condition=Q(text="") | Q(sealed_text=""), name="events_invitation_plain_or_sealed"),
            models.CheckConstraint(
                condition=Q(decline_reason__in=["", *DeclineReason.values]), name="events_invitation_decline_reason"
            ),
            models.CheckConstraint(condition=Q(language__in=["", "ru", "tg", "en"]), name="events_invitation_language"),
            models.CheckConstraint(
                condition=Q(rsvp="offered", offered_until__isnull=False)
                | ~Q(rsvp="offered") & Q(offered_until__isnull=True),
                name="events_offer_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(rsvp="waitlisted", waiting_since__isnull=False)
                | Q(rsvp="offered", waiting_since__isnull=False)
                | ~Q(rsvp__in=["waitlisted", "offered"]),
                name="events_waits_since_a_moment",
            ),
            models.CheckConstraint(
                # Whoever is only counted is never marked.
                condition=Q(records_presence=True) | Q(attendance="unknown"),
                name="events_presence_is_not_recorded",
            ),
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="events_invitation_is_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(came_at=None) | Q(attendance="present"), name="events_who_came_is_present"
            ),
        ]
        indexes = [
            models.Index(fields=["event", "sort_key", "id"], name="events_guest_order"),
            models.Index(fields=["event", "rsvp"], name="events_guest_answers"),
            models.Index(fields=["event", "outlet", "rsvp"], name="events_guest_outlets"),
            models.Index(fields=["rsvp", "offered_until"], name="events_guest_offers"),
        ]

    def __str__(self):
        # The journal outlives the names: it says a number.
        return f"{self.event_id}/{self.pk}"

    @property
    def link(self) -> str:
        """Where this guest answers, and nobody else."""
        number = self.pk * _VERSIONS + self.link_version % _VERSIONS
        return f"{settings.SITE_URL}/r/{make_token(RSVP, number)}/"

    @property
    def door_code(self) -> str:
        """Seven digits that are typed or scanned at the door. They open nothing; two guests may have the same."""
        number = self.pk * _VERSIONS + self.link_version % _VERSIONS
        digest = hashlib.sha256(make_token(DOOR, number).encode()).digest()
        return f"{int.from_bytes(digest[:8]) % 10**7:07}"

    @property
    def cameras(self) -> int:
        return int(self.needs_camera)

    @property
    def has_needs(self) -> bool:
        """Whether they asked for anything but a place for themselves."""
        asked = (self.needs_camera, self.needs_interpretation, self.needs_access, self.wants_interview)
        return self.people > 1 or self.wants_materials or any(asked)

    @property
    def has_place(self) -> bool:
        return self.rsvp in SEATED and not self.is_shut_out

    @property
    def is_let_in(self) -> bool:
        """Whether our accreditation allows it, whatever they answered."""
        return self.accreditation in MAY_ENTER

    @property
    def is_shut_out(self) -> bool:
        return self.accreditation in SHUT_OUT

    @property
    def may_enter(self) -> bool:
        return self.rsvp == Rsvp.ACCEPTED and self.is_let_in

    def takes_answers(self, at: datetime) -> bool:
        """Whether they may answer: until the deadline of all, or as long as a place is held for them."""
        is_offered = self.rsvp == Rsvp.OFFERED and at < min(self.offered_until, self.event.starts_at)
        return self.event.takes_answers(at) or self.event.is_open and is_offered

    def is_called_by_another(self, user, at: datetime) -> bool:
        return self.called_until is not None and self.called_until > at and self.caller_id != user.pk


class InvitationEvent(models.Model):
    """The log of an invitation: what changed, from what to what, who said so and how. Rows are only added."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="log")
    fact = models.CharField(_("what"), max_length=13, choices=Fact)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, blank=True)
    source = models.CharField(_("how we know"), max_length=10, choices=Source)
    # None: the invited themselves, or the program.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # Why staff did it; never shown to the invited.
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_unconfirmed = models.BooleanField(default=False)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("entry of an invitation")
        verbose_name_plural = _("entries of invitations")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(source__in=Source.values), name="events_log_source"),
            models.CheckConstraint(condition=Q(fact__in=Fact.values), name="events_log_fact"),
        ]

    def __str__(self):
        return f"{self.before} → {self.after}"

    @property
    def words(self) -> str:
        """What it came to, as people read it."""
        choices = {Fact.ANSWER: Rsvp, Fact.ACCREDITATION: Accreditation, Fact.ATTENDANCE: Attendance}.get(self.fact)
        return dict(choices.choices).get(self.after, self.after) if choices else ""


class Call(models.Model):
    """A call to somebody invited, and what came of it."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="calls")
    outcome = models.CharField(_("outcome"), max_length=8, choices=CallOutcome)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(outcome__in=CallOutcome.values), name="events_call_outcome")]

    def __str__(self):
        return self.get_outcome_display()
