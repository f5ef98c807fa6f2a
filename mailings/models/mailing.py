import hashlib
import json
from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.models import Topic

from ..states import (
    MAILING_TRANSITIONS,
    OPEN_DELIVERY,
    Correction,
    MailingStatus,
    Measures,
    Missed,
    Pace,
    WrongState,
)
from . import companions
from .accounts import SendingAccount
from .particulars import PARTICULARS_CONSTRAINTS, Particulars

_NOT_FROZEN = ["draft", "in_review", "approved", "scheduled"]
_CAUSES = ["person", "server", "letter", "key", "lockdown", "restored", "changed", "missing", "complaints"]


class MailingQuerySet(models.QuerySet):
    def for_list(self):
        return self.select_related("author", "approved_by").prefetch_related("versions")

    def being_sent(self):
        return self.filter(status=MailingStatus.SENDING)

    def waiting(self):
        """Those that somebody approved or is asked to, and that have not left."""
        return self.filter(status__in=[MailingStatus.IN_REVIEW, MailingStatus.APPROVED, MailingStatus.SCHEDULED])

    def to_start(self, at: datetime):
        """Scheduled ones whose time has come."""
        return self.filter(status=MailingStatus.SCHEDULED, send_at__lte=at).order_by("send_at", "pk")

    def naming(self, segments: set[int]) -> list["Mailing"]:
        """Those whose audience names one of these segments; databases search JSON each in its way, so they are read."""
        keys = set(map(str, segments))
        some = self.filter(audience__has_any_keys=["segment", "not_segment"])
        return [mailing for mailing in some if keys & mailing.named_segments]

    def pause_for_lockdown(self) -> int:
        """Stop everything that is being sent. What is on the wire is finished, nothing else leaves."""
        return self.being_sent().update(
            status=MailingStatus.PAUSED, pause_kind=Mailing.PauseKind.LOCKDOWN, pause_words=""
        )

    def doubt(self) -> None:
        """After a backup was restored: what has not left may have left since. It is approved anew, with a warning."""
        self.filter(status__in=[MailingStatus.APPROVED, MailingStatus.SCHEDULED]).update(
            status=MailingStatus.DRAFT,
            send_at=None,
            approved_by=None,
            approved_at=None,
            approved_alone=False,
            approved_fingerprint="",
        )
        waiting = self.filter(status__in=[MailingStatus.DRAFT, MailingStatus.IN_REVIEW])
        waiting.update(pause_kind=self.model.PauseKind.RESTORED)


class Mailing(Particulars):
    """One text in up to three languages, sent once to one audience."""

    class Kind(models.TextChoices):
        STATEMENT = "statement", _("Statement")
        PRESS_RELEASE = "press_release", _("Press release")
        REVIEW = "review", _("Review")
        INVITATION = "invitation", _("Invitation")
        OFFICIAL = "official", _("Official letter")
        GREETING = "greeting", _("Greeting")

    class PauseKind(models.TextChoices):
        PERSON = "person", _("Paused by a member of staff.")
        SERVER = "server", _("Our mail server does not take letters. No recipient is marked as failed.")
        LETTER = "letter", _("The letter could not be built from its text.")
        KEY = "key", _("A sealed address could not be opened: the key is not on this machine.")
        CHANGED = "changed", _("The text is not the one that was approved. Nothing more of it leaves.")
        LOCKDOWN = "lockdown", _("Everything was locked down. Look whether the text and the people are still right.")
        RESTORED = (
            "restored",
            _("The database was restored from a backup: some of these letters may have left already."),
        )
        COMPLAINTS = "complaints", _("Too many of those who got it call it spam. Look who it is before it goes on.")
        MISSING = "missing", _("The letters do not add up: there are not as many as when it was sent off.")

    title = models.CharField(_("working title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.STATEMENT)
    status = models.CharField(max_length=12, choices=MailingStatus, default=MailingStatus.DRAFT)
    # Whoever wants nothing about one of them is left out.
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), blank=True, related_name="+")
    audience = models.JSONField(_("to whom"), default=dict, blank=True)
    # The language it is written in first; the others are translations of it. Empty as long as nothing is written.
    source_language = models.CharField(_("written first in"), max_length=2, blank=True)
    # Languages whose readers are left out as long as there is no text in theirs. The others read another of theirs.
    strict_languages = models.JSONField(default=list, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    last_editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Everybody who ever changed text or audience: none of them is a second pair of eyes.
    editors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    # By one of its own writers, since nobody else could.
    approved_alone = models.BooleanField(default=False)
    approved_fingerprint = models.CharField(max_length=64, blank=True)
    # Whether opens and clicks are measured, of those of whom they may be: see measuring.policy.
    measures = models.CharField(
        _("what is measured"), max_length=6, choices=Measures, blank=True, default=Measures.NOTHING
    )
    # When and how fast. The approval does not stand for it: it changes nothing that a reader gets.
    send_at = models.DateTimeField(_("time to send"), null=True, blank=True)
    pace = models.CharField(_("pace"), max_length=8, choices=Pace, default=Pace.AT_ONCE)
    pace_number = models.PositiveIntegerField(_("how many"), null=True, blank=True)
    # Nothing leaves before, so that the press of the button can be taken back.
    held_until = models.DateTimeField(null=True, blank=True)
    missed = models.CharField(max_length=10, choices=Missed, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    correction = models.CharField(_("correction"), max_length=10, choices=Correction, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    frozen_count = models.PositiveIntegerField(null=True, blank=True)
    # Over which account it leaves, and in whose name; none is the environment's.
    account = models.ForeignKey(
        SendingAccount, models.PROTECT, null=True, blank=True, related_name="mailings", verbose_name=_("sent by")
    )
    # Counts how often the text was corrected for those who had not got it yet.
    edition = models.PositiveSmallIntegerField(default=1)
    pause_kind = models.CharField(max_length=10, choices=PauseKind, blank=True)
    pause_words = models.TextField(blank=True)

    objects = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=MailingStatus.values), name="mailings_mailing_status"),
            models.CheckConstraint(
                condition=Q(kind__in=["statement", "press_release", "review", "invitation", "official", "greeting"]),
                name="mailings_mailing_kind",
            ),
            models.CheckConstraint(
                condition=Q(source_language__in=["", "ru", "tg", "en"]), name="mailings_mailing_source_language"
            ),
            models.CheckConstraint(
                condition=Q(status="paused", pause_kind__in=_CAUSES)
                | (~Q(status="paused") & Q(pause_kind__in=["", *_CAUSES])),
                name="mailings_paused_has_a_cause",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True, approved_fingerprint="")
                | Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approved_fingerprint=""),
                name="mailings_approval_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(approved_alone=True) | ~Q(approved_by=F("author")),
                name="mailings_author_does_not_approve",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "in_review"], approved_by__isnull=True)
                | (~Q(status__in=["draft", "in_review"]) & Q(approved_by__isnull=False)),
                name="mailings_only_approved_goes_out",
            ),
            models.CheckConstraint(
                # One that is being corrected for the rest of its readers is both.
                condition=Q(status__in=_NOT_FROZEN, frozen_count__isnull=True)
                | Q(frozen_count__isnull=False, edition__gte=2)
                | (~Q(status__in=_NOT_FROZEN) & Q(frozen_count__isnull=False)),
                name="mailings_sent_is_frozen",
            ),
            models.CheckConstraint(
                condition=~Q(status="scheduled") | Q(send_at__isnull=False), name="mailings_scheduled_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(pace__in=["at_once", "morning"], pace_number__isnull=True)
                | Q(pace__in=["hourly", "waves"], pace_number__isnull=False, pace_number__gte=1),
                name="mailings_pace_has_its_number",
            ),
            models.CheckConstraint(condition=Q(missed__in=["", *Missed.values]), name="mailings_missed_known"),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, correction="")
                | Q(corrects__isnull=False, correction__in=Correction.values),
                name="mailings_correction_of_something",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(corrects=F("pk")), name="mailings_corrects_another"
            ),
            # Only what has begun to leave can be withdrawn.
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(frozen_count__isnull=False),
                name="mailings_withdrawn_was_sent",
            ),
            models.CheckConstraint(condition=Q(measures__in=["", "clicks", "all"]), name="mailings_measures_known"),
            *PARTICULARS_CONSTRAINTS,
        ]
        indexes = [models.Index(fields=["status", "send_at"], name="mailings_to_start")]

    def __str__(self):
        return self.title

    @property
    def hands(self) -> set[int]:
        """Whoever wrote or changed it."""
        return {self.author_id, *(editor.pk for editor in self.editors.all())}

    @property
    def named_segments(self) -> set[str]:
        return {*self.audience.get("segment", []), *self.audience.get("not_segment", [])}

    @property
    def is_editable(self) -> bool:
        return self.status in _NOT_FROZEN

    @property
    def is_held(self) -> bool:
        """Whether the press of “Send” can still be taken back."""
        return self.status == MailingStatus.SENDING and self.held_until is not None and self.held_until > timezone.now()

    @property
    def is_frozen(self) -> bool:
        return self.frozen_count is not None

    @property
    def is_second_way(self) -> bool:
        """Whether a part of it has left, and its text is being corrected for the rest."""
        return self.is_frozen and self.is_editable

    @property
    def ready_languages(self) -> list[str]:
        return [version.language for version in self.versions.all() if version.is_ready]

    @property
    def source(self) -> "MailingVersion | None":
        """The version that the others translate."""
        return next((one for one in self.versions.all() if one.language == self.source_language), None)

    @property
    def dated(self) -> date:
        """The day that stands in the letter: when it began to leave, in a draft today."""
        return timezone.localdate(self.started_at)

    def hold(self) -> None:
        """Read the mailing anew and let nobody else change it before the transaction ends.

        What a page was built from may be old: between reading it and acting, others approve and send.
        """
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())

    @property
    def greets(self) -> bool:
        """Whether it is a greeting card."""
        return self.kind == self.Kind.GREETING and hasattr(self, "card")

    @property
    def is_as_approved(self) -> bool:
        return self.fingerprint() == self.approved_fingerprint

    def move_to(self, status: MailingStatus, **fields: object) -> None:
        """Change the status if the table allows it and nobody was faster; save `fields` with it. Raises WrongState."""
        if status == MailingStatus.SENDING:
            self.refuse_withdrawn()
        allowed = status in MAILING_TRANSITIONS[self.status]
        changed = (
            allowed and type(self).objects.filter(pk=self.pk, status=self.status).update(status=status, **fields) == 1
        )
        if not changed:
            raise self.not_now()
        self.status = status
        for name, value in fields.items():
            setattr(self, name, value)

    @property
    def approved_recipients(self) -> list[str]:
        """Marks of those whom the approval stands for."""
        if self.approved_by_id is None:
            return []
        return ApprovedList.objects.filter(mailing=self).values_list("recipients", flat=True).first() or []

    def not_now(self) -> WrongState:
        """The refusal of a step that the present status does not allow."""
        words = _t("This mailing is “%(status)s” now: this step is not possible. Reload the page to see it as it is.")
        return WrongState(words % {"status": MailingStatus(self.status).label})

    def refuse_withdrawn(self) -> None:
        """Raises WrongState where it does not stand: nobody else is to get it."""
        if self.withdrawn_at:
            raise WrongState(_t("It is withdrawn: nothing more of it is sent. Take the withdrawal back first."))

    def fingerprint(self) -> str:
        """SHA-256 over all that an approval stands for: kind, topics, audience rule, every word of every version, and
        what it corrects.
        """
        content = {
            "kind": self.kind,
            "audience": self.audience,
            "versions": [
                [version.language, version.subject, version.preheader, version.body]
                for version in sorted(self.versions.all(), key=lambda version: version.language)
            ],
        }
        # Without topics as it was before there were any: what is approved stays approved.
        if topics := sorted(self.topics.values_list("pk", flat=True)):
            content["topics"] = topics
        if self.corrects_id:
            content["corrects"] = [self.corrects_id, self.correction]
        if self.greets:
            content["card"] = self.card.content()
        if self.account_id and self.account.content:
            content["sender"] = self.account.content
        if found := companions.said(self):
            content["companions"] = found
        if self.strict_languages:
            content["strict_languages"] = sorted(self.strict_languages)
        if self.measures:
            content["measures"] = self.measures
        content |= self._particulars()
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def _particulars(self) -> dict[str, object]:
        """What of the letter is beside its text; what is empty is left out, so that what is approved stays approved."""
        frames = self.frames.order_by("language").values_list("language", "contact", "about", "addressee")
        files = self.attachments.order_by("pk").values_list("language", "use", "name", "alt", "sha256", "pk")
        found = {
            "number": self.number,
            "urgent": self.is_urgent,
            "embargo": self.embargo_until and self.embargo_until.isoformat(),
            "frames": [list(frame) for frame in frames if any(frame[1:])],
            "signatories": [list(one) for one in self.signatories.order_by("pk").values_list("name", "logo")],
            "files": [list(file) for file in files],
        }
        return {name: value for name, value in found.items() if value}

    def pause(self, kind: str, words: str) -> None:
        """The sender's own brake: keep every row as it is and say why. Harmless when somebody else stopped it first."""
        type(self).objects.filter(pk=self.pk, status=MailingStatus.SENDING).update(
            status=MailingStatus.PAUSED, pause_kind=kind, pause_words=words
        )

    def finish_if_done(self) -> bool:
        """Finished means: no open row, and as many rows as were frozen. Where they do not add up a person is asked."""
        counts = self.fates()
        if any(counts.get(status) for status in OPEN_DELIVERY):
            return False
        if sum(counts.values()) != self.frozen_count:
            self.pause(self.PauseKind.MISSING, "")
            return False
        return bool(
            type(self)
            .objects.filter(pk=self.pk, status=MailingStatus.SENDING)
            .update(status=MailingStatus.FINISHED, finished_at=timezone.now())
        )

    def fates(self) -> dict[str, int]:
        """How many rows are in which state."""
        return dict(self.deliveries.order_by().values_list("status").annotate(models.Count("pk")))


class ApprovedList(models.Model):
    """Whom the last approval of a mailing stands for: as long as the mailing, so apart from what every page reads."""

    mailing = models.OneToOneField(Mailing, models.CASCADE, primary_key=True, related_name="+")
    recipients = models.JSONField(default=list)

    class Meta:
        verbose_name = _("list of approved recipients")
        verbose_name_plural = _("lists of approved recipients")

    def __str__(self):
        return str(self.pk)


class MailingVersion(models.Model):
    """The text of a mailing in one language."""

    class Language(models.TextChoices):
        RU = "ru", "Русский"
        TG = "tg", "Тоҷикӣ"
        EN = "en", "English"

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="versions")
    language = models.CharField(_("language"), max_length=2, choices=Language)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    preheader = models.CharField(_("seen in the inbox after the subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    # Counts saves, so that a save from an old page is noticed.
    revision = models.PositiveIntegerField(default=0)
    # The revision of the source that this translation was made from, or compared with last.
    source_revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("language version")
        verbose_name_plural = _("language versions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["mailing", "language"], name="mailings_version_once_per_language"),
            models.CheckConstraint(condition=Q(language__in=["ru", "tg", "en"]), name="mailings_version_language"),
        ]

    def __str__(self):
        return f"{self.mailing} ({self.language})"

    @property
    def is_ready(self) -> bool:
        return bool(self.subject.strip() and self.body.strip())

    @property
    def is_empty(self) -> bool:
        return not (self.subject.strip() or self.preheader.strip() or self.body.strip())

    def is_stale(self, source: "MailingVersion | None") -> bool:
        """Whether the source was changed after this translation was written or last compared with it."""
        translates = source is not None and source.language != self.language and not self.is_empty
        return translates and source.revision > self.source_revision
