"""Full validation of an order against FHIR R4, by the fhir.resources models. Errors never hold a value of the order.

An order with a fault in what nobody reads is still an order: what is read of it is validated by itself then, and the
fault is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fhir.resources.R4B.medicationrequest import MedicationRequest
from pydantic import ValidationError

from cds.case import Resource
from cds.errors import Unreadable
from cds.fhir import status
from cds.fhir.read import items

_STATUSES = frozenset(
    {"active", "on-hold", "cancelled", "completed", "entered-in-error", "stopped", "draft", "unknown"}
)
_INTENTS = frozenset(
    {"proposal", "plan", "order", "original-order", "reflex-order", "filler-order", "instance-order", "option"}
)
_DOSAGE = "dosageInstruction"
_CONCEPT = "medicationCodeableConcept"
_READ = (
    *("resourceType", "subject", "contained", _CONCEPT, "medicationReference", "reasonCode", "reasonReference"),
    *(_DOSAGE, "priorPrescription", "doNotPerform"),
)
_READ_DOSAGE = (
    *("sequence", "text", "patientInstruction", "timing", "route", "doseAndRate"),
    *("maxDosePerPeriod", "maxDosePerAdministration", "maxDosePerLifetime"),
)
_DOSING = re.compile(r"dos|rate|tim|quant|repeat|freq|route|max|min|period", re.IGNORECASE)
"""An unknown element of such a name may be what the dose is: then no other is used."""
_MANY = 5


@dataclass(frozen=True, slots=True)
class Checked:
    """An order as far as it may be used. `dosed` tells whether its dosage is valid.

    `faulty` are the elements that are not, None where all are; "" where they cannot be named.
    """

    order: Resource
    faulty: str | None = None
    dosed: bool = True


def check_order(order: Resource) -> Checked:
    """What may be used of a MedicationRequest; raises Unreadable, naming the elements at fault, where nothing may.

    Its id is not looked at, and white space around its status is no fault: neither changes what is ordered.
    """
    found = status(order)
    if found not in _STATUSES:
        raise Unreadable("the status is missing or not one of FHIR's", "status")
    if any(_modified(part) for part in (order, *items(order.get(_DOSAGE)))):
        raise Unreadable("an extension that changes its meaning is not known", "modifierExtension")
    plain = {**order, "status": found}
    plain.pop("id", None)
    faulty = _faults(plain)
    if faulty is None:
        return Checked(order, None if status(order, "intent") in _INTENTS else "intent")
    core = _core(plain)
    if _dosed(order) and _faults(core) is None:
        return Checked(order, faulty)
    core.pop(_DOSAGE, None)
    if _faults(core) is None:
        return Checked({name: value for name, value in order.items() if name != _DOSAGE}, faulty, dosed=False)
    raise Unreadable("not a valid MedicationRequest", faulty)


def whole(order: Resource) -> bool:
    """Whether a MedicationRequest is valid in all its parts, but for its id."""
    try:
        return check_order(order).faulty is None
    except Unreadable:
        return False


def forbids(order: Resource) -> bool:
    """Whether an order says not to give its drug; the models let the word "true" pass as well."""
    said = order.get("doNotPerform")
    return said is True or (isinstance(said, str) and said.strip().lower() == "true")


def _faults(order: Mapping[str, Any]) -> str | None:
    """The elements that are not valid, "" where they cannot be named; None where all are."""
    try:
        MedicationRequest.model_validate(order)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        elements = list(filter(None, dict.fromkeys(".".join(map(str, fault["loc"])) for fault in faults)))
        return ", ".join([*elements[:_MANY], *(["…"] if len(elements) > _MANY else [])])
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return ""
    return None


def _core(order: Mapping[str, Any]) -> dict[str, Any]:
    """What advice hangs on, and an intent, which FHIR demands and nobody reads."""
    core = {name: order[name] for name in _READ if name in order}
    match core.get(_CONCEPT):
        case [Mapping() as only]:
            core[_CONCEPT] = only
    lines = core.get(_DOSAGE)
    if isinstance(lines, list) and all(isinstance(line, Mapping) for line in lines):
        core[_DOSAGE] = [{name: line[name] for name in _READ_DOSAGE if name in line} for line in lines]
    return {**core, "status": order["status"], "intent": "order"}


def _dosed(order: Resource) -> bool:
    """Whether its dosage stands where dosages stand, and nowhere else."""
    other = [name for name in order if name.lower().startswith("dos") and name != _DOSAGE]
    for line in items(order.get(_DOSAGE)):
        other += [name for name in line if name not in _READ_DOSAGE and _DOSING.search(name)]
    return not other


def _modified(part: Mapping[str, Any]) -> bool:
    return bool(part.get("modifierExtension")) or bool(part.get("implicitRules"))
