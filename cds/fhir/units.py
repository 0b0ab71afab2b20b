"""The units of doses and rates, as UCUM codes or as people write them. A unit that is not known is never guessed.

Factors are those of the SI.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeVar

from cds.errors import Unreadable
from cds.fhir.quantities import Quantity, quantity
from cds.fhir.read import clean

Per = Literal["dose", "day", "course"]

MASS = {
    "g": Decimal(1000),
    "gm": Decimal(1000),
    "gms": Decimal(1000),
    "gram": Decimal(1000),
    "grams": Decimal(1000),
    "mg": Decimal(1),
    "mgs": Decimal(1),
    "milligram": Decimal(1),
    "milligrams": Decimal(1),
    "ug": Decimal("0.001"),
    "mcg": Decimal("0.001"),
    "kg": Decimal(1_000_000),
}
VOLUME = {
    "ml": Decimal(1),
    "mls": Decimal(1),
    "cc": Decimal(1),
    "milliliter": Decimal(1),
    "milliliters": Decimal(1),
    "millilitre": Decimal(1),
    "millilitres": Decimal(1),
    "l": Decimal(1000),
    "liter": Decimal(1000),
    "liters": Decimal(1000),
    "litre": Decimal(1000),
    "litres": Decimal(1000),
}
MINUTES = {
    "min": Decimal(1),
    "mins": Decimal(1),
    "minute": Decimal(1),
    "minutes": Decimal(1),
    "h": Decimal(60),
    "hr": Decimal(60),
    "hrs": Decimal(60),
    "hour": Decimal(60),
    "hours": Decimal(60),
    "d": Decimal(1440),
    "day": Decimal(1440),
    "days": Decimal(1440),
}
_KILOGRAM = frozenset({"kg", "kgs", "kilogram", "kilograms", "kgbw"})
_PER: dict[str, Per] = {
    "d": "day",
    "day": "day",
    "dose": "dose",
    "administration": "dose",
    "infusion": "dose",
    "course": "course",
}
_ANNOTATION = re.compile(r"\{[^}]*\}")
_OTHER_ANNOTATION = re.compile(r"\{(?!dose\}|course\}|infusion\})[^}]*\}")
_WORDY = re.compile(r"\s*(?:/|\bper\b)\s*")
_Unit = TypeVar("_Unit")
_Per = TypeVar("_Per")


@dataclass(frozen=True, slots=True)
class DoseUnit:
    """What the number of a dose counts: milligrams or milliliters by `factor`, per kilogram or not, for what."""

    factor: Decimal
    volume: bool
    per_kg: bool
    per: Per


@dataclass(frozen=True, slots=True)
class RateUnit:
    """The same of a rate: per so many minutes, if it says per which time."""

    factor: Decimal
    volume: bool
    per_kg: bool
    minutes: Decimal | None


def dose_unit(words: str) -> DoseUnit | None:
    """A unit as code or words: mg, g/kg, mL/kg/dose, "grams per kg"; None where any part of it is not known."""
    cleaned = _OTHER_ANNOTATION.sub("", words.strip().lower()).replace("{", "").replace("}", "")
    read = _read(cleaned, _PER)
    return None if read is None else DoseUnit(*read[:3], read[3] or "dose")


def rate_unit(words: str) -> RateUnit | None:
    """A unit as code or words: mL/h, mg/kg/min, "mL per kg per hour"; None where any part of it is not known."""
    read = _read(_ANNOTATION.sub("", words.strip().lower()), MINUTES)
    return None if read is None else RateUnit(*read)


def _read(words: str, known: Mapping[str, _Per]) -> tuple[Decimal, bool, bool, _Per | None] | None:
    """Factor, whether of a volume, whether per kilogram, and what it is per besides, which is one of `known`."""
    base, *rest = [part.strip().rstrip(".") for part in _WORDY.split(words)]
    others = [part for part in rest if part not in _KILOGRAM]
    factor, kilograms = MASS.get(base) or VOLUME.get(base), len(rest) - len(others)
    if factor is None or kilograms > 1 or len(others) > 1 or any(part not in known for part in others):
        return None
    return factor, base in VOLUME, kilograms == 1, known[others[0]] if others else None


def stated_dose(element: object) -> tuple[Quantity, DoseUnit]:
    """The number of a dose and its unit; raises Unreadable, saying why, where it is not one amount of a known unit."""
    read = quantity(element)
    if read is None:
        raise Unreadable("the dose has no number")
    if read.comparator or read.value < 0:
        raise Unreadable("the dose is not one definite amount")
    return read, _agreed("dose", element, read, dose_unit)


def stated_rate(element: object) -> tuple[Quantity, RateUnit]:
    """The same of a rate, or of the amount in a rate's ratio."""
    read = quantity(element)
    if read is None:
        raise Unreadable("the rate has no number")
    if read.comparator or read.value <= 0:
        raise Unreadable("the rate is not one definite amount")
    return read, _agreed("rate", element, read, rate_unit)


def _agreed(what: str, element: object, read: Quantity, unit_of: Callable[[str], _Unit | None]) -> _Unit:
    """The unit of a quantity, whose code and text must not say different things."""
    unit = unit_of(read.unit)
    if unit is None:
        raise Unreadable(f"the unit of the {what} is missing or not known")
    said = unit_of(clean(element.get("unit"))) if isinstance(element, Mapping) else None
    if said is not None and said != unit:
        raise Unreadable(f"the unit of the {what} is written in two ways that differ")
    return unit
