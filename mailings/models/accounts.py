"""Over which servers letters leave, in whose name, and how many an hour."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import SealedField
from core.sealing import seal, unseal

from ..message import Dkim, Route, Security, Service

HOUR = timedelta(hours=1)
# Letters an hour that a domain nobody knows yet may send, from so many days after its first one on.
# Mail services take what grows by half a day or two; what comes at once from a stranger they call spam.
WARM_UP = [(0, 20), (1, 40), (2, 60), (4, 100), (6, 150), (8, 250), (11, 400), (14, 700), (18, 1200), (22, 2500)]
WARM_AFTER = 28
LANGUAGES = ("ru", "tg", "en")


class SendingAccount(models.Model):
    """A mail server or service with the name that letters over it bear, and its limits."""

    name = models.CharField(pgettext_lazy("sending account", "Name"), max_length=100, unique=True)
    # The one that the environment describes: server and sender are read there, the limits here.
    is_environment = models.BooleanField(default=False, editable=False)
    # New mailings begin with it.
    is_usual = models.BooleanField(_("use it for new mailings"), default=False)
    is_active = models.BooleanField(default=True, editable=False)
    service = models.CharField(_("what takes the letters"), max_length=20, choices=Service, default=Service.SMTP)
    from_address = models.EmailField(_("sender's address"), blank=True)
    from_name_ru = models.CharField(_("sender's name in Russian"), max_length=100, blank=True)
    from_name_tg = models.CharField(_("sender's name in Tajik"), max_length=100, blank=True)
    from_name_en = models.CharField(_("sender's name in English"), max_length=100, blank=True)
    host = models.CharField(_("server"), max_length=200, blank=True)
    port = models.PositiveIntegerField(
        _("port"), default=587, validators=[MinValueValidator(1), MaxValueValidator(65_535)]
    )
    security = models.CharField(
        _("how the line is kept safe"), max_length=8, choices=Security, default=Security.STARTTLS
    )
    user = models.CharField(_("user name"), max_length=200, blank=True)
    secret = SealedField()
    dkim_selector = models.CharField(_("DKIM selector"), max_length=63, blank=True)
    dkim_key = SealedField()
    per_hour = models.PositiveIntegerField(
        _("letters an hour"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    per_domain = models.PositiveIntegerField(
        _("letters an hour to one mail service"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    connections = models.PositiveSmallIntegerField(
        _("connections at once"), default=4, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    per_connection = models.PositiveIntegerField(_("letters over one connection"), default=100)
    warm_up_from = models.DateField(_("first day of a new domain"), null=True, blank=True)
    # What the server said when it was last spoken to.
    max_size = models.PositiveBigIntegerField(null=True, editable=False)
    takes_utf8 = models.BooleanField(null=True, editable=False)
    spoken_at = models.DateTimeField(null=True, editable=False)
    # A letter to the person who asked, to see whether the account works.
    test_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    test_asked_at = models.DateTimeField(null=True, editable=False)
    tested_at = models.DateTimeField(null=True, editable=False)
    test_worked = models.BooleanField(null=True, editable=False)
    test_words = models.TextField(blank=True, editable=False)

    class Meta:
        verbose_name = _("sending account")
        verbose_name_plural = _("sending accounts")
        ordering = ["-is_environment", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(service__in=Service.values), name="mailings_account_service"),
            models.CheckConstraint(condition=Q(security__in=Security.values), name="mailings_account_security"),
            models.UniqueConstraint(
                fields=["is_environment"], condition=Q(is_environment=True), name="mailings_one_environment"
            ),
            models.UniqueConstraint(fields=["is_usual"], condition=Q(is_usual=True), name="mailings_one_usual_account"),
            models.CheckConstraint(
                condition=Q(is_environment=True) | ~Q(from_address=""), name="mailings_account_has_a_sender"
            ),
            models.CheckConstraint(
                condition=Q(per_hour__isnull=True) | Q(per_hour__gte=1), name="mailings_account_hour_positive"
            ),
            models.CheckConstraint(
                condition=Q(per_domain__isnull=True) | Q(per_domain__gte=1), name="mailings_account_domain_positive"
            ),
            models.CheckConstraint(
                condition=Q(connections__gte=1, connections__lte=20), name="mailings_account_connections"
            ),
        ]

    def __str__(self):
        return self.name

    @classmethod
    def environment(cls) -> "SendingAccount":
        """The account that the environment describes; it is there from the first look on."""
        return cls.objects.get_or_create(is_environment=True, defaults={"name": settings.DEFAULT_FROM_EMAIL})[0]

    @classmethod
    def usual(cls) -> "SendingAccount | None":
        """What a new mailing begins with; none is the environment's."""
        return cls.objects.filter(is_usual=True, is_active=True).first()

    @property
    def address(self) -> str:
        return settings.DEFAULT_FROM_EMAIL if self.is_environment else self.from_address

    @property
    def names(self) -> dict[str, str]:
        """The sender's name in each language; where none is given, the group's."""
        given = {language: getattr(self, f"from_name_{language}") for language in LANGUAGES}
        return settings.MAIL_FROM_NAMES | {language: name for language, name in given.items() if name}

    @property
    def content(self) -> list[object]:
        """What of it a reader sees: an approval stands for it. Of the environment's nothing that people chose."""
        return [] if self.is_environment else [self.address, self.names]

    def limit_on(self, day: date) -> int | None:
        """Letters an hour on that day, by the number given and by how young the domain is."""
        known = [number for number in (self.per_hour, self._warm_up_on(day)) if number is not None]
        return min(known, default=None)

    def _warm_up_on(self, day: date) -> int | None:
        age = (day - self.warm_up_from).days if self.warm_up_from else WARM_AFTER
        if age >= WARM_AFTER:
            return None
        return max((number for first, number in WARM_UP if first <= age), default=WARM_UP[0][1])

    @property
    def limit(self) -> int | None:
        return self.limit_on(timezone.localdate())

    @property
    def waits_for_test(self) -> bool:
        """Whether somebody waits for the answer to a test."""
        return (
            self.test_asked_at is not None and self.test_worked is None and self.test_asked_at > timezone.now() - HOUR
        )

    def keep_secret(self, secret: str) -> None:
        self.secret = seal(secret) if secret else ""

    def keep_key(self, key: str) -> None:
        self.dkim_key = seal(key) if key else ""

    def route(self) -> Route:
        """How to reach its server, password and all: for a worker. Raises CannotUnseal."""
        domain = self.address.rpartition("@")[2]
        shared = {
            "letters_per_connection": self.per_connection,
            "connections": self.connections,
            "timeout": settings.EMAIL_TIMEOUT,
            "greeting": domain,
            "dkim": Dkim(domain, self.dkim_selector, unseal(self.dkim_key)) if self.dkim_key else None,
        }
        if self.is_environment:
            return Route(
                settings.EMAIL_HOST,
                settings.EMAIL_PORT,
                settings.EMAIL_HOST_USER,
                settings.EMAIL_HOST_PASSWORD,
                Security.STARTTLS if settings.EMAIL_USE_TLS else Security.NONE,
                **shared,
            )
        password = unseal(self.secret) if self.secret else ""
        return Route(self.host, self.port, self.user, password, self.security, service=self.service, **shared)


class Allowance(models.Model):
    """How far an account, or its letters to one mail service, has got in the time it is given. Rows, so that all
    workers share them. The empty domain is the account as a whole.
    """

    account = models.ForeignKey(SendingAccount, models.CASCADE, related_name="allowances")
    domain = models.CharField(max_length=254, blank=True)
    # When the next letter would be due if all left evenly spaced.
    next_at = models.DateTimeField(null=True)
    # The mail service said “not now” so many times in a row: nothing is offered to it before.
    strikes = models.PositiveSmallIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("allowance")
        verbose_name_plural = _("allowances")
        constraints = [
            models.UniqueConstraint(fields=["account", "domain"], name="mailings_allowance_once"),
        ]

    def __str__(self):
        return f"{self.account_id} {self.domain}"

    def rests(self, at: datetime) -> bool:
        return self.rests_until is not None and self.rests_until > at
