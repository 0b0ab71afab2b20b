"""What a product comes in: how much immune globulin each vial holds, and whether it is on the market."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import ROUND_CEILING, Decimal
from math import gcd

from cds.knowledge.sheet import Sheet

_SOLUTION = re.compile(r"(\d+(?:\.\d+)?) mL of (\d+(?:\.\d+)?) mg/mL(?: syringe)?")
_WHOLE = re.compile(r"(\d+(?:\.\d+)?) g (?:powder|pack)")
_SOLD = ("marketed", "limited supply")
_NOT_SOLD = ("discontinued", "historic", "replaced", "hyperimmune")


def vial_mg(vial: Sheet) -> Decimal | None:
    """The milligrams in "100 mL of 100 mg/mL" or "10 g powder"; anything else is noted as a fault."""
    written = vial.text("vial")
    if found := _SOLUTION.fullmatch(written):
        mg = Decimal(found[1]) * Decimal(found[2])
    elif found := _WHOLE.fullmatch(written):
        mg = Decimal(found[1]) * 1000
    else:
        mg = Decimal(0)
    if not mg or mg != mg.to_integral_value():
        vial.fault(f'the vial "{written}" is none of "100 mL of 100 mg/mL", "10 g powder" and "10 g pack"')
        return None
    return mg


def whole_vials(vials: Collection[Decimal], low: Decimal, high: Decimal) -> tuple[Decimal, ...]:
    """Every amount in mg from `low` to `high` that whole vials of these sizes make up, the smallest first."""
    sizes = [int(mg) for mg in vials]
    unit = gcd(*sizes)
    if not unit or high < low:
        return ()
    most = int(high) // unit
    made = 1
    for size in sizes:
        step = size // unit
        while step <= most:
            made |= made << step
            step *= 2
    first = -(-int(low.to_integral_value(ROUND_CEILING)) // unit)
    return tuple(Decimal(count * unit) for count in range(max(1, first), most + 1) if made >> count & 1)


def marketed(page: Sheet) -> bool:
    """Whether a product can be bought: its availability begins with a word that says so, or one that says not."""
    said = page.text("availability")
    if said.startswith(_SOLD):
        return True
    if not said.startswith(_NOT_SOLD):
        known = ", ".join((*_SOLD, *_NOT_SOLD))
        page.fault(f"availability begins with one of {known}", page.line("availability"))
    return False
