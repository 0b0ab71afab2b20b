"""Months from a course of immune globulin until live measles, mumps, rubella or varicella vaccine takes again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal


class Intervals:
    """The months by dose, and by indication where it sets them alone."""

    def __init__(self, steps: Sequence[tuple[Decimal, int]], above: int, by_indication: Mapping[str, int]) -> None:
        self._steps, self._above, self._by_indication = tuple(steps), above, dict(by_indication)

    def months(self, mg_per_kg: Decimal | None) -> int:
        """Months after a course of that many mg/kg; the most where the dose is not known."""
        if mg_per_kg is None:
            return self.most
        return next((months for limit, months in self._steps if mg_per_kg <= limit), self._above)

    def for_indication(self, id: str) -> int | None:
        """Months that an indication sets whatever the dose (PI); None where the dose decides."""
        return self._by_indication.get(id)

    @property
    def least(self) -> int:
        """The fewest months of any dose."""
        return min(months for _, months in self._steps)

    @property
    def most(self) -> int:
        """The most months of any dose."""
        return max(self._above, *(months for _, months in self._steps))
