"""Tell people from machines by what was asked for of one letter, and when. Pure; the order of arrival does not matter.

The whole of a letter's visits is judged anew whenever one more is known: a burst is seen only when it is complete.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .agents import Agent


class Sort(StrEnum):
    OPEN = "open"
    CLICK = "click"


class Reason(StrEnum):
    """Why a visit counts as a person's (the first two) or as a machine's."""

    PERSON = "person"
    THROUGH_PROXY = "proxy_person"
    PREFETCH = "prefetch"
    KNOWN_AGENT = "agent"
    TRAP = "trap"
    BURST = "burst"
    EARLY = "early"
    AT_ONCE = "at_once"


PEOPLE = frozenset({Reason.PERSON, Reason.THROUGH_PROXY})
# No person follows three links of one letter in so short a time; scanners take all within a second or two.
BURST_LINKS, BURST_GAP = 3, timedelta(seconds=2)
# A scanner that opens the letter does it right before or after it follows the links.
AROUND_BURST = timedelta(seconds=5)
# A click so soon, in a letter that nobody was seen to open, is a filter's that looks at one link.
AT_ONCE = timedelta(seconds=95)
# Nobody reads a letter before it was handed over; clocks differ by this much.
CLOCKS = timedelta(seconds=2)
# The picture is loaded as the letter arrives: a filter or a proxy, not eyes.
OPENED_AT_ONCE = timedelta(seconds=3)


@dataclass(frozen=True)
class Visit:
    """Something asked for a picture (`link` is empty) or for a link of one letter."""

    at: datetime
    sort: Sort
    agent: Agent
    link: str = ""
    is_trap: bool = False


def judge(visits: Sequence[Visit], delivered_at: datetime | None) -> list[Reason]:
    """A reason for each visit, in the order they are given in."""
    bursts, opens = _bursts(visits), []
    verdicts = [_alone(visit, delivered_at) or _in_burst(visit, bursts) for visit in visits]
    for visit, verdict in zip(visits, verdicts, strict=True):
        if verdict is None and visit.sort is Sort.OPEN:
            opens.append(visit.at)
    first_open = min(opens, default=None)
    return [
        verdict or _late_verdict(visit, delivered_at, first_open)
        for visit, verdict in zip(visits, verdicts, strict=True)
    ]


def _alone(visit: Visit, delivered_at: datetime | None) -> Reason | None:
    """What one visit tells by itself."""
    if visit.is_trap:
        return Reason.TRAP
    if visit.agent in {Agent.SCRIPT, Agent.PREVIEW, Agent.UNNAMED}:
        return Reason.KNOWN_AGENT
    if visit.agent is Agent.APPLE and visit.sort is Sort.OPEN:
        return Reason.PREFETCH
    if delivered_at is None:
        return None
    if visit.at < delivered_at - CLOCKS:
        return Reason.EARLY
    if visit.sort is Sort.OPEN and visit.at < delivered_at + OPENED_AT_ONCE:
        return Reason.PREFETCH
    return None


@dataclass(frozen=True)
class _Burst:
    begun: datetime
    ended: datetime


def _bursts(visits: Sequence[Visit]) -> list[_Burst]:
    """Runs of clicks without a pause in which many links, or the trap, were followed."""
    clicks = sorted((visit for visit in visits if visit.sort is Sort.CLICK), key=lambda visit: visit.at)
    runs: list[list[Visit]] = []
    for click in clicks:
        if runs and click.at - runs[-1][-1].at <= BURST_GAP:
            runs[-1].append(click)
        else:
            runs.append([click])
    return [
        _Burst(run[0].at, run[-1].at)
        for run in runs
        if len({click.link for click in run}) >= BURST_LINKS or any(click.is_trap for click in run)
    ]


def _in_burst(visit: Visit, bursts: list[_Burst]) -> Reason | None:
    around = timedelta() if visit.sort is Sort.CLICK else AROUND_BURST
    inside = any(burst.begun - around <= visit.at <= burst.ended + around for burst in bursts)
    return Reason.BURST if inside else None


def _late_verdict(visit: Visit, delivered_at: datetime | None, first_open: datetime | None) -> Reason:
    """Of what looks like a person's visit so far."""
    unread = first_open is None or first_open > visit.at
    if visit.sort is Sort.CLICK and delivered_at and unread and visit.at < delivered_at + AT_ONCE:
        return Reason.AT_ONCE
    return Reason.THROUGH_PROXY if visit.agent is Agent.GMAIL else Reason.PERSON
