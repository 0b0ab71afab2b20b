"""A whole call: the orders that are ours, references among the resources, and what the rule book must give."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

import cds.chart
from cds.case import Entry
from cds.chart import NEEDS, concerns
from tests.chart.charting import (
    ICD,
    RXNORM,
    WOMAN,
    ago,
    case,
    chart,
    coded,
    condition,
    fact,
    facts,
    iga,
    knowledge,
    readings,
    state,
    values,
    weight,
)

PRIVIGEN = {"text": "Privigen"}
IBUPROFEN = coded(RXNORM, "310965", "ibuprofen 200 MG Oral Tablet")


def order(medication: dict[str, Any] | None = PRIVIGEN, patient: str = "Patient/p1", **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "resourceType": "MedicationRequest",
        "id": "o1",
        "status": "draft",
        "intent": "order",
        "subject": {"reference": patient},
        "dosageInstruction": [
            {
                "doseAndRate": [
                    {"doseQuantity": {"value": 30, "unit": "g", "code": "g", "system": "http://unitsofmeasure.org"}}
                ]
            }
        ],
    }
    if medication:
        made["medicationCodeableConcept"] = medication
    return made | more


def test_an_order_and_a_weight_meet_in_a_dose() -> None:
    found = chart(orders=[order()], vitals=[weight(60, "kg", ago(2))])
    assert fact(found, "amount", basis="dose").high == 500
    assert fact(found, "call").hook == "order-sign"
    assert str(fact(found, "call").day) == "2026-11-20"
    assert state(found, "orders") == ("read", "")


def test_an_order_of_ours_for_another_patient_is_left_out_and_named() -> None:
    found = chart(orders=[order(patient="Patient/p2")])
    assert not facts(found, "ig_order")
    assert state(found, "orders") == ("partial", "MedicationRequest/o1 is about another patient and was left out")


def test_an_order_of_another_drug_for_nobody_is_left_in_peace() -> None:
    found = chart(orders=[order({"text": "amoxicillin"}, subject=None)])
    assert state(found, "orders") == ("read", "")
    assert [reading.verdict for reading in found.readings if reading.source == "orders"] == ["ignored"]


def test_an_order_that_is_no_resource_is_said() -> None:
    found = chart(orders=[Entry(None), order()])
    assert facts(found, "ig_order")
    assert state(found, "orders")[0] == "partial"


def test_an_order_of_the_record_about_another_patient_does_not_overlap() -> None:
    other = order(id="o2", status="active", patient="Patient/p2")
    found = chart(orders=[order()], medicationRequests=[other])
    assert not facts(found, "overlap")
    assert state(found, "medicationRequests")[0] == "partial"
    assert facts(chart(orders=[order()], medicationRequests=[order(id="o2", status="active")]), "overlap")


@pytest.mark.parametrize(
    "reference", ["Medication/m1", "urn:uuid:1", "https://ehr.example.org/fhir/Medication/m1", "#m1"]
)
def test_a_medication_is_found_wherever_it_stands(reference: str) -> None:
    medication = {"resourceType": "Medication", "id": "m1", "code": PRIVIGEN}
    more: dict[str, Any] = {"medicationReference": {"reference": reference}}
    if reference == "#m1":
        more["contained"] = [medication]
    found = chart(orders=[order(None, **more)], extras=[Entry(medication, "urn:uuid:1")])
    assert fact(found, "ig_order").product == "privigen"


def test_a_reason_that_points_to_another_patients_condition_is_no_reason() -> None:
    mine = condition(coded(ICD, "D83.9"), id="c1")
    reason = {"reasonReference": [{"reference": "Condition/c1"}]}
    assert facts(chart(orders=[order(**reason)], conditions=[mine]), "order_indication")
    theirs = {**mine, "subject": {"reference": "Patient/p2"}}
    assert not facts(chart(orders=[order(**reason)], conditions=[theirs]), "order_indication")


def test_a_medication_with_an_unknown_modifier_is_not_used() -> None:
    medication = {"resourceType": "Medication", "id": "m1", "code": PRIVIGEN, "modifierExtension": [{"url": "x"}]}
    found = chart(orders=[order(None, medicationReference={"reference": "Medication/m1"})], extras=[Entry(medication)])
    assert not facts(found, "ig_order", product="privigen")


def test_a_weight_that_was_not_sent_leaves_the_dose_waiting_for_it() -> None:
    found = chart(orders=[order()], missing={"vitals": "the search failed"})
    assert fact(found, "ig_order").dose_state == "needs_weight"
    assert fact(found, "weight_problem").problem == "missing"


@pytest.mark.parametrize(
    ("drug", "concerned"),
    [
        (PRIVIGEN, True),
        ({"text": "IVIG"}, True),
        (IBUPROFEN, True),
        (coded("http://hl7.org/fhir/sid/cvx", "03", "MMR"), True),
        ({"text": "amoxicillin 500 mg"}, False),
        ({"text": "estradiol 1 mg tablet"}, False),
        ({"text": "hepatitis B immune globulin"}, False),
        (coded("http://hl7.org/fhir/sid/cvx", "20", "DTaP"), False),
    ],
)
def test_what_a_call_is_asked_first(drug: dict[str, Any], concerned: bool) -> None:
    assert concerns(case(orders=[order(drug)]), knowledge()) is concerned


def test_a_vaccine_ordered_as_a_service_is_of_concern_and_other_services_are_not() -> None:
    service = {"resourceType": "ServiceRequest", "status": "draft", "subject": {"reference": "Patient/p1"}}
    mmr = {**service, "code": coded("http://hl7.org/fhir/sid/cvx", "03", "MMR")}
    assert concerns(case(orders=[mmr]), knowledge())
    assert not concerns(case(orders=[{**service, "code": {"text": "Chest X-ray"}}]), knowledge())


def test_an_order_whose_medication_is_in_the_extras_is_of_concern() -> None:
    medication = {"resourceType": "Medication", "id": "m1", "code": PRIVIGEN}
    ordered = order(None, medicationReference={"reference": "Medication/m1"})
    assert concerns(case(orders=[ordered], extras=[Entry(medication)]), knowledge())
    other = Entry({**medication, "code": {"text": "Amoxicillin"}})
    assert not concerns(case(orders=[ordered], extras=[other]), knowledge())
    assert concerns(case(orders=[ordered]), knowledge())


def test_needs_are_exactly_the_values_that_are_read_and_the_rule_book_has_them() -> None:
    folder = Path(cds.chart.__file__).parent
    code = "\n".join(file.read_text() for file in folder.glob("*.py") if file.name != "needs.py")
    topics = "dose|renal|kawasaki|iga_deficiency|live_vaccine|product|acute|igg_trough"
    whole = set(re.findall(rf'"((?:{topics})\.[a-z_]+)"', code))
    by_name = {name for name in values() if name.startswith("dose.") and f'"{name.removeprefix("dose.")}"' in code}
    assert whole | by_name == NEEDS.keys()
    assert values().keys() >= NEEDS.keys()


def test_explain_hears_of_every_resource_of_the_record() -> None:
    found = chart(vitals=[weight(60, "kg")], labs=[iga(5, "mg/dL")], conditions=[condition(coded(ICD, "I10"))])
    told = {reading.ref for reading in found.readings}
    assert told >= {"Patient/p1", "Observation/vitals-1", "Observation/labs-1", "Condition/conditions-1"}
    assert not readings(found, "left out")


def test_twice_as_many_resources_are_twice_the_work() -> None:
    def work(count: int) -> int:
        """The calls of Python functions that reading so many results and conditions takes."""
        labs = [iga(90, "mg/dL", ago(day % 300)) for day in range(count)]
        conditions = [condition(coded(ICD, "I10"), id=f"c{n}") for n in range(count)]
        calls = 0

        def counted(frame: object, event: str, argument: object) -> None:
            nonlocal calls
            calls += event == "call"

        sys.setprofile(counted)
        try:
            chart(WOMAN, labs=labs, conditions=conditions)
        finally:
            sys.setprofile(None)
        return calls

    work(10)
    once, twice = work(200), work(400)
    assert 1.5 * once < twice < 2.5 * once
