"""The sections of the sidebar. Apps register theirs in AppConfig.ready, so a link stands only where there is a page."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True)
class Entry:
    url_name: str
    label: str | Promise
    icon: str
    order: int = 50
    prefix: str = ""
    # Any of these rights opens the section; without one it stands there for everybody.
    right: str | tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return reverse(self.url_name)

    def is_for(self, user: object) -> bool:
        """Whether the section opens for this person: a link stands only where they may go."""
        rights = (self.right,) if isinstance(self.right, str) else self.right
        return not rights or user is not None and any(user.has_perm(right) for right in rights)

    def is_current(self, path: str) -> bool:
        """The page itself, or any page under the section's prefix."""
        return path == self.url or bool(self.prefix) and path.startswith(self.prefix)


_entries: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    _entries[entry.url_name] = entry


def entries() -> list[Entry]:
    return sorted(_entries.values(), key=lambda entry: entry.order)
