from functools import cached_property

from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..roles import MAY_EXPORT, TABLE, Right, Role, rights_of
from .policy import RolePolicy


class UserQuerySet(models.QuerySet):
    def active(self):
        """People who may sign in now."""
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()), is_active=True)

    def joined(self):
        """People who have chosen a password, and so read what they are asked."""
        return self.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def with_right(self, right: str):
        """Active people who hold a right by role or by name."""
        holds = Q(role__in=[role for role in Role if right in TABLE[role]])
        if right in TABLE[Role.ADMINISTRATOR]:
            holds |= Q(also_administers=True)
        if right == Right.CONTACTS_EXPORT:
            holds = Q(may_export=True, role__in=MAY_EXPORT)
        return self.active().filter(holds)

    def with_factor(self):
        """`has_factor` on each: whether a second factor is set. Spare codes alone are none."""
        factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
        return self.annotate(has_factor=Exists(factors))

    def without_demanded_factor(self):
        """Active people whose role demands a second factor that they have not set."""
        demanding = RolePolicy.objects.roles_with_second_factor()
        return self.active().with_factor().filter(has_factor=False, role__in=demanding)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email: str, password: str | None = None, **fields):
        user = self.model(email=self.normalize_email(email).casefold(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields):
        """The first person of an installation: head and administrator at once."""
        return self.create_user(email, password, role=Role.HEAD, also_administers=True, **fields)

    def get_by_natural_key(self, email: str):
        return self.get(email=email.strip().casefold())


class User(AbstractBaseUser):
    """A member of staff. Signs in by e-mail; what they may do follows from role and additions (accounts/roles.py)."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As on this device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Language(models.TextChoices):
        RU = "ru", "Русский"
        TG = "tg", "Тоҷикӣ"
        EN = "en", "English"

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    job_title = models.CharField(_("job title"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.VIEWER)
    also_administers = models.BooleanField(_("also looks after accounts and settings"), default=False)
    may_export = models.BooleanField(_("may take contacts out as a file"), default=False)
    language = models.CharField(_("interface language"), max_length=2, choices=Language, default=Language.RU)
    theme = models.CharField(_("theme"), max_length=6, choices=Theme, default=Theme.SYSTEM)
    is_active = models.BooleanField(_("may sign in"), default=True)
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)
    date_joined = models.DateTimeField(_("joined"), auto_now_add=True)
    # Renewed with each invitation or new-password link, so that an older link dies.
    link_sent_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="accounts_user_email_in_lower_case"),
            models.CheckConstraint(condition=Q(language__in=["ru", "tg", "en"]), name="accounts_user_language"),
            models.CheckConstraint(condition=Q(theme__in=["system", "light", "dark"]), name="accounts_user_theme"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="accounts_user_role"),
            models.CheckConstraint(
                condition=~Q(role="door") | Q(expires_at__isnull=False), name="accounts_door_ends_by_itself"
            ),
            models.CheckConstraint(
                condition=Q(also_administers=False) | Q(role__in=["head", "editor"]),
                name="accounts_staff_also_administer",
            ),
            models.CheckConstraint(
                condition=Q(may_export=False) | Q(role__in=["head", "editor"]), name="accounts_staff_export"
            ),
        ]

    def __str__(self):
        return self.name

    @cached_property
    def rights(self) -> frozenset[str]:
        return rights_of(self.role, also_administers=self.also_administers, may_export=self.may_export)

    @property
    def is_current(self) -> bool:
        """Whether the account is open today."""
        return self.is_active and (self.expires_at is None or self.expires_at > timezone.now())

    def may(self, *rights: str) -> bool:
        """Whether any of these rights is held."""
        return self.is_current and not self.rights.isdisjoint(rights)

    def has_perm(self, right: str, obj: object = None) -> bool:
        """What `perms` in templates asks. Whether one record may be seen is the queryset's `visible_to`."""
        return self.may(right)

    def has_module_perms(self, app_label: str) -> bool:
        return any(right.startswith(f"{app_label}.") for right in self.rights)
