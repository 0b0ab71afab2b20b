"""What one order gives in mg/kg: per dose, day and month, by the weight as ordered, actual or adjusted.

What it gives in a course is counted together with other orders and doses given, in `course`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Literal

from cds.case import ORDERS
from cds.chart.dosage import Regimen, Step, Written
from cds.chart.parts import Context, Sizes
from cds.chart.printed import about, fact_number, number, tenths
from cds.chart.quantities import Dose, mg_per_kg
from cds.facts import AdjustedDose, Amount, StatedAmount, Unchecked

Weight = Literal["ordered", "actual", "adjusted"]


@dataclass(frozen=True, slots=True)
class Administration:
    """One planned dose in mg/kg on its day."""

    day: date
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Amounts:
    """The administrations of an order by its own or the actual weight; none where there is no weight for them.

    `plausible` is false where one of them is beyond what is ever given at once: then nothing else may use them.
    """

    each: tuple[Administration, ...]
    weight: Weight
    plausible: bool

    @property
    def usable(self) -> tuple[Administration, ...]:
        return self.each if self.plausible else ()


def amounts(found: Regimen, sizes: Sizes, context: Context) -> Amounts:
    """The doses of a regimen in mg/kg."""
    by_weight = all(end.per_kg for step in found.steps for end in (step.written.low, step.written.high))
    each = () if not by_weight and sizes.kg is None else administrations(found, sizes.kg)
    over, under = context.values["dose.implausible_over"], context.values["dose.implausible_under"]
    plausible = all(under <= one.low and one.high <= over for one in each)
    return Amounts(each, "ordered" if by_weight else "actual", plausible)


def facts(
    ref: str, found: Regimen, read: Amounts, sizes: Sizes, context: Context
) -> Iterator[StatedAmount | Amount | Unchecked]:
    """The amount as stated; and, of a plausible dose, what it comes to in every basis that can be counted."""
    if not read.each:
        return
    low, high = _ends(read.each)
    says = worked_out(found.steps, sizes)
    yield StatedAmount(ref=ref, order=ref, low=fact_number(low), high=fact_number(high), says=says)
    if not read.plausible:
        return
    for step in found.steps:
        if step.written.differ:
            what = f"The dose is written twice and differs: {step.written.text}, {_range(step.written, sizes.kg)}."
            yield Unchecked(ref=ref, rule="dose.out-of-range", source=ORDERS, order=ref, says=what)
    yield from _by_basis(ref, found, read.each, read.weight, sizes.kg, says, context)
    if read.weight == "actual" and sizes.adjusted_kg:
        adjusted = administrations(found, sizes.adjusted_kg)
        says = worked_out(found.steps, sizes, adjusted=True)
        yield from _by_basis(ref, found, adjusted, "adjusted", sizes.adjusted_kg, says, context)


def amount(ref: str, basis: str, weight: Weight, low: Decimal, high: Decimal, kg: Decimal | None, says: str) -> Amount:
    """The fact of one basis, with the grams that it comes to."""
    grams = fact_number(high * kg / 1000) if kg is not None and low == high else None
    return Amount(
        ref=ref,
        order=ref,
        basis=basis,
        weight=weight,
        low=fact_number(low),
        high=fact_number(high),
        grams=grams,
        says=says,
    )


def adjusted_dose(ref: str, read: Amounts, sizes: Sizes) -> Iterator[AdjustedDose]:
    """The same mg/kg by adjusted weight, where that is less."""
    if not read.usable or not sizes.kg or not sizes.adjusted_kg or sizes.adjusted_kg >= sizes.kg:
        return
    dose = _ends(read.usable)[1]
    before, after = dose * sizes.kg / 1000, dose * sizes.adjusted_kg / 1000
    yield AdjustedDose(
        ref=ref,
        order=ref,
        actual_kg=fact_number(sizes.kg),
        adjusted_kg=fact_number(sizes.adjusted_kg),
        saved_g=fact_number(before - after),
        says=f"{mg_per_kg(dose)} is {tenths(before)} g by {number(sizes.kg)} kg, "
        f"{tenths(after)} g by the adjusted weight of {tenths(sizes.adjusted_kg)} kg",
    )


def administrations(found: Regimen, kg: Decimal | None) -> tuple[Administration, ...]:
    """The planned doses by a weight, in order; what is not ordered by weight counts as it stands without one."""
    doses = [
        Administration(day, _by(step.written.low, kg), _by(step.written.high, kg))
        for step in found.steps
        for day in step.schedule.days
    ]
    return tuple(sorted(doses, key=lambda one: one.day))


def _by(dose: Dose, kg: Decimal | None) -> Decimal:
    return dose.mg if dose.per_kg or kg is None else dose.mg / kg


def _ends(each: Sequence[Administration]) -> tuple[Decimal, Decimal]:
    return min(one.low for one in each), max(one.high for one in each)


def _by_basis(
    ref: str,
    found: Regimen,
    each: Sequence[Administration],
    weight: Weight,
    kg: Decimal | None,
    says: str,
    context: Context,
) -> Iterator[Amount]:
    def fact(basis: str, low: Decimal, high: Decimal, how: str) -> Amount:
        return amount(ref, basis, weight, low, high, kg, how)

    yield fact("dose", *_ends(each), says)
    if found.days.day_known:
        days = [_sum(list(group)) for _, group in groupby(each, key=lambda one: one.day)]
        low, high = min(d[0] for d in days), max(d[1] for d in days)
        times = found.days.times_a_day
        yield fact("day", low, high, says if times == 1 else f"{says}; {times} times a day = {_to(low, high)}")
    if found.days.course_known:
        within = _within(each, int(context.values["dose.month_days"]))
        low, high = _sum(within)
        count = len(within)
        yield fact("month", low, high, says if count == 1 else f"{says}; {count} doses = {_to(low, high)} a month")


def _within(each: Sequence[Administration], days: int) -> list[Administration]:
    return [one for one in each if one.day - each[0].day < timedelta(days=days)]


def _sum(each: Sequence[Administration]) -> tuple[Decimal, Decimal]:
    return sum((one.low for one in each), Decimal(0)), sum((one.high for one in each), Decimal(0))


def _to(low: Decimal, high: Decimal) -> str:
    return mg_per_kg(high) if low == high else f"{mg_per_kg(low).removesuffix(' mg/kg')} to {mg_per_kg(high)}"


def worked_out(steps: Sequence[Step], sizes: Sizes, *, adjusted: bool = False) -> str:
    """How the doses of the steps come to mg/kg, by the actual weight or by the adjusted one."""
    if adjusted:
        sizes = Sizes(sizes.adjusted_kg, sizes.day)
    return "; then ".join(dict.fromkeys(_step(step.written, sizes, adjusted) for step in steps))


def _range(written: Written, kg: Decimal | None) -> str:
    return _to(_by(written.low, kg), _by(written.high, kg))


def _step(written: Written, sizes: Sizes, adjusted: bool) -> str:
    """ "60 g ÷ 62 kg (2026-11-18) = 968 mg/kg", or the dose by weight as it was ordered."""
    low, high = _by(written.low, sizes.kg), _by(written.high, sizes.kg)
    if written.low.per_kg and written.high.per_kg:
        exact = written.text.endswith(" mg/kg") and not written.high.steps
        return f"{written.text} as ordered" + ("" if exact else f" = {_to(low, high)}")
    steps = ", ".join(dict.fromkeys(end.steps for end in (written.low, written.high) if end.steps))
    kg = sizes.kg if sizes.kg is not None else Decimal(0)
    day = f" ({sizes.day})" if sizes.day else ""
    by = f"÷ {'adjusted ' if adjusted else ''}{about(kg)} kg{day} = {_to(low, high)}"
    if written.low.per_kg != written.high.per_kg:
        return f"{written.low.written} and {written.high.written} are both written and differ; {by}"
    return f"{steps}; {by}" if steps else f"{written.text} {by}"
