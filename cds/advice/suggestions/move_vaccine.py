"""A vaccine order moved to the first day on which the vaccine takes, in the client's own resource.

Only the planned day is changed, and what hangs on it: the end of a period keeps its distance. The day is written
without a time, which would be that of another day. An order whose timing has another shape is left as it is, and so is
one that is urgent, that ends before that day or whose words tell another, and one that no day would suit, because
immune globulin goes on without an end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from cds.advice.changes import copied, extended, remarks
from cds.advice.suggested import Action, Kind, Material, Suggestion
from cds.case import Resource
from cds.errors import Unreadable
from cds.facts import Clearance, VaccineOrder
from cds.fhir import codings, texts
from cds.fhir.read import clean, items
from cds.findings import Finding

_BEFORE = "live_vaccine.before_days"
"""The value that says how many days before an infusion a vaccine is lost."""
_AT, _FOR, _TIMING, _DOSAGE = "occurrenceDateTime", "occurrencePeriod", "occurrenceTiming", "dosageInstruction"
_DATED = re.compile(r"\s*\d{4}(?:-\d\d|\s*$)")
_MONTHS = "jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec"
_WHEN = re.compile(
    r"\d{4}-\d\d|\d/\d|\d\.\d{1,2}\.\d"
    r"|\b(?:today|tonight|tomorrow|now|stat|asap|immediately|urgent(?:ly)?|discharge|visit|appointment|days?|weeks?|months?"
    rf"|morning|afternoon|evening|(?:this|next|coming)\b|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:{_MONTHS})"
    r"|january|february|march|april|june|july|august|september|october|november|december|may \d{1,2}|\d{1,2} may)\b",
    re.IGNORECASE,
)


def _other_shape() -> Unreadable:
    return Unreadable("its timing has a shape that is not understood")


def _move(finding: Finding, material: Material, _: str) -> Iterable[Suggestion]:
    vaccine = finding.about
    order = material.selected(vaccine.ref)
    if not isinstance(vaccine, VaccineOrder) or order is None:
        return
    day = _clear(finding, material)
    if day is None:
        return
    try:
        moved = _moved(order, day)
    except Unreadable:
        return
    label = f"Move {vaccine.name} to {day}"
    action = Action("update", f"Plan {vaccine.name} for {day}, the first day on which it takes", moved)
    yield Suggestion(label, (action,), finding.tier != "info")


def _clear(finding: Finding, material: Material) -> date | None:
    """The first day from the one that the card names on which no immune globulin given or planned is in the way.

    None where it is not known how long before an infusion a vaccine is lost, or where infusions go on without an end.
    """
    before = material.values.get(_BEFORE)
    day: date | None = max((clear.clear_day for clear in finding.each.get("clear", ())), default=None)
    if day is None or before is None:
        return None
    for one in sorted(material.facts_of(Clearance), key=lambda one: one.first_day):
        if (one.first_day - day).days > before:
            continue
        if one.ongoing:
            return None
        day = max(day, one.clear_day)
    return day


def _moved(order: Resource, day: date) -> Resource:
    """The order planned for `day`. Raises Unreadable where anything in it may tell another."""
    order = copied(order)
    if order.get("priority", "routine") != "routine" or not _valid_on(day, order.get("dispenseRequest")):
        raise Unreadable("it is wanted sooner")
    if any(map(_WHEN.search, _words(order))):
        raise Unreadable("its words tell a day")
    type_ = order["resourceType"]
    written = {name for name in order if name.lstrip("_").startswith(("occurrence", _DOSAGE))}
    if type_ == "MedicationRequest" and written <= {_DOSAGE}:
        return {**order, _DOSAGE: _dosages(order.get(_DOSAGE), day)}
    name = next(iter(written), _AT)
    if type_ == "ServiceRequest" and len(written) < 2 and name in _OCCURRENCES:
        return {**order, name: _OCCURRENCES[name](order.get(name), day)}
    raise _other_shape()


def _dosages(dosages: object, day: date) -> list[Resource]:
    match dosages:
        case None | []:
            return [{"timing": _timing(None, day)}]
        case [Mapping() as only] if "_timing" not in only:
            return [{**only, "timing": _timing(only.get("timing"), day)}]
    raise _other_shape()


def _words(order: Resource) -> Iterator[str]:
    """Whatever in an order may tell its day in words."""
    yield from (clean(order.get("patientInstruction")), *remarks(order), *extended(order))
    timings = [order.get(_TIMING)]
    for line in items(order.get(_DOSAGE)):
        yield from (clean(line.get("text")), clean(line.get("patientInstruction")))
        timings.append(line.get("timing"))
    coded = [timing.get("code") for timing in timings if isinstance(timing, Mapping)]
    for concept in (*coded, *items(order.get("orderDetail"))):
        yield from texts(concept)
        yield from (coding.code for coding in codings(concept))


def _valid_on(day: date, request: object) -> bool:
    """Whether what is dispensed may still be on that day."""
    period = request.get("validityPeriod") if isinstance(request, Mapping) else None
    if period is None:
        return True
    if not isinstance(period, Mapping):
        return False
    with suppress(ValueError):
        return "end" not in period or date.fromisoformat(clean(period["end"])[:10]) >= day
    return False


def _timing(timing: Any, day: date) -> Resource:
    """Its only event, or the period that it repeats in; one that there is not is made of an event."""
    match timing:
        case None:
            return {"event": [day.isoformat()]}
        case {"event": [only], **rest} if not rest.keys() & {"repeat", "_event"}:
            return {**timing, "event": [_date(only, day)]}
        case {"repeat": {"boundsPeriod": bounds} as repeat} if not timing.keys() & {"event", "_event"}:
            return {**timing, "repeat": {**repeat, "boundsPeriod": _period(bounds, day)}}
    raise _other_shape()


def _period(period: Any, day: date) -> Resource:
    match period:
        case {"start": start, **rest} if not rest.keys() & {"_start", "_end"}:
            ends = {"end": _after(day, start, rest["end"]).isoformat()} if "end" in rest else {}
            return {**period, "start": _date(start, day), **ends}
    raise _other_shape()


def _date(written: Any, day: date) -> str:
    """The day in place of a date; nothing written is no date either."""
    if written is None or (isinstance(written, str) and _DATED.match(written)):
        return day.isoformat()
    raise _other_shape()


def _after(day: date, start: Any, end: Any) -> date:
    """As many days after `day` as the end of a period is after its start, both written as whole days at least."""
    try:
        return day + (date.fromisoformat(end.strip()[:10]) - date.fromisoformat(start.strip()[:10]))
    except (AttributeError, ValueError, OverflowError):
        raise _other_shape() from None


_OCCURRENCES: Mapping[str, Callable[[Any, date], str | Resource]] = {_AT: _date, _FOR: _period, _TIMING: _timing}

KIND = Kind(_move)
