"""Earlier courses of immune globulin, made of the doses given.

A course is the doses within the course window from its first one; its last dose decides what follows. A dose whose
day is only known as a span counts on the latest day it may mean, and the sentence says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cds.chart.parts import Context, GivenDose
from cds.chart.printed import fact_number
from cds.facts import GivenCourse


@dataclass(frozen=True, slots=True)
class Course:
    """Doses of one course, given or planned: its total in mg/kg, and the highest total of one day, where known.

    `ref` and `last_says` are those of the last dose; `exact` tells that every day of it is known.
    """

    ref: str
    first_day: date
    last_day: date
    product: str
    indication: str
    mg_per_kg: Decimal | None
    mg_per_kg_dose: Decimal | None = None
    exact: bool = True
    says: str = ""
    last_says: str = ""


def course_days(context: Context) -> int:
    """The days of a course, its first one included."""
    return int(context.values["dose.course_window_days"])


def courses(doses: Sequence[GivenDose], context: Context) -> tuple[Course, ...]:
    """The doses given as courses, oldest first."""
    window = timedelta(days=course_days(context))
    groups: list[list[GivenDose]] = []
    for dose in sorted(doses, key=lambda each: (each.day.last, each.ref)):
        if groups and dose.day.last - groups[-1][0].day.last < window:
            groups[-1].append(dose)
        else:
            groups.append([dose])
    return tuple(_course(group) for group in groups)


def course_facts(found: Sequence[Course], context: Context) -> tuple[GivenCourse, ...]:
    """The newest course of each product, and older ones whose dose was higher than in every newer one.

    A course whose days are not certain has no `mg_per_kg_dose`: nothing is taken as tolerated on a doubtful day.
    """
    rounding = 1 + context.values["dose.range_tolerance_percent"] / 100
    highest: dict[str, Decimal | None] = {}
    kept: list[GivenCourse] = []
    for course in sorted(found, key=lambda each: each.last_day, reverse=True):
        dose = course.mg_per_kg_dose if course.exact else None
        if course.product in highest:
            before = highest[course.product]
            if dose is None or (before is not None and dose <= before):
                continue
        highest[course.product] = dose
        kept.append(
            GivenCourse(
                ref=course.ref,
                says=course.says,
                product=course.product,
                indication=course.indication,
                first_day=course.first_day,
                last_day=course.last_day,
                mg_per_kg=None if course.mg_per_kg is None else fact_number(course.mg_per_kg),
                mg_per_kg_dose=None if dose is None else fact_number(dose),
                same_up_to=None if dose is None else fact_number(dose * rounding),
            )
        )
    return tuple(kept)


def _course(group: Sequence[GivenDose]) -> Course:
    amounts = [dose.mg_per_kg_then for dose in group if dose.mg_per_kg_then is not None]
    known = len(amounts) == len(group)
    total = sum(amounts, Decimal()) if known else None
    first, last = group[0], group[-1]
    return Course(
        ref=last.ref,
        first_day=first.day.last,
        last_day=last.day.last,
        product=_one(dose.product for dose in group),
        indication=_one(dose.indication for dose in group),
        mg_per_kg=total,
        mg_per_kg_dose=max(_by_day(group).values()) if known else None,
        exact=all(dose.day.exact for dose in group),
        says="; ".join(dose.says for dose in group),
        last_says=last.says,
    )


def _by_day(group: Sequence[GivenDose]) -> dict[date, Decimal]:
    days: dict[date, Decimal] = {}
    for dose in group:
        days[dose.day.last] = days.get(dose.day.last, Decimal()) + (dose.mg_per_kg or 0)
    return days


def _one(terms: Iterable[str]) -> str:
    """The term that all agree on, else `unknown`."""
    named = set(terms)
    return named.pop() if len(named) == 1 else "unknown"
