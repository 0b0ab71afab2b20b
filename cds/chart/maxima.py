"""The maxima that an order writes beside its dose. A maximum is no dose; an order over its own maximum is said.

Compared are maxDosePerAdministration, and maxDosePerPeriod of days or weeks, in mg/kg, beyond vial rounding. A lifetime
is more than an order can tell. A maximum that cannot be read, or compared for want of a weight, changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from cds.case import ORDERS, Resource
from cds.chart.amounts import Amounts
from cds.chart.parts import Context, Sizes
from cds.chart.quantities import Dose, dose, mg_per_kg
from cds.errors import Unreadable
from cds.facts import Unchecked
from cds.fhir import quantity
from cds.fhir.read import items

_DAYS = {"d": 1, "day": 1, "days": 1, "wk": 7, "week": 7, "weeks": 7}


@dataclass(frozen=True, slots=True)
class Maximum:
    """The most of so many days, or of one administration (0 days)."""

    most: Dose
    days: int = 0


def maxima(order: Resource, strength: Decimal | None) -> tuple[Maximum, ...]:
    """The maxima of a MedicationRequest that can be read; `strength` is that of the solution in mg/mL."""
    found = []
    for instruction in items(order.get("dosageInstruction")):
        ratio = instruction.get("maxDosePerPeriod")
        ratio = ratio if isinstance(ratio, Mapping) else {}
        days = _days(ratio.get("denominator"))
        for element, length in ((instruction.get("maxDosePerAdministration"), 0), (ratio.get("numerator"), days)):
            try:
                most = dose(element, strength)
            except Unreadable:
                continue
            if length is not None and most.per == "dose":
                found.append(Maximum(most, length))
    return tuple(dict.fromkeys(found))


def over_maxima(
    ref: str, written: tuple[Maximum, ...], read: Amounts, sizes: Sizes, context: Context
) -> Iterator[Unchecked]:
    """That an order comes to more than a maximum of its own: one of the two is not what was meant."""
    tolerance = context.values["dose.range_tolerance_percent"] / 100
    for one in written:
        limit = one.most.mg if one.most.per_kg else one.most.mg / sizes.kg if sizes.kg else None
        total = _most(read, one.days)
        if limit is None or total <= limit * (1 + tolerance):
            continue
        during = f"in {one.days} day{'s' if one.days > 1 else ''}" if one.days else "in one administration"
        says = f"The order's own maximum is {one.most.written} {during}, and it comes to {mg_per_kg(total)}"
        says += ": one is not meant."
        yield Unchecked(ref=ref, rule="dose.out-of-range", source=ORDERS, order=ref, says=says)


def _days(element: object) -> int | None:
    """The whole days of a period."""
    read = quantity(element)
    if read is None or read.comparator or read.value <= 0:
        return None
    days = read.value * _DAYS[read.unit.lower()] if read.unit.lower() in _DAYS else None
    return int(days) if days is not None and days == days.to_integral_value() else None


def _most(read: Amounts, days: int) -> Decimal:
    """The most in so many days, or in one administration."""
    each = read.usable
    if not days:
        return max((one.high for one in each), default=Decimal(0))
    length = timedelta(days=days)
    windows = ([other.high for other in each if one.day <= other.day < one.day + length] for one in each)
    return max((sum(window, Decimal(0)) for window in windows), default=Decimal(0))
