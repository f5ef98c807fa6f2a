"""What a room above gives to mailings of its own: facts to approve, a link and a calendar for each reader."""

from collections.abc import Iterable
from typing import Protocol

from ..message import Calendar


class Companion(Protocol):
    def said(self, mailing) -> object:
        """What a reader gets of it, as JSON; nothing where the mailing is none of theirs."""

    def record(self, mailing, deliveries: Iterable) -> None:
        """The rows were frozen: put what each reader's letter needs into their merge data."""

    def calendar(self, delivery, to: str) -> Calendar | None:
        """The calendar part of one letter, right before it leaves."""

    def left(self, delivery) -> None:
        """The mail server took the letter."""


_companions: list[Companion] = []


def register(companion: Companion) -> None:
    _companions.append(companion)


def said(mailing) -> list:
    return [found for one in _companions if (found := one.said(mailing))]


def record(mailing, deliveries: Iterable) -> None:
    for one in _companions:
        one.record(mailing, deliveries)


def calendar(delivery, to: str) -> Calendar | None:
    return next(filter(None, (one.calendar(delivery, to) for one in _companions)), None)


def left(delivery) -> None:
    for one in _companions:
        one.left(delivery)
