from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from ..message import Attached, Inline
from .particulars import LANGUAGES

STRIPPED = {
    "place": _("where it was taken"),
    "camera": _("camera and programme"),
    "authors": _("names of authors"),
    "comments": _("comments"),
    "properties": _("properties"),
}

_COPIED = ["language", "use", "name", "media_type", "size", "sha256", "alt", "stripped"]


class AttachmentQuerySet(models.QuerySet):
    def weight(self) -> int:
        """Bytes as they are in a letter: base64 makes four of three, and ends each line."""
        return (self.aggregate(Sum("size"))["size__sum"] or 0) * 4 * 78 // (3 * 76)


class Attachment(models.Model):
    """A file that comes with one language version, or a picture that its text shows; made clean when it came in."""

    class Use(models.TextChoices):
        FILE = "file", _("attached file")
        PICTURE = "picture", _("picture in the text")
        LOGO = "logo", _("logo of a signatory")

    mailing = models.ForeignKey("mailings.Mailing", models.CASCADE, related_name="attachments")
    # A logo serves every language.
    language = models.CharField(_("language"), max_length=2, blank=True)
    use = models.CharField(max_length=7, choices=Use)
    file = models.FileField(upload_to="letters")
    name = models.CharField(_("name"), max_length=70)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    alt = models.CharField(_("description"), max_length=250, blank=True)
    # What was taken out of it, by code: shown beside the file.
    stripped = models.CharField(max_length=200, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["mailing", "language", "name"], name="mailings_attachment_name_once"),
            models.CheckConstraint(
                condition=Q(use="logo", language="") | Q(use__in=["file", "picture"], language__in=LANGUAGES),
                name="mailings_attachment_language",
            ),
            models.CheckConstraint(condition=~Q(use="picture", alt=""), name="mailings_picture_is_described"),
            models.CheckConstraint(condition=Q(size__gte=1), name="mailings_attachment_has_content"),
        ]

    def __str__(self):
        return self.name

    @property
    def taken_out(self) -> str:
        """What was taken out of the file, in words."""
        return ", ".join(str(STRIPPED[code]) for code in self.stripped.split())

    @property
    def is_inline(self) -> bool:
        return self.use != self.Use.FILE

    def discard(self) -> None:
        """Delete the row, and the file once that is certain."""
        storage, name = self.file.storage, self.file.name
        transaction.on_commit(lambda: storage.delete(name))
        self.delete()

    def copied_to(self, mailing, *, by) -> "Attachment":
        """The same file in another mailing. It is stored once more: each goes with its own letter."""
        same = {name: getattr(self, name) for name in _COPIED}
        copy = Attachment(mailing=mailing, added_by=by, **same)
        copy.file.save(uuid4().hex, ContentFile(self.content()), save=False)
        copy.save()
        return copy

    def content(self) -> bytes:
        with self.file.open("rb") as stored:
            return stored.read()

    def inline(self) -> Inline:
        """Named by what it shows, so that the same picture is the same part of every letter."""
        return Inline(f"{self.sha256[:32]}.{self.pk}@payom", self.media_type, self.content())

    def attached(self) -> Attached:
        return Attached(self.name, self.media_type, self.content())
