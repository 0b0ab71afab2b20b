"""An order for a test that is offered: what it holds, and where none is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.advice.offering import HIGH_DOSE, called, offered

RULE = "hemolysis.high-dose"


def ordered(**more: Any) -> dict[str, Any]:
    (suggestion,) = offered(called(HIGH_DOSE, **more), RULE)
    (action,) = suggestion["actions"]
    assert action["type"] == "create"
    resource: dict[str, Any] = action["resource"]
    return resource


def test_it_is_a_draft_for_the_patient_in_this_encounter_by_the_verified_code() -> None:
    assert ordered() == {
        "resourceType": "ServiceRequest",
        "status": "draft",
        "intent": "order",
        "code": {
            "coding": [{"system": "http://loinc.org", "code": "718-7", "display": "Hemoglobin [Mass/volume] in Blood"}],
            "text": "hemoglobin",
        },
        "subject": {"reference": "Patient/patient-1"},
        "encounter": {"reference": "Encounter/encounter-1"},
    }


def test_without_an_encounter_it_has_none() -> None:
    assert "encounter" not in ordered(encounter="missing")


def test_an_encounter_that_cannot_be_referred_to_is_left_out() -> None:
    asked = called(HIGH_DOSE)
    asked["context"]["encounterId"] = "visit 7 of May"
    (suggestion,) = offered(asked, RULE)
    assert "encounter" not in suggestion["actions"][0]["resource"]


def test_it_is_recommended_and_its_button_says_what_it_does() -> None:
    (suggestion,) = offered(called(HIGH_DOSE), RULE)
    assert suggestion["label"] == "Order hemoglobin"
    assert suggestion["isRecommended"] is True
    assert suggestion["actions"][0]["description"] == (
        "Draft an order for hemoglobin, the baseline before the infusion"
    )


@pytest.mark.parametrize("status", ["draft", "active", "on-hold", "draft "])
def test_it_is_not_offered_beside_an_order_for_the_same_test(status: str) -> None:
    assert offered(called(HIGH_DOSE, lab_orders=[{"is": "hemoglobin", "status": status}]), RULE) == []


@pytest.mark.parametrize(
    "test",
    [
        {"is": "hemoglobin", "status": "revoked"},
        {"is": "hemoglobin", "status": "completed"},
        {"is": "hemoglobin", "status": "entered-in-error"},
        {"is": "hemoglobin", "patient": "patient-2"},
        {"is": "creatinine"},
    ],
)
def test_it_is_offered_beside_an_order_that_does_not_count(test: dict[str, str]) -> None:
    assert len(offered(called(HIGH_DOSE, lab_orders=[test]), RULE)) == 1
