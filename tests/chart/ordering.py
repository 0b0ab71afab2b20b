"""Orders as real R4 JSON, and the room's reading of them with the project's own tables and values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import cds.knowledge
from cds.case import ORDERS, Entry
from cds.chart.order_entries import OrderEntry
from cds.chart.orders import OrdersRead, read
from cds.chart.parts import Context, GivenDose, Sizes
from cds.chart.references import References
from cds.facts import Fact
from cds.fhir import Span, resource_ref
from cds.knowledge import Knowledge
from cds.knowledge.yaml_marks import MapNode, SeqNode, Text, compose

RULES = Path(__file__).parents[2] / "rules"
ZONE = ZoneInfo("America/New_York")
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=ZONE)
PATIENT = "Patient/p1"
PRIVIGEN = {"text": "Privigen"}
ICD, SCT = "http://hl7.org/fhir/sid/icd-10-cm", "http://snomed.info/sct"
REASONS = {
    "PI": "D83.9",
    "ITP": "D69.3",
    "CIDP": "G61.81",
    "KAWASAKI": "M30.3",
    "MMN": "G61.82",
    "GBS": "G61.0",
    "MG": "G70.01",
}
IV = {"coding": [{"system": SCT, "code": "47625008", "display": "Intravenous route"}]}
SC = {"coding": [{"system": SCT, "code": "34206005", "display": "Subcutaneous route"}]}


@cache
def knowledge() -> Knowledge:
    return cds.knowledge.load(RULES)


@cache
def values() -> Mapping[str, Decimal]:
    """The newest value of each name, as the topic files have them."""
    found: dict[str, Decimal] = {}
    for file in sorted(RULES.glob("*.yaml")):
        topic = compose(file)
        assert isinstance(topic, MapNode)
        listed = topic.items.get("values")
        for name, dated in listed.items.items() if isinstance(listed, MapNode) else ():
            assert isinstance(dated, SeqNode)
            last = dated.items[-1]
            assert isinstance(last, MapNode)
            number = last.items["value"]
            assert isinstance(number, Text)
            found[f"{file.stem}.{name}"] = Decimal(number.value)
    return found


def context() -> Context:
    return Context(knowledge(), values(), ZONE, NOW, TODAY, "order-sign")


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def quantity(written: str) -> dict[str, Any]:
    """ "60 g" as a UCUM Quantity."""
    value, unit = written.split(" ", 1)
    return {"value": float(value), "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}


def dose(written: str, kind: str = "") -> dict[str, Any]:
    """ "60 g" or "400 mg/kg to 600 mg/kg" as a doseAndRate; `kind` is ordered or calculated."""
    low, _, high = written.partition(" to ")
    made: dict[str, Any] = {"doseQuantity": quantity(low)}
    if high:
        made = {"doseRange": {"low": quantity(low), "high": quantity(high)}}
    if kind:
        system = "http://terminology.hl7.org/CodeSystem/dose-rate-type"
        made["type"] = {"coding": [{"system": system, "code": kind}]}
    return made


def dosage(*doses: str | dict[str, Any], **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"route": IV}
    if doses:
        made["doseAndRate"] = [dose(one) if isinstance(one, str) else one for one in doses]
    return {key: value for key, value in (made | more).items() if value is not None}


def daily(days: int) -> dict[str, Any]:
    """Once a day within bounds."""
    bounds = {"value": days, "unit": "d", "system": "http://unitsofmeasure.org", "code": "d"}
    return {"repeat": {"boundsDuration": bounds, "frequency": 1, "period": 1, "periodUnit": "d"}}


def every(period: int, unit: str, **more: Any) -> dict[str, Any]:
    return {"repeat": {"frequency": 1, "period": period, "periodUnit": unit, **more}}


def on(*offsets: int) -> dict[str, Any]:
    return {"event": [day(offset).isoformat() for offset in offsets]}


def order(*dosages: dict[str, Any], reason: str | None = "PI", **more: Any) -> dict[str, Any]:
    """A draft MedicationRequest for Privigen; an element given as None is left out."""
    made: dict[str, Any] = {
        "resourceType": "MedicationRequest",
        "id": "o1",
        "status": "draft",
        "intent": "order",
        "subject": {"reference": PATIENT},
        "authoredOn": "2020-01-01",
    }
    if not {"medicationReference", "medicationCodeableConcept"} & more.keys():
        made["medicationCodeableConcept"] = PRIVIGEN
    if dosages:
        made["dosageInstruction"] = list(dosages)
    if reason:
        made["reasonCode"] = [{"coding": [{"system": ICD, "code": REASONS[reason]}]}]
    return {key: value for key, value in (made | more).items() if value is not None}


def weighing(kg: str | None, adjusted: str | None = None) -> Sizes:
    if kg is None:
        return Sizes()
    adjusted_kg = Decimal(adjusted) if adjusted else None
    return Sizes(kg=Decimal(kg), day=date(2026, 11, 18), ref="Observation/w", adjusted_kg=adjusted_kg)


def given(offset: int, mg_per_kg: str | None, indication: str = "unknown", **more: Any) -> GivenDose:
    on_day = day(offset)
    amount = None if mg_per_kg is None else Decimal(mg_per_kg)
    ref = f"MedicationAdministration/g{-offset}"
    return GivenDose(ref, Span(on_day, on_day), amount, None, "unknown", indication, **more)


def run(
    *orders: Mapping[str, Any],
    kg: str | None = "62",
    adjusted: str | None = None,
    doses: Iterable[GivenDose] = (),
    record: Iterable[Mapping[str, Any]] = (),
    others: Iterable[Entry] = (),
) -> OrdersRead:
    """Read draft orders (all selected), orders on `record`, and resources that references may point to."""
    drafts = [OrderEntry(one, ORDERS, True, resource_ref(one)) for one in orders]
    recorded = [OrderEntry(one, "medicationRequests", False, resource_ref(one)) for one in record]
    found = References([Entry(one.resource) for one in (*drafts, *recorded)] + list(others))
    return read([*drafts, *recorded], find=found, context=context(), sizes=weighing(kg, adjusted), given=list(doses))


def facts(result: OrdersRead, kind: str, **where: Any) -> list[Any]:
    """The facts of a kind with these attributes."""
    return [
        fact
        for fact in result.facts
        if fact.kind == kind and all(getattr(fact, name) == value for name, value in where.items())
    ]


def one(result: OrdersRead, kind: str, **where: Any) -> Any:
    """The only such fact."""
    found: list[Fact] = facts(result, kind, **where)
    assert len(found) == 1, found
    return found[0]


def amount(result: OrdersRead, basis: str = "dose", weight: str | None = None) -> tuple[float, float]:
    found = one(result, "amount", basis=basis, **({"weight": weight} if weight else {}))
    return found.low, found.high
