"""On which days a record says that a product was given, and how much each time.

Counted: administrations that are completed or under way, completed dispenses, immunizations and orders, statements of
use. What was stopped, held or has no known status counts only where a dose or a period shows that it had begun. The
dosage of a dispense, statement or order is followed day by day, up to its end or the evaluation day; of a range of
doses the upper end counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from cds.case import Resource
from cds.chart.dosage import regimen
from cds.chart.parts import Context, Sizes
from cds.chart.periods import Days, period
from cds.chart.quantities import Dose, dose
from cds.chart.schedule import schedule
from cds.errors import Unreadable
from cds.fhir import Span, span, status
from cds.fhir.quantities import number
from cds.fhir.read import items

_COUNTED: Mapping[str, frozenset[str]] = {
    "MedicationAdministration": frozenset({"completed", "in-progress"}),
    "MedicationDispense": frozenset({"completed"}),
    "MedicationStatement": frozenset({"active", "completed"}),
    "MedicationRequest": frozenset({"completed"}),
    "Immunization": frozenset({"completed"}),
}
_IF_BEGUN = frozenset({"stopped", "on-hold", "unknown", ""})
_SHOW_BEGIN = frozenset({"MedicationAdministration", "MedicationStatement"})


@dataclass(frozen=True, slots=True)
class Administered:
    """One administration: its day, its dose where that can be read, else why not.

    `ongoing` where only a period of use is stated: doses on unknown days of it, the last one perhaps at its end.
    """

    day: Span
    dose: Dose | None
    why: str = ""
    ongoing: bool = False


class NotGiven(Exception):
    """The record does not say that anything was given; the text says why."""


def administered(
    resource: Resource, strength: Decimal | None, sizes: Sizes, context: Context
) -> tuple[Administered, ...]:
    """The administrations that one resource stands for, none of them after the evaluation day.

    Raises NotGiven where it does not count, Unreadable where it may but its day cannot be read.
    """
    kind, state = str(resource.get("resourceType")), status(resource)
    if state not in _COUNTED[kind] and not (state in _IF_BEGUN and kind in _SHOW_BEGIN and _begun(resource)):
        raise NotGiven(f"status {state or 'missing'}")
    match kind:
        case "MedicationAdministration" | "Immunization":
            found = [_once(resource, strength, context)]
        case "MedicationDispense":
            found = _dispensed(resource, strength, sizes, context)
        case _:
            found = list(_followed(resource, _when(resource, context), strength, sizes, context))
    past = [
        replace(one, day=Span(one.day.first, min(one.day.last, context.today)))
        for one in found
        if one.day.first <= context.today
    ]
    if not past:
        raise NotGiven("dated in the future")
    if all(one.dose is not None and not one.dose.mg for one in past):
        raise NotGiven("a dose of nothing")
    return tuple(past)


def _begun(resource: Resource) -> bool:
    dosage = resource.get("dosage")
    given = dosage.get("dose") if isinstance(dosage, Mapping) else None
    amount = number(given.get("value")) if isinstance(given, Mapping) else None
    lasted = resource.get("effectivePeriod")
    return bool(amount and amount > 0) or (isinstance(lasted, Mapping) and bool(lasted.get("start")))


def _day(days: Span | None) -> Span:
    if days is None:
        raise Unreadable("the day it was given cannot be read")
    return days


def _once(resource: Resource, strength: Decimal | None, context: Context) -> Administered:
    zone = context.zone
    lasted = period(resource.get("effectivePeriod"), zone)
    day = (
        span(resource.get("effectiveDateTime"), zone)
        or lasted.end
        or lasted.start
        or span(resource.get("occurrenceDateTime"), zone)
        or span(resource.get("occurrenceString"), zone)
    )
    dosage = resource.get("dosage")
    element = dosage.get("dose") if isinstance(dosage, Mapping) else resource.get("doseQuantity")
    return Administered(_day(day), *_read(element, strength))


def _read(element: object, strength: Decimal | None) -> tuple[Dose | None, str]:
    if not element:
        return None, "no dose is written"
    try:
        return dose(element, strength), ""
    except Unreadable as fault:
        return None, fault.what


def _dispensed(resource: Resource, strength: Decimal | None, sizes: Sizes, context: Context) -> list[Administered]:
    """The doses of its dosage, or the quantity handed over where that is more than the dosage accounts for."""
    handed = _day(
        span(resource.get("whenHandedOver"), context.zone) or span(resource.get("whenPrepared"), context.zone)
    )
    doses = list(_followed(resource, Days(handed, None), strength, sizes, context))
    quantity, _ = _read(resource.get("quantity"), strength)
    if quantity is None or quantity.per_kg:
        return doses
    known = [one.dose.mg for one in doses if one.dose is not None and not one.dose.per_kg]
    if any(one.dose is not None and one.dose.per_kg for one in doses) or (known and sum(known) >= quantity.mg):
        return doses
    return [Administered(doses[-1].day if doses else handed, quantity)]


def _when(resource: Resource, context: Context) -> Days:
    """The first day of a statement or order, and the last one where it has an end."""
    zone = context.zone
    if resource.get("resourceType") == "MedicationRequest":
        request = resource.get("dispenseRequest")
        valid = period(request.get("validityPeriod"), zone) if isinstance(request, Mapping) else Days()
        return Days(span(resource.get("authoredOn"), zone), valid.end)
    moment = span(resource.get("effectiveDateTime"), zone)
    if moment is not None:
        return Days(moment, None if status(resource) == "active" else moment)
    lasted = period(resource.get("effectivePeriod"), zone)
    return Days(lasted.start or lasted.end, lasted.end)


def _followed(
    resource: Resource, when: Days, strength: Decimal | None, sizes: Sizes, context: Context
) -> Iterator[Administered]:
    until = min(when.end.last, context.today) if when.end is not None else context.today
    start = when.start
    dosages = [dict(one) for one in items(resource.get("dosageInstruction", resource.get("dosage")))]
    if resource.get("effectivePeriod") and not any(one.get("timing") for one in dosages):
        first = _day(start)
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
        _day(start)
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
