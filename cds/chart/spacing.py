"""How an order lies in time: the pause before it and within it, and other orders on the same days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from cds.case import ORDERS
from cds.chart.course_doses import same_indication, source_of
from cds.chart.given_courses import course_days, courses
from cds.chart.ig_ordered import IgOrdered
from cds.chart.parts import Context, GivenDose
from cds.chart.pauses import pause
from cds.chart.printed import when
from cds.facts import Overlap, Spacing, Unchecked

_RULE = "dose.interval-short"


def spacing(order: IgOrdered, given: Sequence[GivenDose], context: Context) -> Iterator[Spacing]:
    """The pause since the last earlier course that was given, and the pause within the order's own timing.

    A dose whose day is not certain counts on the latest day that its date may mean, and that is said.
    """
    window = course_days(context)
    indications = order.reasons.ids
    related = [dose for dose in given if same_indication(dose, indications)]
    earlier = [
        course
        for course in courses(related, context)
        if course.last_day < order.first_day and (order.first_day - course.first_day).days >= window
    ]
    if earlier:
        last = earlier[-1].last_day
        days = (order.first_day - last).days
        at = f"{last}" if earlier[-1].exact else f"{last} at the latest, its date is partial"
        says = f"last dose {at} ({earlier[-1].ref}), planned {order.first_day}: {days} days"
        yield Spacing(ref=order.ref, order=order.ref, origin="previous", days=days, says=says)
    own = pause(order.regimen.days.days, window)
    if own is not None:
        says = f"the order's own timing: {own} days between doses"
        yield Spacing(ref=order.ref, order=order.ref, origin="own", days=own, says=says)


def unknown_spacing(order: IgOrdered, given: Sequence[GivenDose], context: Context) -> Iterator[Unchecked]:
    """What of the pauses cannot be told, for a reason whose shortest interval is a value of the rule book.

    That value is named `dose.<indication>_shortest_interval`. Not told is the order's own pause where its timing is
    open, and the pause since a dose on a day that may lie before this course or in it.
    """
    indications = order.reasons.ids
    if not any(f"dose.{one.lower()}_shortest_interval" in context.values for one in indications):
        return
    name, days = order.drug.name, order.regimen.days
    if not days.course_known and pause(days.days, course_days(context)) is None:
        says = f"Interval of {name}: the order does not say how often it is given, in a way that can be read."
        yield Unchecked(ref=order.ref, rule=_RULE, source=ORDERS, order=order.ref, says=says)
    before = order.first_day - timedelta(days=course_days(context))
    for dose in given:
        asked = same_indication(dose, indications) and not dose.recorded
        if not asked or not dose.day.first <= before < dose.day.last:
            continue
        says = f"Interval of {name}: not counted from the dose of {when(dose.day)} ({dose.ref}), a partial date."
        yield Unchecked(ref=order.ref, rule=_RULE, source=source_of(dose.ref), order=order.ref, says=says)


def overlaps(order: IgOrdered, others: Sequence[IgOrdered]) -> Iterator[Overlap]:
    """Every other order with doses still to come on days of this one; not one that either of them replaces.

    A draft without a dose is still being entered and has no doses yet.
    """
    mine: set[date] = set(order.regimen.days.days)
    for other in others:
        if not other.stands_beside(order) or order.unfinished or other.unfinished:
            continue
        days = mine.intersection(other.due)
        if days:
            name = f"{other.drug.name} {other.regimen.text}".strip()
            yield Overlap(
                ref=other.ref,
                order=order.ref,
                other=other.ref,
                other_name=name,
                first_day=min(days),
                says=f"{name} ({other.status}), also planned on {min(days)}",
            )
