"""What the number of an amount or a rate counts: a mass or a volume, per kilogram or not, and per what besides.

Units are read as UCUM codes or as people write them. Factors are those of the SI.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

Per = TypeVar("Per")

_MASS = {
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
_VOLUME = {
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
_KILOGRAM = frozenset({"kg", "kgs", "kilogram", "kilograms", "kgbw"})
_WORDY = re.compile(r"\s*(?:/|\bper\b)\s*")


@dataclass(frozen=True, slots=True)
class Unit(Generic[Per]):
    """Milligrams or milliliters by `factor`, per kilogram or not, and `per` what besides."""

    factor: Decimal
    volume: bool
    per_kg: bool
    per: Per


def read_unit(words: str, known: Mapping[str, Per]) -> Unit[Per] | None:
    """A unit as code or words, in lower case: mg, g/kg, mL/kg/h, "grams per kg"; None where a part is not known.

    `known` are the words for what it may be per besides the kilogram; its "" is what it is per where it says nothing.
    """
    base, *rest = [part.strip().rstrip(".") for part in _WORDY.split(words)]
    others = [part for part in rest if part not in _KILOGRAM]
    kilograms, per = len(rest) - len(others), "".join(others)
    factor = _MASS.get(base) or _VOLUME.get(base)
    if factor is None or kilograms > 1 or len(others) > 1 or per not in known or "" in rest:
        return None
    return Unit(factor, base in _VOLUME, kilograms == 1, known[per])
