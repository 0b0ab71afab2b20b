"""The dose rows that an order is held against: of its indications' tables, and of its product's own label."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal

from cds.chart.parts import Context
from cds.chart.printed import fact_number, number
from cds.chart.reasons import Reasons
from cds.facts import DoseRange
from cds.knowledge import DoseRow


def ranges(ref: str, product: str, found: Reasons, bases: Collection[str], context: Context) -> Iterator[DoseRange]:
    """Every row that holds for this order, the tolerance applied; `bases` are those it has an amount in."""
    knowledge = context.knowledge
    for indication in found.ids:
        rows = [row for row in knowledge.indications.rows(indication) if row.holds_for(product)]
        for row in _each_once(rows):
            yield _fact(ref, row, indication, "indication", bases, context)
        if product in knowledge.products.ids:
            label = [row for row in knowledge.products.page(product).label if row.indication == indication]
            for row in _each_once(label):
                yield _fact(ref, row, indication, "label", bases, context)


def _each_once(rows: list[DoseRow]) -> Iterator[DoseRow]:
    """Rows that allow the same doses are one, with the words of the first."""
    seen = set()
    for row in rows:
        if (row.low, row.high, row.basis) not in seen:
            seen.add((row.low, row.high, row.basis))
            yield row


def _fact(
    ref: str,
    row: DoseRow,
    indication: str,
    origin: Literal["indication", "label"],
    bases: Collection[str],
    context: Context,
) -> DoseRange:
    tolerance = context.values["dose.range_tolerance_percent"] / 100
    numbers = number(row.low) if row.low == row.high else f"{number(row.low)}-{number(row.high)}"
    source = f" ({context.knowledge.sources[row.sources[0]]})" if row.sources else ""
    says = f"{row.printed or numbers + ' mg/kg per ' + row.basis}{source}"
    return DoseRange(
        ref=ref,
        order=ref,
        indication=indication,
        indication_name=context.knowledge.indications.name(indication),
        origin=origin,
        basis=row.basis,
        low=fact_number(row.low * (1 - tolerance)),
        high=fact_number(row.high * (1 + tolerance)),
        checkable=row.basis in bases,
        printed=row.printed,
        says=says,
    )
