"""The rates of an order for a solution of another strength: the same mg/kg/min, never over a limit.

A rate that cannot be worked out, or of which no limit is known, is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from cds.advice.changes.plain import with_number
from cds.errors import Unreadable
from cds.fhir import quantity
from cds.fhir.units import MINUTES, RateUnit, stated_rate

RATES = ("rateQuantity", "rateRange", "rateRatio")
_FIGURES = 3
_EVEN = Decimal("1e-9")


@dataclass(slots=True)
class Flow:
    """From one strength in mg/mL to another, for a patient of `kg`, up to `highest` mg/kg/min.

    `said` are the rates so far, by whether they are of a volume and by weight: old and new, a minute. `over` are those
    that were over the limit, in mg/kg/min.
    """

    old: Decimal | None
    new: Decimal | None
    kg: Decimal | None
    highest: Decimal | None
    said: dict[tuple[bool, bool], list[tuple[Decimal, Decimal]]] = field(default_factory=dict)
    over: list[Decimal] = field(default_factory=list)

    def entry(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """A doseAndRate with its rates for the new solution. Raises Unreadable where one cannot be told."""
        made = dict(entry)
        if "rateQuantity" in entry:
            made["rateQuantity"] = self._rate(entry["rateQuantity"], None)
        if "rateRange" in entry:
            ends = _mapping(entry["rateRange"])
            made["rateRange"] = {**ends, **{end: self._rate(ends[end], None) for end in ("low", "high") if end in ends}}
        if "rateRatio" in entry:
            ratio = _mapping(entry["rateRatio"])
            numerator = self._rate(ratio.get("numerator"), _minutes(ratio.get("denominator")))
            made["rateRatio"] = {**ratio, "numerator": numerator}
        return made

    def _rate(self, element: Any, minutes: Decimal | None) -> Mapping[str, Any]:
        read, unit = stated_rate(element)
        over = minutes or unit.minutes
        if over is None or (minutes is not None and unit.minutes is not None):
            raise Unreadable("the rate does not say over which time it is")
        before, after = self._mg_per_kg_min(unit, self.old, over), self._mg_per_kg_min(unit, self.new, over)
        if self.highest is None:
            raise Unreadable("no limit of the rate is known")
        if _above(read.value * before, self.highest):
            self.over.append(read.value * before)
        value = min(read.value * before, self.highest) / after
        value = read.value if _same(value, read.value) else _rounded_down(value)
        pair = read.value * unit.factor / over, value * unit.factor / over
        self.said.setdefault((unit.volume, unit.per_kg), []).append(pair)
        return element if value == read.value else with_number(element, value)

    def _mg_per_kg_min(self, unit: RateUnit, strength: Decimal | None, minutes: Decimal) -> Decimal:
        """What one of a unit is in mg/kg/min."""
        each = unit.factor / minutes
        if unit.volume:
            if not strength:
                raise Unreadable("the strength of the solution is not known")
            each *= strength
        if not unit.per_kg:
            if not self.kg:
                raise Unreadable("the rate is not by weight, and there is no weight")
            each /= self.kg
        return each


def without_rates(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A doseAndRate without its rates."""
    return {name: value for name, value in entry.items() if name not in RATES}


def _above(one: Decimal, other: Decimal) -> bool:
    return one > other and not _same(one, other)


def _same(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= other * _EVEN


def _rounded_down(value: Decimal) -> Decimal:
    """To three figures, as a pump is set, and never up."""
    return value.quantize(Decimal(1).scaleb(value.adjusted() - _FIGURES + 1), ROUND_FLOOR)


def _minutes(element: object) -> Decimal:
    read = quantity(element)
    each = MINUTES.get(read.unit.lower()) if read is not None and not read.comparator else None
    if read is None or each is None or read.value <= 0:
        raise Unreadable("the rate does not say over which time it is")
    return read.value * each


def _mapping(element: object) -> Mapping[str, Any]:
    if not isinstance(element, Mapping):
        raise Unreadable("a rate does not stand as FHIR has it")
    return element
