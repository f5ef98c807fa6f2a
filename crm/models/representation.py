from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..states import Sensitivity
from .organisation import Organisation
from .position import Position, restricted_people


class RepresentationQuerySet(models.QuerySet):
    def people(self) -> dict[int, int]:
        """How many contacts each representative sees, by the key of the user."""
        seen = ~models.Q(contact__sensitivity=Sensitivity.SEALED) & ~models.Q(contact__in=restricted_people())
        positions = Position.objects.current().filter(seen, organisation__representations__in=self).order_by()
        users = positions.values_list("organisation__representations__user").annotate(models.Count("pk"))
        return dict(users)


class Representation(models.Model):
    """The organisation that a member representative speaks for, and whose people they see."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="representation")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="representations")

    objects = RepresentationQuerySet.as_manager()

    class Meta:
        verbose_name = _("representation")
        verbose_name_plural = _("representations")

    def __str__(self):
        return f"{self.user}: {self.organisation}"
