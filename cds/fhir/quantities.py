"""FHIR quantities as decimals with their unit, and comparators as bounds. Nothing is converted here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_UCUM = "http://unitsofmeasure.org"
_WRITTEN = re.compile(r"\s*(<=|>=|<|>)?\s*(\d+(?:\.\d+)?)\s*(\S.*?)?\s*")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A finite number with its unit as written: UCUM code where there is one, else the unit text, else ""."""

    value: Decimal
    unit: str
    comparator: str = ""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a number with a comparator leaves possible; an open end does not include its limit."""

    at_least: Decimal | None
    at_most: Decimal | None
    open_low: bool = False
    open_high: bool = False


def number(value: object) -> Decimal | None:
    """A JSON number, or a number inside a string, as a finite decimal; booleans are no numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        read = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return read if read.is_finite() else None


def quantity(value: object) -> Quantity | None:
    """A Quantity element, or one written in a string ("> 60 mL/min"); None where there is no number."""
    if isinstance(value, str):
        match = _WRITTEN.fullmatch(value)
        return Quantity(Decimal(match[2]), match[3] or "", match[1] or "") if match else None
    if not isinstance(value, Mapping):
        return None
    read = number(value.get("value"))
    comparator = value.get("comparator", "")
    if read is None and isinstance(value.get("value"), str):
        written = quantity(value["value"])
        if written is not None:
            read, comparator = written.value, written.comparator or comparator
    if read is None or comparator not in ("", "<", "<=", ">=", ">"):
        return None
    code, system, unit = value.get("code"), value.get("system"), value.get("unit")
    if isinstance(code, str) and code.strip() and system in (_UCUM, None):
        return Quantity(read, code.strip(), comparator)
    return Quantity(read, unit.strip() if isinstance(unit, str) else "", comparator)


def bounds(read: Quantity) -> Bounds:
    """The values that a quantity with its comparator leaves possible."""
    match read.comparator:
        case "<":
            return Bounds(None, read.value, open_high=True)
        case "<=":
            return Bounds(None, read.value)
        case ">":
            return Bounds(read.value, None, open_low=True)
        case ">=":
            return Bounds(read.value, None)
        case _:
            return Bounds(read.value, read.value)
