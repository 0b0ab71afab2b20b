"""Immune globulin given before, as its tests read it, at a weight of 40 kg."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from cds.case import SOURCES
from cds.chart.given import given_doses
from cds.chart.parts import GivenDose, Reading, Sizes
from cds.fhir import Span
from tests.chart.records import PRIVIGEN, Resource, context, find

SIZES = Sizes(kg=Decimal(40), day=date(2026, 11, 18), ref="Observation/weight")
_SOURCE = {kind: source for source, kinds in SOURCES.items() for kind in kinds}


def read(*records: Resource, sizes: Sizes = SIZES) -> tuple[tuple[GivenDose, ...], tuple[Reading, ...]]:
    """The doses of records, each in the source of its type."""
    sources: dict[str, list[Resource]] = {}
    for record in records:
        sources.setdefault(_SOURCE[record["resourceType"]], []).append(record)
    return given_doses(sources, sizes, context(), find(*records))


def doses(*records: Resource) -> tuple[GivenDose, ...]:
    return read(*records)[0]


def one(*records: Resource, sizes: Sizes = SIZES) -> GivenDose:
    (found,), _ = read(*records, sizes=sizes)
    return found


def none(record: Resource, verdict: str = "ignored") -> str:
    """Why a record of immune globulin makes no dose."""
    found, (reading,) = read(record)
    assert (found, reading.verdict) == ((), verdict)
    return reading.what


def day(written: str, last: str = "") -> Span:
    return Span(date.fromisoformat(written), date.fromisoformat(last or written))


def dispense(**more: Any) -> Resource:
    made = {"resourceType": "MedicationDispense", "id": "dispense-1", "status": "completed"}
    made |= {"medicationCodeableConcept": PRIVIGEN, "whenHandedOver": "2026-11-01"}
    return {**made, "subject": {"reference": "Patient/p"}, **more}


def dosage(dose: Resource, **timing: Any) -> list[Resource]:
    made: Resource = {"doseAndRate": [{"doseQuantity": dose}]}
    return [{**made, "timing": timing}] if timing else [made]
