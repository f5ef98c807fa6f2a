"""A request of a reporter: who asks what by when, who of us answers, and all that was written about it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right
from core.fields import SealedField
from core.sealing import CannotUnseal, blind, seal, unseal
from core.text import fold, search_words
from crm.models import Contact, Organisation, Topic
from crm.models.sealable import SealableText

from ..desk_states import (
    OPEN,
    TICKING,
    TRANSITIONS,
    Declined,
    Direction,
    LetterStatus,
    RequestStatus,
    Result,
    Source,
    Step,
    Wanted,
    WrongStep,
)

LANGUAGES = [("ru", _("Russian")), ("tg", _("Tajik")), ("en", _("English"))]
# Somebody who writes again within these days goes on with the same matter.
GOES_ON = timedelta(days=30)
SOON = timedelta(days=1)
LATE = timedelta(hours=12)


class PressRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Requests of people whom this person may know of, and of those who are no contact yet."""
        if not user.may(Right.REQUESTS_VIEW):
            return self.none()
        seen = Contact.objects.visible_to(user).order_by().values("pk")
        return self.filter(Q(contact=None) | Q(contact__in=seen))

    def open(self):
        return self.filter(status__in=OPEN)

    def ticking(self):
        return self.filter(status__in=TICKING, deadline__isnull=False)

    def due_before(self, moment: datetime):
        return self.open().filter(deadline__lt=moment)

    def search(self, text: str):
        found = Q()
        for word in search_words(text):
            found &= Q(search_text__contains=word)
        return self.filter(found)

    def for_list(self):
        return self.select_related("contact", "organisation", "assignee")


class PressRequest(models.Model):
    """What a reporter wants to know or to record.

    `contact` is empty as long as nobody has said who it is: then name and outlet are as they were given, and no
    mailing reaches them. The reporter's address is sealed always: it is read to answer, and by who may see the contact.
    """

    subject = models.CharField(_("what it is about"), max_length=200)
    topic = models.ForeignKey(
        Topic, models.SET_NULL, verbose_name=_("topic"), null=True, blank=True, related_name="press_requests"
    )
    status = models.CharField(_("state"), max_length=10, choices=RequestStatus, default=RequestStatus.NEW)
    source = models.CharField(_("how it came"), max_length=10, choices=Source)
    wanted = models.CharField(_("what is wanted"), max_length=10, choices=Wanted, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="ru")
    contact = models.ForeignKey(
        Contact, models.SET_NULL, verbose_name=_("contact"), null=True, blank=True, related_name="press_requests"
    )
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, verbose_name=_("outlet"), null=True, blank=True, related_name="press_requests"
    )
    reporter_name = models.CharField(_("reporter"), max_length=200, blank=True)
    outlet_name = models.CharField(_("outlet"), max_length=200, blank=True)
    sealed_address = SealedField()
    sealed_phone = SealedField()
    address_key = models.CharField(max_length=64, editable=False, default="", db_index=True)
    search_text = models.TextField(editable=False, default="")
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    deadline = models.DateTimeField(_("answer needed by"), null=True, blank=True)
    # How much of the reporter's time had passed when somebody was last told: 0, 50, 80 or 100 per cent.
    told_at_share = models.PositiveSmallIntegerField(default=0, editable=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("who answers"),
        null=True,
        blank=True,
        related_name="press_requests",
    )
    # A sensitive one is answered with a second pair of eyes.
    is_sensitive = models.BooleanField(_("sensitive: somebody else approves the answer"), default=False)
    draft_subject = models.CharField(_("subject"), max_length=200, blank=True)
    draft = models.TextField(_("answer"), blank=True)
    sealed_draft = SealedField()
    draft_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    decline_reason = models.CharField(_("why declined"), max_length=10, choices=Declined, blank=True)
    result = models.CharField(_("what came of it"), max_length=10, choices=Result, blank=True)
    result_url = models.URLField(_("link to what was published"), max_length=500, blank=True)
    # When to ask once more whether something was published.
    ask_result_on = models.DateField(null=True, blank=True)
    first_answer_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = PressRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("press request")
        verbose_name_plural = _("press requests")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(subject=""), name="events_request_has_a_subject"),
            models.CheckConstraint(condition=Q(status__in=RequestStatus.values), name="events_request_status"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="events_request_source"),
            models.CheckConstraint(condition=Q(wanted__in=["", *Wanted.values]), name="events_request_wanted"),
            models.CheckConstraint(condition=Q(language__in=["ru", "tg", "en"]), name="events_request_language"),
            models.CheckConstraint(condition=Q(told_at_share__in=[0, 50, 80, 100]), name="events_request_told"),
            models.CheckConstraint(
                condition=Q(status="duplicate", duplicate_of__isnull=False)
                | ~Q(status="duplicate") & Q(duplicate_of=None),
                name="events_only_a_duplicate_names_another",
            ),
            models.CheckConstraint(
                condition=~Q(duplicate_of=models.F("pk")), name="events_request_is_not_its_own_duplicate"
            ),
            models.CheckConstraint(
                condition=Q(status="declined", decline_reason__in=Declined.values)
                | ~Q(status="declined") & Q(decline_reason=""),
                name="events_declined_with_a_reason",
            ),
            models.CheckConstraint(condition=Q(result__in=["", *Result.values]), name="events_request_result"),
            models.CheckConstraint(
                condition=~Q(status="approval") | Q(draft_by__isnull=False), name="events_approval_is_of_a_draft"
            ),
            models.CheckConstraint(
                condition=Q(draft="") | Q(sealed_draft=""), name="events_request_draft_plain_or_sealed"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "deadline"], name="events_request_board"),
            models.Index(fields=["assignee", "status"], name="events_request_mine"),
            models.Index(fields=["contact", "-received_at"], name="events_request_of_contact"),
        ]

    def __str__(self):
        return self.subject

    def save(self, **options):
        self.search_text = fold(" ".join([self.subject, self.who, self.outlet]))
        super().save(**options)

    @property
    def who(self) -> str:
        return self.contact.name if self.contact else self.reporter_name

    @property
    def outlet(self) -> str:
        return self.organisation.name if self.organisation else self.outlet_name

    @property
    def is_verified(self) -> bool:
        return self.contact_id is not None

    @property
    def is_sealed(self) -> bool:
        return self.contact is not None and self.contact.is_sealed

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def address(self) -> str:
        """Where an answer goes; "" where no address is known or its key is not on this machine."""
        try:
            return unseal(self.sealed_address) if self.sealed_address else ""
        except CannotUnseal:
            return ""

    @property
    def phone(self) -> str:
        try:
            return unseal(self.sealed_phone) if self.sealed_phone else ""
        except CannotUnseal:
            return ""

    @property
    def level(self) -> str:
        """How near the deadline is, as the clock on a card shows it: "", soon or late."""
        if not self.deadline or not self.is_open:
            return ""
        left = self.deadline - timezone.now()
        return "late" if left < LATE else "soon" if left < SOON else ""

    def keep_address(self, address: str) -> None:
        self.sealed_address, self.address_key = (seal(address), blind(address)) if address else ("", "")

    def keep_phone(self, phone: str) -> None:
        self.sealed_phone = seal(phone) if phone else ""

    def keep_draft(self, text: str) -> None:
        """The text of an answer that is not sent yet, kept as the contact is."""
        self.draft = "" if self.is_sealed else text
        self.sealed_draft = seal(text) if self.is_sealed and text else ""

    def reveal_draft(self) -> str:
        return unseal(self.sealed_draft) if self.sealed_draft else self.draft

    def share_passed(self, at: datetime) -> int:
        """How much of the time that the reporter gave is over, in per cent."""
        given = (self.deadline - self.received_at).total_seconds()
        return 100 if given <= 0 else int(100 * (at - self.received_at).total_seconds() / given)

    def can(self, step: str) -> bool:
        return self.status in TRANSITIONS[step][0]

    def move(self, step: str, *, by=None, note: str = "", **fields: object) -> None:
        """One step of the table, with what changes along with it; the history keeps it. Raises WrongStep.

        The row is taken for oneself first: of two people who press at once, the second is told.
        """
        allowed, to = TRANSITIONS[step]
        with transaction.atomic():
            here = PressRequest.objects.select_for_update().values_list("status", flat=True).get(pk=self.pk)
            if here not in allowed:
                raise WrongStep(
                    _t("This request is “%(state)s” now: somebody was quicker. Nothing was changed.")
                    % {"state": RequestStatus(here).label}
                )
            self.status, self.decline_reason, self.duplicate_of = to, "", None
            for name, value in fields.items():
                setattr(self, name, value)
            self.save()
            self.history.create(step=step, was=here, became=to, by=by, note=note)


class RequestEvent(models.Model):
    """One step of a request, or its handing over: who, when, from where to where."""

    request = models.ForeignKey(PressRequest, models.CASCADE, related_name="history")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # Empty where only the person who answers changed.
    step = models.CharField(max_length=10, choices=Step, blank=True)
    was = models.CharField(max_length=10, choices=RequestStatus, blank=True)
    became = models.CharField(max_length=10, choices=RequestStatus, blank=True)
    handed_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("step of a request")
        verbose_name_plural = _("steps of requests")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(step="", handed_to__isnull=False) | Q(step__in=Step.values),
                name="events_request_event_says_what",
            )
        ]

    def __str__(self):
        return self.get_step_display() or str(self.handed_to)


class RequestMessageQuerySet(models.QuerySet):
    def of_thread(self, request: PressRequest):
        """What was written in a request and in those joined with it."""
        return self.filter(Q(request=request) | Q(request__duplicate_of=request))

    def waiting(self, at: datetime):
        return self.filter(status=LetterStatus.QUEUED, next_try_at__lte=at)


class RequestMessage(SealableText):
    """A letter in or out, or a note for the staff. The text is kept as the contact is."""

    request = models.ForeignKey(PressRequest, models.CASCADE, related_name="messages")
    direction = models.CharField(max_length=4, choices=Direction)
    at = models.DateTimeField(default=timezone.now)
    # Who of us wrote it; empty for the reporter's and for what leaves by itself.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=300, blank=True)
    # A letter to, or from, one of our speakers and not the reporter.
    expert = models.ForeignKey("events.Expert", models.SET_NULL, null=True, related_name="+")
    # What goes into the reader's calendar; it is drawn when the letter leaves.
    interview = models.ForeignKey("events.Interview", models.CASCADE, null=True, related_name="letters")
    calendar_method = models.CharField(max_length=7, blank=True)
    is_automatic = models.BooleanField(default=False)
    # From whom it came, where that is not the reporter's address; to whom it goes.
    sealed_address = SealedField()
    message_id = models.CharField(max_length=250, blank=True)
    in_reply_to = models.CharField(max_length=250, blank=True)
    references = models.TextField(blank=True)
    # The letter as it came, for who has to prove something. Of a sealed contact none is kept.
    original = models.FileField(upload_to="requests/originals", blank=True)
    status = models.CharField(max_length=8, choices=LetterStatus, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    reply = models.CharField(max_length=100, blank=True)
    # Why a server would not have it, at once or days later.
    bounce_class = models.CharField(max_length=10, blank=True)

    objects = RequestMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message of a request")
        verbose_name_plural = _("messages of requests")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(text="") | Q(sealed_text=""), name="events_message_plain_or_sealed"),
            models.CheckConstraint(condition=Q(direction__in=Direction.values), name="events_message_direction"),
            models.CheckConstraint(
                condition=Q(status="") | Q(status__in=LetterStatus.values, direction="out"),
                name="events_only_our_letters_leave",
            ),
            models.CheckConstraint(
                condition=~Q(status="queued") | Q(next_try_at__isnull=False), name="events_message_waits_for_a_time"
            ),
            # A mailbox may hand the same letter over twice.
            models.UniqueConstraint(
                fields=["message_id"], condition=~Q(message_id=""), name="events_message_comes_once"
            ),
        ]
        indexes = [models.Index(fields=["status", "next_try_at"], name="events_message_queue")]

    def __str__(self):
        return self.get_direction_display()

    @property
    def contact(self) -> Contact | None:
        return self.request.contact

    @property
    def is_last_word(self) -> bool:
        """Whether nothing of ours went to the reporter after it; what is about an interview is no answer."""
        words = self.request.messages.filter(direction=Direction.OUT, expert=None, interview=None, is_automatic=False)
        return not (self.expert_id or self.interview_id) and not words.filter(at__gt=self.at).exists()

    def discard_original(self) -> None:
        """The letter as it came goes for good, once that is certain."""
        if self.original:
            storage, name = self.original.storage, self.original.name
            transaction.on_commit(lambda: storage.delete(name))
            self.original = ""


class RequestFile(models.Model):
    """A file that came or goes with a message, without what it told of its maker; or why it was not kept."""

    message = models.ForeignKey(RequestMessage, models.CASCADE, related_name="files")
    name = models.CharField(max_length=70)
    file = models.FileField(upload_to="requests/files", blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)
    stripped = models.CharField(max_length=200, blank=True)
    refusal = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("file of a request")
        verbose_name_plural = _("files of requests")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file="") & ~Q(refusal="") | ~Q(file="") & Q(refusal=""),
                name="events_file_is_kept_or_refused",
            )
        ]

    def __str__(self):
        return self.name

    def content(self) -> bytes:
        with self.file.open("rb") as stored:
            return stored.read()

    def discard(self) -> None:
        if self.file:
            storage, name = self.file.storage, self.file.name
            transaction.on_commit(lambda: storage.delete(name))
        self.delete()


class FormCounter(models.Model):
    """How often the public form was refused on a day, and why: all that a robot leaves behind."""

    on = models.DateField()
    reason = models.CharField(max_length=10)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("refusals of the public form")
        verbose_name_plural = _("refusals of the public form")
        constraints = [models.UniqueConstraint(fields=["on", "reason"], name="events_form_counter_once")]

    def __str__(self):
        return f"{self.on} {self.reason}"
