"""What an order comes to in a course, together with other orders and what was given, and the most a course may have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from cds.case import ORDERS
from cds.chart.amounts import Weight, amount, worked_out
from cds.chart.course_doses import CourseDose, CourseDoses, Uncounted, course_doses, source_of, spelled, total
from cds.chart.ig_ordered import VEINLESS, IgOrdered
from cds.chart.parts import Context, GivenDose, Sizes
from cds.chart.printed import fact_number
from cds.facts import Amount, CourseTotal, Unchecked

_RULE = "dose.course-exceeded"


def course_amounts(
    order: IgOrdered, others: Sequence[IgOrdered], given: Sequence[GivenDose], sizes: Sizes, context: Context
) -> Iterator[Amount]:
    """The amount per course, by the weight as ordered or actual, and by the adjusted one; none of an open number.

    Doses of other orders for its indications, and given ones, count where they lie in the course; none beside an order
    for another route, whose doses are on another scale.
    """
    if not order.amounts.usable or not order.regimen.days.course_known:
        return
    if order.drug.route in VEINLESS:
        others, given = (), ()
    weights: list[tuple[Weight, Decimal | None]] = [(order.amounts.weight, sizes.kg)]
    if order.amounts.weight == "actual" and sizes.adjusted_kg:
        weights.append(("adjusted", sizes.adjusted_kg))
    for weight, kg in weights:
        adjusted = weight == "adjusted"
        found = course_doses(order, order.reasons.ids, others, given, sizes, context, adjusted=adjusted)
        if not found.doses:
            found = course_doses(order, order.reasons.ids, (), (), sizes, context, adjusted=adjusted)
        says = worked_out(order.regimen.steps, sizes, adjusted=adjusted)
        if len(found.doses) > 1:
            says = f"{says}; {spelled(order, found)} a course"
        made = amount(order.ref, "course", weight, found.low, found.high, kg, says)
        yield replace(made, own=fact_number(_own(order, found)))


def course_total(
    order: IgOrdered, others: Sequence[IgOrdered], given: Sequence[GivenDose], sizes: Sizes, context: Context
) -> Iterator[CourseTotal | Unchecked]:
    """The largest sum of doses for one indication within a course that this order has part in, and its limit.

    Of several indications the one with the most permissive limit; none where no indication has a limit, or where the
    number of doses is open. What may belong to the course and cannot be added is said.
    """
    if not order.amounts.usable or not order.regimen.days.course_known:
        return
    found: list[tuple[Decimal, str, CourseDoses]] = []
    uncounted: dict[Uncounted, None] = {}
    for indication in order.reasons.ids:
        course = course_doses(order, (indication,), others, given, sizes, context)
        limit = _limit(order, indication, course.doses, context)
        if limit is not None:
            found.append((limit, indication, course))
        if _limited(order, indication, context):
            uncounted |= dict.fromkeys(course.uncounted)
    for one in uncounted:
        says = f"Course total of {order.drug.name}: not added up with {one.what}."
        yield Unchecked(ref=order.ref, rule=_RULE, source=source_of(one.ref), order=order.ref, says=says)
    if found:
        yield _total(order, *max(found, key=lambda one: one[0]), context)


def _total(order: IgOrdered, limit: Decimal, indication: str, course: CourseDoses, context: Context) -> CourseTotal:
    tolerance = context.values["dose.range_tolerance_percent"] / 100
    return CourseTotal(
        ref=order.ref,
        order=order.ref,
        indication=indication,
        low=fact_number(course.low),
        high=fact_number(course.high),
        days=len({dose.day for dose in course.doses}),
        limit=fact_number(limit * (1 + tolerance)),
        critical_limit=fact_number(limit * context.values["dose.course_critical_ratio"]),
        maximum=fact_number(limit),
        own=fact_number(_own(order, course)),
        says=spelled(order, course),
    )


def _own(order: IgOrdered, course: CourseDoses) -> Decimal:
    return total([dose for dose in course.doses if dose.ref == order.ref and not dose.given])


def open_course(order: IgOrdered, context: Context) -> Iterator[Unchecked]:
    """That the course was not added up, where it has a limit and the order leaves the number of doses open."""
    if not order.amounts.usable or order.regimen.days.course_known:
        return
    if any(_limited(order, indication, context) for indication in order.reasons.ids):
        says = f"Course total of {order.drug.name}: the order does not say how many doses there are."
        yield Unchecked(ref=order.ref, rule=_RULE, source=ORDERS, order=order.ref, says=says)


def _limited(order: IgOrdered, indication: str, context: Context) -> bool:
    """Whether a course of several doses for the indication has a limit."""
    product = order.drug.identified.product
    printed = context.knowledge.indications.course_max(indication, product)
    return printed is not None or _of_one_dose(order, indication, context) is not None


def _of_one_dose(order: IgOrdered, indication: str, context: Context) -> Decimal | None:
    """The most of one dose, where all rows of the indication are for one dose."""
    product, rows = order.drug.identified.product, context.knowledge.indications.rows(indication)
    applying = [row for row in rows if row.holds_for(product)]
    if any(row.basis != "dose" for row in applying):
        return None
    return max((row.high for row in applying), default=None)


def _limit(order: IgOrdered, indication: str, doses: Sequence[CourseDose], context: Context) -> Decimal | None:
    """The course maximum; that of a retreatment only where a full first dose was given long enough before.

    An indication that is dosed one dose at a time has no course: several doses so close together may come to no more
    than the highest one. Where the time of day of one of two doses is not known, the hours between them are counted in
    whole days, rounded up.
    """
    if not doses:
        return None
    values = context.values
    tolerance = values["dose.range_tolerance_percent"] / 100
    start = min((dose.day for dose in doses if not dose.given), default=order.first_day)
    before = [dose for dose in doses if dose.given and _long_before(dose, order, start, context)]
    retreated = total(before) >= values["kawasaki.retreatment_first_mg_per_kg"] * (1 - tolerance)
    product = order.drug.identified.product
    printed = context.knowledge.indications.course_max(indication, product, retreated=retreated)
    if printed is None and len(doses) > 1:
        return _of_one_dose(order, indication, context)
    return printed


def _long_before(dose: CourseDose, order: IgOrdered, start: date, context: Context) -> bool:
    hours = context.values["kawasaki.retreatment_hours"]
    begins = order.regimen.days.begins
    if dose.at is not None and begins is not None and start == order.first_day:
        return begins - dose.at >= timedelta(hours=float(hours))
    return (start - dose.day).days >= int((hours / 24).to_integral_value(ROUND_CEILING))
