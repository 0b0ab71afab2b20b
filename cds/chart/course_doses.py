"""The doses that make one course together: those of this order, of others at hand, and those given."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from cds.case import ORDERS, SOURCES
from cds.chart.amounts import administrations
from cds.chart.given_courses import course_days
from cds.chart.ig_ordered import IgOrdered
from cds.chart.parts import Context, GivenDose, Sizes
from cds.chart.printed import when
from cds.chart.quantities import mg_per_kg
from cds.fhir import Span


@dataclass(frozen=True, slots=True)
class CourseDose:
    """One dose that counts in a course, and where it is written; `given` ones lie in the past."""

    day: date
    low: Decimal
    high: Decimal
    ref: str
    given: bool
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A dose that may belong to a course and could not be added; `what` names it and says why."""

    ref: str
    days: Span
    what: str


@dataclass(frozen=True, slots=True)
class CourseDoses:
    """The doses of one course in order, and what may belong to it as well."""

    doses: tuple[CourseDose, ...]
    uncounted: tuple[Uncounted, ...]

    @property
    def low(self) -> Decimal:
        return sum((dose.low for dose in self.doses), Decimal(0))

    @property
    def high(self) -> Decimal:
        return total(self.doses)


def course_doses(
    order: IgOrdered,
    indications: Sequence[str],
    others: Sequence[IgOrdered],
    given: Sequence[GivenDose],
    sizes: Sizes,
    context: Context,
    *,
    adjusted: bool = False,
) -> CourseDoses:
    """The course with the highest total that this order has part in, by the actual or the adjusted weight of now.

    Counted is what was ordered or given for these indications, or without a reason.
    """
    kg = sizes.adjusted_kg if adjusted else sizes.kg
    mine = list(_planned(order, due(order, given, context), kg, adjusted=adjusted))
    if not mine:
        return CourseDoses((), ())
    doses, uncounted = list(mine), list[Uncounted]()
    reach = 2 * timedelta(days=course_days(context))
    first, last = min(dose.day for dose in mine) - reach, max(dose.day for dose in mine) + reach
    for other in others:
        if not other.may_be_for(indications) or not other.stands_beside(order) or other.unfinished:
            continue
        doses += _planned(other, other.due, kg, adjusted=adjusted)
        uncounted += _open(other)
    for dose in given:
        if dose.day.last < first or dose.day.first > last:
            continue
        if not same_indication(dose, indications) or dose.recorded:
            continue
        size = _size(dose, kg, adjusted)
        if size is None or not dose.day.exact:
            why = "whose day is not known exactly" if size is not None else "whose size is not known"
            uncounted.append(Uncounted(dose.ref, dose.day, f"the dose of {when(dose.day)} ({dose.ref}), {why}"))
        else:
            doses.append(CourseDose(dose.day.last, size, size, dose.ref, given=True, at=dose.at))
    best = _fullest(mine, doses, context)
    near = [one for one in uncounted if _near(one.days, best, context)]
    return CourseDoses(tuple(best), tuple(dict.fromkeys(near)))


def total(doses: Sequence[CourseDose]) -> Decimal:
    """What doses come to, of ranges the upper ends."""
    return sum((dose.high for dose in doses), Decimal(0))


def same_indication(dose: GivenDose, indications: Sequence[str]) -> bool:
    """Whether a dose was given for one of these, or nothing says for what."""
    return dose.indication == "unknown" or dose.indication in indications


def due(order: IgOrdered, given: Sequence[GivenDose], context: Context) -> tuple[date, ...]:
    """The planned days that are still to come: without those that a dose given has carried out.

    A dose given that names no order stands for one of an active order planned on that very day.
    """
    days = list(order.regimen.days.days)
    for dose in given:
        if not dose.day.exact:
            continue
        own = dose.order == order.ref
        today = order.status != "draft" and not dose.order and dose.day.last <= context.today
        if own and not order.regimen.days.own_start and days:
            days.pop(0)
        elif (own or today) and dose.day.last in days:
            days.remove(dose.day.last)
    return tuple(days)


def source_of(ref: str) -> str:
    """The source that a record of a dose stands in."""
    kind = ref.partition("/")[0]
    return next((source for source, kinds in SOURCES.items() if kind in kinds), ORDERS)


def spelled(order: IgOrdered, course: CourseDoses) -> str:
    """What adds up: "1000 mg/kg on 2026-11-18 (given, …) + 2 × 968 mg/kg (2026-11-20 to 2026-11-21) = 2935 mg/kg"."""
    parts = []
    for (ref, given, size), group in groupby(course.doses, key=lambda dose: (dose.ref, dose.given, dose.high)):
        days = [dose.day for dose in group]
        where = "" if ref == order.ref else f" ({'given, ' if given else ''}{ref})"
        if len(days) == 1:
            parts.append(f"{mg_per_kg(size)} on {days[0]}{where}")
        else:
            parts.append(f"{len(days)} × {mg_per_kg(size)} ({days[0]} to {days[-1]}){where}")
    return parts[0] if len(course.doses) == 1 else f"{' + '.join(parts)} = {mg_per_kg(course.high)}"


def _planned(order: IgOrdered, days: Iterable[date], kg: Decimal | None, *, adjusted: bool) -> Iterator[CourseDose]:
    if not order.amounts.usable:
        return
    left = list(days)
    for one in administrations(order.regimen, kg) if adjusted else order.amounts.each:
        if one.day in left:
            left.remove(one.day)
            yield CourseDose(one.day, one.low, one.high, order.ref, given=False)


def _open(other: IgOrdered) -> Iterator[Uncounted]:
    """Another order's days, where its dose or the number of its doses is not known."""
    if other.amounts.usable and other.regimen.days.course_known:
        return
    want = "number of doses" if other.amounts.usable else "dose"
    what = f"{other.drug.name} ({other.ref}), whose {want} is not known"
    for day in other.due:
        yield Uncounted(other.ref, Span(day, day), what)


def _size(dose: GivenDose, kg: Decimal | None, adjusted: bool) -> Decimal | None:
    if dose.mg_per_kg is not None and not adjusted:
        return dose.mg_per_kg
    return dose.grams * 1000 / kg if dose.grams is not None and kg else dose.mg_per_kg


def _fullest(mine: Sequence[CourseDose], doses: Sequence[CourseDose], context: Context) -> list[CourseDose]:
    window = timedelta(days=course_days(context))
    listed = sorted(doses, key=lambda dose: dose.day)
    days, own = [dose.day for dose in listed], sorted(dose.day for dose in mine)
    best, most = list[CourseDose](), Decimal(0)
    for start in dict.fromkeys(days):
        end = start + window
        if bisect_left(own, start) == bisect_left(own, end):
            continue
        inside = listed[bisect_left(days, start) : bisect_left(days, end)]
        together = round(total(inside), 6)  # quotients are not exact: of courses that come to the same the first counts
        if together > most:
            best, most = inside, together
    return sorted(best, key=lambda dose: (dose.day, dose.ref))


def _near(days: Span, best: Sequence[CourseDose], context: Context) -> bool:
    """Whether one of the days lies within a course of a dose counted."""
    window = timedelta(days=course_days(context))
    return bool(best) and best[-1].day - days.last < window and days.first - best[0].day < window
