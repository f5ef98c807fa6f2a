from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right
from core.fields import SealedField
from jobs.models import Job

from .contact import Contact


class UploadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """An upload that nobody has written is its owner's affair: the file may name whom others must not see."""
        if user.may(Right.CONTACTS_SEALED):
            return self
        return self.filter(models.Q(committed_at__isnull=False) | models.Q(uploaded_by=user))


class Upload(models.Model):
    """What every file has that is read, looked at, written as a whole, and can be taken back for a time."""

    class Status(models.TextChoices):
        READING = "reading", _("being read")
        UPLOADED = "uploaded", _("waiting for review")
        WRITING = "writing", _("being written")
        DONE = "done", _("done")
        UNDONE = "undone", _("taken back")

    # Whoever wrote it, or began to.
    WRITTEN = (Status.WRITING, Status.DONE, Status.UNDONE)

    file = models.FileField(upload_to="imports/%Y/%m/")
    filename = models.CharField(_("file"), max_length=200)
    status = models.CharField(max_length=10, choices=Status, default=Status.UPLOADED)
    mapping = models.JSONField(_("columns"), default=dict)
    # By this the choices for a list with the same column names are found again.
    signature = models.CharField(max_length=64, blank=True, db_index=True)
    # What the reading found beside the rows, for the pages of the review.
    found = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    # What reads it, writes it or takes it back.
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")

    # For so long what a list did can be taken back.
    UNDO_FOR = settings.MERGE_UNDO

    objects = UploadQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return self.filename

    @property
    def until(self):
        """The moment up to which it can be taken back."""
        return self.committed_at + self.UNDO_FOR

    @property
    def can_be_undone(self) -> bool:
        is_written = self.status == self.Status.DONE or self.status == self.Status.WRITING and not self.is_at_work
        return is_written and timezone.now() < self.until

    @property
    def is_at_work(self) -> bool:
        return bool(self.job and self.job.is_open)


def times_fit(name: str) -> list[models.CheckConstraint]:
    """What is written has a time, and what is taken back has one, too; `name` begins the names of both."""
    return [
        models.CheckConstraint(
            condition=models.Q(status__in=["reading", "uploaded"], committed_at__isnull=True)
            | models.Q(status__in=["writing", "done", "undone"], committed_at__isnull=False),
            name=f"{name}_done_has_a_time",
        ),
        models.CheckConstraint(
            condition=models.Q(status="undone", undone_at__isnull=False)
            | ~models.Q(status="undone") & models.Q(undone_at=None),
            name=f"{name}_undone_has_a_time",
        ),
    ]


class ImportBatch(Upload):
    """One uploaded file of people and what became of it."""

    # What a person decided about pairs and proposals: {"pairs": {…}, "proposals": {…}}.
    decisions = models.JSONField(default=dict)
    kind = models.CharField(_("who they are"), max_length=20, choices=Contact.Kind, default=Contact.Kind.JOURNALIST)
    basis = models.CharField(
        _("basis for writing"), max_length=20, choices=Contact.Basis, default=Contact.Basis.UNKNOWN
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-uploaded_at"]
        constraints = [
            *times_fit("crm_import"),
            models.CheckConstraint(condition=models.Q(kind__in=Contact.Kind.values), name="crm_import_kind"),
            models.CheckConstraint(condition=models.Q(basis__in=Contact.Basis.values), name="crm_import_basis"),
        ]


class ImportRow(models.Model):
    """What becomes of one row of the file. Created + changed + merged + unchanged + refused = rows read."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("new")
        CHANGED = "changed", _("updated")
        MERGED = "merged", _("joined with another row")
        UNCHANGED = "unchanged", _("unchanged")
        REFUSED = "refused", _("refused")

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=100)
    number = models.PositiveIntegerField(_("row"))
    name = models.CharField(_("name"), max_length=200, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    remarks = models.JSONField(_("remarks"), default=list)
    # What it brings, as [field, value].
    changes = models.JSONField(default=list)
    # What it asks for, as `importing.proposals` has it.
    proposals = models.JSONField(default=list)
    # Until then it says what is going to be.
    is_written = models.BooleanField(default=False)
    contact = models.ForeignKey("crm.Contact", models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "sheet", "number"], name="crm_import_row_once"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["created", "changed", "merged", "unchanged", "refused"]),
                name="crm_import_row_outcome",
            ),
        ]

    def __str__(self):
        return f"{self.sheet} {self.number}"


class ImportChange(models.Model):
    """What a list did to one contact, sealed, so that it can be taken back; without `record` there is nothing to it."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="changes")
    contact = models.ForeignKey("crm.Contact", models.CASCADE, related_name="+")
    record = SealedField()

    class Meta:
        verbose_name = _("change by an import")
        verbose_name_plural = _("changes by imports")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.batch_id} {self.contact_id}"


class ImportAnswer(models.Model):
    """What was decided about a wish of a list for one contact: done or refused, no later list asks for it again.

    `key` is the wish, with the words it stands in, as a blind index: `importing.proposals.Proposal.mark`.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="answers")
    contact = models.ForeignKey("crm.Contact", models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("answer to a list")
        verbose_name_plural = _("answers to lists")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["contact", "key"], name="crm_import_answer_once")]

    def __str__(self):
        return f"{self.batch_id} {self.contact_id}"
