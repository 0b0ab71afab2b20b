"""The checklist's lines on prefetch and access, each through the service over a socket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.access.calling import AUTHORIZATION, asking, cards, not_checked, ordered, record, rules, sent, service_of
from tests.fhir_server import FhirServer, serving_fhir
from tests.hooks.calls import bundle, call, order
from tests.hooks.service import SECRET, diagnostics

FAILED = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "timeout", "diagnostics": SECRET}],
}


@pytest.fixture(scope="module")
def fhir() -> Iterator[FhirServer]:
    with serving_fhir(FhirServer(record())) as server:
        yield server


@pytest.fixture(scope="module")
def client(fhir: FhirServer) -> Iterator[httpx.Client]:
    with service_of(fhir) as client:
        yield client


@pytest.fixture(autouse=True)
def _new(fhir: FhirServer) -> None:
    fhir.reset(record())


def with_conditions(fhir: FhirServer, value: Any) -> dict[str, Any]:
    """A call that gives access, in which all was looked for in vain but the weight, and the conditions are `value`."""
    content = asking(fhir, "order-sign", ordered())
    content["prefetch"] = call()["prefetch"] | {"vitals": record()[1], "conditions": value}
    if value is ...:
        del content["prefetch"]["conditions"]
    return content


def test_R4_authorization_needs_a_server(client: httpx.Client) -> None:
    content = call("order-sign", ordered(), fhirAuthorization=AUTHORIZATION)
    assert "fhirServer is required where fhirAuthorization" in diagnostics(sent(client, content), 400)


def test_R5_a_key_that_is_absent_is_fetched(client: httpx.Client, fhir: FhirServer) -> None:
    assert "renal.sucrose-at-risk" in rules(cards(client, with_conditions(fhir, ...)))
    assert fhir.kinds == ["Condition"]


@pytest.mark.parametrize("value", [None, {"resourceType": "Bundle", "total": 0}, bundle()])
def test_R5_null_and_an_empty_bundle_are_known_absent(client: httpx.Client, fhir: FhirServer, value: Any) -> None:
    found = cards(client, with_conditions(fhir, value))
    assert not not_checked(found)
    assert "renal.sucrose-at-risk" not in rules(found)
    assert not fhir.asked


@pytest.mark.parametrize("value", [FAILED, bundle(FAILED)])
def test_R5_a_failed_search_is_not_repeated_and_said(client: httpx.Client, fhir: FhirServer, value: Any) -> None:
    found = cards(client, with_conditions(fhir, value))
    assert "Conditions could not be read (the search failed (timeout))" in not_checked(found)
    assert SECRET not in str(found)
    assert not fhir.asked


def test_R5_a_next_link_is_followed(client: httpx.Client, fhir: FhirServer) -> None:
    page = bundle(link=[{"relation": "next", "url": f"{fhir.url}/Condition?patient=p1"}])
    assert "renal.sucrose-at-risk" in rules(cards(client, with_conditions(fhir, page)))
    assert fhir.kinds == ["Condition"]
    page["link"][0]["url"] = "https://evil.example/Condition"
    assert "has further pages at another address" in not_checked(cards(client, with_conditions(fhir, page)))


def test_R6_412_where_what_is_required_cannot_be_obtained(client: httpx.Client, fhir: FhirServer) -> None:
    ibuprofen = order(medicationCodeableConcept={"text": "ibuprofen 400 MG Oral Tablet"})
    fhir.token = "another"
    said = diagnostics(sent(client, asking(fhir, "order-sign", ibuprofen)), 412)
    assert "did not accept the access token (401)" in said
    assert "not sent" in diagnostics(sent(client, call("order-sign", ibuprofen, prefetch={})), 412)


def test_R6_200_where_only_what_is_optional_is_missing(client: httpx.Client, fhir: FhirServer) -> None:
    content = with_conditions(fhir, FAILED)
    assert {"dose.implausible", "data.not-checked"} <= rules(cards(client, content))
    content["context"]["draftOrders"] = bundle(order(medicationCodeableConcept={"text": "ibuprofen 400 MG"}))
    assert sent(client, content).json() == {"cards": []}
