"""The quantity to dispense, which follows the dose: as many of the new one, or left out where that is not told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cds.advice.changes.plain import with_number
from cds.errors import Unreadable
from cds.fhir.units import stated_dose

_EVEN = Decimal("0.000001")
_LEFT_OUT = "The quantity to dispense is left out: enter it again."


@dataclass(frozen=True, slots=True)
class Amount:
    """One administration in mg and in mg/kg, None where it stays or no weight tells it; the strength in mg/mL."""

    mg: Decimal | None
    strength: Decimal | None
    mg_per_kg: Decimal | None = None


def dispensed(order: dict[str, Any], old: Amount, new: Amount) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The order with the quantity to dispense for the new amount, and what was left out of it."""
    request = order.get("dispenseRequest")
    if not isinstance(request, Mapping):
        return order, ()
    made, gone = _followed(request, old, new)
    first = request.get("initialFill")
    if isinstance(first, Mapping):
        fill, lost = _followed(first, old, new)
        made = {name: value for name, value in {**made, "initialFill": fill}.items() if value != {}}
        gone = gone or lost
    changed = {**order, "dispenseRequest": made} if made else {k: v for k, v in order.items() if k != "dispenseRequest"}
    return changed, (_LEFT_OUT,) if gone else ()


def _followed(part: Mapping[str, Any], old: Amount, new: Amount) -> tuple[dict[str, Any], bool]:
    if "quantity" not in part:
        return dict(part), False
    try:
        return {**part, "quantity": _quantity(part["quantity"], old, new)}, False
    except Unreadable:
        return {name: value for name, value in part.items() if name not in ("quantity", "_quantity")}, True


def _quantity(element: Any, old: Amount, new: Amount) -> Mapping[str, Any]:
    read, unit = stated_dose(element)
    if unit.per_kg or (unit.volume and (old.strength is None or new.strength is None)):
        raise Unreadable("it is not known how much that is")
    mg = read.value * unit.factor * (old.strength or 1 if unit.volume else 1)
    if (old.mg, old.mg_per_kg) != (new.mg, new.mg_per_kg):
        if not old.mg or not new.mg:
            raise Unreadable("it is not known how many doses that is")
        doses = mg / old.mg
        if doses < 1 or abs(doses - round(doses)) > _EVEN:
            raise Unreadable("it is no whole number of doses")
        mg = round(doses) * new.mg
    value = mg / unit.factor / (new.strength or 1 if unit.volume else 1)
    return element if value == read.value else with_number(element, round(value, 3))
