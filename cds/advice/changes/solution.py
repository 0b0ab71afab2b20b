"""The dosage instructions of an order for a product of another name and strength: volumes, rates and words.

The dose by weight and in grams stays. What is given in mL is converted by the two strengths.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cds.advice.changes.dose import with_words
from cds.advice.changes.plain import objects, with_number
from cds.advice.changes.rates import Flow, without_rates
from cds.advice.changes.words import Mention, not_the_dose, plain_number, reworded
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
    mg/kg/min that the new product's label allows, `limit` what that rate is in words.
    """

    concept: Mapping[str, Any]
    name: str
    brands: Collection[str]
    others: Collection[str]
    old_strength: Decimal | None
    strength: Decimal | None
    kg: Decimal | None
    highest: Decimal | None
    limit: str = "the label's highest"


class Conversion:
    """Dosage instructions for a solution of another strength.

    `_doses` are the volumes so far, by whether they are by weight: old and new in mL.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._flow: Flow | None = Flow(exchange.old_strength, exchange.strength, exchange.kg, exchange.highest)
        self._doses: dict[bool, list[tuple[Decimal, Decimal]]] = {}
        self._brands, self._others = naming(exchange.brands), naming(exchange.others)

    def lines(self, found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The instructions, without their rates where one of these cannot be told."""
        made = [self._dosed(line) for line in found]
        try:
            made = [self._rated(line, self._flowing) for line in made]
        except Unreadable:
            self._flow = None
            made = [self._rated(line, without_rates) for line in made]
        return [self._worded(line) for line in made]

    @property
    def slowed(self) -> bool:
        """Whether a rate was lowered or left out, so that a duration would no longer hold."""
        return self._flow is None or bool(self._flow.over)

    @property
    def told(self) -> list[str]:
        """What became of volumes and rates."""
        flow = self._flow.said if self._flow is not None and not self._flow.over else {}
        parts = [name for name, said in (("volume", self._doses), ("rate", flow)) if _differ(said.values())]
        said = [f"The {' and the '.join(parts)} {'are' if len(parts) > 1 else 'is'} recalculated."] if parts else []
        if self._flow is None:
            return [*said, _NO_RATE]
        return [*said, self._lowered(max(self._flow.over))] if self._flow.over else said

    def _lowered(self, before: Decimal) -> str:
        old, new = (plain_number(round(rate, 2)) for rate in (before, self._exchange.highest or before))
        return f"The rate is lowered from {old} to {new} mg/kg/min, {self._exchange.limit}."

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


def _differ(said: Iterable[Iterable[tuple[Decimal, Decimal]]]) -> bool:
    return any(old != new for pairs in said for old, new in pairs)


def naming(names: Collection[str]) -> re.Pattern[str]:
    """Any of these names as words, the longest first, with a strength after it; without names it finds nothing."""
    words = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"\b(?:{words})(?!\w){_PERCENT}" if words else r"(?!)", re.IGNORECASE)
