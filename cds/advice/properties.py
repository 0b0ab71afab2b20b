"""What a product's page proves of it: what it is free of, how much IgA it has at most. Unknown is not free."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from cds.knowledge import Product

_LOW_IGA = "iga_deficiency.low_iga_product"
_FRUCTOSE = frozenset({"sorbitol", "sucrose"})
_CORN = "corn_allergy"

Values = Mapping[str, Decimal]


def _sucrose_free(page: Product, _: Values) -> bool:
    return page.sugar != "sucrose" and (page.sucrose_free is True or page.sugar != "unknown")


def _fructose_free(page: Product, _: Values) -> bool:
    return page.sugar not in _FRUCTOSE | {"unknown"}


def _corn_free(page: Product, _: Values) -> bool:
    """Maltose, glucose and sorbitol are made from corn starch: only no sugar at all proves it."""
    return page.sugar == "none" and _CORN not in page.avoid_in


def _proline_free(page: Product, _: Values) -> bool:
    return page.proline == "no"


def _low_iga(page: Product, values: Values) -> bool:
    """A mean leaves open what one lot has."""
    most, low = page.iga_ug_per_ml, values.get(_LOW_IGA)
    return most is not None and low is not None and page.iga_basis in ("max", "range") and most <= low


PROPERTIES: Mapping[str, Callable[[Product, Values], bool]] = {
    "sucrose_free": _sucrose_free,
    "fructose_free": _fructose_free,
    "corn_free": _corn_free,
    "proline_free": _proline_free,
    "low_iga": _low_iga,
}
"""Each property by its name in topic files: whether a page proves it, by the values in force."""
