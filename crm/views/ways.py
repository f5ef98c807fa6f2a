"""How a contact is reached, as the page shows it: which ways are open, and which not and why."""

from dataclasses import dataclass

from django.db.models import QuerySet

from core import phones

from ..models import Contact, EmailAddress, Phone, StopRule, Suppression, Unread
from ..states import Channel


@dataclass(frozen=True)
class Mail:
    row: EmailAddress
    # Empty where it is sealed and nobody looked.
    address: str
    stop: Suppression | None

    @property
    def is_live(self) -> bool:
        return not self.row.is_retired and self.stop is None


@dataclass(frozen=True)
class Line:
    row: Phone
    number: str
    # Each messenger that answers at the number, and whether the person does not want it.
    messengers: list[tuple[str, bool]]

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
    emails, numbers = contact.emails.all(), contact.phones.all()
    stops = Suppression.objects.filter(key__in=[email.key for email in emails])
    by_key = {stop.key: stop for stop in stops}
    closed = StopRule.objects.filter(contact=contact).in_force().channels()
    return Ways(
        mails=[Mail(email, email.reveal() if shows else "", by_key.get(email.key)) for email in emails],
        lines=[Line(phone, phone.reveal() if shows else "", _messengers(phone, closed)) for phone in numbers],
        closed=closed,
        stops=stops,
        unread=[(row, row.reveal() if shows else "") for row in contact.unread.all()],
    )


def _messengers(phone: Phone, closed: set[str]) -> list[tuple[str, bool]]:
    return [(messenger, messenger in closed) for messenger in phone.messenger_codes]
