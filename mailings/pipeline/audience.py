"""Resolve an audience rule into recipients, and give everyone left out a reason. Writes nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crm.criteria import matching
from crm.models import Contact, Suppression

from ..states import Reason


@dataclass(frozen=True)
class Recipient:
    contact_id: int
    name: str
    address: str
    key: str
    language: str
    merge_data: dict[str, str]


@dataclass(frozen=True)
class LeftOut:
    contact_id: int
    name: str
    address: str
    reason: Reason


@dataclass
class Audience:
    """Who gets the mailing and who does not. `chosen` is both together: the contacts the rule selects."""

    recipients: list[Recipient] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def chosen(self) -> int:
        return len(self.recipients) + len(self.left_out)

    def by_language(self) -> Counter[str]:
        return Counter(recipient.language for recipient in self.recipients)

    def by_reason(self) -> list[tuple[Reason, int]]:
        """Reasons that occur, in the order of their list, with how many."""
        counts = Counter(person.reason for person in self.left_out)
        return [(reason, counts[reason]) for reason in Reason if counts[reason]]


def resolve(rule: Mapping[str, list[str]], languages: Iterable[str]) -> Audience:
    """The audience of `rule` for a mailing that has texts in `languages`. Three queries, whatever the size."""
    languages = set(languages)
    stopped = dict(Suppression.objects.values_list("key", "reason"))
    audience = Audience()
    taken: set[str] = set()
    contacts = Contact.objects.filter(matching(rule)).order_by("pk").prefetch_related("emails")
    for contact in contacts:
        found = _place(contact, languages, stopped, taken)
        if isinstance(found, Recipient):
            taken.add(found.key)
            audience.recipients.append(found)
        else:
            audience.left_out.append(found)
    return audience


def _place(contact: Contact, languages: set[str], stopped: Mapping[str, str], taken: set[str]) -> Recipient | LeftOut:
    emails = contact.emails.all()
    first = emails[0].address if emails else ""

    def leave_out(reason: str) -> LeftOut:
        return LeftOut(contact.pk, contact.name, first, Reason(reason))

    if not emails:
        return leave_out(Reason.NO_ADDRESS)
    # Who does not want our letters is not written to at a second address either; a dead mailbox only moves us to it.
    if wish := next((stopped[email.key] for email in emails if stopped.get(email.key) in Suppression.WISHES), None):
        return leave_out(wish)
    alive = next((email for email in emails if email.key not in stopped), None)
    if alive is None:
        return leave_out(Reason.HARD_BOUNCE)
    language = next((code for code in contact.language_codes if code in languages), None)
    if language is None:
        return leave_out(Reason.NO_VERSION)
    if alive.key in taken:
        return leave_out(Reason.SAME_ADDRESS)
    merge_data = {"name": contact.given_name, "full_name": contact.name}
    return Recipient(contact.pk, contact.name, alive.address, alive.key, language, merge_data)
