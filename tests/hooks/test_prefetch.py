"""R5: the states of a prefetch key, each told apart."""

from __future__ import annotations

from typing import Any

import pytest

from cds.case import SOURCES, Obtained, Source
from cds.errors import BadRequest
from cds.hooks.prefetch import sources
from tests.hooks.calls import PATIENT, bundle, observation

FAILED = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "timeout", "diagnostics": "Jane Doe"}],
}


def labs(value: Any) -> Source:
    found, _ = sources({"labs": value}, "p1")
    assert set(found) == set(SOURCES)
    assert all(found[key] == Source(Obtained.MISSING, reason="not sent") for key in SOURCES if key != "labs")
    return found["labs"]


def test_r5_absent_key_is_missing() -> None:
    found, medications = sources({}, "p1")
    assert found == dict.fromkeys(SOURCES, Source(Obtained.MISSING, reason="not sent"))
    assert medications == ()


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"resourceType": "Bundle"},
        {"resourceType": "Bundle", "entry": []},
        {"resourceType": "Bundle", "entry": None, "total": 0},
        {"resourceType": "Bundle", "type": "searchset", "total": 0, "link": [{"relation": "self", "url": "x"}]},
        {"response": {"status": "200 OK"}, "resource": {"resourceType": "Bundle", "total": 0}},
        {"response": {"status": "200 OK"}, "resource": None},
        bundle({"resourceType": "OperationOutcome", "issue": [{"severity": "information", "code": "informational"}]}),
    ],
)
def test_r5_null_and_empty_are_known_absent(value: Any) -> None:
    assert labs(value) == Source(Obtained.ABSENT)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (FAILED, "the search failed (timeout)"),
        (bundle(FAILED), "the search failed (timeout)"),
        (bundle({"resourceType": "OperationOutcome"}), "the search failed (unknown)"),
        (
            bundle({"resourceType": "OperationOutcome", "issue": [{"code": "Jane Doe, 61"}]}),
            "the search failed (unknown)",
        ),
        ({"response": {"status": "404 Not Found"}}, "the search failed (HTTP 404)"),
        ({"response": {"status": "200", "outcome": FAILED}, "resource": None}, "the search failed (timeout)"),
        ({"response": {"status": "200"}}, "prefetch.labs holds no resource"),
        ({}, "prefetch.labs is not a resource"),
        ("", "prefetch.labs is not a resource"),
        ([observation()], "prefetch.labs is not a resource"),
        ({"resourceType": "Bundle", "entry": {}}, "prefetch.labs.entry is not a list"),
        ({"resourceType": "Bundle", "entry": ["x"]}, "prefetch.labs.entry[0] is not an entry"),
        ({"resourceType": "Bundle", "total": 3}, "prefetch.labs holds fewer entries than its total"),
        (
            {"resourceType": "Bundle", "link": [{"relation": "next", "url": "x"}]},
            "prefetch.labs has further pages",
        ),
        (bundle({"resourceType": "Condition", "id": "c"}), "prefetch.labs holds no Observation"),
    ],
)
def test_r5_what_failed_is_missing_and_says_why(value: Any, reason: str) -> None:
    source = labs(value)
    assert (source.obtained, source.reason) == (Obtained.MISSING, reason)
    assert source.entries == ()


@pytest.mark.parametrize(
    "value",
    [
        bundle(observation()),
        bundle(observation(), type="searchset", total=1),
        observation(),
        {"response": {"status": "200 OK"}, "resource": observation()},
        {"response": {"status": "200 OK"}, "resource": bundle(observation())},
        {"resource": bundle(observation())},
        bundle(bundle(observation()), type="batch-response"),
        {"resourceType": "Bundle", "entry": [observation()]},
        {"entry": [{"resource": observation()}]},
    ],
)
def test_resources_come_in_many_wrappings(value: Any) -> None:
    source = labs(value)
    assert (source.obtained, source.reason) == (Obtained.PREFETCH, None)
    assert [entry.resource["id"] for entry in source.entries] == ["w1"]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (bundle(observation(), link=[{"relation": "next", "url": "x"}]), "prefetch.labs has further pages"),
        (bundle(observation(), total=2), "prefetch.labs holds fewer entries than its total"),
        (bundle(observation(), FAILED), "the search failed (timeout)"),
        (bundle(observation(), {"id": "x"}), "prefetch.labs.entry[1] holds no resource"),
        (
            {"resourceType": "Bundle", "entry": [{"resource": observation()}, {"response": {"status": "500"}}]},
            "the search failed (HTTP 500)",
        ),
    ],
)
def test_r5_more_than_came_makes_a_source_incomplete(value: Any, why: str) -> None:
    source = labs(value)
    assert source.obtained is Obtained.PREFETCH
    assert [entry.resource["id"] for entry in source.entries] == ["w1"]
    assert source.reason == why


def test_the_address_of_an_entry_is_kept() -> None:
    entry = {"fullUrl": "urn:uuid:1", "resource": observation()}
    assert labs({"resourceType": "Bundle", "entry": [entry]}).entries[0].full_url == "urn:uuid:1"


def test_medications_that_come_along_are_kept_for_references() -> None:
    medication = {"resourceType": "Medication", "id": "m1"}
    request = {"resourceType": "MedicationRequest", "id": "r1", "medicationReference": {"reference": "Medication/m1"}}
    found, medications = sources({"medicationRequests": bundle(request, medication)}, "p1")
    assert [entry.resource["id"] for entry in found["medicationRequests"].entries] == ["r1"]
    assert [entry.resource["id"] for entry in medications] == ["m1"]


@pytest.mark.parametrize("key", ["patient", "labs", "conditions"])
@pytest.mark.parametrize("wrap", [lambda one: one, bundle, lambda one: {"response": {}, "resource": one}])
def test_another_patient_is_refused_wherever_it_stands(key: str, wrap: Any) -> None:
    with pytest.raises(BadRequest) as fault:
        sources({key: wrap({**PATIENT, "id": "p2"})}, "p1")
    assert fault.value.where == f"prefetch.{key}"
    assert "p2" not in str(fault.value)


def test_a_patient_without_id_is_not_taken_for_this_one() -> None:
    found, _ = sources({"patient": {"resourceType": "Patient", "birthDate": "1980-05-01"}}, "p1")
    assert found["patient"] == Source(Obtained.MISSING, reason="the Patient has no id")


def test_bundles_inside_bundles_end_somewhere() -> None:
    value: dict[str, Any] = observation()
    for _ in range(6):
        value = bundle(value)
    assert labs(value).obtained is Obtained.MISSING


def test_medications_under_a_key_of_the_clients_own_are_found_by_references() -> None:
    medication = {"resourceType": "Medication", "id": "m1", "code": {"text": "Privigen"}}
    for value in (bundle(medication), medication):
        assert [entry.resource for entry in sources({"drugs": value}, "p1")[1]] == [medication]
    for value in (5, [medication], {"resourceType": "Patient", "id": "other"}, None):
        assert sources({"drugs": value}, "p1")[1] == ()
