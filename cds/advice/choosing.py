"""The dose to choose among those that the printed rows allow: nearest to what was ordered, in whole vials.

A range is taken as printed. A single printed dose (1 g/kg) can seldom be met in whole vials: there the amount nearest
to it counts, within the tolerance that vial rounding has in the checks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from cds.advice.changes import Dose
from cds.advice.targets import EXACT, Target
from cds.knowledge.vials import whole_vials

_WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Choice:
    """A dose to choose, and the row that it is from.

    `whole` is the same dose in whole mg/kg, as orders by weight have it; `vials` tells whether whole vials make it.
    """

    dose: Dose
    whole: Decimal
    target: Target
    vials: bool


def choices(
    found: Iterable[Target], dose: Dose, vials: Collection[Decimal], kg: Decimal | None, slack: Decimal
) -> tuple[Choice, ...]:
    """The nearest dose under the ordered one, and the nearest over it: in whole vials, else in whole mg/kg.

    One over it is of a row about one administration, if any such row has one. Of two rows with the same dose the one
    that the order's days fit is taken. Where a range holds a single printed dose, vials stay inside the range.
    """
    rows = list(found)
    every = [one for target in rows if not _in_a_range(target, rows) for one in _of_target(target, vials, kg, slack)]
    now = round(dose.mg_per_kg, EXACT)
    under = [one for one in every if _size(one) < now]
    over = [one for one in every if _size(one) > now]
    nearest = [max(under, key=lambda one: (_size(one), one.target.fits, not one.target.doubt))] if under else []
    return (
        *nearest,
        *([min(over, key=lambda one: (one.target.sum, _size(one), not one.target.fits))] if over else []),
    )


def in_vials(mg: Decimal, vials: Collection[Decimal], slack: Decimal) -> Decimal | None:
    """The amount of whole vials nearest to this one within the tolerance, of two the smaller."""
    near = whole_vials(vials, mg * (1 - slack), mg * (1 + slack))
    return min(near, key=lambda one: (abs(one - mg), one), default=None)


def _in_a_range(target: Target, rows: Iterable[Target]) -> bool:
    ranges = (one for one in rows if not one.one and not one.sum and one.fits)
    return target.one and any(one.low <= target.low and target.high <= one.high for one in ranges)


def _size(choice: Choice) -> Decimal:
    return round(choice.dose.mg_per_kg, EXACT)


def _of_target(target: Target, vials: Collection[Decimal], kg: Decimal | None, slack: Decimal) -> Iterator[Choice]:
    if kg is None or not vials:
        for end in (_whole(target.low, target), _whole(target.high, target)):
            if end is not None:
                yield Choice(Dose(None if kg is None else end * kg, end), end, target, False)
        return
    nearest = in_vials(target.low * kg, vials, slack) if target.one else None
    amounts = whole_vials(vials, nearest or target.low * kg, nearest or target.high * kg)
    for mg in amounts[:1] + amounts[1:][-1:]:
        mg_per_kg = mg / kg
        yield Choice(Dose(mg, mg_per_kg), _whole(mg_per_kg, target) or mg_per_kg, target, True)


def _whole(mg_per_kg: Decimal, target: Target) -> Decimal | None:
    """In whole mg/kg, not outside a range for the sake of it; None where the range holds no whole one."""
    nearest = mg_per_kg.quantize(_WHOLE)
    if target.one:
        return nearest
    low, high = target.low.quantize(_WHOLE, ROUND_CEILING), target.high.quantize(_WHOLE, ROUND_FLOOR)
    return min(max(nearest, low), high) if low <= high else None
