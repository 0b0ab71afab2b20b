"""When live measles, mumps, rubella or varicella vaccine takes again after immune globulin, given or planned.

The months come from the intervals table, by the dose of the course; they count from its last dose. The first allowed
day is the day that completes them. Replacement for primary immunodeficiency keeps its own interval at any dose.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from datetime import MAXYEAR, date, timedelta

from cds.chart.given_courses import Course, course_days
from cds.chart.parts import Context, PlannedOrder
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


def clearances(courses: Sequence[Course], orders: Sequence[PlannedOrder], context: Context) -> tuple[Clearance, ...]:
    """The courses given that no other outlasts, and every planned order that is not for another route.

    A course given whose days are both over no later than another's decides nothing and is not told.
    """
    given = _lasting(_after(course, course.last_says, context) for course in courses)
    planned = (_planned(order, context) for order in orders if order.days and order.route not in _OTHER_SCALE)
    return (*given, *planned)


def _lasting(given: Iterable[Clearance]) -> list[Clearance]:
    kept: list[Clearance] = []
    for one in sorted(given, key=lambda each: (each.early_day, each.clear_day), reverse=True):
        if all(one.clear_day > other.clear_day for other in kept):
            kept.append(one)
    return kept


def _planned(order: PlannedOrder, context: Context) -> Clearance:
    """The last course within the order's bounds decides; where doses go on without an end, its first one."""
    days, within = sorted(order.days), timedelta(days=course_days(context))
    if order.repeats:
        days = [day for day in days if day - days[0] < within]
    else:
        days = [day for day in days if days[-1] - day < within]
    course = Course(
        ref=order.ref,
        first_day=days[0],
        last_day=days[-1],
        product=order.product,
        indication=order.indications[0] if len(order.indications) == 1 else "unknown",
        mg_per_kg=order.mg_per_kg[1] * len(days) if order.mg_per_kg else None,
    )
    which = "last dose of its first course (it repeats without an end)" if order.repeats else "last dose"
    opening = f"{order.product_name or 'immune globulin'} planned, {which} {course.last_day}"
    return _after(course, opening, context, order.ref)


def _after(course: Course, opening: str, context: Context, order: str = "") -> Clearance:
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
        order=order,
        first_day=course.first_day,
        last_day=course.last_day,
        months=months,
        early_day=early,
        clear_day=clear,
        dose_known=known,
    )
