from itertools import permutations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right
from core.fields import SealedField
from core.sealing import blind, seal, unseal
from core.text import digits, fold, search_words, sort_key

from ..states import Sensitivity
from .organisation import Position, restricted_people

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
    def visible_to(self, user):
        """Whom this person may know of; for them the others do not exist. Of a sealed one they learn the name."""
        if user.may(Right.CONTACTS_VIEW):
            found = self if user.may(Right.CONTACTS_INTERNAL) else self.filter(sensitivity=Sensitivity.OPEN)
        elif user.may(Right.OWN_ORGANISATION):
            colleagues = Position.objects.filter(organisation__representations__user=user).values("contact")
            found = self.filter(pk__in=colleagues).exclude(sensitivity=Sensitivity.SEALED)
        else:
            return self.none()
        return found if user.may(Right.CONTACTS_RESTRICTED) else found.exclude(pk__in=restricted_people())

    def search(self, text: str, *, by_sealed_address: bool = False):
        """Contacts in whose search text every word occurs, in whatever script the words are typed.

        A sealed address is found only whole, and only for who may see it anyway: a guess that is answered is a look.
        """
        found = Q()
        for word in search_words(text):
            found &= Q(search_text__contains=word)
        if by_sealed_address and "@" in text:
            found |= Q(pk__in=self.filter(emails__key=blind(text)).order_by().values("pk"))
        return self.filter(found)

    def that_may_leave(self):
        """Contacts that may go into a file: never a sealed one."""
        return self.exclude(sensitivity=Sensitivity.SEALED)

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
    sensitivity = models.CharField(
        _("how carefully it is kept"), max_length=8, choices=Sensitivity, default=Sensitivity.OPEN
    )
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    kind = models.CharField(_("who"), max_length=20, choices=Kind, default=Kind.JOURNALIST)
    languages = models.CharField(_("languages, the preferred one first"), max_length=8, default="ru")
    city = models.CharField(_("city"), max_length=100, blank=True)
    basis = models.CharField(_("basis for writing"), max_length=20, choices=Basis, default=Basis.UNKNOWN)
    basis_on = models.DateField(_("basis since"), null=True, blank=True)
    source = models.CharField(_("where the contact comes from"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    sealed_note = SealedField()
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
            models.CheckConstraint(condition=Q(sensitivity__in=Sensitivity.values), name="crm_contact_sensitivity"),
            models.CheckConstraint(
                condition=Q(sensitivity=Sensitivity.SEALED, note="")
                | ~Q(sensitivity=Sensitivity.SEALED) & Q(sealed_note=""),
                name="crm_contact_note_plain_or_sealed",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def language_codes(self) -> list[str]:
        return self.languages.split()

    @property
    def is_sealed(self) -> bool:
        return self.sensitivity == Sensitivity.SEALED

    def keep_note(self, text: str) -> None:
        """Set the note, sealed where the contact is. The caller saves."""
        self.note = "" if self.is_sealed else text
        self.sealed_note = seal(text) if self.is_sealed and text else ""

    def reveal_note(self) -> str:
        """The note, sealed or not. Who shows it to a person writes that down: crm.actions.sealing."""
        return unseal(self.sealed_note) if self.sealed_note else self.note

    def index_for_search(self) -> None:
        """Recompute what search and order read, from the contact's rows as they are now. The caller saves.

        A sealed contact is found by name and organisation only.
        """
        positions = [(position.title, position.organisation.name) for position in self.positions.all()]
        if self.is_sealed:
            words = [name for _title, name in positions]
        else:
            words = [self.city, *(email.address for email in self.emails.all())]
            words += [phone.number for phone in self.phones.all()]
            words += [part for position in positions for part in position]
        self.search_text = search_text(self.name, *words)
        self.sort_key = sort_key(self.name)[:400]


def search_text(*parts: str) -> str:
    """The folded words of a contact; telephone numbers also as bare digits."""
    words = [fold(part) for part in parts if part]
    numbers = [digits(part) for part in parts if part.startswith("+")]
    return " ".join([*words, *numbers])
