"""A hook request as an EHR sends it, to be changed by each test."""

from __future__ import annotations

from typing import Any

from cds.case import SOURCES

PATIENT = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1980-05-01"}
INSTANCE = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


def order(id_: str = "o1", **changes: Any) -> dict[str, Any]:
    """A draft order for Privigen."""
    return {
        "resourceType": "MedicationRequest",
        "id": id_,
        "status": "draft",
        "intent": "order",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"text": "Privigen 10 % intravenous solution"},
        **changes,
    }


def bundle(*resources: dict[str, Any], **members: Any) -> dict[str, Any]:
    """A Bundle with the resources as entries."""
    return {"resourceType": "Bundle", "entry": [{"resource": resource} for resource in resources], **members}


def call(hook: str = "order-sign", *orders: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A request with every prefetch key: the patient, and null for what was looked for in vain."""
    placed = orders or (order(),)
    context: dict[str, Any] = {"userId": "Practitioner/d1", "patientId": "p1", "draftOrders": bundle(*placed)}
    if hook == "order-select":
        context["selections"] = [f"{one['resourceType']}/{one['id']}" for one in placed]
    prefetch = {**dict.fromkeys(SOURCES), "patient": PATIENT}
    return {"hook": hook, "hookInstance": INSTANCE, "context": context, "prefetch": prefetch, **changes}


def observation(id_: str = "w1", **changes: Any) -> dict[str, Any]:
    """A weight of 60 kg."""
    return {
        "resourceType": "Observation",
        "id": id_,
        "status": "final",
        "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
        "effectiveDateTime": "2026-11-18",
        "valueQuantity": {"value": 60, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"},
        **changes,
    }
