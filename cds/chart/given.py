"""Immune globulin given before: administrations, immunization records, dispenses, statements and completed orders.

The same dose is often recorded more than once. What is nearer to the patient counts: an administration before an
immunization record, then a dispense, a statement, an order. Doses in mg/kg come from the record, else from the weight
at hand, and the sentence says which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from cds.case import Resource
from cds.chart import limits
from cds.chart.given_days import NotGiven, administered
from cds.chart.given_once import Record, once
from cds.chart.given_plan import Administered
from cds.chart.identify import Drug, drug
from cds.chart.parts import Context, GivenDose, Reading, Resolver, Sizes
from cds.chart.printed import number, when
from cds.chart.quantities import mg_per_kg
from cds.chart.reasons import reasons
from cds.errors import Unreadable
from cds.fhir import codings, instant, reference_key, resource_ref, status
from cds.fhir.read import items
from cds.knowledge import codes

_SOURCES: Mapping[str, str] = {
    "medicationAdministrations": "administration",
    "immunizations": "immunization record",
    "medicationDispenses": "dispense",
    "medicationStatements": "medication statement",
    "medicationRequests": "completed order",
}
_AT_HAND = frozenset({"draft", "active", "on-hold"})


def given_doses(
    sources: Mapping[str, Sequence[Resource]], sizes: Sizes, context: Context, resolve: Resolver
) -> tuple[tuple[GivenDose, ...], tuple[Reading, ...]]:
    """Every past dose once, oldest first, and how each record of immune globulin was read.

    `sources` holds the patient's resources by source. A record that may be immune globulin for a vein but cannot be
    told, or whose day cannot be read, is left out, and that is said.
    """
    records: list[Record] = []
    readings: list[Reading] = []
    for rank, source in enumerate(_SOURCES):
        for resource in _each(sources.get(source, ())):
            known = _identified(resource, context, resolve)
            if known is None:
                continue
            found, reading = _read(resource, source, rank, known, sizes, context, resolve)
            records += found
            limits.refuse_given(len(records), source)
            readings.append(reading)
    return once(records, context), tuple(readings)


def _each(resources: Sequence[Resource]) -> Iterator[Resource]:
    """Each resource once, without the orders that are not over: those are orders at hand."""
    seen: set[str] = set()
    for resource in resources:
        ref = resource_ref(resource)
        if ref in seen or (resource.get("resourceType") == "MedicationRequest" and status(resource) in _AT_HAND):
            continue
        if "/" in ref:
            seen.add(ref)
        yield resource


def _identified(resource: Resource, context: Context, resolve: Resolver) -> Drug | None:
    """The immune globulin that a record names, for a vein or undecided; None for anything else."""
    dosage = resource.get("dosageInstruction", resource.get("dosage"))
    order: dict[str, Any] = {**resource, "dosageInstruction": list(items(dosage)) or [{"route": resource.get("route")}]}
    if resource.get("resourceType") == "Immunization":
        order["medicationCodeableConcept"] = resource.get("vaccineCode")
    found = drug(order, resolve, context.knowledge)
    return found if found.is_ivig or found.undecided or _recorded_ig(resource, context) else None


def _recorded_ig(resource: Resource, context: Context) -> bool:
    """Whether an immunization record says by its own code that immune globulin was given."""
    read = (codes.read(coding.system, coding.code) for coding in codings(resource.get("vaccineCode")))
    return any(code is not None and context.knowledge.vaccines.is_ivig_given(code) for code in read)


def _read(
    resource: Resource, source: str, rank: int, known: Drug, sizes: Sizes, context: Context, resolve: Resolver
) -> tuple[list[Record], Reading]:
    ref, shown, linked = resource_ref(resource), known.named.shown, _linked(resource, resolve)
    order = min((key for key in linked if key.startswith("MedicationRequest/")), default="")
    name = known.name or "immune globulin"
    try:
        found = administered(resource, known.strength, sizes, context)
    except NotGiven as reason:
        return [], Reading(ref, source, f"{name}: {reason}", "ignored", shown)
    except Unreadable as fault:
        return [], Reading(ref, source, f"{name}: {fault.what}", "left out", shown)
    if not known.is_ivig and known.route != "intravenous" and not _recorded_ig(resource, context):
        return [], Reading(ref, source, f"{name}: which immune globulin it is cannot be told", "left out", shown)
    indication = _indication(resource, linked, context, resolve)
    records = []
    for one in found:
        by_kg, then, grams, worked = _amount(one, sizes)
        says = f"{name} given {_day(one)}, {worked} ({_SOURCES[source]})"
        product = known.identified.product if known.is_ivig else "unknown"
        ended = _ended(resource, context)
        dose = GivenDose(ref, one.day, by_kg, grams, product, indication, says, order, ended, then)
        records.append(Record(dose, rank, linked, one.ongoing))
    return records, Reading(ref, source, "; ".join(record.dose.says for record in records), "read", shown)


def _ended(resource: Resource, context: Context) -> datetime | None:
    """The moment an administration ended, where its time of day is written."""
    lasted = resource.get("effectivePeriod")
    end = lasted.get("end") if isinstance(lasted, Mapping) else resource.get("effectiveDateTime")
    return instant(end, context.zone) if resource.get("resourceType") == "MedicationAdministration" else None


def _day(one: Administered) -> str:
    if one.ongoing:
        return f"from {one.day.first}, counted until {one.day.last}"
    return when(one.day) if one.day.exact else f"{when(one.day)}, counted as {one.day.last}"


def _amount(one: Administered, sizes: Sizes) -> tuple[Decimal | None, Decimal | None, Decimal | None, str]:
    """mg/kg by the weight of now and by that of then, grams, and how they were computed."""
    if one.dose is None:
        return None, None, None, f"dose unknown: {one.why}"
    steps = one.dose.steps or one.dose.written
    if one.dose.per_kg:
        return one.dose.mg, one.dose.mg, sizes.kg * one.dose.mg / 1000 if sizes.kg else None, steps
    grams = one.dose.mg / 1000
    near, weighed = sizes.near(one.day.last)
    if not sizes.kg:
        return None, None, grams, f"{steps}, mg/kg unknown without a weight"
    if not near:
        return one.dose.mg / sizes.kg, None, grams, f"{steps}, mg/kg unknown: a child, not weighed near that day"
    then = one.dose.mg / near
    worked = f"{steps} ÷ {number(near)} kg{f' of {weighed}' if weighed else ''} = {mg_per_kg(then)}"
    return one.dose.mg / sizes.kg, then, grams, worked


def _linked(resource: Resource, resolve: Resolver) -> frozenset[str]:
    """The record itself and the records that it carries out or was made from, as "Type/id"."""
    linked = {resource_ref(resource)}
    for element in ("request", "authorizingPrescription", "basedOn", "derivedFrom", "partOf"):
        for reference in items(resource.get(element)):
            found = resolve(reference, resource)
            linked.add(resource_ref(found) if found is not None else reference_key(reference))
    return frozenset(key for key in linked if "/" in key or key.startswith("urn:"))


def _indication(resource: Resource, linked: frozenset[str], context: Context, resolve: Resolver) -> str:
    """The one reason of the record itself, else of a linked one; `unknown` where there is not just one."""
    told = [
        resource,
        *(order for ref in sorted(linked) if (order := resolve({"reference": ref}, resource)) is not None),
    ]
    for one in told:
        ids = reasons(one, resolve, context).ids
        if ids:
            return ids[0] if len(ids) == 1 else "unknown"
    return "unknown"
