"""When live measles, mumps, rubella or varicella vaccine takes again after immune globulin, given or planned.

The months come from the intervals table, by the dose of the course; they count from its last dose. The first allowed
day is the day that completes them. Replacement for primary immunodeficiency keeps its own interval at any dose.
"""

from __future__ import annotations

import calendar
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from decimal import Decimal

from cds.chart.given_courses import Course, course_days
from cds.chart.parts import Context, GivenDose, PlannedOrder
from cds.chart.printed import about
from cds.facts import Clearance

_OTHER_SCALE = frozenset({"subcutaneous", "intramuscular", "oral"})


def add_months(day: date, months: int) -> date:
    """The same day some calendar months later, or the last day of that month where it has no such day.

    Past the end of the calendar it is the calendar's last day: a date such as 9999-12-31 stands for "never".
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > MAXYEAR:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def clearances(
    courses: Sequence[Course], orders: Sequence[PlannedOrder], context: Context, given: Sequence[GivenDose] = ()
) -> tuple[Clearance, ...]:
    """The courses given that no other outlasts, and every planned order that is not for another route.

    A course given whose days are both over no later than another's decides nothing and is not told. In a planned course
    count the doses of other orders and those `given` as well, whatever they are for: the months come from their sum.
    """
    before = _lasting(_after(course, course.last_says, context) for course in courses)
    listed = [order for order in orders if order.days and order.route not in _OTHER_SCALE]
    doses = sorted(((dose, order) for order in listed for dose in _doses(order, order.due)), key=_day)
    planned = (_planned(order, doses, given, context) for order in listed)
    return (*before, *planned)


def _lasting(given: Iterable[Clearance]) -> list[Clearance]:
    kept: list[Clearance] = []
    for one in sorted(given, key=lambda each: (each.early_day, each.clear_day), reverse=True):
        if all(one.clear_day > other.clear_day for other in kept):
            kept.append(one)
    return kept


@dataclass(frozen=True, slots=True)
class _Dose:
    """A dose given or planned, on the day it counts on; None is an unknown size."""

    day: date
    mg_per_kg: Decimal | None
    indication: str


def _planned(
    order: PlannedOrder, every: Sequence[tuple[_Dose, PlannedOrder]], given: Sequence[GivenDose], context: Context
) -> Clearance:
    """After the last course within the order's bounds; where doses go on without an end, after the next one due.

    `every` are the doses of all orders, by their day. The doses of an order that was carried out are those given: they
    are not added to it once more.
    """
    window = timedelta(days=course_days(context))
    mine = sorted(order.due or order.days)
    decides = mine[-1]
    if order.repeats:
        decides = next((day for day in mine if day >= context.today), decides)
    near = [dose for dose in _doses(order, mine) if abs(dose.day - decides) < window]
    first = bisect_right(every, decides - window, key=_day)
    for dose, other in every[first : bisect_left(every, decides + window, key=_day)]:
        if other.ref != order.ref and other.counts and other.ref != order.replaces and other.replaces != order.ref:
            near.append(dose)
    if order.due:
        near += [
            _given(dose, decides)
            for dose in given
            if dose.day.first - decides < window and decides - dose.day.last < window
        ]
    windows = ([dose for dose in near if day <= dose.day < day + window] for day in {dose.day for dose in near})
    courses = [
        (_course(order, inside, min(order.days)), _opening(order, inside))
        for inside in windows
        if any(dose.day == decides for dose in inside)
    ]
    courses.sort(key=lambda one: one[0].mg_per_kg or 0, reverse=True)
    found = (_after(course, opening, context, order) for course, opening in courses)
    return max(found, key=lambda one: (one.clear_day, one.early_day))


def _day(one: tuple[_Dose, PlannedOrder]) -> date:
    return one[0].day


def _doses(order: PlannedOrder, days: Iterable[date]) -> Iterator[_Dose]:
    size = order.mg_per_kg[1] if order.mg_per_kg else None
    indication = order.indications[0] if len(order.indications) == 1 else "unknown"
    return (_Dose(day, size, indication) for day in days)


def _given(dose: GivenDose, near: date) -> _Dose:
    """A dose given; one on an uncertain day counts on the day that is nearest to the course."""
    return _Dose(min(max(near, dose.day.first), dose.day.last), dose.mg_per_kg_then, dose.indication)


def _course(order: PlannedOrder, doses: Sequence[_Dose], first_day: date) -> Course:
    sizes = [dose.mg_per_kg for dose in doses if dose.mg_per_kg is not None]
    indications = {dose.indication for dose in doses}
    return Course(
        ref=order.ref,
        first_day=first_day,
        last_day=max(dose.day for dose in doses),
        product=order.product,
        indication=indications.pop() if len(indications) == 1 else "unknown",
        mg_per_kg=sum(sizes, Decimal()) if len(sizes) == len(doses) else None,
    )


def _opening(order: PlannedOrder, doses: Sequence[_Dose]) -> str:
    which = "next course due (it repeats without an end), last dose" if order.repeats else "last dose"
    return f"{order.product_name or 'immune globulin'} planned, {which} {max(dose.day for dose in doses)}"


def _after(course: Course, opening: str, context: Context, order: PlannedOrder | None = None) -> Clearance:
    intervals = context.knowledge.intervals
    own = intervals.for_indication(course.indication)
    by_dose = intervals.months(course.mg_per_kg)
    known = course.mg_per_kg is not None
    months = by_dose if own is None else own
    least = months if known else min(months, intervals.least)
    clear, early = add_months(course.last_day, months), add_months(course.last_day, least)
    dose = f"{about(course.mg_per_kg)} mg/kg in the course" if course.mg_per_kg is not None else "dose unknown"
    says = f"{opening}, {dose}: such vaccines take again from {clear} ({months} months)"
    if early != clear:
        says += f", not before {early} ({least} months) at any dose"
    if own is not None and by_dose != own:
        basis = "by its dose" if known else "at the highest dose"
        says += f"; {basis} it would be {by_dose} months, {add_months(course.last_day, by_dose)}"
    return Clearance(
        ref=course.ref,
        says=says,
        origin="planned" if order else "given",
        order=order.ref if order else "",
        first_day=course.first_day,
        last_day=course.last_day,
        months=months,
        early_day=early,
        clear_day=clear,
        dose_known=known,
        ongoing=order is not None and order.repeats,
    )
