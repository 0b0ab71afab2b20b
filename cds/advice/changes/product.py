"""Another product in an order: medication, volumes and rates recalculated, words that speak of it rewritten.

The dose by weight and in grams stays, but for whole vials of the new product where they are asked for. What is given
in mL is converted by the two strengths.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cds.advice.changes.dispense import Amount, dispensed
from cds.advice.changes.dose import Dose, redosed, with_words
from cds.advice.changes.medication import with_medication
from cds.advice.changes.plain import Changed, copied, lines, objects, remarks, with_number
from cds.advice.changes.rates import Flow, without_rates
from cds.advice.changes.words import Mention, no_amount, not_the_dose, reworded
from cds.case import Resource
from cds.errors import Unreadable
from cds.fhir.units import dose_unit, rate_unit, stated_dose

_NO_RATE = "The rate is left out: enter one for this product."
_MAXIMA = ("maxDosePerAdministration", "maxDosePerLifetime")
_PERCENT = r"(?:\s{0,2}\d+(?:\.\d+)?\s{0,2}%)?"


@dataclass(frozen=True, slots=True)
class Exchange:
    """What is put in the place of what.

    `concept` names the new product for machines, `name` for people; `brands` are the names of the old one, `others`
    those of every other. Strengths are in mg/mL, None where they are not known or several; `highest` is the rate in
    mg/kg/min that the new product's label allows.
    """

    concept: Mapping[str, Any]
    name: str
    brands: Collection[str]
    others: Collection[str]
    old_strength: Decimal | None
    strength: Decimal | None
    kg: Decimal | None
    highest: Decimal | None


@dataclass(frozen=True, slots=True)
class Redosed:
    """Another dose to go with another product, where the order writes one dose: the old one, the new one."""

    old: Dose
    new: Dose
    tolerance: Decimal


def exchanged(order: Resource, exchange: Exchange, dose: Redosed | None = None) -> Changed:
    """The order for another product, with the new dose in the place of the old one if there is one.

    Raises Unreadable where anything in the order may belong to the old product and cannot be told.
    """
    for remark in remarks(order):
        reworded(remark, no_amount)
        if _pattern((*exchange.brands, *exchange.others)).search(remark):
            raise Unreadable("a remark names a product")
    made = with_medication(copied(order), exchange.concept)
    left_out: list[str] = []
    if dose is not None:
        changed = redosed(made, dose.old, dose.new, exchange.old_strength, dose.tolerance)
        made, left_out = dict(changed.order), [*changed.left_out]
    if "dosageInstruction" in made:
        made["dosageInstruction"], lost = _Conversion(exchange).lines(lines(made))
        left_out += [_NO_RATE] if lost else []
    made, more = dispensed(made, Amount(None, exchange.old_strength), Amount(None, exchange.strength))
    return Changed(made, (*left_out, *more))


class _Conversion:
    """Dosage instructions for a solution of another strength.

    `_doses` are the volumes so far, by whether they are by weight: old and new in mL.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._flow: Flow | None = Flow(exchange.old_strength, exchange.strength, exchange.kg, exchange.highest)
        self._doses: dict[bool, list[tuple[Decimal, Decimal]]] = {}
        self._brands, self._others = _pattern(exchange.brands), _pattern(exchange.others)

    def lines(self, found: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], bool]:
        """The instructions, and whether their rates had to be left out."""
        made = [self._dosed(line) for line in found]
        try:
            made = [self._rated(line, self._flowing) for line in made]
        except Unreadable:
            self._flow = None
            made = [self._rated(line, without_rates) for line in made]
        return [self._worded(line) for line in made], self._flow is None

    def _dosed(self, line: Mapping[str, Any]) -> dict[str, Any]:
        """A line with every volume that it gives."""
        made = dict(line)
        if "doseAndRate" in line:
            made["doseAndRate"] = [self._dose(entry) for entry in objects(line, "doseAndRate")]
        for name in _MAXIMA:
            if name in line:
                made[name] = self._volume(line[name])
        if isinstance(period := line.get("maxDosePerPeriod"), Mapping):
            made["maxDosePerPeriod"] = {**period, "numerator": self._volume(period.get("numerator"))}
        return made

    def _dose(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        made = dict(entry)
        if "doseQuantity" in entry:
            made["doseQuantity"] = self._volume(entry["doseQuantity"])
        if isinstance(ends := entry.get("doseRange"), Mapping):
            made["doseRange"] = {
                **ends,
                **{end: self._volume(ends[end]) for end in ("low", "high") if end in ends},
            }
        return made

    def _volume(self, element: Any) -> Mapping[str, Any]:
        read, unit = stated_dose(element)
        if not isinstance(element, Mapping):
            raise Unreadable("a dose does not stand as FHIR has it")
        if not unit.volume:
            return element
        old, new = self._exchange.old_strength, self._exchange.strength
        if not old or not new:
            raise Unreadable("a volume cannot be converted without both strengths")
        value = round(read.value * old / new, 3)
        self._doses.setdefault(unit.per_kg, []).append((read.value * unit.factor, value * unit.factor))
        return element if value == read.value else with_number(element, value)

    def _rated(self, line: Mapping[str, Any], change: Callable[[Mapping[str, Any]], dict[str, Any]]) -> dict[str, Any]:
        if "doseAndRate" not in line:
            return dict(line)
        entries = [entry for entry in map(change, line["doseAndRate"]) if entry]
        made = {name: value for name, value in line.items() if name != "doseAndRate"}
        return made | ({"doseAndRate": entries} if entries else {})

    def _flowing(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        assert self._flow is not None
        return self._flow.entry(entry)

    def _worded(self, line: Mapping[str, Any]) -> dict[str, Any]:
        return with_words(line, self._words)

    def _words(self, text: str) -> str:
        """The words with the new product's name, volumes and rates; the amounts between names each by itself."""
        parts = self._brands.split(text)
        if any(self._others.search(part) for part in parts):
            raise Unreadable("its words name another product")
        return self._exchange.name.join(reworded(part, self._swap) for part in parts)

    def _swap(self, mention: Mention) -> Decimal | None:
        dosed, rated = dose_unit(mention.unit), rate_unit(mention.unit)
        if dosed is not None:
            if not dosed.volume:
                return None
            each, said = dosed.factor, self._doses.get(dosed.per_kg, [])
        elif rated is not None and rated.minutes and self._flow is not None:
            each, said = rated.factor / rated.minutes, self._flow.said.get((rated.volume, rated.per_kg), [])
        else:
            raise not_the_dose()
        for old, new in said:
            if mention.means(old / each):
                return new / each
        raise not_the_dose()


def _pattern(names: Collection[str]) -> re.Pattern[str]:
    """Any of these names as words, the longest first, with a strength after it; without names it finds nothing."""
    words = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"\b(?:{words})(?!\w){_PERCENT}" if words else r"(?!)", re.IGNORECASE)
