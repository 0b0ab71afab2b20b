"""A patient's Bundle as a case: drafts are the call, the rest is the record, and nothing is left to doubt."""

from __future__ import annotations

from typing import Any

import pytest

from cds.case import SOURCES, Obtained
from cds.errors import BadRequest
from cds.hooks import case_of_bundle
from tests.hooks.calls import PATIENT, bundle, observation, order


def test_drafts_are_the_call_and_the_rest_is_the_record() -> None:
    case = case_of_bundle(
        bundle(
            order("in-use", status="active"),
            order("draft"),
            order("draft-with-space", status="draft "),
            {"resourceType": "ServiceRequest", "id": "vaccinate", "status": "draft"},
            observation(),
            PATIENT,
            {"resourceType": "Medication", "id": "m1", "status": "active"},
            {"resourceType": "Library", "id": "l1", "status": "draft"},
            type="collection",
        )
    )
    assert (case.hook, case.patient_id, case.selections) == ("order-sign", "p1", None)
    assert [entry.resource["id"] for entry in case.orders] == ["draft", "draft-with-space", "vaccinate"]
    assert set(case.sources) == set(SOURCES)
    held = {key: [e.resource["id"] for e in source.entries] for key, source in case.sources.items() if source.entries}
    results = {key: ["w1"] for key in ("vitals", "labs", "glucoseMeter")}
    assert held == {"patient": ["p1"], **results, "medicationRequests": ["in-use"]}
    assert {case.sources[key].obtained for key in held} == {Obtained.RECORD}
    assert {case.sources[key].obtained for key in SOURCES if key not in held} == {Obtained.ABSENT}
    assert [entry.resource["id"] for entry in case.extras] == ["m1"]


def test_the_call_is_the_same_in_whatever_order_the_entries_stand() -> None:
    content = bundle(order("a"), order("b"), observation(), PATIENT)
    first = case_of_bundle(content)
    content["entry"].reverse()
    assert case_of_bundle(content).hook_instance == first.hook_instance
    assert case_of_bundle(bundle({**PATIENT, "id": "p2"})).hook_instance != first.hook_instance


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (bundle(order()), "Bundle: must hold exactly one Patient, and holds 0"),
        (bundle(PATIENT, {**PATIENT, "id": "p2"}), "Bundle: must hold exactly one Patient, and holds 2"),
        (bundle({"resourceType": "Patient"}), "Bundle: the Patient must have an id"),
        (bundle(PATIENT, {"id": "x"}), "Bundle.entry[1]: holds no resource"),
        (bundle(PATIENT, link=[{"relation": "next", "url": "x"}]), "Bundle: has further pages"),
        (
            bundle(PATIENT, {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "timeout"}]}),
            "Bundle: holds an OperationOutcome: the record is not whole",
        ),
    ],
)
def test_a_record_that_is_not_one_whole_patient_is_refused(content: dict[str, Any], says: str) -> None:
    with pytest.raises(BadRequest) as fault:
        case_of_bundle(content)
    assert str(fault.value) == says


def test_deep_nesting_is_refused() -> None:
    value: Any = {}
    for _ in range(400):
        value = {"x": value}
    with pytest.raises(BadRequest, match="nested more than 100 levels deep"):
        case_of_bundle(bundle(PATIENT, order(extension=value)))
