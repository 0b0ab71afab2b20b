"""The draft of an NSAID deleted, and acetaminophen drafted in its place: what both hold."""

from __future__ import annotations

from typing import Any

import pytest

from tests.advice.offering import NSAID, called, drafts, offered

RULE = "kawasaki.nsaid"


def actions(**more: Any) -> list[dict[str, Any]]:
    (suggestion,) = offered(called(NSAID, **more), RULE)
    found: list[dict[str, Any]] = suggestion["actions"]
    return found


def test_the_draft_is_deleted_by_its_id_and_acetaminophen_drafted_without_a_dose() -> None:
    assert actions() == [
        {
            "type": "delete",
            "description": "Delete the draft order for ibuprofen",
            "resourceId": "MedicationRequest/ibuprofen",
        },
        {
            "type": "create",
            "description": "Draft acetaminophen; its dose is still to be entered. Not checked: liver disease",
            "resource": {
                "resourceType": "MedicationRequest",
                "status": "draft",
                "intent": "order",
                "medicationCodeableConcept": {
                    "coding": [
                        {
                            "system": "http://www.nlm.nih.gov/research/umls/rxnorm",
                            "code": "161",
                            "display": "acetaminophen",
                        }
                    ],
                    "text": "acetaminophen",
                },
                "subject": {"reference": "Patient/patient-1"},
                "encounter": {"reference": "Encounter/encounter-1"},
            },
        },
    ]


@pytest.mark.parametrize("how", ["without", "failed"])
@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("allergies", "allergies"),
        ("medicationRequests", "medication orders"),
        ("medicationStatements", "medication statements"),
    ],
)
def test_what_may_speak_against_it_and_was_not_read_is_said(how: str, source: str, said: str) -> None:
    _, create = actions(**{how: [source]})
    assert create["description"].endswith(f"its dose is still to be entered. Not checked: {said}, liver disease")


def test_known_to_be_absent_is_read() -> None:
    _, create = actions(nothing=["allergies"])
    assert create["description"].endswith("Not checked: liver disease")


def test_with_an_allergy_the_draft_is_deleted_and_no_more() -> None:
    (delete,) = actions(allergies=[{"is": "acetaminophen"}])
    assert delete["type"] == "delete"


@pytest.mark.parametrize("status", ["active", "on-hold", "unknown", "DRAFTED"])
def test_what_is_no_draft_is_not_deleted(status: str) -> None:
    asked = called(NSAID)
    drafts(asked)[0]["status"] = status
    assert offered(asked, RULE) == []


@pytest.mark.parametrize("id_", ["two words", "a/b", "x" * 10 + "#", "ü"])
def test_an_order_whose_id_cannot_stand_in_a_reference_is_not_deleted(id_: str) -> None:
    asked = called(NSAID)
    drafts(asked)[0]["id"] = id_
    assert offered(asked, RULE) == []


def test_drafts_that_share_an_id_are_not_deleted() -> None:
    asked = called(NSAID, drugs=[{"is": one, "id": "same", "status": "draft"} for one in ("ibuprofen", "naproxen")])
    assert offered(asked, RULE) == []


def test_a_draft_without_an_id_is_not_deleted() -> None:
    asked = called(NSAID)
    del drafts(asked)[0]["id"]
    assert offered(asked, RULE) == []
