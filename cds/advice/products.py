"""Which products of the site's formulary may stand in the place of an ordered one, and how an order names them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from cds.advice.properties import PROPERTIES
from cds.advice.suggested import Material
from cds.facts import Condition, Patient
from cds.fhir import codings, texts
from cds.knowledge import Knowledge, Product
from cds.knowledge.codes import read
from cds.knowledge.matching import coding

_ROUTE, _HOME = "intravenous", "US"


def fitting(ordered: str, wanted: str, indications: Collection[str], material: Material) -> Iterator[Product]:
    """The intravenous products that the site stocks whose page proves what is wanted.

    Those labeled for the order's indications come first, then those of the market at home, then the formulary's order.
    None that the patient's conditions or age speak against: an unknown age does where a label names one.
    """
    found = _proven(ordered, wanted, material)
    fit = [page for page in found if _old_enough(age(material), page, indications)]
    yield from sorted(fit, key=lambda page: (not labeled(page, indications), _HOME not in page.market.split("/")))


def labeled(page: Product, indications: Collection[str]) -> bool:
    """Whether a label row is known for each of the order's indications; not where the order has none."""
    return bool(indications) and {row.indication for row in page.label}.issuperset(indications)


def age(material: Material) -> int | None:
    """The completed years of the patient at least."""
    return next((fact.age_min for fact in material.facts_of(Patient)), None)


def _proven(ordered: str, wanted: str, material: Material) -> Iterator[Product]:
    known = material.knowledge
    conditions = {fact.concept for fact in material.facts_of(Condition)}
    for id in dict.fromkeys(word.value for word in known.site.formulary):
        if id == ordered or id not in known.products.normal:
            continue
        page = known.products.page(id)
        if not page.marketed or _ROUTE not in page.routes or not PROPERTIES[wanted](page, material.values):
            continue
        if not conditions & (page.contraindicated_in | page.avoid_in):
            yield page


def _old_enough(years: int | None, page: Product, indications: Collection[str]) -> bool:
    """Where an indication has no age of its own on the page, or the order none, the strictest age of the page holds."""
    of_label = {row.indication: row.min_years for row in page.ages}
    strictest = max(of_label.values(), default=0)
    least = max([of_label.get(one, strictest) for one in indications or ("",)])
    least = max(least, page.not_under.years if page.not_under is not None else 0)
    return not least or (years is not None and years >= least)


def concept(page: Product, known: Knowledge) -> dict[str, Any] | None:
    """The product as a CodeableConcept: the site's own code and the brand's, where they name it alone, and its name.

    None where it would not be recognized as this very product.
    """
    own = [one for one in known.site.codes if one.section == "products" and [id.value for id in one.ids] == [page.id]]
    coded = [coding(one.code, one.display or page.name) for one in own] if len(own) == 1 else []
    if page.brand is not None:
        meaning = known.products.named_by(page.brand.code)
        if meaning is not None and meaning.products == frozenset({page.id}):
            coded.append(coding(page.brand.code, page.brand.display))
    made: dict[str, Any] = {"coding": coded, "text": page.name} if coded else {"text": page.name}
    codes = [code for one in codings(made) if (code := read(one.system, one.code)) is not None]
    found = known.products.identify(codes, texts(made), intravenous=True)
    return made if (found.verdict, found.product) == ("ivig", page.id) else None


def names(id: str, known: Knowledge) -> tuple[frozenset[str], frozenset[str]]:
    """The names of a product, and those of all others."""
    own = frozenset({known.products.page(id).name, *known.products.page(id).words} if id in known.products.ids else ())
    pages = [known.products.page(other) for other in known.products.ids]
    return own, frozenset(word for page in pages for word in page.words) - own
