"""What a room above gives to mailings of its own: facts to approve, a link and a calendar for each reader."""

from collections.abc import Callable, Iterable
from typing import Protocol

from django.db import transaction

from ..message import Calendar

# Makes the calendar part of one letter, for the address that it goes to.
Make = Callable[[str], Calendar]


class Companion(Protocol):
    # The kinds of mailings that may be its own: of others it is asked nothing, and they cost nothing.
    kinds: frozenset[str]

    def said(self, mailing) -> object:
        """What a reader gets of it, as JSON; nothing where the mailing is none of theirs."""

    def record(self, mailing, deliveries: Iterable) -> None:
        """The rows were frozen: put what each reader's letter needs into their merge data."""

    def withheld(self, deliveries: list) -> set[int]:
        """Of letters that are about to leave those that are for their readers no more, by the numbers of their rows."""

    def calendars(self, deliveries: list) -> dict[int, Make]:
        """Of letters that are about to leave those with a calendar part, by the numbers of their rows."""

    def left(self, deliveries: list) -> None:
        """The mail server took these letters."""


_companions: list[Companion] = []


def register(companion: Companion) -> None:
    _companions.append(companion)


def said(mailing) -> list:
    return [found for one in _companions if mailing.kind in one.kinds and (found := one.said(mailing))]


def record(mailing, deliveries: Iterable) -> None:
    for one in _companions:
        if mailing.kind in one.kinds:
            one.record(mailing, deliveries)


def withheld(deliveries: Iterable) -> set[int]:
    return {number for one in _companions if (its := _of(one, deliveries)) for number in one.withheld(its)}


def calendars(deliveries: Iterable) -> dict[int, Make]:
    found = {}
    for one in _companions:
        if its := _of(one, deliveries):
            found |= one.calendars(its)
    return found


def left(deliveries: Iterable) -> None:
    """Raises whatever a room above stumbles over, and leaves nothing of it behind: what the caller wrote stands."""
    for one in _companions:
        if its := _of(one, deliveries):
            with transaction.atomic():
                one.left(its)


def _of(companion: Companion, deliveries: Iterable) -> list:
    return [one for one in deliveries if one.mailing.kind in companion.kinds]
