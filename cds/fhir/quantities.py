"""FHIR quantities as decimals with their unit, and comparators as bounds. Nothing is converted here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

_UCUM = "http://unitsofmeasure.org"
_WRITTEN = re.compile(r"\s*(<=|>=|<|>)?\s*([0-9]+(?:\.[0-9]+)?)(?![\d_.,]|[eE][+-]?[0-9])\s*(\S.*?)?\s*")
_NUMERAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_MAGNITUDE = 18
_DIGITS = 30
"""No number of a record is beyond these; arithmetic with one that is may take for ever, or overflow."""


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
    """A JSON number, or a plain numeral inside a string, as a decimal; None for booleans and beyond 10^±18."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    if isinstance(value, int) and value.bit_length() > 64:
        return None
    written = str(value).strip()
    if len(written) > 2 * _DIGITS or not _NUMERAL.fullmatch(written):
        return None
    read = Decimal(written)
    if not read:
        return Decimal(0)
    return read if abs(read.adjusted()) <= _MAGNITUDE and len(read.as_tuple().digits) <= _DIGITS else None


def quantity(value: object) -> Quantity | None:
    """A Quantity element, or one written in a string ("> 60 mL/min"); None where there is no number."""
    if isinstance(value, str):
        match = _WRITTEN.fullmatch(value)
        read = number(match[2]) if match else None
        return Quantity(read, match[3] or "", match[1] or "") if match and read is not None else None
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
