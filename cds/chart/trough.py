"""IgG troughs: results drawn long enough after a dose of immune globulin, or on the day of the next one.

A level within days after an infusion is a peak, and one before the first dose is the patient's own: neither is a
trough. Drawn on the day of a dose, a level is from before it unless the times say otherwise; but not in the middle of
a course of several days. Where a date leaves open which of these it is, that is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from cds.chart.given_courses import course_days, courses
from cds.chart.labs import hull
from cds.chart.measured import Result, newest
from cds.chart.parts import Context, GivenDose, PlannedOrder
from cds.chart.printed import fact_number, when
from cds.chart.result_value import IGG
from cds.facts import Trough
from cds.fhir import Span


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A result that is a trough, or may be one, and the words for when it was drawn."""

    result: Result
    certain: bool
    says: str


def troughs(
    results: Iterable[Result], given: Sequence[GivenDose], planned: Sequence[PlannedOrder], context: Context
) -> Iterator[Trough]:
    """The newest trough, and the newest result after it that may be one."""
    usable = [one for one in results if one.measurement == IGG and one.value.bounds is not None]
    dosed = {day for order in planned for day in order.days} & {context.today}
    drawn: list[_Drawn] = []
    for _, alike in groupby(sorted(usable, key=_first_day, reverse=True), key=_first_day):
        settled = any(one.certain for one in drawn)
        levels = [one for one in alike if not settled or one.day is None or not one.day.exact]
        drawn += [found for one in levels if (found := _drawn(one, given, dosed, context)) is not None]
    last = _newest(one for one in drawn if one.certain)
    open_ = _newest(one for one in drawn if not one.certain)
    if last:
        yield _fact(last, context)
    if open_ and (not last or _last_day(open_[0].result, context) > _last_day(last[0].result, context)):
        yield _fact(open_, context)


def _drawn(result: Result, given: Sequence[GivenDose], dosed: set[date], context: Context) -> _Drawn | None:
    """How a result lies to the doses; None for one that surely is no trough."""
    least = int(context.values["igg_trough.after_days"])
    day = result.day or Span(date.min, context.today)
    before = [dose for dose in given if dose.day.first <= day.last and not _follows(dose, result)]
    if not before:
        return None
    last = max(before, key=lambda dose: (min(dose.day.last, day.last), dose.ref))
    fewest = (day.first - min(last.day.last, day.last)).days
    after = f"{fewest} days after the last dose ({when(last.day)})"
    if day.exact and fewest >= least:
        return _Drawn(result, True, f"drawn {after}")
    next_dose = day.exact and (any(_follows(dose, result) for dose in given) or day.first in dosed)
    new = _new_course(before, day.first, context) if next_dose else False
    if new:
        return _Drawn(result, True, f"drawn on the day of the next dose, {after}")
    surely = [dose.day.first for dose in before if dose.day.last < day.first or (dose.day.exact and dose.day == day)]
    if new is False and surely and (day.last - max(surely)).days < least:
        return None
    return _Drawn(result, False, "how long after the last dose it was drawn cannot be told")


def _follows(dose: GivenDose, result: Result) -> bool:
    """Whether the dose was given on the day of the draw, and after it as far as the times tell."""
    same = dose.day.exact and dose.day == result.day
    return same and not (result.moment and dose.at and result.moment > dose.at)


def _new_course(before: Sequence[GivenDose], day: date, context: Context) -> bool | None:
    """Whether a dose on this day begins another course than those before it; None where dates leave it open."""
    window = timedelta(days=course_days(context))
    if any(not dose.day.exact and dose.day.last > day - window for dose in before):
        return None
    return day - courses(before, context)[-1].first_day >= window


def _newest(drawn: Iterable[_Drawn]) -> list[_Drawn]:
    listed = list(drawn)
    last = newest(one.result for one in listed)
    return [one for one in listed if one.result in last]


def _first_day(result: Result) -> date:
    return result.first_day


def _last_day(result: Result, context: Context) -> date:
    return result.day.last if result.day else context.today


def _fact(drawn: Sequence[_Drawn], context: Context) -> Trough:
    """One fact of results that are equally new: what they all leave possible."""
    limits = hull(one.result.value.bounds for one in drawn if one.result.value.bounds is not None)
    return Trough(
        ref=drawn[0].result.ref,
        says="; ".join(dict.fromkeys(f"{one.result.says}, {one.says}" for one in drawn)),
        certain=drawn[0].certain,
        at_least=None if limits.at_least is None else fact_number(limits.at_least),
        at_most=None if limits.at_most is None else fact_number(limits.at_most),
        open_high=limits.open_high,
        day=_last_day(drawn[0].result, context),
    )
