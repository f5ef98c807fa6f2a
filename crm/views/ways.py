"""How a contact is reached, as the page shows it: which ways are open, and which not and why."""

from dataclasses import dataclass

from django.db.models import QuerySet

from core import phones

from ..models import Contact, EmailAddress, Phone, StopRule, Suppression, Unread
from ..states import Channel, Messenger


@dataclass(frozen=True)
class Mail:
    row: EmailAddress
    # Empty where it is sealed and nobody looked.
    address: str
    stop: Suppression | None
    # The person is best reached so.
    is_best: bool = False

    @property
    def is_live(self) -> bool:
        return not self.row.is_retired and self.stop is None


@dataclass(frozen=True)
class Line:
    row: Phone
    number: str
    # Each messenger that answers at the number, and whether the person does not want it.
    messengers: list[tuple[Messenger, bool]]
    is_best: bool = False

    @property
    def spoken(self) -> str:
        return phones.display(self.number)


@dataclass(frozen=True)
class Ways:
    mails: list[Mail]
    lines: list[Line]
    # The channels that the person's rules close.
    closed: set[str]
    stops: QuerySet
    # What was typed and cannot be read, with the text where it may be shown.
    unread: list[tuple[Unread, str]]

    @property
    def no_mail(self) -> bool:
        return Channel.EMAIL in self.closed

    @property
    def no_calls(self) -> bool:
        return Channel.PHONE in self.closed

    @property
    def mailto(self) -> str:
        """Where a letter to this one person goes: the first address that is in use."""
        return "" if self.no_mail else next((mail.address for mail in self.mails if mail.is_live), "")


def ways_of(contact: Contact, *, shows: bool) -> Ways:
    """`shows` says that whoever reads them may: of a sealed contact the look is written down already."""
    emails, best = contact.emails.all(), _best(contact)
    stops = Suppression.objects.filter(key__in=[email.key for email in emails])
    by_key = {stop.key: stop for stop in stops}
    closed = StopRule.objects.filter(contact=contact).in_force().channels()
    return Ways(
        mails=[Mail(email, email.reveal() if shows else "", by_key.get(email.key), email == best) for email in emails],
        lines=[
            Line(phone, phone.reveal() if shows else "", _messengers(phone, closed), phone == best)
            for phone in contact.phones.all()
        ],
        closed=closed,
        stops=stops,
        unread=[(row, row.reveal() if shows else "") for row in contact.unread.all()],
    )


def _best(contact: Contact) -> EmailAddress | Phone | None:
    """The first way in use that is of the kind the person prefers; a messenger's is the number it answers at."""
    if contact.preferred_way == Channel.EMAIL:
        return next((email for email in contact.emails.all() if not email.is_retired), None)
    asked = contact.preferred_way if contact.preferred_way in Messenger.values else ""
    live = (phone for phone in contact.phones.all() if not phone.is_retired)
    fits = (phone for phone in live if contact.preferred_way and asked in ("", *phone.messenger_codes))
    return next(fits, None)


def _messengers(phone: Phone, closed: set[str]) -> list[tuple[Messenger, bool]]:
    return [(messenger, messenger in closed) for messenger in phone.messenger_codes]
