"""What came into the group's mailbox, and how far it has been read."""

from collections import defaultdict
from collections.abc import Collection

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right
from core.text import fold
from crm.models import Contact, EmailAddress
from crm.models.sealable import SealableText

from ..states import IncomingKind, Matched, Proposal
from .delivery import Delivery


class IncomingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Letters of contacts this person may know of. Of nobody knows whom: not for viewers."""
        seen = Q(contact__in=Contact.objects.visible_to(user).order_by().values("pk"))
        if user.may(Right.CONTACTS_INTERNAL):
            seen |= Q(contact=None)
        return self.filter(seen)

    def replies(self):
        """What people wrote themselves."""
        return self.filter(kind=IncomingKind.REPLY)

    def unrecognised(self):
        """What nobody and nothing has made sense of yet: a person looks at it."""
        lost = Q(kind__in=[IncomingKind.POISON, IncomingKind.FORGED])
        lost |= Q(kind__in=IncomingKind.of_letters(), matched="", taken_by="")
        lost |= Q(kind=IncomingKind.BOUNCE, bounce_class__in=["", "unknown"], taken_by="")
        # Whether the reader meant it, nobody knows.
        of_others = ~Q(matched=Matched.ADDRESS) & ~Q(sender_key=F("delivery__address_key"))
        lost |= Q(kind=IncomingKind.UNSUBSCRIBE, delivery__isnull=False) & of_others
        return self.filter(lost, settled_at=None)

    def answers(self):
        return self.filter(kind=IncomingKind.REPLY)


class Incoming(SealableText):
    """One letter that came in; `mark` is the same for the same letter, so that reading it twice does nothing."""

    mark = models.CharField(max_length=64, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=IncomingKind)
    came_at = models.DateTimeField(_("came in on"), default=timezone.now)
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="incoming")
    delivery = models.ForeignKey(Delivery, models.SET_NULL, null=True, related_name="incoming")
    # By what the delivery was found; nothing is done where it was not.
    matched = models.CharField(max_length=12, choices=Matched, blank=True)
    # Readable, but of a sealed contact, whose letter is in `sealed_text` with its subject.
    sender = models.CharField(_("sender"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    # Both folded, so that a search finds them in any script and case.
    search_text = models.TextField(blank=True, editable=False)
    # Whose it is, if it is nobody's: with it an erased person's letters are found.
    sender_key = models.CharField(max_length=64, db_index=True, blank=True)
    bounce_class = models.CharField(max_length=10, blank=True)
    proposal = models.CharField(max_length=10, choices=Proposal, blank=True)
    # The room that took it as its own: a request, an answer to an invitation.
    taken_by = models.CharField(max_length=20, blank=True)
    # The letter itself, as a file; empty where it is kept no more, or may not be.
    file = models.CharField(max_length=100, blank=True)
    settled_at = models.DateTimeField(_("looked at on"), null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = IncomingQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter that came in")
        verbose_name_plural = _("letters that came in")
        ordering = ["-came_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=IncomingKind.values), name="mailings_incoming_kind"),
            models.CheckConstraint(condition=Q(matched__in=["", *Matched.values]), name="mailings_incoming_matched"),
            models.CheckConstraint(
                condition=Q(sealed_text="") | Q(text="", sender="", subject="", search_text="", file=""),
                name="mailings_incoming_plain_or_sealed",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False),
                name="mailings_incoming_settled_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "-came_at"], name="mailings_incoming_of_kind"),
            models.Index(fields=["-came_at", "-id"], name="mailings_incoming_order"),
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def mailing(self):
        return self.delivery and self.delivery.mailing

    @property
    def is_sealed(self) -> bool:
        return bool(self.sealed_text)

    @property
    def is_too_big(self) -> bool:
        """Whether it lies untouched in the mailbox: only its head was read."""
        return self.kind == IncomingKind.POISON and bool(self.sender_key)

    @property
    def is_of_its_reader(self) -> bool:
        """Whether it came to the address that our letter alone named, or from the one that the letter went to."""
        if self.delivery is None:
            return False
        return self.matched == Matched.ADDRESS or self.sender_key == self.delivery.address_key

    def hide(self) -> None:
        """Its contact is sealed: what is said goes into the seal, the file goes for good. The caller saves."""
        text = "\n\n".join(filter(None, [self.subject, self.reveal()]))
        self.sender = self.subject = self.search_text = ""
        self.keep(text)
        self.drop_file()

    def show(self, sender: str, subject: str, text: str) -> None:
        """What anybody may read who may know of its contact. The caller saves."""
        self.sender, self.subject, self.text = sender[:254], subject[:300], text
        self.search_text = fold(f"{self.sender} {self.subject}")

    def drop_file(self) -> None:
        if name := self.file:
            self.file = ""
            transaction.on_commit(lambda: default_storage.delete(name))

    def raw(self) -> bytes:
        with default_storage.open(self.file) as stored:
            return stored.read()

    @staticmethod
    def owners_of(keys: Collection[str]) -> dict[str, Contact]:
        """The one contact that uses an address, by its key; nobody where several do."""
        found = defaultdict(list)
        used = EmailAddress.objects.filter(key__in=keys, contact__archived_at=None)
        for address in used.select_related("contact"):
            found[address.key].append(address.contact)
        return {key: contacts[0] for key, contacts in found.items() if len(contacts) == 1}


class MailboxPlace(models.Model):
    """How far a folder has been read over IMAP. Reading from the beginning once more does no harm."""

    name = models.CharField(max_length=300, unique=True)
    validity = models.BigIntegerField()
    last_uid = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True)
    # Why the last reading broke off, in a word; empty while all is well.
    trouble = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = _("folder of the mailbox")
        verbose_name_plural = _("folders of the mailbox")

    def __str__(self):
        return self.name


class ProviderEvent(models.Model):
    """What a mail service told, once: with the same number it is told again, and nothing happens."""

    provider = models.CharField(max_length=20)
    event = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now)
    delivery = models.ForeignKey(Delivery, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("word of a mail service")
        verbose_name_plural = _("words of mail services")
        constraints = [models.UniqueConstraint(fields=["provider", "event"], name="mailings_provider_event_once")]
        indexes = [models.Index(fields=["at"], name="mailings_provider_event_at")]

    def __str__(self):
        return f"{self.provider}: {self.kind}"
