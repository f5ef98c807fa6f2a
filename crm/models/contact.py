from collections import Counter
from collections.abc import Mapping
from itertools import permutations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right
from core.fields import SealedField
from core.sealing import blind, seal, unseal
from core.text import digits, fold, search_words, sort_key

from ..states import Channel, Gender, Region, Sensitivity
from .labels import Tag, Topic
from .name_key import NameKeyField, name_key
from .organisation import Organisation
from .position import Position, restricted_people

LANGUAGE_CODES = ("ru", "tg", "en")
# Every order of one, two or three languages: "tg ru" reads Tajik first, then Russian.
LANGUAGE_ORDERS = [" ".join(order) for n in (1, 2, 3) for order in permutations(LANGUAGE_CODES, n)]


_KINDS = {
    "journalist": _("Journalists"),
    "press_service": _("Press services"),
    "partner": _("Partners"),
    "other": _("Others"),
}


# Texts of a card that are readable, or sealed with it in a column of their own.
SEALED_TEXTS = ("note", "basis_proof", "source", "postal_address")


def _kept_as_its_contact(text: str) -> models.CheckConstraint:
    condition = Q(sensitivity=Sensitivity.SEALED, **{text: ""}) | ~Q(sensitivity=Sensitivity.SEALED) & Q(
        **{f"sealed_{text}": ""}
    )
    return models.CheckConstraint(condition=condition, name=f"crm_contact_{text}_plain_or_sealed")


_CHUNK = 500
_LONG_MONTHS, _SHORT_MONTHS = [1, 3, 5, 7, 8, 10, 12], [4, 6, 9, 11]
# A day that some year has: the 29th of February is one.
_IS_A_DAY = Q(birth_day__gte=1) & (
    Q(birth_month__in=_LONG_MONTHS, birth_day__lte=31)
    | Q(birth_month__in=_SHORT_MONTHS, birth_day__lte=30)
    | Q(birth_month=2, birth_day__lte=29)
)


def visible(user, of: str = "") -> Q:
    """Whom this person may know of; of rows about contacts it is asked by what leads there, as in "contact__".

    Asked so, and not whether the contact is among all that are visible, it costs nothing for each contact there is.
    """
    shown = _shown_by_role(user, of)
    return shown if user.may(Right.CONTACTS_RESTRICTED) else shown & ~Q(**{f"{of}pk__in": restricted_people()})


def _shown_by_role(user, of: str = "") -> Q:
    """Whom the role shows, those of banned organisations among them."""
    if user.may(Right.CONTACTS_VIEW):
        return Q() if user.may(Right.CONTACTS_INTERNAL) else Q(**{f"{of}sensitivity": Sensitivity.OPEN})
    if user.may(Right.OWN_ORGANISATION):
        own = Organisation.objects.filter(representations__user=user)
        colleagues = Position.objects.current().filter(organisation__in=own).values("contact")
        return Q(**{f"{of}pk__in": colleagues}) & ~Q(**{f"{of}sensitivity": Sensitivity.SEALED})
    return Q(**{f"{of}pk__in": []})


class ContactQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whom this person may know of; for them the others do not exist. Of a sealed one they learn the name."""
        return self.filter(visible(user))

    def kinds_visible_to(self, user) -> dict[str, int]:
        """How many of each kind this person may know of.

        The few of banned organisations are taken off at the end: to ask it of each doubles the time of a long list.
        """
        found = self.filter(_shown_by_role(user)).order_by()
        counts = Counter(dict(found.values_list("kind").annotate(number=models.Count("*"))))
        if not user.may(Right.CONTACTS_RESTRICTED):
            hidden = found.filter(pk__in=restricted_people())
            counts.subtract(dict(hidden.values_list("kind").annotate(number=models.Count("*"))))
        return dict(counts)

    def search(self, text: str, *, by_sealed_address: bool = False):
        """Contacts in whose search text every word occurs, in whatever script the words are typed.

        A sealed address is found only whole, and only for who may see it anyway: a guess that is answered is a look.
        """
        found = Q()
        for word in search_words(text):
            found &= Q(search_text__contains=word)
        if by_sealed_address and "@" in text:
            found |= Q(pk__in=self.filter(emails__key=blind(text)).order_by().values("pk"))
        # The words stand before whatever else is asked: SQLite looks at conditions in the order they are written in.
        return self.model.objects.filter(found) & self

    def active(self):
        """Without those put away: nobody writes to them."""
        return self.filter(archived_at=None)

    def that_may_leave(self):
        """Contacts that may go into a file: never a sealed one."""
        return self.exclude(sensitivity=Sensitivity.SEALED)

    def for_list(self):
        return self.prefetch_related("emails", "phones", "positions__organisation")

    def with_everything(self):
        """For the card of one contact, and for what search finds it by."""
        return self.for_list().prefetch_related("names", "former_surnames", "positions__organisation__former_names")

    def reindex(self) -> None:
        """Recompute what search and order read, of all these contacts: names or organisations of theirs changed."""
        keys = list(self.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(keys), _CHUNK):
            contacts = Contact.objects.with_everything().filter(pk__in=keys[start : start + _CHUNK])
            for contact in contacts:
                contact.index_for_search()
            self.model.objects.bulk_update(contacts, ["search_text", "sort_key", "name_key"])

    def count_save(self, **values: object) -> int:
        """Count a save of these cards, perhaps with other values: whoever has one open is told. Return how many."""
        return self.update(**values, revision=models.F("revision") + 1, changed_at=timezone.now())

    def cities(self):
        """The cities of these contacts, each once, in order."""
        return self.exclude(city="").order_by("city").values_list("city", flat=True).distinct()


class Contact(models.Model):
    """A person, or a post whose holders change: whomever we may write to.

    A post ("press secretary of the Ministry") has its own card with its own addresses, and its one open Position says
    where it is. Its holders are the Positions of people that name it: a letter goes to the post, and the delivery keeps
    who held it that day.
    """

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
    is_post = models.BooleanField(_("a post, not a person"), default=False)
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    gender = models.CharField(_("woman or man"), max_length=1, choices=Gender, blank=True)
    kind = models.CharField(_("who"), max_length=20, choices=Kind, default=Kind.JOURNALIST)
    languages = models.CharField(_("languages, the preferred one first"), max_length=8, default="ru")
    city = models.CharField(_("city"), max_length=100, blank=True)
    region = models.CharField(_("region"), max_length=12, choices=Region, blank=True)
    # As it stands on an envelope, line by line. Empty: letters go to where the person works.
    postal_address = models.TextField(_("postal address"), max_length=300, blank=True)
    birth_day = models.PositiveSmallIntegerField(_("birthday: day"), null=True, blank=True)
    birth_month = models.PositiveSmallIntegerField(_("birthday: month"), null=True, blank=True)
    photo = models.FileField(_("photo"), upload_to="photos/", blank=True)
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), blank=True, related_name="contacts")
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), blank=True, related_name="contacts")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("who keeps in touch"),
        null=True,
        blank=True,
        related_name="+",
    )
    preferred_way = models.CharField(_("best reached by"), max_length=10, choices=Channel, blank=True)
    basis = models.CharField(_("basis for writing"), max_length=20, choices=Basis, default=Basis.UNKNOWN)
    basis_on = models.DateField(_("basis since"), null=True, blank=True)
    basis_proof = models.CharField(_("proof of the basis"), max_length=300, blank=True)
    source = models.CharField(_("where the contact comes from"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    sealed_note = SealedField()
    sealed_basis_proof = SealedField()
    sealed_source = SealedField()
    sealed_postal_address = SealedField()
    search_text = models.TextField(editable=False, default="")
    sort_key = models.CharField(max_length=400, editable=False, default="")
    name_key = NameKeyField()
    archived_at = models.DateTimeField(_("put away"), null=True, blank=True)
    # Counts the saves of the card, so that of two people who edit it at once the second one is told.
    revision = models.PositiveIntegerField(default=0, editable=False)
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
            *map(_kept_as_its_contact, SEALED_TEXTS),
            models.CheckConstraint(condition=Q(gender__in=["", *Gender.values]), name="crm_contact_gender"),
            models.CheckConstraint(condition=Q(region__in=["", *Region.values]), name="crm_contact_region"),
            models.CheckConstraint(
                condition=Q(preferred_way__in=["", *Channel.values]), name="crm_contact_preferred_way"
            ),
            models.CheckConstraint(
                condition=Q(birth_day=None, birth_month=None) | _IS_A_DAY, name="crm_contact_birthday_is_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(sensitivity=Sensitivity.SEALED) | Q(photo=""), name="crm_sealed_has_no_photo"
            ),
        ]
        indexes = [
            # The order of the list; far pages walk it without looking at a single card.
            models.Index(fields=["sort_key", "id", "archived_at"], name="crm_contact_order"),
            # What the tabs count, and what the filter offers, is read from the index alone.
            models.Index(fields=["kind", "sensitivity", "archived_at"], name="crm_contact_kinds"),
            models.Index(fields=["city", "id", "sensitivity"], name="crm_contact_cities"),
            models.Index(fields=["region"], name="crm_contact_regions"),
        ]

    def __str__(self):
        return self.name

    @property
    def language_codes(self) -> list[str]:
        return self.languages.split()

    @property
    def is_sealed(self) -> bool:
        return self.sensitivity == Sensitivity.SEALED

    def keep(self, texts: Mapping[str, str]) -> None:
        """Set some of SEALED_TEXTS, sealed where the contact is. The caller saves."""
        for name, text in texts.items():
            setattr(self, name, "" if self.is_sealed else text)
            setattr(self, f"sealed_{name}", seal(text) if self.is_sealed and text else "")

    def reveal(self) -> dict[str, str]:
        """All of SEALED_TEXTS, sealed or not. Who shows them to a person writes that down: crm.actions.sealing."""
        tokens = {name: getattr(self, f"sealed_{name}") for name in SEALED_TEXTS}
        return {name: unseal(token) if token else getattr(self, name) for name, token in tokens.items()}

    @property
    def current_positions(self) -> list[Position]:
        return [position for position in self.positions.all() if position.is_current]

    @property
    def position(self) -> Position | None:
        """Where the person works now, the first post if there are several."""
        return next(iter(self.current_positions), None)

    def index_for_search(self) -> None:
        """Recompute what search and order read, from the contact's rows as they are now. The caller saves.

        A sealed contact is found by name and organisation only.
        """
        words = [*map(str, self.names.all()), *(former.surname for former in self.former_surnames.all())]
        if not self.is_sealed:
            words += [self.city, *(email.address for email in self.emails.all())]
            words += [phone.number for phone in self.phones.all()]
        for position in self.current_positions:
            words += [] if self.is_sealed else [position.title]
            words += [position.organisation.name, *position.organisation.former_names_list]
        self.search_text = search_text(self.name, *words)
        self.sort_key = sort_key(self.name)[:400]
        self.name_key = name_key(self.name)


def search_text(*parts: str) -> str:
    """The folded words of a contact; telephone numbers also as bare digits."""
    words = [fold(part) for part in parts if part]
    numbers = [digits(part) for part in parts if part.startswith("+")]
    return " ".join([*words, *numbers])
