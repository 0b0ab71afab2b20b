"""Another dose in an order that writes one dose, however often: ordered and calculated, in numbers and in words.

Every spelling keeps its unit and says the new dose. Rates and timing stay; a maximum or a duration of the order's own
stands only beside a dose that is lowered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cds.advice.changes.dispense import Amount, dispensed
from cds.advice.changes.plain import Changed, copied, extended, lines, medication_words, objects, remarks, with_number
from cds.advice.changes.understood import check_understood
from cds.advice.changes.words import Mention, no_amount, not_the_dose, reworded
from cds.case import Resource
from cds.errors import Unreadable
from cds.fhir import quantity
from cds.fhir.read import clean
from cds.fhir.units import DoseUnit, dose_unit, rate_unit, stated_dose

_WORDS = ("text", "patientInstruction")
_LIMITS = ("maxDosePerPeriod", "maxDosePerAdministration", "maxDosePerLifetime")
_LIMITED = re.compile(r"\b(?:over|within|max|maximum|exceed)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dose:
    """One administration: in mg, None where no weight tells it, and in mg/kg."""

    mg: Decimal | None
    mg_per_kg: Decimal


def spelled(order: Resource) -> list[DoseUnit]:
    """The units of all doses that an order writes in numbers. Raises Unreadable for a range."""
    return [stated_dose(entry["doseQuantity"])[1] for line in lines(order) for entry in _dosed(line)]


def redosed(order: Resource, old: Dose, new: Dose, strength: Decimal | None, tolerance: Decimal) -> Changed:
    """The order with the new dose in the place of the old one.

    `strength` is that of the solution in mg/mL; spellings of one dose differ by `tolerance`, a part of it, at most.
    Raises Unreadable where anything in the order may be another dose.
    """
    made = copied(order)
    for remark in (*remarks(order), *extended(order)):
        check_understood(remark)
        reworded(remark, no_amount)
    if new.mg_per_kg > old.mg_per_kg and any(_bounded(line) for line in lines(order)):
        raise Unreadable("it has a maximum or a duration, and the dose is raised")
    swap = _Swap(old, new, strength, tolerance)
    for name in medication_words(order):
        reworded(name, swap.elsewhere)
    made["dosageInstruction"] = [_line(line, swap) for line in lines(order)]
    if not swap.found:
        raise Unreadable("no dose stands in numbers")
    made, told = dispensed(made, Amount(old.mg, strength, old.mg_per_kg), Amount(new.mg, strength, new.mg_per_kg))
    return Changed(made, told)


@dataclass(slots=True)
class _Swap:
    """Numbers of the old dose into those of the new one; `found` counts those that stood in elements."""

    old: Dose
    new: Dose
    strength: Decimal | None
    tolerance: Decimal
    found: int = 0

    def quantity(self, element: Any) -> Mapping[str, Any]:
        read, unit = stated_dose(element)
        if unit.per == "course":
            raise Unreadable("a dose is that of a course")
        old, new = self._in(unit)
        if abs(read.value - old) > self.tolerance * max(read.value, old):
            raise Unreadable("a dose differs from the others")
        self.found += 1
        return with_number(element, round(new, 6))

    def text(self, text: str) -> str:
        check_understood(text)
        return reworded(text, self.words)

    def words(self, mention: Mention) -> Decimal | None:
        unit = dose_unit(mention.unit)
        if unit is None:
            if mention.concentration or mention.unit == "%" or rate_unit(mention.unit) is not None:
                return None
            raise not_the_dose()
        old, new = self._in(unit)
        if unit.per == "course" or not mention.means(old):
            raise not_the_dose()
        return self.new.mg_per_kg.quantize(Decimal(1)) * new / self.new.mg_per_kg if unit.per_kg else new

    def elsewhere(self, mention: Mention) -> None:
        """For words that stay as they are: they may name vials, and not the dose, nor that in so many milliliters."""
        unit = dose_unit(mention.unit) or dose_unit(mention.unit.partition("/")[0])
        with suppress(Unreadable):
            if unit is None or not mention.means(self._in(unit)[0]):
                return
        raise Unreadable("the name of its medication may tell the dose as well")

    def _in(self, unit: DoseUnit) -> tuple[Decimal, Decimal]:
        """The old and the new dose as numbers of a unit."""
        old, new = (self.old.mg_per_kg, self.new.mg_per_kg) if unit.per_kg else (self.old.mg, self.new.mg)
        each = unit.factor * (self.strength or 0 if unit.volume else 1)
        if old is None or new is None or not each:
            raise Unreadable("what a dose comes to in its own unit is not known")
        return old / each, new / each


def _dosed(line: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    entries = objects(line, "doseAndRate")
    if any("doseRange" in entry for entry in entries):
        raise Unreadable("its dose is a range")
    return [entry for entry in entries if "doseQuantity" in entry]


def _line(line: Mapping[str, Any], swap: _Swap) -> dict[str, Any]:
    made = with_words(line, swap.text)
    if any(_amount_over_a_time(entry) for entry in objects(line, "doseAndRate")):
        raise Unreadable("its rate is an amount over a time, which may be all of the dose")
    if _dosed(line):
        made["doseAndRate"] = [
            {**entry, "doseQuantity": swap.quantity(entry["doseQuantity"])} if "doseQuantity" in entry else entry
            for entry in line["doseAndRate"]
        ]
    return made


def _amount_over_a_time(entry: Mapping[str, Any]) -> bool:
    """Whether a rate is written as so much in several hours."""
    ratio = entry.get("rateRatio")
    if ratio is None:
        return False
    over = quantity(ratio.get("denominator")) if isinstance(ratio, Mapping) else None
    return over is None or over.value != 1


def with_words(line: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """A dosage instruction with its words as `change` has them."""
    return {name: change(part) if name in _WORDS and isinstance(part, str) else part for name, part in line.items()}


def _bounded(line: Mapping[str, Any]) -> bool:
    timing = line.get("timing")
    repeat = timing.get("repeat") if isinstance(timing, Mapping) else None
    lasting = isinstance(repeat, Mapping) and ("duration" in repeat or "durationMax" in repeat)
    said = [line.get(name) for name in _WORDS]
    return lasting or any(name in line for name in _LIMITS) or any(_LIMITED.search(clean(word)) for word in said)
