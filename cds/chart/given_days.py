"""On which days a record says that a product was given, and how much each time.

Counted: administrations that are completed or under way, completed dispenses, immunizations and orders, statements of
use. What was stopped, held or has no known status counts only where a dose or a period shows that it had begun.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from cds.case import Resource
from cds.chart.given_plan import Administered, certain, followed
from cds.chart.parts import Context, Sizes
from cds.chart.periods import Days, period
from cds.chart.quantities import Dose, dose
from cds.errors import Unreadable
from cds.fhir import Span, span, status
from cds.fhir.quantities import number

_COUNTED: Mapping[str, frozenset[str]] = {
    "MedicationAdministration": frozenset({"completed", "in-progress"}),
    "MedicationDispense": frozenset({"completed"}),
    "MedicationStatement": frozenset({"active", "completed"}),
    "MedicationRequest": frozenset({"completed"}),
    "Immunization": frozenset({"completed"}),
}
_IF_BEGUN = frozenset({"stopped", "on-hold", "unknown", ""})
_SHOW_BEGIN = frozenset({"MedicationAdministration", "MedicationStatement"})


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
            found = list(followed(resource, _when(resource, context), strength, sizes, context))
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
    return Administered(certain(day), *_read(element, strength))


def _read(element: object, strength: Decimal | None) -> tuple[Dose | None, str]:
    if not element:
        return None, "no dose is written"
    try:
        return dose(element, strength), ""
    except Unreadable as fault:
        return None, fault.what


def _dispensed(resource: Resource, strength: Decimal | None, sizes: Sizes, context: Context) -> list[Administered]:
    """The doses of its dosage, or the quantity handed over where that is more than the dosage accounts for."""
    handed = certain(
        span(resource.get("whenHandedOver"), context.zone) or span(resource.get("whenPrepared"), context.zone)
    )
    doses = list(followed(resource, Days(handed, None), strength, sizes, context))
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
