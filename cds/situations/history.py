"""What the short form says about a patient and what came before, as FHIR R4 resources by prefetch key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from cds.situations.values import quantity, step, when
from cds.situations.words import concept, hl7

PATIENT = "patient-1"
SUBJECT = {"reference": f"Patient/{PATIENT}"}
ENCOUNTER = {"reference": "Encounter/encounter-1"}
Said = Mapping[str, Any]
Resource = dict[str, Any]


def patient(said: Said, as_of: date) -> Resource:
    """A Patient: `age` ("40 years", "10 days") or `birth_date`, `sex`; nothing of these where they are missing."""
    made: Resource = {
        "resourceType": "Patient",
        "id": PATIENT,
        "active": True,
        "identifier": [{"system": "http://hospital.example.org/mrn", "value": "000001"}],
        "name": [{"family": "Example", "given": ["Case"]}],
    }
    if "sex" in said:
        made["gender"] = said["sex"]
    if "birth_date" in said:
        made["birthDate"] = said["birth_date"]
    elif "age" in said:
        count, unit = said["age"].split()
        made["birthDate"] = step(as_of, -int(count), unit.removesuffix("s")).isoformat()
    return made


def vitals(weights: list[str], height: str, as_of: date) -> Iterator[Resource]:
    """Body weights ("62 kg on -2 days") and a height, as vital signs."""
    sizes = [("29463-7", "Body weight", written) for written in weights]
    sizes += [("8302-2", "Body height", height)] if height != "missing" else []
    for position, (code, display, written) in enumerate(sizes, 1):
        value, _, day = written.partition(" on ")
        coding = {"system": "http://loinc.org", "code": code, "display": display}
        yield {
            "resourceType": "Observation",
            "id": f"vital-{position}",
            "status": "final",
            "category": [hl7("observation-category", "vital-signs")],
            "code": {"coding": [coding], "text": display},
            "subject": SUBJECT,
            "effectiveDateTime": when(day or "-2 days", as_of),
            "valueQuantity": quantity(value),
        }


def labs(said: list[Said], as_of: date) -> Iterator[Resource]:
    """Results: `is`, `value` ("59 mL/min/{1.73_m2}", "positive", ">60"), `on`, `status`."""
    for position, lab in enumerate(said, 1):
        made = {
            "resourceType": "Observation",
            "id": lab.get("id", f"lab-{position}"),
            "status": lab.get("status", "final"),
            "category": [hl7("observation-category", "laboratory")],
            "code": concept("labs", lab["is"]),
            "subject": SUBJECT,
        }
        if lab.get("on") != "missing":
            made["effectiveDateTime"] = when(lab.get("on", "-3 days"), as_of)
        read = quantity(lab["value"])
        if lab["value"] in ("positive", "negative"):
            made["valueCodeableConcept"] = {"text": lab["value"].capitalize()}
            made["interpretation"] = [hl7("v3-ObservationInterpretation", lab["value"][:3].upper())]
        elif read is None or lab.get("as") == "text":
            made["valueString"] = lab["value"]
        else:
            made["valueQuantity"] = read
        yield made


def conditions(said: list[Said], as_of: date) -> Iterator[Resource]:
    """Conditions: `is` or `text`, `status` (active), `verification` (confirmed), `onset`, `recorded`, `encounter`."""
    for position, condition in enumerate(said, 1):
        made = {
            "resourceType": "Condition",
            "id": condition.get("id", f"condition-{position}"),
            "clinicalStatus": hl7("condition-clinical", condition.get("status", "active")),
            "verificationStatus": hl7("condition-ver-status", condition.get("verification", "confirmed")),
            "category": [hl7("condition-category", condition.get("category", "problem-list-item"))],
            "code": concept("conditions", condition["is"]) if "is" in condition else {"text": condition["text"]},
            "subject": SUBJECT,
        }
        if condition.get("verification") == "entered-in-error":
            del made["clinicalStatus"]
        if condition.get("encounter") == "this":
            made["encounter"] = ENCOUNTER
            made["category"] = [hl7("condition-category", "encounter-diagnosis")]
        if "onset" in condition:
            made["onsetDateTime"] = when(condition["onset"], as_of)
        if "ended" in condition:
            made["abatementDateTime"] = when(condition["ended"], as_of)
        if "recorded" in condition:
            made["recordedDate"] = when(condition["recorded"], as_of)
        yield made


def allergies(said: list[Said], as_of: date) -> Iterator[Resource]:
    """Allergies: `is`, `severity` and `manifestation` of the reaction, `criticality`, `status`, `verification`."""
    for position, allergy in enumerate(said, 1):
        made = {
            "resourceType": "AllergyIntolerance",
            "id": allergy.get("id", f"allergy-{position}"),
            "clinicalStatus": hl7("allergyintolerance-clinical", allergy.get("status", "active")),
            "verificationStatus": hl7("allergyintolerance-verification", allergy.get("verification", "confirmed")),
            "code": concept("substances", allergy["is"]),
            "patient": SUBJECT,
            "recordedDate": when(allergy.get("recorded", "-2 years"), as_of),
        }
        if "criticality" in allergy:
            made["criticality"] = allergy["criticality"]
        if "severity" in allergy or "manifestation" in allergy:
            reaction: Resource = {"manifestation": [{"text": allergy.get("manifestation", "Hives")}]}
            if "severity" in allergy:
                reaction["severity"] = allergy["severity"]
            made["reaction"] = [reaction]
        yield made


def vaccines(said: list[Said], as_of: date) -> Iterator[Resource]:
    """Vaccines given: `is`, `on` (a day, or words such as "spring 2026"), `status` (completed)."""
    for position, vaccine in enumerate(said, 1):
        made = {
            "resourceType": "Immunization",
            "id": vaccine.get("id", f"vaccine-{position}"),
            "status": vaccine.get("status", "completed"),
            "vaccineCode": concept("vaccines", vaccine["is"]),
            "patient": SUBJECT,
            "occurrenceDateTime": when(vaccine["on"], as_of),
        }
        if made["status"] == "not-done":
            made["statusReason"] = {"text": "Patient objection"}
        yield made
