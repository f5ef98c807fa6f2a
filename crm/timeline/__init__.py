"""What happened with a contact, newest first, put together from what each room knows of it.

A room registers its Source in AppConfig.ready. A page asks every source for its newest items, so that the number of
queries is that of the sources, however long the story is.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise

from accounts.models import User
from accounts.roles import Right

from ..models import Contact
from ..models.sealable import SealableText

PER_PAGE = 20
_CURSOR = "%Y%m%dT%H%M%S%f"


@dataclass(frozen=True)
class Item:
    """One thing that happened. `key` tells apart those of one kind and one moment."""

    kind: str
    at: datetime
    key: int
    icon: str
    title: str | Promise
    tone: str = ""
    text: str = ""
    is_hidden: bool = False
    # Somebody's own words, and not what the machine tells.
    is_quote: bool = False
    by: str = ""
    url: str = ""
    # Where whoever may do so changes it.
    edit_url: str = ""
    # When it was, in words, where the moment is not known to the minute.
    when: str = ""

    @property
    def month(self) -> date:
        return timezone.localtime(self.at).date().replace(day=1)


@dataclass(frozen=True)
class Question:
    """What a page wants to know: of whom, who asks, which kinds, how many, and none later than `before`."""

    contact: Contact
    user: User
    kinds: frozenset[str]
    limit: int
    before: datetime | None = None
    # Whoever asks for sealed texts has had the look written down: crm.actions.sealing.
    reveals: bool = False

    def until(self, moment: str) -> Q:
        return Q(**{f"{moment}__lte": self.before}) if self.before else Q()

    def words_of(self, row: SealableText) -> dict[str, str | bool]:
        """The text of a row as an Item takes it: of a sealed one only that there is one, unless it is revealed."""
        if row.sealed_text and not self.reveals:
            return {"is_hidden": True}
        return {"text": row.reveal()}


@dataclass(frozen=True)
class Source:
    """A room's part of the story. `kinds` are what a reader chooses from; `right` is needed to read any of it."""

    name: str
    kinds: Mapping[str, str | Promise]
    items: Callable[[Question], Iterable[Item]]
    right: str = Right.CONTACTS_VIEW
    # The newest item of each of these contacts, in a constant number of queries.
    latest: Callable[[Collection[int]], dict[int, Item]] | None = None
    # The panel (core.panels) that lists the same in full, and how many there are.
    panel: str = ""
    count: Callable[[Contact, User], int] | None = None


@dataclass(frozen=True)
class Page:
    items: list[Item] = field(default_factory=list)
    # Where the next, older page begins; empty on the last one.
    older: str = ""
    # The month whose heading stands above already.
    month: date | None = None


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    _sources[source.name] = source


def kinds(user: User) -> dict[str, str | Promise]:
    """What this person can choose from."""
    return {kind: label for source in _of(user) for kind, label in source.kinds.items()}


def page(contact: Contact, user: User, *, kind: str = "", cursor: str = "", reveals: bool = False) -> Page:
    """A page of the story from `cursor` on, of one kind or of all."""
    before, skip = _read(cursor)
    known = frozenset(kinds(user))
    asked = known & {kind} or known
    question = Question(contact, user, asked, PER_PAGE + skip + 1, before, reveals)
    found = [item for source in _of(user) if asked & set(source.kinds) for item in source.items(question)]
    found = [item for item in found if item.kind in asked and (before is None or item.at <= before)]
    found.sort(key=lambda item: (item.at, item.kind, item.key), reverse=True)
    shown, more = found[skip:][:PER_PAGE], found[skip + PER_PAGE :]
    month = timezone.localtime(before).date().replace(day=1) if before else None
    return Page(shown, _cursor(shown, before, skip) if more else "", month)


def latest(keys: Collection[int], user: User) -> dict[int, Item]:
    """What passed last between us and each of these contacts."""
    found: dict[int, Item] = {}
    for source in _of(user):
        for key, item in (source.latest(keys) if source.latest else {}).items():
            if key not in found or found[key].at < item.at:
                found[key] = item
    return found


def counts(contact: Contact, user: User) -> dict[str, int]:
    """How many rows the panels of a contact's page hold, by the panel's address."""
    return {source.panel: source.count(contact, user) for source in _of(user) if source.panel and source.count}


def _of(user: User) -> list[Source]:
    return [source for source in _sources.values() if user.may(source.right)]


def _cursor(shown: list[Item], before: datetime | None, skip: int) -> str:
    """The moment of the last item shown, and how many of that very moment were shown: the next page leaves them out."""
    last = shown[-1].at
    of_that_moment = sum(item.at == last for item in shown) + (skip if last == before else 0)
    return f"{last.astimezone(UTC).strftime(_CURSOR)}-{of_that_moment}"


def _read(cursor: str) -> tuple[datetime | None, int]:
    """An address that cannot be read begins with the newest."""
    moment, _dash, skip = cursor.partition("-")
    with suppress(ValueError):
        read = datetime.strptime(moment, _CURSOR).replace(tzinfo=UTC), min(int(skip), 1000)
        return read if read[0] <= timezone.now() else (None, 0)
    return None, 0
