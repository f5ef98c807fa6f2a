from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core import phones
from core.fields import SealedField
from core.sealing import CannotUnseal, blind, seal, unseal

from ..states import Messenger, Unreadable
from .contact import Contact
from .position import Position


def plain_or_sealed(column: str) -> Q:
    """The condition that a text is kept either readable or sealed, never both and never neither."""
    return ~Q(**{column: ""}) & Q(sealed="") | Q(**{column: ""}) & ~Q(sealed="")


class Way(models.Model):
    """A way to reach a contact: readable, or sealed with its contact. `key` compares it either way.

    Of a sealed one the readable column is empty: whoever forgets that there are such contacts shows nothing.
    """

    TEXT = ""  # the readable column

    key = models.CharField(max_length=64, editable=False, db_index=True)
    sealed = SealedField()
    rank = models.PositiveSmallIntegerField(_("order"), default=0)
    # One for work belongs to the position and retires with it; a personal one follows the person.
    position = models.ForeignKey(Position, models.SET_NULL, null=True, blank=True, related_name="%(class)s_set")
    retired_on = models.DateField(_("not used since"), null=True, blank=True)

    class Meta:
        abstract = True

    def save(self, **options):
        self.put_away()
        super().save(**options)

    @property
    def is_retired(self) -> bool:
        return self.retired_on is not None

    @classmethod
    def of(cls, contact: Contact, text: str, rank: int = 0) -> "Way":
        """A row, not saved yet, kept as its contact is kept."""
        way = cls(contact=contact, rank=rank, **{cls.TEXT: text})
        way.put_away()
        return way

    def put_away(self) -> None:
        """Fill the columns that follow from the text, and seal it where the contact is sealed."""
        if text := getattr(self, self.TEXT):
            self.key = blind(text)
            if self.contact.is_sealed:
                self.sealed = seal(text)
                setattr(self, self.TEXT, "")

    def reveal(self) -> str:
        """The text, sealed or not. Who shows it to a person writes that down: crm.actions.sealing."""
        return unseal(self.sealed) if self.sealed else getattr(self, self.TEXT)


class EmailAddressQuerySet(models.QuerySet):
    def key_is_right(self) -> bool:
        """Whether what is kept was compared with the blind key we have now. With another one nobody would be found.

        Where all there is is sealed with a key that is not here, nothing speaks against it.
        """
        kept = self.exclude(address="").order_by("pk").first() or self.order_by("pk").first()
        try:
            return kept is None or kept.key == blind(kept.reveal())
        except CannotUnseal:
            return True


class EmailAddress(Way):
    """An address of a contact. Not unique: a shared mailbox serves several people."""

    TEXT = "address"

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="emails")
    address = models.EmailField(_("e-mail"), blank=True)

    objects = EmailAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("e-mail address")
        verbose_name_plural = _("e-mail addresses")
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "key"], name="crm_email_once_per_contact"),
            models.CheckConstraint(condition=plain_or_sealed("address"), name="crm_email_plain_or_sealed"),
            models.CheckConstraint(condition=~Q(key=""), name="crm_email_has_a_key"),
        ]

    def __str__(self):
        return self.address


class Phone(Way):
    TEXT = "number"

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="phones")
    number = models.CharField(_("telephone"), max_length=20, blank=True, help_text=_("In international form, +992…"))
    # Codes of states.Messenger that answer at this number: "telegram imo".
    messengers = models.CharField(_("messengers"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("telephone")
        verbose_name_plural = _("telephones")
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "key"], name="crm_phone_once_per_contact"),
            models.CheckConstraint(condition=plain_or_sealed("number"), name="crm_phone_plain_or_sealed"),
            models.CheckConstraint(condition=~Q(key=""), name="crm_phone_has_a_key"),
        ]

    def __str__(self):
        return self.number

    @property
    def display(self) -> str:
        return phones.display(self.number)

    @property
    def messenger_codes(self) -> list[Messenger]:
        return [Messenger(code) for code in self.messengers.split()]

    @property
    def messenger_names(self) -> str:
        """As they are written: “Telegram, IMO”."""
        return ", ".join(messenger.label for messenger in self.messenger_codes)


class UnreadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Of contacts this person may know of, and that are in use."""
        # Asked of each row, since the rows are few and the contacts are many.
        return self.filter(Exists(Contact.objects.visible_to(user).active().filter(pk=OuterRef("contact"))))


class Unread(models.Model):
    """Something typed or imported that cannot be read: kept as it was typed, to be repaired, and never used."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="unread")
    field = models.CharField(_("what it is"), max_length=10, choices=Unreadable)
    typed = models.CharField(_("as typed"), max_length=300, blank=True)
    sealed = SealedField()
    at = models.DateTimeField(auto_now_add=True)

    objects = UnreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("to repair")
        verbose_name_plural = _("to repair")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=plain_or_sealed("typed"), name="crm_unread_plain_or_sealed"),
            models.CheckConstraint(condition=Q(field__in=Unreadable.values), name="crm_unread_field"),
        ]

    def __str__(self):
        return self.typed

    @classmethod
    def of(cls, contact: Contact, field: str, text: str) -> "Unread":
        """A row, not saved yet, kept as its contact is kept."""
        text = text[:300]
        kept = {"typed": "", "sealed": seal(text)} if contact.is_sealed else {"typed": text}
        return cls(contact=contact, field=field, **kept)

    def reveal(self) -> str:
        return unseal(self.sealed) if self.sealed else self.typed
