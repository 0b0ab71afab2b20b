"""When something written in FHIR begins and ends: Periods and Timings as the days they may mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from cds.fhir import Span, span
from cds.fhir.read import items


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day of something, each as the days it may mean; None where it is not stated."""

    start: Span | None = None
    end: Span | None = None

    @property
    def stated(self) -> bool:
        return self.start is not None or self.end is not None


def period(value: object, zone: tzinfo) -> Days:
    """A FHIR Period."""
    if not isinstance(value, Mapping):
        return Days()
    return Days(span(value.get("start"), zone), span(value.get("end"), zone))


def timing(value: object, zone: tzinfo) -> Days:
    """A FHIR Timing: its events, else its boundsPeriod."""
    if not isinstance(value, Mapping):
        return Days()
    written = value.get("event")
    events = sorted(
        day for one in (written if isinstance(written, list) else [written]) if (day := span(one, zone)) is not None
    )
    if events:
        return Days(events[0], events[-1])
    repeat = value.get("repeat")
    return period(repeat.get("boundsPeriod"), zone) if isinstance(repeat, Mapping) else Days()


def dosages(value: object, zone: tzinfo) -> Days:
    """All Dosages of an order: the earliest start; the latest end, unless one of them goes on without an end."""
    each = [timing(dosage.get("timing"), zone) for dosage in items(value)]
    starts = [days.start for days in each if days.start is not None]
    ends = [days.end for days in each if days.end is not None]
    return Days(min(starts, default=None), max(ends) if ends and len(ends) == len(each) else None)
