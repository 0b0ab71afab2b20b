"""Measles-, mumps-, rubella- and varicella-containing vaccines, ordered in this call or given before.

Other vaccines make no fact. An order is a MedicationRequest or a ServiceRequest of the call that is draft, active or on
hold; its planned day is its own timing, never the day it was written. A given vaccine is a completed Immunization.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from cds.case import ORDERS, Resource
from cds.chart.medication import Named, medication, of_concepts
from cds.chart.parts import Context, Reading, Resolver, Verdict
from cds.chart.periods import dosages, period, timing
from cds.chart.printed import when
from cds.facts import VaccineGiven, VaccineOrder
from cds.fhir import Span, resource_ref, span, status
from cds.knowledge.vaccines import VaccineMatch

_OVER = frozenset({"completed", "stopped", "cancelled", "revoked", "ended", "entered-in-error"})


def vaccine_orders(
    orders: Sequence[Resource], selections: frozenset[str] | None, context: Context, resolve: Resolver
) -> tuple[tuple[VaccineOrder, ...], tuple[Reading, ...]]:
    """The vaccine orders of the call, and how each was read. `selections` as "Type/id", None where all are selected."""
    facts: list[VaccineOrder] = []
    readings: list[Reading] = []
    for resource, named, match in _vaccines(orders, context, resolve):
        ref, state = resource_ref(resource), status(resource)
        if state in _OVER or resource.get("doNotPerform") is True:
            why = f"status {state}" if state in _OVER else "an order not to give it"
            readings.append(Reading(ref, ORDERS, f"{match.name}: {why}", "ignored", named.shown))
            continue
        planned, how = _planned(resource, context)
        says = f"{_name(match, named)} ordered, {how}{_from_text(match)}"
        selected = selections is None or ref in selections
        facts.append(VaccineOrder(ref=ref, says=says, selected=selected, name=match.name, planned=planned))
        readings.append(Reading(ref, ORDERS, says, "read", named.shown))
    return tuple(facts), tuple(readings)


def vaccines_given(
    immunizations: Sequence[Resource], context: Context
) -> tuple[tuple[VaccineGiven, ...], tuple[Reading, ...]]:
    """The vaccines given, and how each was read. One without a readable day is left out, and that is said."""
    facts: list[VaccineGiven] = []
    readings: list[Reading] = []
    for resource in immunizations:
        named = of_concepts([resource.get("vaccineCode")])
        match = context.knowledge.vaccines.classify(named.codes, named.texts)
        if resource.get("resourceType") != "Immunization" or match is None or not match.affected:
            continue
        ref, state = resource_ref(resource), status(resource)
        day = span(resource.get("occurrenceDateTime"), context.zone) or span(
            resource.get("occurrenceString"), context.zone
        )
        verdict: Verdict = "read"
        if state != "completed":
            what, verdict = f"{match.name}: status {state or 'missing'}", "ignored"
        elif day is None:
            what, verdict = f"{match.name}: the day it was given cannot be read", "left out"
        elif day.first > context.today:
            what, verdict = f"{match.name}: dated in the future", "ignored"
        else:
            what = f"{_name(match, named)} given {when(day)}{_from_text(match)}"
            latest = min(day.last, context.today)
            facts.append(VaccineGiven(ref=ref, says=what, name=match.name, earliest=day.first, latest=latest))
        readings.append(Reading(ref, "immunizations", what, verdict, named.shown))
    return tuple(facts), tuple(readings)


def _vaccines(
    orders: Sequence[Resource], context: Context, resolve: Resolver
) -> Iterator[tuple[Resource, Named, VaccineMatch]]:
    for resource in orders:
        match resource.get("resourceType"):
            case "MedicationRequest":
                named = medication(resource, resolve)
            case "ServiceRequest":
                named = of_concepts([resource.get("code"), *_listed(resource.get("orderDetail"))])
            case _:
                continue
        found = context.knowledge.vaccines.classify(named.codes, named.texts)
        if found is not None and found.affected:
            yield resource, named, found


def _planned(resource: Mapping[str, Any], context: Context) -> tuple[date, str]:
    """The planned day with its words; of a day that is only known as a span, the earliest that is not past."""
    zone = context.zone
    occurrence = resource.get("occurrenceDateTime")
    stated: Span | None = (
        dosages(resource.get("dosageInstruction"), zone).start
        or timing(resource.get("occurrenceTiming"), zone).start
        or period(resource.get("occurrencePeriod"), zone).start
        or span(occurrence, zone)
    )
    if stated is None:
        unread = " (its own date cannot be read)" if occurrence else ""
        return context.today, f"no planned day, taken as {context.today}{unread}"
    if stated.exact:
        return stated.first, f"planned {stated.first}"
    day = max(stated.first, min(stated.last, context.today))
    return day, f"planned {when(stated)}, counted as {day}"


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _name(match: VaccineMatch, named: Named) -> str:
    label = named.label or match.name
    return label if match.name.lower() in label.lower() else f"{label} ({match.name})"


def _from_text(match: VaccineMatch) -> str:
    return ", read from text" if match.from_text else ""
