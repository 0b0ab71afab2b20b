"""Months from a course of immune globulin until live measles, mumps, rubella or varicella vaccine takes again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from cds.knowledge.sheet import Sheet

_KEYS = ("up_to", "indication", "product", "dose", "route", "months", "note", "status", "sources")


class Intervals:
    """The months by dose, and by indication where it sets them alone."""

    def __init__(self, steps: Sequence[tuple[Decimal, int]], above: int, by_indication: Mapping[str, int]) -> None:
        """`steps` are (mg/kg up to and with, months), ascending; `above` the months over the last."""
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
        return min(self._above, *(months for _, months in self._steps))

    @property
    def most(self) -> int:
        """The most months of any dose."""
        return max(self._above, *(months for _, months in self._steps))


def intervals(sheet: Sheet, indications: Collection[str]) -> Intervals:
    """The table vaccine_intervals.yaml; everything wrong in it is noted on the sheet."""
    sheet.known(("by_dose", "by_indication", "affected_antigens", "printed"))
    steps, above = [], None
    for row in _proven(sheet, "by_dose"):
        if row.text("up_to") == "any":
            above = _months(row)
        elif (limit := row.number("up_to")) is not None:
            steps.append((limit, _months(row)))
    if above is None or not steps or steps != sorted(steps):
        sheet.fault("by_dose has ascending steps and one `up_to: any`", sheet.line("by_dose"))
    own: dict[str, int] = {}
    for row in _proven(sheet, "by_indication"):
        if row.text("indication") not in indications:
            row.fault(f"{row.text('indication')} is not in indications.yaml")
        own[row.text("indication")] = _months(row)
    for row in _proven(sheet, "printed"):
        _months(row)
    return Intervals(steps or [(Decimal(0), 0)], above or 0, own)


def _proven(sheet: Sheet, key: str) -> list[Sheet]:
    rows = sheet.rows(key)
    for row in rows:
        row.known(_KEYS)
    return [row for row in rows if row.proven()]


def _months(row: Sheet) -> int:
    months = row.number("months")
    if months is None or months != months.to_integral_value() or months < 0:
        row.fault("months is a whole number", row.line("months"))
        return 0
    return int(months)
