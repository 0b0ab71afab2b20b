"""Doses and products in the labels and descriptions of suggestions. No word of the order itself is repeated in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal

from cds.advice.changes import Dose
from cds.advice.filters import amount
from cds.fhir.units import DoseUnit
from cds.knowledge import Products
from cds.wording import spoken


def dose_words(dose: Dose, units: Collection[DoseUnit], strength: Decimal | None) -> str:
    """A dose in the terms in which it is ordered, exactly, and in the others: "450 mL (45 g, 726 mg/kg)"."""
    if all(unit.per_kg for unit in units):
        by_weight = f"{_number(dose.mg_per_kg, 2)} mg/kg"
        return by_weight if dose.mg is None else f"{by_weight} ({_number(dose.mg / 1000, 1)} g)"
    by_weight = f"{amount(float(dose.mg_per_kg))} mg/kg"
    if dose.mg is None:
        return by_weight
    grams = f"{_number(dose.mg / 1000, 2)} g"
    if strength and all(unit.volume for unit in units):
        return f"{_number(dose.mg / strength, 1)} mL ({grams}, {by_weight})"
    return f"{grams} ({by_weight})"


def _number(value: Decimal, places: int) -> str:
    """A number to so many decimals at most, without closing zeros."""
    return spoken(round(value, places))


def each_of(course: tuple[Decimal, Decimal] | None) -> str:
    """What follows a dose that is one of several in a course of so many doses on so many days; "" for a single one."""
    doses, days = course or (Decimal(1), Decimal(1))
    return "" if doses <= 1 else " each day" if doses == days else " each time"


def course_words(course: tuple[Decimal, Decimal] | None, mg_per_kg: Decimal) -> str:
    """What the doses of a course come to: "5 doses come to 2016 mg/kg"; "" for a single one."""
    doses = course[0] if course else Decimal(1)
    return "" if doses <= 1 else f"{spoken(doses)} doses come to {_number(doses * mg_per_kg, 0)} mg/kg"


def product_name(id: str, products: Products) -> str:
    """The name of a product with its strength, where the order names one alone."""
    return products.page(id).name if id in products.ids else "the ordered product"


def sentences(said: Iterable[str]) -> str:
    """What is said, one sentence after the other."""
    return " ".join(f"{one[:1].upper()}{one[1:].rstrip('.')}." for one in said if one)
