"""The letter as one recipient would see it, before it is sent: rendered by the code that sends it."""

from dataclasses import dataclass

from crm.models import Contact, form_of_address
from crm.salutations import suggest

from ..message import Message
from ..models import MailingVersion
from .render import compile_letter, render


@dataclass(frozen=True)
class Sample:
    """A recipient whose links lead nowhere: no row has number 0."""

    merge_data: dict[str, str]
    pk: int = 0


def sample(version: MailingVersion, contact: Contact | None = None) -> Message:
    """The letter for a chosen contact, or for somebody whose name is not known."""
    if contact is None:
        return to_somebody(version, {})
    address = form_of_address(contact, version.language).text
    return to_somebody(version, {"name": contact.given_name, "full_name": contact.name, "address": address})


def to_somebody(version: MailingVersion, merge_data: dict[str, str], to: str = "reader@example.org") -> Message:
    """The letter with these values, its links of nobody."""
    letter = compile_letter(version.mailing.kind, version, dated=version.mailing.dated)
    return render(letter, Sample({"address": suggest(version.language).text} | merge_data), to=to)
