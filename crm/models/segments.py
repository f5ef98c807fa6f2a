"""Saved selections of contacts: a rule that keeps itself up to date, or a list of people picked by hand."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .contact import Contact


class Segment(models.Model):
    """Shared by all staff. `rule` is the filter of the contact list as {name: values}; a fixed list has none."""

    class Kind(models.TextChoices):
        RULE = "rule", _("by a rule")
        LIST = "list", _("a list of people")

    class Colour(models.TextChoices):
        LAPIS = "accent", _("blue")
        SAFFRON = "gold", _("saffron")
        TEAL = "info", _("teal")
        PLUM = "plum", _("plum")
        GREEN = "ok", _("green")

    name = models.CharField(_("name"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=4, choices=Kind, default=Kind.RULE)
    rule = models.JSONField(_("rule"), default=dict, blank=True)
    colour = models.CharField(_("colour"), max_length=6, choices=Colour, default=Colour.LAPIS)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    members = models.ManyToManyField(Contact, through="SegmentMember", related_name="segments")

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="crm_segment_has_a_name"),
            models.CheckConstraint(condition=Q(kind__in=["rule", "list"]), name="crm_segment_kind"),
            models.CheckConstraint(
                condition=Q(colour__in=["accent", "gold", "info", "plum", "ok"]), name="crm_segment_colour"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_list(self) -> bool:
        return self.kind == self.Kind.LIST


class SegmentMember(models.Model):
    """Somebody on a fixed list."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="memberships")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="memberships")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("member of a list")
        verbose_name_plural = _("members of lists")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["segment", "contact"], name="crm_segment_member_once")]

    def __str__(self):
        return f"{self.segment_id}: {self.contact_id}"


class ColumnChoice(models.Model):
    """Which columns of the contact list a person wants to see, in their order."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="contact_columns")
    columns = models.JSONField(_("columns"), default=list)

    class Meta:
        verbose_name = _("choice of columns")
        verbose_name_plural = _("choices of columns")

    def __str__(self):
        return " ".join(self.columns)
