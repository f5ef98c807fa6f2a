import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Without 0 and O, 1 and I: a mark is read from paper, and said on the telephone.
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class ExportQuerySet(models.QuerySet):
    def of_today(self):
        """Since midnight, where the office is."""
        return self.filter(at__gte=timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0))

    def contacts(self) -> int:
        """How many contacts have left in these exports, each counted as often as it did."""
        return self.aggregate(sum=Sum("rows"))["sum"] or 0

    def marked(self, text: str):
        """Exports whose mark has these signs in it, with or without its dashes, in small letters or large."""
        signs = "".join(filter(str.isalnum, text.upper()))
        if signs.startswith("V") and len(signs) == 7:
            return self.filter(mark=f"V-{signs[1:5]}-{signs[5:]}")
        return self.filter(mark__icontains=text.strip())


class Export(models.Model):
    """A list of contacts that somebody took out, as a file or on paper. It is kept for good; the file itself is not."""

    class Format(models.TextChoices):
        XLSX = "xlsx", "Excel (.xlsx)"
        CSV = "csv", "CSV (.csv)"
        VCARD_3 = "vcf3", _("vCard 3.0, for telephones (.vcf)")
        VCARD_4 = "vcf4", _("vCard 4.0, for newer address books (.vcf)")
        LIST = "list", _("List on paper")
        LABELS_24 = "labels24", _("Labels 70 × 37 mm, 24 on a sheet")
        LABELS_14 = "labels14", _("Labels 99 × 38 mm, 14 on a sheet")
        CARDS_A5 = "cards_a5", _("Cards, A5, one on a page")
        CARDS_A6 = "cards_a6", _("Cards, A6, one on a page")

    FILES = (Format.XLSX, Format.CSV, Format.VCARD_3, Format.VCARD_4)
    PAPER = (Format.LIST, Format.LABELS_24, Format.LABELS_14)
    CARDS = (Format.CARDS_A5, Format.CARDS_A6)

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports", verbose_name=_("who"))
    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    reason = models.CharField(_("what for"), max_length=500)
    # The filter of the list: {"query": "kind=partner", "words": "Who: Partner"}.
    rule = models.JSONField(_("which contacts"))
    format = models.CharField(_("kind of file"), max_length=8, choices=Format, default=Format.XLSX)
    rows = models.PositiveIntegerField(_("contacts"))
    # Stands in every row and on every page: a list that turns up somewhere tells who took it out, and when.
    mark = models.CharField(_("mark"), max_length=9, unique=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="crm_export_has_a_reason"),
            models.CheckConstraint(condition=Q(rows__gte=0), name="crm_export_rows"),
            models.CheckConstraint(
                condition=Q(
                    format__in=["xlsx", "csv", "vcf3", "vcf4", "list", "labels24", "labels14", "cards_a5", "cards_a6"]
                ),
                name="crm_export_format",
            ),
        ]

    def __str__(self):
        return self.mark


def new_mark() -> str:
    """V-7K3M-Q2: short enough to say, one of a thousand million."""
    signs = "".join(secrets.choice(_LETTERS) for _sign in range(6))
    return f"V-{signs[:4]}-{signs[4:]}"
