"""Which codes of a call count as recognized, source by source."""

from __future__ import annotations

from typing import Any

import pytest

from cds.chart import codes_met
from tests.chart.charting import (
    ICD,
    LOINC,
    RXNORM,
    SCT,
    SUBJECT,
    Entry,
    chart,
    coded,
    condition,
    knowledge,
    observation,
)

OWN = "http://hospital.example/x"
PRIVIGEN = coded(RXNORM, "1809517")
CVX = "http://hl7.org/fhir/sid/cvx"


def request(concept: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "subject": SUBJECT,
        "medicationCodeableConcept": concept,
        **more,
    }


def allergy(concept: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"resourceType": "AllergyIntolerance", "patient": SUBJECT, "code": concept, **more}


def immunization(concept: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Immunization", "status": "completed", "patient": SUBJECT, "vaccineCode": concept}


def unrecognized(**sources: Any) -> list[tuple[str, str]]:
    """The codes that were not recognized, with their sources."""
    found = codes_met(chart(**sources).history, knowledge())
    return [(one.source, str(one.code)) for one in found if not one.recognized]


@pytest.mark.parametrize(
    ("source", "known", "unknown"),
    [
        ("conditions", condition(coded(ICD, "N18.30")), condition(coded(ICD, "E03.9"))),
        ("conditions", condition(coded(ICD, "D83.9")), condition(coded(OWN, "D83.9"))),
        ("labs", observation("2160-0", 1, "mg/dL"), observation("8867-4", 70, "/min")),
        ("vitals", observation("29463-7", 70, "kg"), observation(coded(OWN, "WT", text="weight"), 70, "kg")),
        ("allergies", allergy(coded(RXNORM, "1191")), allergy(coded(RXNORM, "7980"))),
        ("allergies", allergy(PRIVIGEN), allergy(coded(OWN, "1", text="IVIG"))),
        ("immunizations", immunization(coded(CVX, "03")), immunization(coded(OWN, "03"))),
        ("immunizations", immunization(coded(CVX, "87")), immunization(coded(CVX, "999"))),
        ("medicationRequests", request(PRIVIGEN), request(coded(RXNORM, "10582"))),
        ("medicationRequests", request(coded(RXNORM, "5640")), request(coded(OWN, "1", text="ibuprofen"))),
        ("orders", request(PRIVIGEN), request(coded(OWN, "9001"))),
    ],
)
def test_a_source_knows_its_own_codes(source: str, known: dict[str, Any], unknown: dict[str, Any]) -> None:
    assert unrecognized(**{source: [known]}) == []
    found = unrecognized(**{source: [unknown]})
    assert [one for one, _ in found] == [source]


def test_one_code_that_is_known_is_enough_for_its_concept() -> None:
    both = {"coding": [*coded(SCT, "123456789")["coding"], *coded(ICD, "N18.30")["coding"]]}
    assert unrecognized(conditions=[condition(both)]) == []


def test_a_code_without_a_system_is_no_code() -> None:
    assert unrecognized(conditions=[condition({"coding": [{"code": "K1"}]})]) == []


def test_reasons_are_those_of_immune_globulin_orders_each_by_itself() -> None:
    reasons = [coded(ICD, "D83.9"), coded(OWN, "R1")]
    assert unrecognized(orders=[request(PRIVIGEN, reasonCode=reasons)]) == [("reasons", f"{OWN} R1")]
    assert unrecognized(orders=[request(coded(RXNORM, "5640"), reasonCode=reasons)]) == []


def test_a_reason_may_stand_in_a_condition() -> None:
    cause = {"id": "c", **condition(coded(OWN, "R1"))}
    order = request(PRIVIGEN, reasonReference=[{"reference": "Condition/c"}])
    assert unrecognized(orders=[order], conditions=[cause]) == [
        ("reasons", f"{OWN} R1"),
        ("conditions", f"{OWN} R1"),
    ]


def test_a_result_in_two_sources_is_counted_once() -> None:
    one = observation("8867-4", 70, "/min", id="o1")
    assert unrecognized(vitals=[one], labs=[one]) == [("vitals", "LOINC 8867-4")]


def test_a_part_that_is_read_is_enough_for_its_panel() -> None:
    parts = [{"code": coded(LOINC, "2160-0"), "valueQuantity": {"value": 1, "unit": "mg/dL"}}]
    assert unrecognized(labs=[observation("24323-8", component=parts)]) == []


def test_the_product_of_a_medication_elsewhere_is_looked_up() -> None:
    drug = {"resourceType": "Medication", "id": "m", "code": coded(OWN, "9001")}
    order = request({}, medicationReference={"reference": "Medication/m"})
    assert unrecognized(medicationRequests=[order], extras=[Entry(drug)]) == [("medicationRequests", f"{OWN} 9001")]


def test_what_may_not_be_read_is_not_looked_at() -> None:
    stranger = condition(coded(OWN, "K1"), subject={"reference": "Patient/another"})
    assert unrecognized(conditions=[stranger, condition(coded(OWN, "K2"), verificationStatus="entered-in-error")]) == []
