from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..roles import Role


class PolicyQuerySet(models.QuerySet):
    def demands_second_factor(self, role: str) -> bool:
        """Whether a role must have a second factor: as said here, else as in the settings."""
        said = self.filter(role=role).values_list("second_factor", flat=True).first()
        return role in settings.SECOND_FACTOR_ROLES if said is None else said

    def roles_with_second_factor(self) -> set[str]:
        said = dict(self.values_list("role", "second_factor"))
        return {role for role in Role if said.get(role, role in settings.SECOND_FACTOR_ROLES)}


class RolePolicy(models.Model):
    """What an administrator has decided for one role."""

    role = models.CharField(_("role"), max_length=16, choices=Role, unique=True)
    second_factor = models.BooleanField(_("second factor required"))

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule for a role")
        verbose_name_plural = _("rules for roles")
        constraints = [models.CheckConstraint(condition=Q(role__in=Role.values), name="accounts_policy_role")]

    def __str__(self):
        return self.role
