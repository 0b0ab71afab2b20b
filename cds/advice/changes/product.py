"""Another product in an order: medication, volumes and rates recalculated, words that speak of it rewritten.

The dose in grams stays, but for whole vials of the new product where they are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from cds.advice.changes.dispense import Amount, dispensed
from cds.advice.changes.dose import Dose, redosed
from cds.advice.changes.medication import with_medication
from cds.advice.changes.plain import Changed, copied, lines, remarks
from cds.advice.changes.solution import Conversion, Exchange, naming
from cds.advice.changes.words import no_amount, reworded
from cds.case import Resource
from cds.errors import Unreadable


@dataclass(frozen=True, slots=True)
class Redosed:
    """Another dose to go with another product, where the order writes one dose: the old one, the new one."""

    old: Dose
    new: Dose
    tolerance: Decimal


def exchanged(order: Resource, exchange: Exchange, dose: Redosed | None = None) -> Changed:
    """The order for another product, with the new dose in the place of the old one if there is one.

    Raises Unreadable where anything in the order may belong to the old product and cannot be told.
    """
    for remark in remarks(order):
        reworded(remark, no_amount)
        if naming((*exchange.brands, *exchange.others)).search(remark):
            raise Unreadable("a remark names a product")
    made = with_medication(copied(order), exchange.concept)
    told: list[str] = []
    if dose is not None:
        changed = redosed(made, dose.old, dose.new, exchange.old_strength, dose.tolerance)
        made, told = dict(changed.order), [*changed.told]
    if "dosageInstruction" in made:
        conversion = Conversion(exchange)
        made["dosageInstruction"] = conversion.lines(lines(made))
        told += conversion.told
    made, more = dispensed(made, Amount(None, exchange.old_strength), Amount(None, exchange.strength))
    return Changed(made, (*told, *more))
