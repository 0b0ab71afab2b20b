"""The product of an immune globulin order as the fact `ig_product`: what it contains, and whether its route fits it.

An order may leave several products possible. Then it has of excipients and routes what all of them have, else
`unknown`; what one of them must be kept away from, all are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from cds.chart.identify import Drug
from cds.facts import IgProduct
from cds.knowledge import Knowledge, Product

Answer = Literal["yes", "no", "unknown"]
_GIVEN: Mapping[str, str] = {
    "intravenous": "intravenously",
    "subcutaneous": "subcutaneously",
    "intramuscular": "intramuscularly",
    "oral": "by mouth",
}
"""How a dose is said to be given by a route."""
_ASKED = ("intravenous", "subcutaneous", "intramuscular")
"""The routes that labels are asked about."""
_CORN = "corn_allergy"


def ig_product(
    ref: str, drug: Drug, indications: Collection[str], knowledge: Knowledge, *, status: str, selected: bool
) -> IgProduct:
    """The product of the order `ref`; `indications` are the reasons of the order that were recognized."""
    found = drug.identified
    pages = [knowledge.products.page(id) for id in found.candidates]
    fits = _allowed(drug, pages)
    return IgProduct(
        ref=ref,
        says=_says(drug, fits, status),
        selected=selected,
        product=found.product,
        product_name=drug.name,
        brand=found.brand,
        route=drug.route,
        route_on_label=fits,
        route_in_words=drug.route_in_words,
        label_routes=_label_routes(drug, pages),
        never_subcutaneous=any(not page.not_subcutaneous_in.isdisjoint(indications) for page in pages),
        sugar=drug.sugar,
        proline=_agreed([page.proline for page in pages]),
        corn=any(_CORN in page.avoid_in for page in pages),
    )


def _allowed(drug: Drug, pages: Sequence[Product]) -> Answer | Literal["not_asked"]:
    """Whether the label allows the ordered route. Without a page only this: what is not for veins is not for veins."""
    if drug.route not in _ASKED:
        return "not_asked"
    if not pages:
        return "no" if drug.is_extravascular and drug.route == "intravenous" else "unknown"
    return _agreed([_of_page(drug.route, page) for page in pages])


def _of_page(route: str, page: Product) -> Answer:
    if not page.routes:
        return "unknown"
    return "yes" if route in page.routes else "no"


def _agreed(answers: Iterable[Answer]) -> Answer:
    found = set(answers)
    return found.pop() if len(found) == 1 else "unknown"


def _label_routes(drug: Drug, pages: Sequence[Product]) -> str:
    """ "intravenous or subcutaneous": the routes that the label of any of the products allows."""
    if not pages and drug.is_extravascular:
        return "subcutaneous or intramuscular"
    return " or ".join(route for route in _ASKED if any(route in page.routes for page in pages))


def _says(drug: Drug, fits: str, status: str) -> str:
    """ "Hizentra 20%, ordered intravenously, draft"; the route only where it matters."""
    notes = [drug.name]
    if drug.route in _GIVEN and (fits == "no" or drug.route != "intravenous"):
        words = " (read from the words of the dosage)" if drug.route_in_words else ""
        notes.append(f"ordered {_GIVEN[drug.route]}{words}")
    notes.append(status)
    if drug.identified.from_text:
        notes.append("product read from text")
    return ", ".join(notes)
