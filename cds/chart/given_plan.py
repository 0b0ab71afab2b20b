"""The doses that a dosage stands for, followed day by day from its start up to its end or the evaluation day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from cds.case import Resource
from cds.chart.dosage import regimen
from cds.chart.parts import Context, Sizes
from cds.chart.periods import Days
from cds.chart.quantities import Dose
from cds.chart.schedule import schedule
from cds.errors import Unreadable
from cds.fhir import Span
from cds.fhir.read import items


@dataclass(frozen=True, slots=True)
class Administered:
    """One administration: its day, its dose where that can be read, else why not.

    `ongoing` where only a period of use is stated: doses on unknown days of it, the last one perhaps at its end.
    """

    day: Span
    dose: Dose | None
    why: str = ""
    ongoing: bool = False


def certain(days: Span | None) -> Span:
    """The day; raises Unreadable where there is none."""
    if days is None:
        raise Unreadable("the day it was given cannot be read")
    return days


def followed(
    resource: Resource, when: Days, strength: Decimal | None, sizes: Sizes, context: Context
) -> Iterator[Administered]:
    """Every dose of a statement, dispense or order; of a range of doses the upper end.

    Raises Unreadable where nothing tells its first day.
    """
    until = min(when.end.last, context.today) if when.end is not None else context.today
    start = when.start
    dosages = [dict(one) for one in items(resource.get("dosageInstruction", resource.get("dosage")))]
    if resource.get("effectivePeriod") and not any(one.get("timing") for one in dosages):
        first = certain(start)
        if first.first < until:
            yield Administered(Span(first.first, until), None, "how often it was given is not stated", ongoing=True)
            return
    anchor = start.last if start is not None else context.today
    try:
        bounded = [_bounded(one, anchor, until, context) for one in dosages]
        read = regimen({"dosageInstruction": bounded}, strength, sizes, replace(context, today=anchor))
    except OverflowError:
        raise Unreadable("its dosage leads past the end of the calendar") from None
    if not read.days.own_start:
        certain(start)
    if not read.days.course_known:
        yield Administered(Span(read.days.days[0], until), None, "how often it was given cannot be read", ongoing=True)
        return
    slack = (start.last - start.first) if start is not None and not read.days.own_start else timedelta()
    doses: list[tuple[date, Dose | None]] = [
        (day, step.written.high) for step in read.steps for day in step.schedule.days
    ]
    for day, amount in doses or [(day, None) for day in read.days.days]:
        if day - slack <= until:
            yield Administered(Span(day - slack, day), amount, read.why or ("" if amount else "no dose is written"))


def _bounded(dosage: dict[str, Any], start: date, until: date, context: Context) -> dict[str, Any]:
    """A dosage whose timing goes on without an end, ended on the last day on which it can have been given."""
    timing, window = dosage.get("timing"), int(context.values["dose.course_window_days"])
    if start > until or not schedule(timing, start, window, context.zone).endless:
        return dosage
    repeat = timing.get("repeat") if isinstance(timing, Mapping) else None
    bounds = repeat.get("boundsPeriod") if isinstance(repeat, Mapping) else None
    begin = bounds.get("start") if isinstance(bounds, Mapping) else None
    ended = {"start": begin or start.isoformat(), "end": until.isoformat()}
    return {**dosage, "timing": {**(timing or {}), "repeat": {**(repeat or {}), "boundsPeriod": ended}}}
