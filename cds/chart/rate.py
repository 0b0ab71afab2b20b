"""The infusion rate of an order in mg/kg/min: the highest step that it states.

Read are rateQuantity, rateRange (its high end) and rateRatio, by mass or volume, per kilogram or not, per minute or
hour. A volume needs the strength of the solution, a rate that is not by weight needs the weight.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cds.case import Resource
from cds.chart.quantities import KILOGRAM, MASS, VOLUME, WORDY
from cds.fhir import Quantity, quantity
from cds.fhir.read import items

_MINUTES = {
    "min": Decimal(1),
    "minute": Decimal(1),
    "minutes": Decimal(1),
    "h": Decimal(60),
    "hr": Decimal(60),
    "hrs": Decimal(60),
    "hour": Decimal(60),
    "hours": Decimal(60),
}


@dataclass(frozen=True, slots=True)
class _Flow:
    """Milligrams or milliliters, per kilogram or not, per `minutes`."""

    amount: Decimal
    volume: bool
    per_kg: bool
    minutes: Decimal


def highest_rate(order: Resource, strength: Decimal | None, kg: Decimal | None) -> Decimal | None:
    """The highest rate of a MedicationRequest in mg/kg/min; None where it states none, or one that cannot be computed.

    `strength` is that of the solution in mg/mL, `kg` the weight. One step that cannot be computed leaves no rate: it
    may be the highest.
    """
    rates = [_mg_per_kg_min(flow, strength, kg) for flow in _flows(order)]
    known = [rate for rate in rates if rate is not None]
    return max(known) if known and len(known) == len(rates) else None


def _mg_per_kg_min(flow: _Flow | None, strength: Decimal | None, kg: Decimal | None) -> Decimal | None:
    if flow is None or flow.minutes <= 0 or (flow.volume and strength is None) or (not flow.per_kg and not kg):
        return None
    mg = flow.amount * strength if flow.volume and strength is not None else flow.amount
    by_weight = mg if flow.per_kg or kg is None else mg / kg
    return by_weight / flow.minutes


def _flows(order: Resource) -> Iterator[_Flow | None]:
    for instruction in items(order.get("dosageInstruction")):
        for dose in items(instruction.get("doseAndRate")):
            if "rateQuantity" in dose:
                yield _flow(quantity(dose["rateQuantity"]))
            if isinstance(dose.get("rateRange"), Mapping):
                yield _flow(quantity(dose["rateRange"].get("high")))
            if isinstance(dose.get("rateRatio"), Mapping):
                yield _ratio(dose["rateRatio"])


def _ratio(ratio: Mapping[str, Any]) -> _Flow | None:
    """An amount over a time: "300 mL / 4 h"."""
    over = quantity(ratio.get("denominator"))
    unit = _MINUTES.get(over.unit.lower()) if over is not None and not over.comparator else None
    if over is None or unit is None:
        return None
    return _flow(quantity(ratio.get("numerator")), over.value * unit)


def _flow(read: Quantity | None, minutes: Decimal | None = None) -> _Flow | None:
    if read is None or read.comparator or read.value < 0:
        return None
    base, *rest = [part.strip().rstrip(".") for part in WORDY.split(read.unit.strip().lower())]
    per_kg = False
    for part in rest:
        if part in KILOGRAM and not per_kg:
            per_kg = True
        elif part in _MINUTES and minutes is None:
            minutes = _MINUTES[part]
        else:
            return None
    factor = MASS.get(base) or VOLUME.get(base)
    if factor is None or minutes is None:
        return None
    return _Flow(read.value * factor, base in VOLUME, per_kg, minutes)
