"""R4 resources as an EHR sends them, and the context in which the chart reads them, with the real tables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from cds import knowledge
from cds.case import Entry
from cds.chart.parts import Context
from cds.chart.references import References
from cds.knowledge import Knowledge

TODAY = date(2026, 11, 20)
RULES = Path(__file__).parents[2] / "rules"
VALUES = {
    "dose.course_window_days": Decimal(7),
    "dose.range_tolerance_percent": Decimal(10),
    "dose.use_recorded_days": Decimal(56),
}
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
CVX = "http://hl7.org/fhir/sid/cvx"
NDC = "http://hl7.org/fhir/sid/ndc"
Resource = dict[str, Any]


@cache
def tables() -> Knowledge:
    return knowledge.load(RULES)


def context() -> Context:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    return Context(tables(), VALUES, UTC, now, TODAY, "order-sign")


def find(*resources: Resource) -> References:
    return References([Entry(resource) for resource in resources])


def concept(text: str = "", **codes: str) -> Resource:
    """A CodeableConcept: `rxnorm="197806"`, `cvx="03"`, `ndc="…"`, and its text."""
    systems = {"rxnorm": RXNORM, "cvx": CVX, "ndc": NDC, "atc": "http://www.whocc.no/atc"}
    made: Resource = {"coding": [{"system": systems[name], "code": code} for name, code in codes.items()]}
    return {**made, "text": text} if text else made


IBUPROFEN = concept("Ibuprofen 600 MG Oral Tablet", rxnorm="197806")
PRIVIGEN = concept("Privigen 10 %", rxnorm="1809520")


def request(medication: Resource = IBUPROFEN, **more: Any) -> Resource:
    made = {"resourceType": "MedicationRequest", "id": "order-1", "status": "active", "intent": "order"}
    return {**made, "subject": {"reference": "Patient/p"}, "medicationCodeableConcept": medication, **more}


def statement(medication: Resource = IBUPROFEN, **more: Any) -> Resource:
    made = {"resourceType": "MedicationStatement", "id": "statement-1", "status": "active"}
    return {**made, "subject": {"reference": "Patient/p"}, "medicationCodeableConcept": medication, **more}


def administration(day: str = "2026-11-01", dose: Resource | None = None, **more: Any) -> Resource:
    made: Resource = {
        "resourceType": "MedicationAdministration",
        "id": "given-1",
        "status": "completed",
        "subject": {"reference": "Patient/p"},
        "medicationCodeableConcept": PRIVIGEN,
        "effectiveDateTime": day,
        "dosage": {"dose": dose or grams(40)},
    }
    return {**made, **more}


def immunization(code: Resource, day: str = "2026-11-10", **more: Any) -> Resource:
    made = {"resourceType": "Immunization", "id": "vaccine-1", "status": "completed", "vaccineCode": code}
    return {**made, "patient": {"reference": "Patient/p"}, "occurrenceDateTime": day, **more}


def grams(value: float) -> Resource:
    return {"value": value, "unit": "g", "system": "http://unitsofmeasure.org", "code": "g"}


def per_kg(value: float) -> Resource:
    return {"value": value, "unit": "mg/kg", "system": "http://unitsofmeasure.org", "code": "mg/kg"}


def bounds(start: str | None = None, end: str | None = None) -> list[Resource]:
    """Dosage instructions with these bounds."""
    period = {name: day for name, day in (("start", start), ("end", end)) if day}
    return [{"timing": {"repeat": {"boundsPeriod": period}}}]
