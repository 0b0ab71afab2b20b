"""What the checks read of an order's dose, and what the printed rows of its indications allow it to be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from cds.advice.changes import Dose
from cds.advice.suggested import Material
from cds.facts import Amount, CourseTotal, IgOrder, OrderIndication, Weight
from cds.knowledge import DoseRow

EXACT = 2
"""Decimals of mg, and of mg/kg, beyond which two doses are the same: facts are rounded."""
_WEIGHTS = ("ordered", "actual")
_OF_ONE = ("dose", "day")
_PRINTED_DAYS = re.compile(r"\b(\d+)(?:-(\d+))? (?:\w+ )?(?:days|doses)\b")


@dataclass(frozen=True, slots=True)
class Target:
    """The doses of one administration in mg/kg that a printed row allows; `one` where it prints a single one.

    `sum` marks a row about what several administrations come to: an order that falls short of it may lack a dose as
    well as milligrams. `fits` is false for a dose a day that the order does not give on as many days as make the
    course, and for a dose of which several are too much. `doubt` marks one that may not be what is meant: the course's
    maximum leaves a part of it only, there are other doses in the course, or it is printed for another number of days.
    """

    low: Decimal
    high: Decimal
    one: bool
    sum: bool
    fits: bool
    doubt: bool
    printed: str

    def holds(self, mg_per_kg: Decimal, slack: Decimal) -> bool:
        """Whether a dose is one of these; one that is printed alone may be missed by `slack`, a part of it."""
        aside = self.low * slack if self.one else Decimal(0)
        return self.low - aside <= mg_per_kg <= self.high + aside


def ig_order(ref: str, material: Material) -> IgOrder | None:
    """What the checks read of an order for immune globulin."""
    return next((fact for fact in material.facts_of(IgOrder) if fact.ref == ref), None)


def tolerance(material: Material) -> Decimal:
    """What vial rounding may make of a dose, as a part of it."""
    return material.values["dose.range_tolerance_percent"] / 100


def weight(material: Material) -> Decimal | None:
    """The body weight to dose by."""
    return next((_decimal(fact.kg) for fact in material.facts_of(Weight)), None)


def strength(fact: IgOrder) -> Decimal | None:
    """The strength of the ordered solution in mg/mL."""
    return None if fact.strength is None else _decimal(fact.strength)


def ordered(ref: str, material: Material) -> Dose | None:
    """The one dose of an order as the checks read it; None where it has none, or a range of them."""
    found = _amounts(ref, material).get("dose")
    if found is None or found.low != found.high:
        return None
    kg, mg_per_kg = weight(material), _decimal(found.high)
    return Dose(None if kg is None else round(mg_per_kg * kg, EXACT), mg_per_kg)


def reasons(ref: str, material: Material) -> list[str]:
    """The recognized reasons of an order."""
    return [fact.indication for fact in material.facts_of(OrderIndication) if fact.order == ref]


def doses_in_course(ref: str, dose: Dose, material: Material) -> tuple[Decimal, Decimal] | None:
    """How many doses of one course an order gives, and on how many days; None where that is not known."""
    found = _amounts(ref, material)
    if not {"course", "day"} <= found.keys():
        return None
    course, day = found["course"], found["day"]
    doses = _parts(course.high, _own(course), dose)[0]
    times = _parts(day.high, day.high, dose)[0]
    return (doses, doses / times) if doses and times else None


def held(ref: str, product: str, material: Material) -> bool:
    """Whether the order by itself is what a row prints: then what is wrong is its days, or the other doses.

    What a row prints for a course may be parted over any of its printed days, of which the order may have too many.
    """
    amounts, slack = _amounts(ref, material), tolerance(material)
    return any(
        low * (1 - slack) <= own <= high * (1 + slack)
        for row in _rows(ref, product, amounts, material)
        for own, low, high in _held(row, amounts)
    )


def _held(row: DoseRow, amounts: Mapping[str, Amount]) -> Iterator[tuple[Decimal, Decimal, Decimal]]:
    own = _decimal(_own(amounts[row.basis]))
    yield own, row.low, row.high
    if row.basis == "course" and own > row.high and "day" in amounts:
        for fewest, most in _days(row):
            yield _decimal(amounts["day"].high), row.low / most, row.high / fewest


def printed_between(low: Decimal, high: Decimal, ref: str, product: str, material: Material) -> bool:
    """Whether a row prints a dose of one administration between these two, which may be the one that was meant."""
    amounts, aside = _amounts(ref, material), 1 + tolerance(material)
    rows = [row for row in _rows(ref, product, amounts, material) if row.basis in _OF_ONE]
    return any(low * aside < row.low < high for row in rows)


def targets(ref: str, product: str, dose: Dose, material: Material) -> tuple[Target, ...]:
    """What the rows for a product allow an order's dose to be, with all else as it is: days, other orders, doses given.

    None goes further than the maximum of the course leaves. Rows of the product alone come first.
    """
    amounts, slack = _amounts(ref, material), tolerance(material)
    most, course = _left_by_maximum(ref, dose, material), doses_in_course(ref, dose, material)
    return tuple(
        target
        for row in _rows(ref, product, amounts, material)
        for target in _target(row, amounts, dose, most, slack, course)
    )


def _rows(ref: str, product: str, amounts: Mapping[str, Amount], material: Material) -> list[DoseRow]:
    rows = [row for reason in reasons(ref, material) for row in material.knowledge.indications.rows(reason)]
    own_first = sorted(rows, key=lambda row: row.products is None)
    return [row for row in own_first if row.holds_for(product) and row.basis in amounts]


def _target(
    row: DoseRow,
    amounts: Mapping[str, Amount],
    dose: Dose,
    most: Decimal | None,
    slack: Decimal,
    course: tuple[Decimal, Decimal] | None,
) -> Iterator[Target]:
    total = amounts[row.basis]
    doses, beside = _parts(total.high, _own(total), dose)
    if total.low != total.high or not doses:
        return
    one = row.low == row.high
    low, high = (row.low - beside) / doses, (row.high - beside) / doses
    left = high if most is None else min(high, most * (1 + slack) if one else most)
    if left <= 0 or low > left:
        return
    others = _parts(amounts["course"].high, _own(amounts["course"]), dose)[1] if "course" in amounts else Decimal(0)
    several = course is None or course[0] > 1
    fits = (row.basis != "day" or row.course_max is None) and not (row.basis == "dose" and left < high and several)
    if row.basis == "day" and row.course_max is not None and course is not None:
        fits = others + course[0] * left >= row.course_max * (1 - slack)
    doubt = left < high or others > 0 or not _of_so_many_days(row, course)
    yield Target(max(low, Decimal(0)), left, one, row.basis not in _OF_ONE, fits, doubt, row.printed)


def _of_so_many_days(row: DoseRow, course: tuple[Decimal, Decimal] | None) -> bool:
    """Whether a course's row is printed for as many days as the order has, if it prints days at all."""
    printed = _days(row)
    if row.basis != "course" or not printed:
        return True
    return course is not None and any(fewest <= course[1] <= most for fewest, most in printed)


def _days(row: DoseRow) -> list[tuple[int, int]]:
    """The numbers of days or doses that a row prints: the fewest and the most."""
    return [(int(fewest), int(most or fewest)) for fewest, most in _PRINTED_DAYS.findall(row.printed)]


def _own(total: Amount) -> float:
    return total.high if total.own is None else total.own


def _left_by_maximum(ref: str, dose: Dose, material: Material) -> Decimal | None:
    """What the course's maximum leaves for one administration; None where the course has no maximum."""
    for fact in material.facts_of(CourseTotal):
        doses, beside = _parts(fact.high, fact.own, dose)
        if fact.order == ref and doses:
            return (_decimal(fact.maximum) - beside) / doses
    return None


def _parts(total: float, own: float, dose: Dose) -> tuple[Decimal, Decimal]:
    """How many doses of the order a total holds, and what else there is in it."""
    each = _decimal(own) / dose.mg_per_kg
    return each.to_integral_value(), round(_decimal(total) - _decimal(own), EXACT)


def _amounts(ref: str, material: Material) -> dict[str, Amount]:
    """What the order comes to in each basis, by its own or the actual weight."""
    return {fact.basis: fact for fact in material.facts_of(Amount) if fact.order == ref and fact.weight in _WEIGHTS}


def _decimal(value: float) -> Decimal:
    return Decimal(str(value))
