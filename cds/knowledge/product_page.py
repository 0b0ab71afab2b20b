"""One product's page: what a pharmacist signs, read from products/<id>.yaml."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from cds.knowledge.codes import Code, Hcpcs, Ndc, RxNorm
from cds.knowledge.dose_rows import DoseRow, dose_rows
from cds.knowledge.label_ages import LabelAge, NotUnder, label_ages, not_under
from cds.knowledge.rates import AtRiskRate, RateRow, at_risk_rate, rate_rows
from cds.knowledge.sheet import Sheet
from cds.knowledge.vials import marketed, vial_mg

Sugar = Literal["sucrose", "maltose", "sorbitol", "glucose", "none", "unknown"]
IgaBasis = Literal["max", "mean", "range", "unknown"]
Route = Literal["intravenous", "subcutaneous", "intramuscular"]
Proline = Literal["yes", "no", "unknown"]

_FACT = ("value", "status", "sources", "note", "amount", "basis", "at")
_KEYS = (
    *("name", "market", "availability", "status_note", "note", "warning", "routes_note", "form"),
    *("routes", "not_routes", "not_subcutaneous_in", "strengths_mg_per_ml", "sugar", "sucrose_free", "stabilizer"),
    *("proline", "iga_ug_per_ml", "contraindicated_in", "avoid_in", "label", "rates", "at_risk_rate", "ages"),
    *("not_under", "words", "rxnorm", "ndc", "ndc_products", "hcpcs", "atc"),
)


@dataclass(frozen=True, slots=True)
class BrandCode:
    """A brand's code with its name."""

    code: RxNorm
    display: str


@dataclass(frozen=True, slots=True)
class Product:
    """One product's page. What its sources do not show (unverified) reads as unknown or is absent.

    `iga_ug_per_ml` with `iga_basis`: a mean and a maximum are not alike; a range counts by its upper end. `label` are
    the doses of the product's own label, `rates` and `ages` what it says of speed and age for an indication, `at_risk`
    its speed with a renal or thrombotic risk, `not_routes` the routes it forbids, `not_subcutaneous_in` the
    indications in which it is never given under the skin. `codes` name the product, alone or
    together with its siblings, `brand` is that of the brand; `vials` are generic codes that it shares with other
    brands, `vial_mg` what its vials hold, the smallest first. `contraindicated_in` and `avoid_in` are concepts.
    """

    id: str
    name: str
    market: str
    marketed: bool
    routes: frozenset[Route]
    strengths_mg_per_ml: tuple[Decimal, ...]
    sugar: Sugar
    sucrose_free: bool | None
    iga_ug_per_ml: Decimal | None
    iga_basis: IgaBasis
    label: tuple[DoseRow, ...]
    sources: tuple[str, ...]
    codes: frozenset[Code]
    brand: BrandCode | None
    vials: frozenset[Code]
    vial_mg: tuple[Decimal, ...]
    ndc_products: frozenset[str]
    words: tuple[str, ...]
    contraindicated_in: frozenset[str]
    avoid_in: frozenset[str]
    rates: tuple[RateRow, ...]
    at_risk: AtRiskRate | None
    ages: tuple[LabelAge, ...]
    not_under: NotUnder | None
    proline: Proline
    not_routes: frozenset[Route]
    not_subcutaneous_in: frozenset[str]

    @property
    def strength(self) -> Decimal | None:
        """The strength of the solution in mg/mL, where it comes in one alone."""
        return self.strengths_mg_per_ml[0] if len(self.strengths_mg_per_ml) == 1 else None


def product_page(id: str, sheet: Sheet) -> Product:
    """The page of a product; everything wrong in it is noted on the sheet."""
    sheet.known(_KEYS)
    routes, strengths = _fact(sheet, "routes"), _fact(sheet, "strengths_mg_per_ml")
    sugar, iga, sucrose_free = _fact(sheet, "sugar"), _fact(sheet, "iga_ug_per_ml"), _fact(sheet, "sucrose_free")
    proline, not_routes = _fact(sheet, "proline"), _fact(sheet, "not_routes")
    _fact(sheet, "stabilizer")
    mg_per_ml = strengths.numbers("value") if strengths else ()
    packages = _packages(sheet)
    amount = _iga(iga) if iga else None
    return Product(
        id=id,
        name=sheet.text("name"),
        market=sheet.text("market"),
        marketed=marketed(sheet),
        routes=frozenset(_routes(routes)) if routes else frozenset(),
        strengths_mg_per_ml=mg_per_ml,
        sugar=_sugar(sugar) if sugar else "unknown",
        sucrose_free=sucrose_free.flag("value") if sucrose_free else None,
        iga_ug_per_ml=amount,
        iga_basis=_basis(iga) if iga and amount is not None else "unknown",
        label=dose_rows(sheet.rows("label"), None, frozenset({id})),
        sources=tuple(sorted(_sources(sheet))),
        codes=_codes(sheet) | packages.codes,
        brand=packages.brand,
        vials=packages.vials,
        vial_mg=packages.vial_mg,
        ndc_products=packages.ndc_products | _more_ndc_products(sheet),
        words=sheet.words("words"),
        contraindicated_in=_named(sheet, "contraindicated_in", "concept"),
        avoid_in=_named(sheet, "avoid_in", "concept"),
        rates=rate_rows(sheet.rows("rates"), mg_per_ml),
        at_risk=at_risk_rate(sheet.sub("at_risk_rate"), mg_per_ml) if "at_risk_rate" in sheet else None,
        ages=label_ages(sheet.rows("ages")),
        not_under=not_under(sheet.sub("not_under")) if "not_under" in sheet else None,
        proline=_proline(proline) if proline else "unknown",
        not_routes=frozenset(_routes(not_routes)) if not_routes else frozenset(),
        not_subcutaneous_in=_named(sheet, "not_subcutaneous_in", "indication"),
    )


def _fact(sheet: Sheet, key: str) -> Sheet | None:
    """The entry under a key if it may be used."""
    if key not in sheet:
        return None
    entry = sheet.sub(key)
    entry.known(_FACT)
    return entry if entry.proven() else None


def _routes(entry: Sheet) -> Iterable[Route]:
    known: tuple[Route, ...] = get_args(Route)
    for word in entry.words("value"):
        if word not in known:
            entry.fault(f"{word} is no route; known are {', '.join(known)}")
    return [route for route in known if route in entry.words("value")]


def _sugar(entry: Sheet) -> Sugar:
    known: tuple[Sugar, ...] = get_args(Sugar)
    word = entry.word("value", known)
    return next((sugar for sugar in known if sugar == word), "unknown")


def _proline(entry: Sheet) -> Proline:
    known: tuple[Proline, ...] = get_args(Proline)
    word = entry.word("value", known)
    return next((proline for proline in known if proline == word), "unknown")


def _iga(entry: Sheet) -> Decimal | None:
    if entry.text("basis") == "range":
        return max(entry.numbers("value"), default=None)
    return entry.number("value")


def _basis(entry: Sheet) -> IgaBasis:
    known: tuple[IgaBasis, ...] = get_args(IgaBasis)
    word = entry.word("basis", known)
    return next((basis for basis in known if basis == word), "unknown")


@dataclass(frozen=True, slots=True)
class _Packages:
    """What RxNorm has of a product, as far as it may be used."""

    codes: frozenset[Code] = frozenset()
    brand: BrandCode | None = None
    vials: frozenset[Code] = frozenset()
    vial_mg: tuple[Decimal, ...] = ()
    ndc_products: frozenset[str] = frozenset()


def _packages(sheet: Sheet) -> _Packages:
    if "rxnorm" not in sheet:
        return _Packages()
    rxnorm = sheet.sub("rxnorm")
    rxnorm.known(("status", "sources", "brand", "substance", "vials", "ndc_products"))
    own: set[Code] = set()
    shared: set[Code] = set()
    sizes: set[Decimal] = set()
    brand = None
    if "brand" in rxnorm:
        brand = BrandCode(RxNorm(rxnorm.sub("brand").text("code")), rxnorm.sub("brand").text("display"))
        own.add(brand.code)
    if "substance" in rxnorm:
        own.add(RxNorm(rxnorm.sub("substance").text("code")))
    for vial in rxnorm.rows("vials"):
        vial.known(("vial", "sbd", "scd", "bpck", "gpck", "ndc"))
        own.update(RxNorm(vial.text(key)) for key in ("sbd", "bpck", "gpck") if key in vial)
        own.update(_ndc(vial, word) for word in vial.words("ndc"))
        shared.update(RxNorm(vial.text("scd")) for _ in range("scd" in vial))
        sizes.update(mg for mg in (vial_mg(vial),) if mg is not None)
    ndc_products = frozenset(_ndc_products(rxnorm, "ndc_products"))
    if not rxnorm.proven():
        return _Packages()
    return _Packages(frozenset(own), brand, frozenset(shared), tuple(sorted(sizes)), ndc_products)


def _codes(sheet: Sheet) -> frozenset[Code]:
    """The codes of a product in other systems."""
    own: set[Code] = set()
    ndc, hcpcs, atc = _fact(sheet, "ndc"), _fact(sheet, "hcpcs"), _fact(sheet, "atc")
    if ndc:
        own.update(_ndc(ndc, word) for word in ndc.words("value"))
    if hcpcs:
        own.add(Hcpcs(hcpcs.text("value")))
    if atc:
        atc.text("value")
    return frozenset(own)


def _more_ndc_products(sheet: Sheet) -> frozenset[str]:
    more = _fact(sheet, "ndc_products")
    return frozenset(_ndc_products(more, "value")) if more else frozenset()


def _ndc_products(entry: Sheet, key: str) -> tuple[str, ...]:
    for word in (words := entry.words(key)):
        if len(word) != 9 or not word.isdigit():
            entry.fault(f"the NDC product {word} does not have nine digits", entry.line(key))
    return words


def _ndc(entry: Sheet, word: str) -> Ndc:
    if len(word) != 11 or not word.isdigit():
        entry.fault(f"the NDC {word} does not have eleven digits")
    return Ndc(word)


def _named(sheet: Sheet, key: str, what: str) -> frozenset[str]:
    """The concepts or indications that the rows under a key name."""
    rows = sheet.rows(key)
    for row in rows:
        row.known((what, "status", "sources", "note"))
    return frozenset(row.text(what) for row in rows if row.proven())


def _sources(sheet: Sheet) -> set[str]:
    lists = ("label", "contraindicated_in", "avoid_in", "not_subcutaneous_in", "rates", "ages")
    facts = (
        *("routes", "not_routes", "strengths_mg_per_ml", "sugar", "sucrose_free", "stabilizer", "proline"),
        *("iga_ug_per_ml", "at_risk_rate", "not_under", "rxnorm", "ndc", "ndc_products", "hcpcs", "atc"),
    )
    rows = [row for key in lists for row in sheet.rows(key)] + [sheet.sub(key) for key in facts if key in sheet]
    return {source for row in rows for source in row.words("sources")}
