"""One document after the other: what cannot be evaluated is said in its place, the others go on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cds.case import Case
from cds.errors import EngineFault
from cds.hooks import case_of_bundle, case_of_request, decode
from cds.replay import Document, Readers, Replayed, replay

READERS = Readers(decode=decode, bundle=case_of_bundle, request=case_of_request)

BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [{"resource": {"resourceType": "Patient", "id": "p1"}}],
}

REQUEST = {
    "hook": "order-select",
    "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
    "context": {
        "userId": "Practitioner/1",
        "patientId": "p2",
        "selections": [],
        "draftOrders": {"resourceType": "Bundle", "entry": []},
    },
}


def document(name: str, content: Any) -> Document:
    return Document(name, content if isinstance(content, bytes) else json.dumps(content).encode())


def named(case: Case) -> list[dict[str, str]]:
    """Cards that tell only whose they are."""
    if case.patient_id == "broken":
        raise EngineFault("the evaluation did not come to its end")
    return [{"summary": case.patient_id}]


def test_bundles_and_hook_requests_are_told_apart() -> None:
    made = list(replay([document("a", BUNDLE), document("b", REQUEST)], READERS, named))
    assert made == [
        Replayed("a", "order-sign", ({"summary": "p1"},)),
        Replayed("b", "order-select", ({"summary": "p2"},)),
    ]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b'{"resourceType": "Bundle",', "not valid JSON: see line 1 column 27"),
        (b"\xff\xfe{}", "UTF-8"),
        (b"", "JSON"),
        (b"[1]", "JSON object"),
        ({}, "neither a FHIR Bundle (resourceType) nor a CDS Hooks request (hook)"),
        ({"resourceType": "Patient", "id": "p1"}, "neither a FHIR Bundle"),
        ({**BUNDLE, "entry": []}, "exactly one Patient"),
        ({**REQUEST, "hook": "order-dispatch"}, "hook"),
        ({**REQUEST, "context": {}}, "context"),
        ({**BUNDLE, "entry": [{"resource": {"resourceType": "Patient", "id": "broken"}}]}, "did not come to its end"),
    ],
)
def test_what_cannot_be_evaluated_is_said_and_the_others_go_on(content: Any, error: str) -> None:
    made = list(replay([document("bad", content), document("good", BUNDLE)], READERS, named))
    assert error in made[0].error
    assert (made[0].file, made[0].hook, made[0].cards) == ("bad", "", ())
    assert made[1] == Replayed("good", "order-sign", ({"summary": "p1"},))


def test_a_file_that_could_not_be_opened_keeps_its_error() -> None:
    (made,) = replay([Document("gone", error="cannot be opened")], READERS, named)
    assert made == Replayed("gone", error="cannot be opened")


def test_documents_are_evaluated_as_they_are_asked_for() -> None:
    made = replay(iter([document("a", BUNDLE)]), READERS, named)
    assert next(made).file == "a"
    assert next(made, None) is None


def test_a_fault_of_ours_is_said_in_its_place_and_the_others_go_on() -> None:
    def fails(case: Case) -> list[dict[str, str]]:
        if case.patient_id == "p1":
            raise ZeroDivisionError("a value of the patient")
        return []

    made = list(replay([document("a", BUNDLE), document("b", REQUEST)], READERS, fails))
    assert made[0] == Replayed("a", error="could not be evaluated (ZeroDivisionError); please report this")
    assert made[1].error == ""
