"""What the label of an order's product prints beside doses: infusion rates and ages, for the reasons of the order.

Of several reasons the lowest rate counts. A rate that no label page gave is no fact: the rules then say that it was
not checked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal

from cds.chart.parts import Context
from cds.chart.printed import about, fact_number
from cds.chart.reasons import Reasons
from cds.facts import LabelAge, RateLimit
from cds.knowledge import Product, RateRow
from cds.knowledge.rates import highest_row, own_rates


def rate_limits(ref: str, product: str, found: Reasons, context: Context) -> Iterator[RateLimit]:
    """The highest rate for the order's reasons, else of the product for any; the rate at risk; the initial rate."""
    page = _page(product, context)
    if page is None:
        return
    own = own_rates(page.rates, found.ids)
    row = highest_row(page.rates, found.ids)
    if row is not None and row.highest is not None:
        words = f"{row.printed}{_for(row, context)}"
        yield _limit(ref, "label" if row in own else "product", row.highest, words, row.sources, context)
    if page.at_risk is not None and page.at_risk.highest is not None:
        risk = page.at_risk
        words = f"{risk.printed} for a patient at risk"
        yield _limit(ref, "at_risk", page.at_risk.highest, words, risk.sources, context, below=risk.below)
    starts = [(row.initial, row) for row in own or page.rates if row.initial is not None]
    if starts:
        rate, row = min(starts, key=lambda one: one[0])
        yield _limit(ref, "initial", rate, f"{about(rate)} mg/kg/min", row.initial_sources, context)


def label_ages(ref: str, product: str, found: Reasons, context: Context) -> Iterator[LabelAge]:
    """The youngest age on the label for each reason of the order."""
    page = _page(product, context)
    if page is None:
        return
    for age in page.ages:
        if age.indication in found.ids:
            name = context.knowledge.indications.name(age.indication)
            says = f"{page.name} is labeled for {name} from {age.min_years} years on{_sourced(age.sources, context)}"
            yield LabelAge(ref=ref, order=ref, indication=age.indication, min_age=age.min_years, says=says)


def _page(product: str, context: Context) -> Product | None:
    products = context.knowledge.products
    return products.page(product) if product in products.ids else None


def _for(row: RateRow, context: Context) -> str:
    return f" for {context.knowledge.indications.name(row.indication)}" if row.indication else ""


def _sourced(sources: Collection[str], context: Context) -> str:
    named = [context.knowledge.sources[key] for key in sources]
    return f" ({named[0]})" if named else ""


def _limit(
    ref: str,
    origin: str,
    rate: Decimal,
    printed: str,
    sources: Collection[str],
    context: Context,
    *,
    below: bool = False,
) -> RateLimit:
    return RateLimit(
        ref=ref,
        order=ref,
        origin=origin,
        highest=fact_number(rate),
        below=below,
        printed=printed,
        says=f"Label: {printed}{_sourced(sources, context)}",
    )
