"""Benchmarks: `bench/NAME.py` has `run() -> list[Result]`; `make bench-NAME` prints the table and keeps it as JSON."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One measured value beside its goal; `holds` says whether it was reached."""

    name: str
    value: float
    unit: str
    goal: str
    holds: bool


def at_most(name: str, value: float, unit: str, limit: float) -> Result:
    return Result(name, round(value, 3), unit, f"≤ {limit:g}", value <= limit)


def at_least(name: str, value: float, unit: str, limit: float) -> Result:
    return Result(name, round(value, 3), unit, f"≥ {limit:g}", value >= limit)
