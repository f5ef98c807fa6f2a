"""An entry as the pages show it."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from .facts import changes_of, details_of
from .kinds import Kind
from .models import Entry
from .sentences import author, sentence

ICONS = {
    Kind.SIGN_IN: ("log-in", ""),
    Kind.ACCOUNT: ("users", "info"),
    Kind.WRITE: ("pencil", "accent"),
    Kind.VIEW: ("eye", "gold"),
    Kind.EXPORT: ("download", "plum"),
    Kind.SECURITY: ("shield-alert", "bad"),
}
# Where a record is read, and the right that opens it.
PAGES = {
    "accounts.user": ("accounts:user-detail", "accounts.manage"),
    "crm.contact": ("crm:contact-detail", "contacts.view"),
    "crm.importbatch": ("crm:import-result", "contacts.import"),
    "crm.organisationimport": ("crm:organisation-import-result", "contacts.import"),
    "crm.segment": ("crm:segment-detail", "contacts.view"),
    "crm.organisation": ("crm:organisation-detail", "contacts.view"),
    "mailings.mailing": ("mailings:mailing-detail", "mailings.view"),
}


@dataclass(frozen=True)
class Row:
    entry: Entry
    is_readable: bool
    links: bool = True

    @property
    def icon(self) -> str:
        return ICONS[Kind(self.entry.kind)][0]

    @property
    def tone(self) -> str:
        return ICONS[Kind(self.entry.kind)][1]

    @property
    def sentence(self) -> str:
        return sentence(self.entry.action)

    @property
    def author(self) -> str:
        return author(self.entry.by)

    @property
    def label(self) -> str:
        """The record's name; whoever did something to their own account is named already."""
        entry = self.entry
        is_own = entry.subject_type == "accounts.user" and entry.subject_id == entry.by_id
        return entry.subject_label if self.is_readable and not is_own else ""

    @property
    def url(self) -> str:
        page, _right = PAGES.get(self.entry.subject_type, ("", ""))
        is_there = page and not self.entry.action.endswith((".discarded", ".deleted", ".erased"))
        return reverse(page, args=[self.entry.subject_id]) if is_there and self.links and self.is_readable else ""

    @property
    def is_hidden(self) -> bool:
        """Whether there is something here that this person may not read."""
        return not self.is_readable and bool(self.entry.subject_label or self.entry.changes or self.entry.details)

    @cached_property
    def changes(self) -> list:
        return changes_of(self.entry) if self.is_readable else []

    @cached_property
    def details(self) -> list:
        """What was taken out, why and how much, is for all who watch over the journal."""
        return details_of(self.entry) if self.is_readable or self.entry.kind == Kind.EXPORT else []

    @property
    def month(self):
        return timezone.localtime(self.entry.at).date().replace(day=1)


def may_follow(user, entry: Entry) -> bool:
    """Whether the record's page opens for this person."""
    _page, right = PAGES.get(entry.subject_type, ("", ""))
    return user.has_perm(right)
