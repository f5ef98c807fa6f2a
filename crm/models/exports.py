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
    """A list of contacts that somebody took out as a file. It is kept for good; the file itself is not."""

    class Format(models.TextChoices):
        XLSX = "xlsx", "Excel (.xlsx)"
        CSV = "csv", "CSV (.csv)"

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports", verbose_name=_("who"))
    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    reason = models.CharField(_("what for"), max_length=500)
    # The filter of the list: {"query": "kind=partner", "words": "Who: Partner"}.
    rule = models.JSONField(_("which contacts"))
    format = models.CharField(_("kind of file"), max_length=4, choices=Format, default=Format.XLSX)
    rows = models.PositiveIntegerField(_("contacts"))
    # Stands in every row of the file: a list that turns up somewhere tells who took it out, and when.
    mark = models.CharField(_("mark"), max_length=9, unique=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="crm_export_has_a_reason"),
            models.CheckConstraint(condition=Q(rows__gte=0), name="crm_export_rows"),
            models.CheckConstraint(condition=Q(format__in=["xlsx", "csv"]), name="crm_export_format"),
        ]

    def __str__(self):
        return self.mark


def new_mark() -> str:
    """V-7K3M-Q2: short enough to say, one of a thousand million."""
    signs = "".join(secrets.choice(_LETTERS) for _sign in range(6))
    return f"V-{signs[:4]}-{signs[4:]}"
