"""Immune globulin products: their pages, and which product an order names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from cds.knowledge.codes import Code
from cds.knowledge.indications import DoseRow

Sugar = Literal["sucrose", "maltose", "sorbitol", "glucose", "none", "unknown"]
IgaBasis = Literal["max", "mean", "range", "unknown"]
Verdict = Literal["ivig", "other_ig", "unresolved", "no"]
Brand = Literal["known", "generic", "unlisted"]
Route = Literal["intravenous", "subcutaneous", "intramuscular"]


@dataclass(frozen=True, slots=True)
class Product:
    """One product's page. What its sources do not show (unverified) reads as unknown or is absent.

    `iga_ug_per_ml` with `iga_basis`: a mean and a maximum are not alike; a range counts by its upper end. `label` are
    the doses of the product's own label; `codes` every code that names it or its vials.
    """

    id: str
    name: str
    market: str
    routes: frozenset[Route]
    strengths_mg_per_ml: tuple[Decimal, ...]
    sugar: Sugar
    sucrose_free: bool | None
    iga_ug_per_ml: Decimal | None
    iga_basis: IgaBasis
    label: tuple[DoseRow, ...]
    sources: tuple[str, ...]
    codes: frozenset[Code]
    proline: bool | None = None
    corn: bool | None = None


@dataclass(frozen=True, slots=True)
class Identified:
    """What an order's codes and texts name.

    verdict: `ivig` (an intravenous product or "IVIG"), `other_ig` (subcutaneous or intramuscular only, hyperimmune,
    anti-D, antithymocyte), `unresolved` (two products named, or "immune globulin" without a route), `no`.
    product: the one product, else `unknown`. `candidates` are the products it can be: one brand code may span several
    (Octagam 5 and 10 %, Gammagard Liquid and ERC); empty where the brand is not said. sugar, iga and routes are those
    of the product, or of all candidates: the sugar only if all agree, the higher IgA, every route one of them allows.
    brand: `known` (a product or a brand in our tables), `generic` (none named), `unlisted` (named, not in our tables).
    """

    verdict: Verdict
    product: str = "unknown"
    brand: Brand = "generic"
    strength_mg_per_ml: Decimal | None = None
    from_text: bool = False
    name: str = ""
    why: str = ""
    candidates: tuple[str, ...] = ()
    sugar: Sugar = "unknown"
    sucrose_free: bool | None = None
    iga_ug_per_ml: Decimal | None = None
    iga_basis: IgaBasis = "unknown"
    routes: frozenset[Route] = frozenset()


class Products:
    """The product pages and the recognition of orders."""

    def __init__(self, pages: Mapping[str, Product]) -> None:
        self._pages = pages

    def page(self, id: str) -> Product:
        """The page of a product. Raises KeyError, also for `unknown`."""
        return self._pages[id]

    def identify(self, codes: Sequence[Code], texts: Sequence[str]) -> Identified:
        """What an order (or a past administration) is, by its codes, else by its texts.

        Codes come before texts; a text may add the brand to a generic code, and one that names another product than
        the code makes the whole unresolved. Never decided by the ingredient alone.
        """
        raise NotImplementedError

    @property
    def ids(self) -> frozenset[str]:
        """Every product with a page."""
        return frozenset(self._pages)
