"""Doses and products in the labels and descriptions of suggestions. No word of the order itself is repeated in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal

from cds.advice.changes import Dose
from cds.advice.filters import amount
from cds.fhir.units import DoseUnit
from cds.knowledge import Products


def dose_words(dose: Dose, units: Collection[DoseUnit], strength: Decimal | None) -> str:
    """A dose in the terms in which it is ordered, and in the others: "450 mL (45 g, 726 mg/kg)"."""
    by_weight = f"{amount(float(dose.mg_per_kg))} mg/kg"
    if dose.mg is None:
        return by_weight
    grams = f"{amount(float(dose.mg / 1000))} g"
    if all(unit.per_kg for unit in units):
        return f"{by_weight} ({grams})"
    if strength and all(unit.volume for unit in units):
        return f"{amount(float(dose.mg / strength))} mL ({grams}, {by_weight})"
    return f"{grams} ({by_weight})"


def product_name(id: str, products: Products) -> str:
    """The name of a product with its strength, where the order names one alone."""
    return products.page(id).name if id in products.ids else "the ordered product"


def sentences(said: Iterable[str]) -> str:
    """What is said, one sentence after the other."""
    return " ".join(f"{one[:1].upper()}{one[1:].rstrip('.')}." for one in said if one)
