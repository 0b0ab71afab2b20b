"""The ages that a product's label names: from when it is labeled, and under what age it must not be given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from cds.knowledge.sheet import Sheet


@dataclass(frozen=True, slots=True)
class LabelAge:
    """The youngest age in completed years for which a product is labeled in an indication."""

    indication: str
    min_years: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotUnder:
    """A label's contraindication under an age in completed years, in its market, and why."""

    years: int
    market: str
    why: str
    sources: tuple[str, ...]


def label_ages(rows: Iterable[Sheet]) -> tuple[LabelAge, ...]:
    """The ages that were read; what is wrong in any row is noted."""
    found = []
    for row in rows:
        row.known(("indication", "min_age_years", "adults", "status", "sources", "note"))
        row.flag("adults")
        age = LabelAge(row.text("indication"), _years(row, "min_age_years"), row.words("sources"))
        if row.proven():
            found.append(age)
    return tuple(found)


def not_under(entry: Sheet) -> NotUnder | None:
    """The age contraindication if it was read."""
    entry.known(("years", "market", "why", "status", "sources"))
    found = NotUnder(_years(entry, "years"), entry.text("market"), entry.text("why"), entry.words("sources"))
    return found if entry.proven() else None


def _years(entry: Sheet, key: str) -> int:
    years = entry.number(key)
    if years is None or years <= 0 or years != int(years):
        entry.fault(f"{key} is a whole number of years", entry.line(key))
    return int(years or Decimal(0))
