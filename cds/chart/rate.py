"""The infusion rate of an order in mg/kg/min: the highest one that it states, and how it was worked out.

Read are rateQuantity, rateRange (its high end) and rateRatio, by mass or volume, per kilogram or not, per minute, hour
or day. A volume needs the strength of the solution, a rate that is not by weight needs the weight. Words are not
parsed: where the highest number that they name a rate by stands in no such element, that is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from cds.case import Resource
from cds.chart.parts import Sizes
from cds.chart.printed import about, number
from cds.errors import Unreadable
from cds.fhir import quantity
from cds.fhir.read import clean, items
from cds.fhir.units import MINUTES, RateUnit, rate_unit, stated_rate

_IN_WORDS = re.compile(
    r"(?<!\d)(\d+(?:\.\d+)?)\s*((?:m[lg]|g|cc|mcg)(?:\s*(?:/|per)\s*kg)?\s*(?:/|per)\s*(?:h|hr|hour|min|minute))\b(?!/1\.73)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Rate:
    """The highest rate of an order; `unreadable` where one that it states could not be computed: it may be higher.

    `mg_per_kg_min` and `says`, its steps, are there whenever one could. `why` tells why another could not.
    """

    state: Literal["none", "known", "unreadable"] = "none"
    mg_per_kg_min: Decimal | None = None
    says: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Flow:
    """A rate before strength and weight."""

    written: str
    value: Decimal
    unit: RateUnit
    minutes: Decimal


def highest_rate(order: Resource, strength: Decimal | None, sizes: Sizes) -> Rate:
    """The rate of a MedicationRequest; `strength` is that of the solution in mg/mL."""
    found: dict[str, Decimal] = {}
    told: set[str] = set()
    why: list[str] = []
    instructions = list(items(order.get("dosageInstruction")))
    for dose in (dose for one in instructions for dose in items(one.get("doseAndRate"))):
        for name in ("rateQuantity", "rateRange", "rateRatio"):
            if name not in dose:
                continue
            try:
                flow = _flow(name, dose[name])
                rate, steps = _worked_out(flow, strength, sizes)
            except Unreadable as fault:
                why.append(fault.what)
            else:
                found[steps] = rate
                told |= {number(flow.value), about(rate)}
    if _worded(instructions) - told:
        why.append("a rate is written in words only")
    if not found:
        return Rate("unreadable", why=why[0]) if why else Rate()
    steps = max(found, key=lambda one: found[one])
    says = f"highest of {len(found)} rates: {steps}" if len(found) > 1 else steps
    return Rate("unreadable" if why else "known", found[steps], says, why[0] if why else "")


def _worded(instructions: Iterable[Mapping[str, Any]]) -> set[str]:
    """The highest number of each unit that the words name a rate by."""
    highest: dict[str, Decimal] = {}
    for text in (clean(one.get(name)) for one in instructions for name in ("text", "patientInstruction")):
        for said, unit in _IN_WORDS.findall(text):
            highest[unit.lower()] = max(highest.get(unit.lower(), Decimal(0)), Decimal(said))
    return {number(one) for one in highest.values()}


def _worked_out(flow: _Flow, strength: Decimal | None, sizes: Sizes) -> tuple[Decimal, str]:
    """mg/kg/min with its steps: "240 mL/h ÷ 50 kg × 100 mg/mL ÷ 60 = 8 mg/kg/min"."""
    rate, steps = flow.value * flow.unit.factor, [flow.written]
    if flow.unit.factor != 1:
        steps.append(f"× {number(flow.unit.factor)}")
    if not flow.unit.per_kg:
        if not sizes.kg:
            raise Unreadable("the rate is not by weight, and there is no weight to use")
        rate /= sizes.kg
        steps.append(f"÷ {about(sizes.kg)} kg{f' ({sizes.day})' if sizes.day else ''}")
    if flow.unit.volume:
        if strength is None:
            raise Unreadable("the rate is a volume, and the strength of the solution is not known")
        rate *= strength
        steps.append(f"× {about(strength)} mg/mL")
    rate /= flow.minutes
    if flow.minutes != 1:
        steps.append(f"÷ {number(flow.minutes)}")
    return rate, f"{flow.written} as ordered" if len(steps) == 1 else f"{' '.join(steps)} = {about(rate)} mg/kg/min"


def _flow(name: str, element: Any) -> _Flow:
    """The rate that an element states, of a range the high end. Raises Unreadable, saying why."""
    element = element if isinstance(element, Mapping) else {}
    if name == "rateRatio":
        return _ratio(element)
    if name == "rateRange":
        if "high" not in element:
            raise Unreadable("the range of the rate has no upper end")
        if _upside_down(element):
            raise Unreadable("the two ends of the range of the rate do not fit together")
        element = element["high"]
    read, unit = stated_rate(element)
    if unit.minutes is None:
        raise Unreadable("the rate does not say per which time it is")
    return _Flow(f"{number(read.value)} {read.unit}", read.value, unit, unit.minutes)


def _upside_down(ends: Mapping[str, Any]) -> bool:
    """Whether the low end of a range is over its high end, as far as the two can be compared."""
    low, high = quantity(ends.get("low")), quantity(ends.get("high"))
    if low is None or high is None:
        return False
    one, other = rate_unit(low.unit), rate_unit(high.unit)
    if one is None or other is None or (one.volume, one.per_kg) != (other.volume, other.per_kg):
        return False
    if one.minutes is None or other.minutes is None:
        return False
    return low.value * one.factor * other.minutes > high.value * other.factor * one.minutes


def _ratio(element: Mapping[str, Any]) -> _Flow:
    """An amount over a time: "300 mL in 4 h"."""
    read, unit = stated_rate(element.get("numerator"))
    over = quantity(element.get("denominator"))
    minutes = MINUTES.get(over.unit.lower()) if over is not None and not over.comparator else None
    if over is None or minutes is None or over.value <= 0 or unit.minutes is not None:
        raise Unreadable("the rate does not say over which time it is")
    written = f"{number(read.value)} {read.unit} in {number(over.value)} {over.unit}"
    return _Flow(written, read.value, unit, over.value * minutes)
