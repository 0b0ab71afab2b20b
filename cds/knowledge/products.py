"""Immune globulin products: their pages, and which product an order names.

Codes are read before texts, and the decision is never made by the ingredient alone. One brand code may span several
products (Octagam 5 and 10 %; Gammagard Liquid and its low-IgA ERC form share even the codes of their vials, only the
NDC separates them). Then the candidates are told, and of what they contain only what holds for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, TypeVar

from cds.knowledge.codes import Code
from cds.knowledge.order_text import NAMED, OrderText, TextReading, Verdict
from cds.knowledge.product_codes import Meaning, ProductCodes
from cds.knowledge.product_page import IgaBasis, Product, Route, Sugar

__all__ = ["UNKNOWN", "Brand", "Identified", "IgaBasis", "Product", "Products", "Route", "Sugar", "Verdict"]

Brand = Literal["known", "generic", "unlisted"]
UNKNOWN = "unknown"
_GENERIC = "Immune globulin"
_CONFLICT = TextReading("unresolved", "the texts name different products", conflict=True)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Identified:
    """What an order's codes and texts name.

    verdict: `ivig` (an intravenous product or "IVIG"), `extravascular` (normal immune globulin for under the skin or
    into a muscle only), `other_ig` (hyperimmune, anti-D, antithymocyte), `unresolved` (two products named, or "immune
    globulin" without a route), `no`.
    product: the one product, else `unknown`. `candidates` are the products it can be, empty where the brand is not
    said. sugar, sucrose_free, IgA and routes are those of the product, or of all candidates: the sugar only if all
    agree, the higher IgA and none if one is not known, every route that one of them allows.
    brand: `known` (a product or a brand in our tables), `generic` (none named), `unlisted` (named, not in our tables).
    `open`: unresolved only because it says immune globulin and no route.
    """

    verdict: Verdict
    product: str = UNKNOWN
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
    open: bool = False


class Products:
    """The product pages and the recognition of orders. `other_drug` tells codes of other drugs that we know."""

    def __init__(
        self, pages: Mapping[str, Product], codes: ProductCodes, text: OrderText, other_drug: Callable[[Code], bool]
    ) -> None:
        self._pages, self._codes, self._text, self._other_drug = pages, codes, text, other_drug
        veins = [page.strengths_mg_per_ml for page in codes.pages.values() if "intravenous" in page.routes]
        self._in_veins = frozenset[Decimal]().union(*veins)

    def with_own(self, own: Mapping[Code, frozenset[str]], other_drug: Callable[[Code], bool]) -> Products:
        """The same products with a site's codes; `other_drug` as above."""
        return Products(self._pages, self._codes.with_own(own), self._text, other_drug)

    def named_by(self, code: Code) -> Meaning | None:
        """What a code says about immune globulin by itself; None where it says nothing."""
        return self._codes.of(code)

    def page(self, id: str) -> Product:
        """The page of a product. Raises KeyError, also for `unknown`."""
        return self._pages[id]

    @property
    def ids(self) -> frozenset[str]:
        """Every product with a page."""
        return frozenset(self._pages)

    @property
    def normal(self) -> frozenset[str]:
        """The products that are normal immune globulin: those that a code may name."""
        return frozenset(self._codes.pages)

    def identify(self, codes: Sequence[Code], texts: Sequence[str], *, intravenous: bool = False) -> Identified:
        """What an order (or a past administration) is, by its codes, else by its texts.

        A text may add the brand or the strength to a code that leaves it open; one that names another product than
        the code makes the whole unresolved, and so does a code of quite another drug. `intravenous`: it is ordered
        into a vein, which decides for immune globulin of no route and of a strength that is given so.
        """
        found = self._identify(codes, texts)
        strength = found.strength_mg_per_ml
        if intravenous and found.open and (strength is None or strength in self._in_veins):
            return replace(found, verdict="ivig", why="ordered intravenously", open=False)
        return found

    def _identify(self, codes: Sequence[Code], texts: Sequence[str]) -> Identified:
        coded = _together([meaning for code in codes for meaning in (self._codes.of(code),) if meaning is not None])
        readings = [self._text.read(text) for text in texts]
        written = _written(readings)
        said = coded is not None or written.verdict in NAMED or written.open
        if said and any(map(self._other_drug, codes)):
            return Identified("unresolved", name=_GENERIC, why="a code names another drug", from_text=coded is None)
        if coded is None or (coded.verdict == "unresolved" and not coded.conflict):
            if written.verdict == "no" and coded is not None:
                return Identified("unresolved", name=_GENERIC, why=coded.why, open=True)
            return self._described(written, from_text=True)
        if (allowed := self._strengths(coded)) and any(r.strength and r.strength not in allowed for r in readings):
            return Identified("unresolved", name=_GENERIC, why="code and text name different strengths")
        return self._joined(coded, written)

    def _strengths(self, coded: Meaning) -> frozenset[Decimal]:
        """The strengths that a code leaves possible; none where it says nothing of them."""
        if coded.strength is not None:
            return frozenset({coded.strength})
        each = [self._pages[id].strengths_mg_per_ml for id in coded.products or ()]
        return frozenset[Decimal]().union(*each) if all(each) else frozenset()

    def _joined(self, coded: Meaning, written: TextReading) -> Identified:
        if coded.conflict:
            return Identified("unresolved", name=_GENERIC, why=coded.why)
        against = written.verdict in NAMED and written.verdict != coded.verdict
        if against or written.conflict or _disjoint(coded.products, written):
            return Identified("unresolved", name=_GENERIC, why="code and text name different products")
        named = coded.products or frozenset()
        sure = TextReading(coded.verdict, coded.why, named, bool(named), coded.strength)
        if not written.brand and written.strength is None:
            return self._described(sure, from_text=False)
        products = sure.products & written.products or sure.products or written.products
        strength = coded.strength or written.strength
        by_code = self._described(sure, from_text=False)
        both = replace(sure, products=products, brand=sure.brand or written.brand, strength=strength)
        joined = self._described(both, from_text=True)
        said_more = joined.candidates != by_code.candidates or joined.brand != by_code.brand
        return joined if said_more else by_code

    def _described(self, read: TextReading, *, from_text: bool) -> Identified:
        if read.verdict not in NAMED:
            name = _GENERIC if read.verdict == "unresolved" else ""
            strength = read.strength if read.open else None
            return Identified(
                read.verdict, strength_mg_per_ml=strength, from_text=read.open, name=name, why=read.why, open=read.open
            )
        pages = [self._pages[id] for id in sorted(read.products)]
        fitting = [p for p in pages if read.strength in p.strengths_mg_per_ml] if read.strength else []
        pages = fitting or pages
        strengths = {strength for page in pages for strength in page.strengths_mg_per_ml}
        if read.strength and pages and not fitting and strengths:
            strength = None
        else:
            strength = read.strength or (strengths.pop() if len(strengths) == 1 else None)
        iga = _highest_iga(pages)
        return Identified(
            verdict=read.verdict,
            product=pages[0].id if len(pages) == 1 else UNKNOWN,
            brand="known" if pages else "unlisted" if read.brand else "generic",
            strength_mg_per_ml=strength,
            from_text=from_text,
            name=" or ".join(page.name for page in pages) or (_GENERIC if read.verdict == "ivig" else ""),
            why=read.why,
            candidates=tuple(page.id for page in pages),
            sugar=_agreed([page.sugar for page in pages], "unknown"),
            sucrose_free=_agreed([page.sucrose_free for page in pages], None),
            iga_ug_per_ml=iga.iga_ug_per_ml if iga else None,
            iga_basis=iga.iga_basis if iga else "unknown",
            routes=frozenset(route for page in pages for route in page.routes),
        )


def _together(meanings: list[Meaning]) -> Meaning | None:
    """What several codes say as one: products that all of them allow; `conflict` where they name different ones."""
    told = [meaning for meaning in meanings if meaning.verdict != "unresolved"]
    if not told:
        return meanings[0] if meanings else None
    firm = [meaning for meaning in told if not meaning.any_route] or told
    first = min(firm, key=lambda meaning: meaning.products is None)
    products = first.products
    strengths = {meaning.strength for meaning in told if meaning.strength is not None}
    for meaning in firm:
        if meaning.verdict != first.verdict:
            return Meaning("unresolved", why="the codes name different products", conflict=True)
        if products is not None and meaning.products is not None:
            products = products & meaning.products
            if not products:
                return Meaning("unresolved", why="the codes name different products", conflict=True)
    if len(strengths) > 1:
        return Meaning("unresolved", why="the codes name different strengths", conflict=True)
    for meaning in told:
        products = (products & meaning.sold or products) if products is not None else None
    return replace(first, products=products, strength=strengths.pop() if strengths else None)


def _written(readings: list[TextReading]) -> TextReading:
    """What several texts say as one: the first that names an immune globulin, unless they name different ones."""
    if any(reading.conflict for reading in readings):
        return _CONFLICT
    told = [reading for reading in readings if reading.verdict in NAMED]
    if not told:
        return _unresolved([reading for reading in readings if reading.verdict == "unresolved"])
    branded = [reading for reading in told if reading.products]
    first = branded[0] if branded else next((reading for reading in told if reading.brand), told[0])
    products, strengths = first.products, {reading.strength for reading in told if reading.strength}
    for reading in told:
        if reading.verdict != first.verdict:
            return _CONFLICT
        if reading.products:
            products = products & reading.products
            if not products:
                return _CONFLICT
    return replace(first, products=products, strength=strengths.pop() if len(strengths) == 1 else None)


def _unresolved(readings: list[TextReading]) -> TextReading:
    """Texts that decide nothing as one: open only if all are and they say one strength at most."""
    strengths = {reading.strength for reading in readings if reading.strength}
    closed = [reading for reading in readings if not reading.open]
    if not readings or closed:
        return closed[0] if closed else TextReading("no")
    return replace(readings[0], strength=next(iter(strengths), None), open=len(strengths) <= 1)


def _disjoint(products: frozenset[str] | None, written: TextReading) -> bool:
    if not products:
        return False
    return bool(written.products and not products & written.products) or bool(written.brand and not written.products)


def _agreed(values: Iterable[_T], otherwise: _T) -> _T:
    found = set(values)
    return found.pop() if len(found) == 1 else otherwise


def _highest_iga(pages: list[Product]) -> Product | None:
    if not pages or any(page.iga_ug_per_ml is None for page in pages):
        return None
    return max(pages, key=lambda page: page.iga_ug_per_ml or Decimal(0))
