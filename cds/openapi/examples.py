"""What the document shows as examples: small calls that are answered with a card, and what is reported about one."""

from __future__ import annotations

from typing import Any

from cds.hooks import Service

_PATIENT = {"resourceType": "Patient", "id": "p1", "birthDate": "2018-05-01", "gender": "female"}
_DOSE = {"value": 240, "unit": "g", "system": "http://unitsofmeasure.org", "code": "g"}
_ORDER = {
    "resourceType": "MedicationRequest",
    "id": "o1",
    "status": "draft",
    "intent": "order",
    "subject": {"reference": "Patient/p1"},
    "medicationCodeableConcept": {"text": "Privigen 10 % intravenous solution"},
    "dosageInstruction": [{"timing": {"repeat": {"count": 1}}, "doseAndRate": [{"doseQuantity": _DOSE}]}],
}
_WEIGHT = {
    "resourceType": "Observation",
    "id": "w1",
    "status": "final",
    "subject": {"reference": "Patient/p1"},
    "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
    "effectiveDateTime": "2026-11-18",
    "valueQuantity": {"value": 24, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"},
}
_GIVEN = {
    "resourceType": "MedicationAdministration",
    "id": "a1",
    "status": "completed",
    "subject": {"reference": "Patient/p1"},
    "medicationCodeableConcept": {"text": "Privigen 10 % intravenous solution"},
    "effectiveDateTime": "2026-11-01",
}

FEEDBACK: dict[str, Any] = {
    "feedback": [
        {
            "card": "4e0a3a1e-3283-5575-ab82-028d55fe2719",
            "outcome": "overridden",
            "overrideReason": {
                "reason": {
                    "system": "https://ivig-cds.org/fhir/CodeSystem/override-reason",
                    "code": "benefit-outweighs-risk",
                }
            },
            "outcomeTimestamp": "2026-11-20T12:00:00Z",
        }
    ]
}


def call(service: Service) -> dict[str, Any]:
    """A call of a service about a child: an order of ten times the dose, or immune globulin lately."""
    context: dict[str, Any] = {"userId": "Practitioner/d1", "patientId": "p1"}
    if service.hook != "patient-view":
        context["draftOrders"] = _bundle(_ORDER)
    if service.hook == "order-select":
        context["selections"] = ["MedicationRequest/o1"]
    return {
        "hook": service.hook,
        "hookInstance": "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
        "context": context,
        "prefetch": {
            "patient": _PATIENT,
            "vitals": _bundle(_WEIGHT),
            "conditions": None,
            "medicationAdministrations": _bundle(_GIVEN),
        },
    }


def _bundle(resource: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "entry": [{"resource": resource}]}
