"""Dose quantities: grams, milligrams, milliliters of a known strength, each also per kilogram, as decimals.

Units are read as UCUM codes or as people write them. A unit that is not known, a unit text that contradicts the code,
a comparator or a negative number make the quantity unreadable: it is never guessed. A solution of x % holds 10 x mg/mL.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from cds.case import Resource
from cds.chart.printed import about, number
from cds.errors import Unreadable
from cds.fhir import quantity
from cds.fhir.units import Per, dose_unit, stated_dose


@dataclass(frozen=True, slots=True)
class Dose:
    """A dose as ordered: milligrams, or milligrams per kilogram where `per_kg`; for one dose, a day or a course.

    `written` is what the order says; `steps` what was computed to get here ("300 mL × 100 mg/mL = 30 g"), else "".
    """

    mg: Decimal
    per_kg: bool
    per: Per
    written: str
    steps: str = ""


def mg_per_kg(value: Decimal) -> str:
    """A dose by weight for people: whole mg/kg, with decimals only under 10."""
    return f"{value:.0f} mg/kg" if value >= 10 else f"{about(value)} mg/kg"


def dose(element: object, strength: Decimal | None) -> Dose:
    """The dose that a Quantity element states; `strength` is that of the solution in mg/mL.

    Raises Unreadable, saying why, where it cannot be compared.
    """
    read, unit = stated_dose(element)
    written = f"{number(read.value)} {read.unit}"
    if not unit.volume:
        return Dose(read.value * unit.factor, unit.per_kg, unit.per, written)
    if strength is None:
        raise Unreadable("the dose is a volume and the strength of the solution is not known")
    mg = read.value * unit.factor * strength
    volume, by_kg = about(read.value * unit.factor), "/kg" if unit.per_kg else ""
    amount = f"{about(mg)} mg/kg" if unit.per_kg else f"{about(mg / 1000)} g"
    steps = f"{volume} mL{by_kg} × {about(strength)} mg/mL = {amount}"
    return Dose(mg, unit.per_kg, unit.per, written, steps)


def per_administration(stated: Dose, times_a_day: Decimal, doses: int | None) -> Dose:
    """One administration of a dose stated per day or per course; a course of an unknown number of doses raises."""
    match stated.per:
        case "dose":
            return stated
        case "day":
            parts = times_a_day
        case "course":
            if doses is None:
                raise Unreadable("the dose is for a course, and the order does not say how many doses it has")
            parts = Decimal(doses)
    if parts <= 1:
        return replace(stated, per="dose")
    return replace(
        stated, mg=stated.mg / parts, per="dose", steps="; ".join(filter(None, [stated.steps, f"÷ {about(parts)}"]))
    )


def strength_of(ingredient: Resource) -> Decimal | None:
    """The strength that an ingredient of a Medication states as a ratio of mass to volume, in mg/mL."""
    ratio = ingredient.get("strength")
    if not isinstance(ratio, dict):
        return None
    top, bottom = quantity(ratio.get("numerator")), quantity(ratio.get("denominator"))
    if top is None or bottom is None or bottom.value <= 0 or top.value <= 0 or top.comparator or bottom.comparator:
        return None
    mass, volume = dose_unit(top.unit), dose_unit(bottom.unit)
    if mass is None or volume is None or mass.volume or not volume.volume or mass.per_kg or volume.per_kg:
        return None
    return top.value * mass.factor / (bottom.value * volume.factor)
