"""What can go wrong with one question: the source is missing and says why in plain words, and the rest is read."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.access.calling import asking, cards, condition, not_checked, ordered, record, rules, service_of
from tests.fhir_server import FhirServer, acts
from tests.fhir_server.server import Act
from tests.hooks.calls import PATIENT

WARNED = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "throttled"}]}


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (acts.status(401), "did not accept the access token (401)"),
        (acts.status(403), "did not allow it (403)"),
        (acts.status(404), "did not find it (404)"),
        (acts.status(410), "says that it was deleted (410)"),
        (acts.status(429), "is too busy (429)"),
        (acts.status(400), "failed (400)"),
        (acts.status(500), "failed (500)"),
        (acts.status(503), "failed (503)"),
        (acts.status(204), "failed (204)"),
        (acts.reset, "broke off its answer"),
        (acts.cut, "broke off its answer"),
        (acts.body(b'{"resourceType":"Bundle","entry":['), "did not answer in FHIR JSON"),
        (acts.body(b""), "did not answer in FHIR JSON"),
        (acts.body(b"[]"), "did not answer in FHIR JSON"),
        (acts.body(b"\xff"), "did not answer in FHIR JSON"),
        (acts.body(b'{"a":' * 400 + b"1" + b"}" * 400), "did not answer in FHIR JSON"),
        (acts.body(b"<html>Sign in</html>", "text/html"), "did not answer in FHIR JSON"),
        (acts.body(b'{"resourceType":"Bundle"}', "text/plain"), "did not answer in FHIR JSON"),
        (acts.headers(content_encoding="gzip"), "did not answer in FHIR JSON"),
        (acts.body(b" " * (4 * 1024 * 1024 + 1)), "answered with more than 4 MB"),
        (acts.huge, "answered with more than 4 MB"),
        (acts.headers(content_length=str(10**9)), "answered with more than 4 MB"),
        (acts.redirect("https://evil.example/fhir/Condition"), "sends to another address, which is not followed"),
        (acts.redirect("/admin/Condition"), "sends to another address, which is not followed"),
        (acts.redirect("Condition?again"), "sends from one address to the next"),
    ],
)
def test_a_question_that_fails(client: httpx.Client, fhir: FhirServer, act: Act, why: str) -> None:
    fhir.acts["Condition"] = act
    found = cards(client, asking(fhir, "order-sign", ordered()))
    assert f"Conditions could not be read (not sent, and the FHIR server {why})" in not_checked(found)
    assert "dose.implausible" in rules(found), "the weight was read"
    assert fhir.kinds.count("Condition") == 1 or "next" in why, "what failed is not asked again"
    assert "renal.sucrose-at-risk" not in rules(found)
    for said in ("Patient/p1", fhir.url, "Jane", "evil.example"):
        assert said not in json.dumps(found)


@pytest.mark.parametrize(
    "content",
    [
        WARNED,
        {"resourceType": "Bundle", "entry": [{"resource": WARNED}]},
        {"resourceType": "Bundle", "entry": [{"response": {"status": "200", "outcome": WARNED}}]},
    ],
)
def test_an_operation_outcome_is_a_failure(client: httpx.Client, fhir: FhirServer, content: dict[str, Any]) -> None:
    fhir.acts["Condition"] = acts.body(json.dumps(content).encode())
    found = cards(client, asking(fhir, "order-sign", ordered()))
    assert "Conditions could not be read (the search failed (throttled)" in not_checked(found)


def test_a_warning_beside_results_makes_them_incomplete(client: httpx.Client, fhir: FhirServer) -> None:
    content = {"resourceType": "Bundle", "entry": [{"resource": condition()}, {"resource": WARNED}]}
    fhir.acts["Condition"] = acts.body(json.dumps(content).encode())
    found = cards(client, asking(fhir, "order-sign", ordered()))
    assert "renal.sucrose-at-risk" in rules(found)
    assert "Conditions were read in part (the search failed (throttled))" in not_checked(found)


def test_what_is_late_is_missing_and_the_rest_is_not_waited_for_twice(hasty: httpx.Client, fhir: FhirServer) -> None:
    for kind in ("Condition", "AllergyIntolerance"):
        fhir.acts[kind] = acts.late(30)
    found = cards(hasty, asking(fhir, "order-sign", ordered()))
    assert "Conditions could not be read (not sent, and the FHIR server did not answer in time)" in not_checked(found)
    assert "Allergies could not be read (not sent, and the FHIR server did not answer in time)" in not_checked(found)
    assert "dose.implausible" in rules(found)


def test_a_server_that_is_not_there() -> None:
    with service_of("http://127.0.0.1:9/fhir") as alone:
        found = cards(alone, asking("http://127.0.0.1:9/fhir", "order-sign", ordered()))
    assert "Conditions could not be read (not sent, and the FHIR server could not be reached)" in not_checked(found)


def test_an_empty_answer_is_known_absent(client: httpx.Client, fhir: FhirServer) -> None:
    fhir.reset([PATIENT, record()[1]])
    found = cards(client, asking(fhir, "order-sign", ordered()))
    assert not not_checked(found)


@pytest.mark.parametrize(
    "type_", ["application/fhir+json", "application/json; charset=utf-8", "Application/FHIR+JSON;fhirVersion=4.0"]
)
def test_json_is_named_in_many_ways(client: httpx.Client, fhir: FhirServer, type_: str) -> None:
    fhir.acts["*"] = lambda asked, reply: replace(reply, headers={"content-type": type_})
    assert not not_checked(cards(client, asking(fhir, "order-sign", ordered())))


def test_a_redirect_within_the_server_is_followed_with_the_token(client: httpx.Client, fhir: FhirServer) -> None:
    def moved(asked: Any, reply: Any) -> Any:
        return reply if asked.path.startswith("/new/") else acts.redirect(f"/fhir/new{asked.path}", 307)(asked, reply)

    content = {"resourceType": "Bundle", "entry": [{"resource": condition()}]}
    fhir.acts["Condition"] = moved
    fhir.acts["new"] = acts.body(json.dumps(content).encode())
    assert "renal.sucrose-at-risk" in rules(cards(client, asking(fhir, "order-sign", ordered())))
    assert [one.authorization for one in fhir.asked if one.kind == "new"] == [fhir.asked[0].authorization]
