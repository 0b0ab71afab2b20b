"""A server that answers other things than it was asked: filtered and sorted here, or left out and said."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.access.calling import SUBJECT, asking, cards, condition, not_checked, ordered, record, rules
from tests.fhir_server import FhirServer, acts
from tests.hooks.calls import PATIENT, observation, order

OTHERS = {"reference": "Patient/p2"}


def told(client: httpx.Client, fhir: FhirServer, *more: dict[str, Any]) -> list[dict[str, Any]]:
    fhir.store.resources += more
    return cards(client, asking(fhir, "order-sign", ordered()))


@pytest.mark.parametrize("ignored", [{"code"}, {"code", "_sort", "_count"}, {"status"}, {"patient", "status", "code"}])
def test_filters_that_are_ignored_change_no_card(client: httpx.Client, fhir: FhirServer, ignored: set[str]) -> None:
    glucose = [
        observation(f"g{number}", code={"coding": [{"system": "http://loinc.org", "code": "2339-0"}]})
        for number in range(300)
    ]
    honest = told(client, fhir, *glucose)
    fhir.ignored = ignored
    assert told(client, fhir) == honest


def test_what_is_sorted_wrongly_is_sorted_here(client: httpx.Client, fhir: FhirServer) -> None:
    old = observation("w0", effectiveDateTime="2026-11-01", valueQuantity={"value": 50, "unit": "kg", "code": "kg"})
    weights = [old, observation()]
    for listed in (weights, weights[::-1]):
        content = json.dumps({"resourceType": "Bundle", "entry": [{"resource": one} for one in listed]}).encode()
        fhir.acts["Observation"] = acts.body(content)
        found = told(client, fhir)
        assert "÷ 60 kg (2026-11-18)" in str(found)


@pytest.mark.parametrize(("state", "counts"), [("draft", False), ("unknown", False), ("active", True)])
def test_orders_of_a_status_that_was_not_asked_for_do_not_count(
    client: httpx.Client, fhir: FhirServer, state: str, counts: bool
) -> None:
    content = asking(fhir, "order-sign", ordered(24))
    assert "dose.duplicate" not in rules(cards(client, content))
    fhir.ignored = {"status"}
    fhir.store.resources.append(ordered(24, id="old", status=state))
    found = cards(client, content)
    assert ("dose.duplicate" in rules(found)) is counts
    assert not not_checked(found)


def test_a_drug_that_was_stopped_lately_is_asked_for(client: httpx.Client, fhir: FhirServer) -> None:
    ended = {"dosageInstruction": [{"timing": {"repeat": {"boundsPeriod": {"end": "2026-11-19"}}}}]}
    named = {"medicationCodeableConcept": {"text": "gentamicin 80 MG injection"}}
    gentamicin = order("rx", status="stopped", **named, **ended)
    assert "renal.nephrotoxic-drug" in rules(told(client, fhir, gentamicin))


def test_what_is_entered_in_error_does_not_count(client: httpx.Client, fhir: FhirServer) -> None:
    system = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
    wrong = {"coding": [{"system": system, "code": "entered-in-error"}]}
    fhir.reset([*record()[:2], condition(verificationStatus=wrong)])
    assert "renal.sucrose-at-risk" not in rules(told(client, fhir))


def test_another_patients_results_are_left_out_and_said(client: httpx.Client, fhir: FhirServer) -> None:
    fhir.ignored = {"patient"}
    fhir.reset([*record()[:2], condition("c9", subject=OTHERS)])
    fhir.ignored = {"patient"}
    found = told(client, fhir)
    assert "renal.sucrose-at-risk" not in rules(found)
    assert "Condition/c9 is about another patient and was left out" in not_checked(found)


def test_another_patient_is_not_taken_for_this_one_and_no_fault_of_the_client(
    client: httpx.Client, fhir: FhirServer
) -> None:
    fhir.acts["Patient"] = acts.body(json.dumps({**PATIENT, "id": "p2"}).encode())
    content = asking(fhir, "order-sign", ordered(reasonCode=[{"text": "Kawasaki disease"}]))
    said = not_checked(cards(client, content))
    assert "own data could not be read (not sent, and the FHIR server answered with another patient)" in said


def test_other_types_than_were_asked_for(client: httpx.Client, fhir: FhirServer) -> None:
    stray = {"resourceType": "Bundle", "entry": [{"resource": observation("stray")}]}
    fhir.acts["Condition"] = acts.body(json.dumps(stray).encode())
    assert "the answer holds no Condition" in not_checked(told(client, fhir))
    stray["entry"] = [{"resource": one} for one in (condition(), observation("stray"), {**PATIENT, "id": "p2"})]
    fhir.acts["Condition"] = acts.body(json.dumps(stray).encode())
    found = told(client, fhir)
    assert "renal.sucrose-at-risk" in rules(found)
    assert not not_checked(found)


def test_half_broken_entries_make_a_source_incomplete(client: httpx.Client, fhir: FhirServer) -> None:
    broken: list[Any] = [{"resource": condition()}, "x", {"resource": {"id": "y"}}, {"response": {"status": "500"}}]
    fhir.acts["Condition"] = acts.body(json.dumps({"resourceType": "Bundle", "entry": broken}).encode())
    found = told(client, fhir)
    assert "renal.sucrose-at-risk" in rules(found)
    assert "Conditions were read in part (the search failed (HTTP 500); the answer.entry" in not_checked(found)


def test_a_subject_that_cannot_be_told(client: httpx.Client, fhir: FhirServer) -> None:
    entries = [{"resource": condition(subject={"display": "someone"})}, {"resource": condition("c2", subject=SUBJECT)}]
    fhir.acts["Condition"] = acts.body(json.dumps({"resourceType": "Bundle", "entry": entries}).encode())
    found = told(client, fhir)
    assert "does not tell which patient it is about" in not_checked(found)
    assert "renal.sucrose-at-risk" in rules(found)
