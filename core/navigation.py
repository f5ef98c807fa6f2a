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

    @property
    def url(self) -> str:
        return reverse(self.url_name)

    def is_current(self, path: str) -> bool:
        """The page itself, or any page under the section's prefix."""
        return path == self.url or bool(self.prefix) and path.startswith(self.prefix)


_entries: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    _entries[entry.url_name] = entry


def entries() -> list[Entry]:
    return sorted(_entries.values(), key=lambda entry: entry.order)
