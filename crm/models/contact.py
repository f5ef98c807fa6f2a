from itertools import permutations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right
from core import addresses, phones
from core.text import digits, fold, sort_key

LANGUAGE_CODES = ("ru", "tg", "en")
# Every order of one, two or three languages: "tg ru" reads Tajik first, then Russian.
LANGUAGE_ORDERS = [" ".join(order) for n in (1, 2, 3) for order in permutations(LANGUAGE_CODES, n)]


_KINDS = {
    "journalist": _("Journalists"),
    "press_service": _("Press services"),
    "partner": _("Partners"),
    "other": _("Others"),
}


class ContactQuerySet(models.QuerySet):
    def search(self, text: str):
        """Contacts in whose search text every word occurs, in whatever script the words are typed."""
        found = self
        for word in fold(text).split():
            found = found.filter(search_text__contains=word)
        return found

    def visible_to(self, user):
        """Whom this person may know of."""
        return self if user.may(Right.CONTACTS_VIEW) else self.none()

    def that_may_leave(self):
        """Contacts that may go into a file."""
        return self

    def for_list(self):
        return self.prefetch_related("emails", "phones", "positions__organisation")

    def cities(self):
        """The cities of these contacts, each once, in order."""
        return self.exclude(city="").order_by("city").values_list("city", flat=True).distinct()


class Contact(models.Model):
    """A person we may write to."""

    class Kind(models.TextChoices):
        JOURNALIST = "journalist", _("Journalist")
        PRESS_SERVICE = "press_service", _("Press service")
        PARTNER = "partner", _("Partner")
        OTHER = "other", _("Other")

        @property
        def plural(self):
            return _KINDS[self]

    class Basis(models.TextChoices):
        UNKNOWN = "unknown", _("Not recorded")
        CONSENT = "consent", _("Subscribed")
        PUBLIC_OFFICE = "public_office", _("Office address")
        PERSONAL = "personal", _("Knows us in person")
        MEMBERSHIP = "membership", _("Member or contract")

    name = models.CharField(_("name"), max_length=200)
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    kind = models.CharField(_("who"), max_length=20, choices=Kind, default=Kind.JOURNALIST)
    languages = models.CharField(_("languages, the preferred one first"), max_length=8, default="ru")
    city = models.CharField(_("city"), max_length=100, blank=True)
    basis = models.CharField(_("basis for writing"), max_length=20, choices=Basis, default=Basis.UNKNOWN)
    basis_on = models.DateField(_("basis since"), null=True, blank=True)
    source = models.CharField(_("where the contact comes from"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    search_text = models.TextField(editable=False, default="")
    sort_key = models.CharField(max_length=400, editable=False, default="", db_index=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["sort_key", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="crm_contact_has_a_name"),
            models.CheckConstraint(condition=Q(languages__in=LANGUAGE_ORDERS), name="crm_contact_languages"),
            models.CheckConstraint(
                condition=Q(kind__in=["journalist", "press_service", "partner", "other"]), name="crm_contact_kind"
            ),
            models.CheckConstraint(
                condition=Q(basis__in=["unknown", "consent", "public_office", "personal", "membership"]),
                name="crm_contact_basis",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def language_codes(self) -> list[str]:
        return self.languages.split()

    def index_for_search(self) -> None:
        """Recompute what search and order read, from the contact's rows as they are now. The caller saves."""
        self.search_text = search_text(
            self.name,
            self.city,
            *(email.address for email in self.emails.all()),
            *(phone.number for phone in self.phones.all()),
            *(part for position in self.positions.all() for part in (position.title, position.organisation.name)),
        )
        self.sort_key = sort_key(self.name)[:400]


def search_text(*parts: str) -> str:
    """The folded words of a contact; telephone numbers also as bare digits."""
    words = [fold(part) for part in parts if part]
    numbers = [digits(part) for part in parts if part.startswith("+")]
    return " ".join([*words, *numbers])


class EmailAddress(models.Model):
    """An address of a contact. Not unique: a shared mailbox serves several people."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="emails")
    address = models.EmailField(_("e-mail"))
    key = models.CharField(max_length=254, editable=False, db_index=True)
    rank = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("e-mail address")
        verbose_name_plural = _("e-mail addresses")
        ordering = ["rank", "pk"]
        constraints = [models.UniqueConstraint(fields=["contact", "key"], name="crm_email_once_per_contact")]

    def __str__(self):
        return self.address

    def save(self, **options):
        self.key = addresses.key(self.address)
        super().save(**options)


class Phone(models.Model):
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="phones")
    number = models.CharField(_("telephone"), max_length=20, help_text=_("In international form, +992…"))
    rank = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("telephone")
        verbose_name_plural = _("telephones")
        ordering = ["rank", "pk"]
        constraints = [models.UniqueConstraint(fields=["contact", "number"], name="crm_phone_once_per_contact")]

    def __str__(self):
        return self.number

    @property
    def display(self) -> str:
        return phones.display(self.number)
