"""Observations as results of the measurements we know: value, date, and what keeps it from being used.

A number with an unknown unit, an implausible one, or none at all is a result with a `trouble`: never compared, and told
where nothing newer stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from cds.case import Resource
from cds.chart.medication import Named, of_concepts
from cds.chart.named import measurement_of
from cds.chart.parts import Context, Reading
from cds.chart.printed import measurement_name, when
from cds.chart.result_value import Value, read_value
from cds.fhir import Span, instant, resource_ref, span, status
from cds.fhir.read import items
from cds.knowledge import Knowledge

_USABLE = frozenset({"final", "amended", "corrected", "preliminary"})
_NO_RESULT = frozenset({"registered", "cancelled"})
_SOURCES = {"body_weight": "vitals", "body_height": "vitals", "glucose_meter": "glucoseMeter"}
"""Where rules look for a measurement that is no laboratory result."""


@dataclass(frozen=True, slots=True)
class Result:
    """One value of a measurement; `source` is the one that rules read such results from.

    `day` are the days it may be of, none after today; None where it is undated. `dated` is its date as people read it,
    `moment` the time of the draw where one is written, in the site's zone; `how` tells how it was computed.
    """

    ref: str
    source: str
    measurement: str
    value: Value
    day: Span | None = None
    dated: str = "undated"
    moment: datetime | None = None
    how: str = ""

    @property
    def written(self) -> str:
        """Name and value: "creatinine 150 umol/L = 1.6968 mg/dL"."""
        return f"{measurement_name(self.measurement)} {self.value.words}"

    @property
    def says(self) -> str:
        """The result as evidence: name, value and date."""
        return f"{self.written} ({', '.join(filter(None, [self.dated, self.how]))})"

    @property
    def first_day(self) -> date:
        """The first day it may be of."""
        return self.day.first if self.day else date.min


def read_results(found: Iterable[tuple[str, Resource]], context: Context) -> tuple[list[Result], list[Reading]]:
    """The results in (source, Observation) pairs, each Observation once, and how each was read."""
    results: list[Result] = []
    readings: list[Reading] = []
    seen: set[str] = set()
    for source, resource in found:
        ref = resource_ref(resource)
        if ref in seen:
            continue
        if "/" in ref:
            seen.add(ref)
        named = of_concepts([resource.get("code")])
        found_here, what = _observation(resource, named, context)
        results += found_here
        shown = named.shown
        if isinstance(what, str):
            readings.append(Reading(ref, source, what, "ignored", shown))
        elif not found_here:
            readings.append(Reading(ref, source, "not a measurement that is read", "not recognized", shown))
        else:
            readings.append(Reading(ref, source, ", ".join(result.says for result in found_here), "read", shown))
    return results, readings


def newest(results: Iterable[Result]) -> list[Result]:
    """The newest by their own dates; several where the dates cannot tell which came last."""
    listed = list(results)
    last_day = max((result.first_day for result in listed), default=None)
    listed = [result for result in listed if result.first_day == last_day]
    last = max((result.moment for result in listed if result.moment), default=None)
    return [result for result in listed if result.moment is None or result.moment == last]


def left_out(results: Iterable[Result], used: Iterable[Result], behind: Mapping[str, str]) -> list[Reading]:
    """Readings of the results in trouble that nothing newer of the same measurement makes good.

    They leave their own measurement not known, and that which is computed from it where `behind` names one.
    """
    good = {result.measurement: result for result in used}

    def missed(measurement: str, result: Result) -> bool:
        better = good.get(measurement)
        return better is None or better.first_day <= result.first_day

    readings = []
    for result in results:
        if not result.value.trouble or not missed(result.measurement, result):
            continue
        what = f"{result.says} was not used: {result.value.trouble}"
        computed = behind.get(result.measurement)
        parts = (result.measurement, computed) if computed and missed(computed, result) else (result.measurement,)
        readings.append(Reading(result.ref, result.source, what, "left out", parts=parts))
    return readings


def _observation(resource: Resource, named: Named, context: Context) -> tuple[list[Result], str | None]:
    """The results of one Observation, or none and why; no reason where it is no measurement of ours."""
    parts = list(_parts(resource, named, context.knowledge))
    if not parts:
        return [], None
    state = status(resource)
    day, moment = _dated(resource, context.zone)
    if state in _NO_RESULT:
        return [], f"status {state}: no result"
    if day is not None and day.first > context.today:
        return [], "dated in the future"
    possible = Span(day.first, min(day.last, context.today)) if day is not None else None
    results = []
    for measurement, holder in parts:
        source = _SOURCES.get(measurement, "labs")
        value = read_value(measurement, holder, context.knowledge.measurements)
        if value is not None and state not in _USABLE:
            value = Value(value.words, trouble="its status is missing or not known")
        if value is not None:
            results.append(Result(resource_ref(resource), source, measurement, value, possible, when(day), moment))
    return results, None if results else "no value"


def _parts(resource: Resource, named: Named, known: Knowledge) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What was measured, with the element that holds its value: the Observation itself and its components."""
    own = measurement_of(resource.get("code"), named, known)
    if own is not None:
        yield own, resource
    for part in items(resource.get("component")):
        measurement = measurement_of(part.get("code"), of_concepts([part.get("code")]), known)
        if measurement is not None:
            yield measurement, part


def _dated(resource: Resource, zone: tzinfo) -> tuple[Span | None, datetime | None]:
    """The days it may be of, and its time: effective date, else effective period, else when it was issued."""
    period = resource.get("effectivePeriod")
    ends = (period.get("start"), period.get("end")) if isinstance(period, Mapping) else ()
    for written in (resource.get("effectiveDateTime"), resource.get("effectiveInstant")):
        if (day := span(written, zone)) is not None:
            return day, _local(written, zone)
    spans = [day for end in ends if (day := span(end, zone)) is not None]
    if spans and spans[0].first <= spans[-1].last:
        return Span(spans[0].first, spans[-1].last), None
    issued = resource.get("issued")
    return span(issued, zone), _local(issued, zone)


def _local(written: object, zone: tzinfo) -> datetime | None:
    moment = instant(written, zone)
    return moment.astimezone(zone) if moment is not None else None
