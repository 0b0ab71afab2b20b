"""Conditions of the problem list and of encounters, as concepts: what the patient has, or had.

Refuted, differential and future entries are no conditions. A partial date counts as the last day it may mean: an acute
condition then counts as recent if it may be, and one is called late only if it surely is. It started on the later
of onset and record: one that is recorded now was found now, however long ago it began. An entry without a clinical
status is over where it has an end, and else counts as active.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from cds.case import Resource
from cds.chart.named import Concepts, concepts_of
from cds.chart.parts import Context, Reading
from cds.chart.printed import when
from cds.chart.reasons import recognised
from cds.facts import Condition
from cds.fhir import Span, reference_key, resource_ref, span, status

_SOURCE = "conditions"
_ACTIVE = frozenset({"active", "recurrence", "relapse"})
_PAST = frozenset({"inactive", "remission", "resolved"})
_HELD = frozenset({"", "confirmed", "provisional", "unconfirmed"})
_DENIED = frozenset({"refuted", "differential", "entered-in-error"})


@dataclass(frozen=True, slots=True)
class _Dates:
    onset: Span | None
    recorded: Span | None

    @property
    def started(self) -> Span | None:
        known = [day for day in (self.onset, self.recorded) if day is not None]
        return max(known, key=lambda day: day.last, default=None)

    @property
    def says(self) -> str:
        told = [f"onset {when(self.onset)}"] if self.onset is not None else []
        if self.recorded is not None and self.started == self.recorded != self.onset:
            told.append(f"recorded {when(self.recorded)}")
        return ", ".join(told) or "undated"


def read_conditions(found: Iterable[Resource], context: Context) -> tuple[tuple[Condition, ...], tuple[Reading, ...]]:
    """The newest entry of every concept and state; beside it one without a date, and one of this encounter."""
    newest: dict[tuple[object, ...], Condition] = {}
    readings: list[Reading] = []
    for resource in found:
        named = concepts_of(resource.get("code"), context.knowledge)
        reading, facts = _read(resource, named, context)
        readings.append(reading)
        for fact in facts:
            key = fact.concept, fact.state, fact.started is None, fact.this_encounter
            before = newest.get(key)
            if before is None or _day(fact) > _day(before):
                newest[key] = fact
    return tuple(newest.values()), tuple(readings)


def _read(resource: Resource, named: Concepts, context: Context) -> tuple[Reading, list[Condition]]:
    ref = resource_ref(resource)
    ids = sorted(named.ids - context.knowledge.terms["allergen"])
    if not ids:
        reasons = dict.fromkeys(id for id, _ in recognised(resource.get("code"), context.knowledge))
        if not reasons:
            return Reading(ref, _SOURCE, "no concept that is watched", "not recognized", named.shown), []
        names = ", ".join(map(context.knowledge.indications.name, reasons))
        return Reading(ref, _SOURCE, f"{names}: counts only as the reason of an order", "ignored", named.shown), []
    what = ", ".join(context.knowledge.concepts.name(id) for id in ids)
    verified, state = status(resource, "verificationStatus"), _state(resource)
    if verified in _DENIED:
        return Reading(ref, _SOURCE, f"{what}: {verified}", "ignored", named.shown), []
    if state is None or verified not in _HELD:
        return Reading(ref, _SOURCE, f"{what}: its status is not known", "left out", named.shown), []
    dates = _dates(resource, context)
    began = dates.onset or dates.recorded
    if began is not None and began.first > context.today:
        return Reading(ref, _SOURCE, f"{what}: dated in the future", "ignored", named.shown), []
    words = [state, dates.says]
    if verified in ("provisional", "unconfirmed"):
        words.append(verified)
    if named.from_text:
        words.append("read from text")
    facts = [
        Condition(
            ref=ref,
            says=f"{context.knowledge.concepts.name(id)} ({', '.join(words)})",
            concept=id,
            state=state,
            started=_last(dates.started, context.today),
            onset=_last(dates.onset, context.today),
            this_encounter=_here(resource, context),
        )
        for id in ids
    ]
    return Reading(ref, _SOURCE, f"{what} ({', '.join(words)})", "read", named.shown), facts


def _state(resource: Resource) -> str | None:
    """`active` or `past`; None for a status that FHIR does not have."""
    clinical = status(resource, "clinicalStatus")
    if clinical in _ACTIVE:
        return "active"
    if clinical in _PAST:
        return "past"
    if clinical:
        return None
    return "past" if any(name.startswith("abatement") and value for name, value in resource.items()) else "active"


def _dates(resource: Resource, context: Context) -> _Dates:
    period = resource.get("onsetPeriod")
    start = period.get("start") if isinstance(period, Mapping) else None
    onset = span(resource.get("onsetDateTime"), context.zone) or span(start, context.zone)
    return _Dates(onset, span(resource.get("recordedDate"), context.zone))


def _last(day: Span | None, today: date) -> date | None:
    return min(day.last, today) if day is not None else None


def _here(resource: Resource, context: Context) -> bool:
    """Whether it is a diagnosis of the encounter of the call."""
    if not context.encounter_id:
        return False
    here = context.encounter_id.removeprefix("Encounter/")
    return reference_key(resource.get("encounter")) in (here, f"Encounter/{here}")


def _day(fact: Condition) -> date:
    return fact.started or date.min
