"""The document: sound in itself, whole, and true of every answer of the fixtures and the written cases, over HTTP."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from jsonschema_rs import Draft202012Validator, validator_for

from cds import create_app
from cds.hooks import SERVICES
from cds.openapi import document
from cds.settings import Settings
from cds.situations import situations
from tests.conftest import NOW, serving
from tests.hooks.calls import bundle, call
from tests.hooks.service import JSON, SELECT, SIGN, of, ten_fold
from tests.support.run import noon

DOCUMENT: dict[str, Any] = json.loads(document(Settings()))
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
METHODS = ("get", "head", "post")
OPERATIONS = [
    pytest.param(path, method, id=f"{method} {path}")
    for path in DOCUMENT["paths"]
    for method in METHODS
    if method in DOCUMENT["paths"][path]
]
FIXTURES = Path(__file__).parents[2] / "fhir_fixtures"


def conforms(answer: httpx.Response, path: str = "") -> None:
    """Raises where the answer's status, media type or body is not what the document says of its request."""
    path = path or answer.request.url.path
    SCHEMA[path][answer.request.method].validate_response(answer)
    documented = DOCUMENT["paths"][path][answer.request.method.lower()]["responses"]
    assert str(answer.status_code) in documented, answer.text


class At:
    """A service whose clock is set before each call."""

    def __init__(self, client: httpx.Client, now: list[datetime]) -> None:
        self.client, self._now = client, now

    def post(self, now: datetime, request: dict[str, Any]) -> list[dict[str, Any]]:
        self._now[0] = now
        answer = self.client.post(f"/cds-services/ivig-{request['hook']}", json=request)
        conforms(answer)
        return list(answer.json().get("cards", ()))


@pytest.fixture(scope="module")
def at() -> Iterator[At]:
    now = [NOW]
    with serving(create_app(Settings(), clock=lambda: now[0])) as client:
        yield At(client, now)


def test_it_is_served_as_it_is(service: httpx.Client) -> None:
    answer = service.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.content == document(Settings(max_body=200_000))


def test_it_tells_the_limits_of_the_site() -> None:
    told = document(
        Settings(max_body=4321, max_entries=77, max_calls=9, max_calls_per_client=8, body_seconds=3)
    ).decode()
    for number in ("4321 bytes", "77 resources", "9 calls", "8 calls", "3 seconds"):
        assert number in told


def routes(within: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Every path and method that an application answers."""
    for route in within:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes(inner.routes)
        else:
            yield from ((route.path, method.lower()) for method in route.methods)


def test_no_route_is_missing_and_none_is_made_up() -> None:
    documented = {(re.sub(r"\{\w+\}", "{}", path), method) for path, method in (one.values for one in OPERATIONS)}
    real = {(re.sub(r"\{[\w:]+\}", "{}", path), method) for path, method in routes(create_app(Settings()).routes)}
    pages = {(path, method) for path in ("/rules/", "/rules/{}/{}") for method in ("get", "head")}
    services = {(f"/cds-services/{id_}{end}", "post") for id_ in SERVICES for end in ("", "/feedback")}
    assert documented == real | pages | services
    assert ("/rules/{}", "get") in real


def nodes(value: Any, where: str = "#") -> Iterator[tuple[str, Any]]:
    yield where, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in children:
        yield from nodes(child, f"{where}/{name}")


def test_every_reference_leads_somewhere() -> None:
    places = {where for where, _ in nodes(DOCUMENT)}
    found = [value["$ref"] for _, value in nodes(DOCUMENT) if isinstance(value, dict) and "$ref" in value]
    assert found
    assert set(found) <= places
    named = {
        f"#/components/{kind}/{name}" for kind in ("schemas", "responses") for name in DOCUMENT["components"][kind]
    }
    assert named <= set(found), "a component that nothing refers to"


def test_every_schema_is_a_schema_and_every_operation_has_its_own_id() -> None:
    for name, schema in DOCUMENT["components"]["schemas"].items():
        Draft202012Validator({**schema, "components": DOCUMENT["components"]}), name
    ids = Counter(DOCUMENT["paths"][path][method]["operationId"] for path, method in (one.values for one in OPERATIONS))
    assert set(ids.values()) == {1}


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_other_methods_are_405_as_documented(service: httpx.Client, path: str, method: str) -> None:
    real = path.replace("{id}", "x").replace("{part}", "x").replace("{page}", "x")
    for other in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        if other.lower() in DOCUMENT["paths"][path]:
            continue
        answer = service.request(other, real)
        assert answer.status_code == 405, other
        allowed = {one.strip().lower() for one in answer.headers["allow"].split(",")}
        assert allowed == {one for one in DOCUMENT["paths"][path] if one in METHODS}
        if other != "HEAD":
            SCHEMA[path][method.upper()].validate_response(answer)


@pytest.mark.parametrize("path", [path for path in DOCUMENT["paths"] if "get" in DOCUMENT["paths"][path]])
def test_head_answers_as_get_does_without_a_body(service: httpx.Client, path: str) -> None:
    real = path.replace("{part}/{page}", "products/privigen.html").replace("{page}", "style.css")
    got, headed = service.get(real), service.head(real)
    assert headed.content == b""
    assert got.status_code == headed.status_code == (307 if path == "/rules" else 200)
    assert got.headers.get("content-type") == headed.headers.get("content-type")
    conforms(got, path)
    conforms(headed, path)


@pytest.mark.parametrize("service_", SERVICES.values(), ids=lambda one: one.id)
def test_the_examples_are_calls_with_a_card(service: httpx.Client, service_: Any) -> None:
    path = f"/cds-services/{service_.id}"
    for end in ("", "/feedback"):
        body = DOCUMENT["paths"][path + end]["post"]["requestBody"]["content"]["application/json"]
        request = validator_for({**body["schema"], "components": DOCUMENT["components"]})
        request.validate(body["example"])
        answer = service.post(path + end, json=body["example"])
        conforms(answer)
        assert answer.status_code == 200
        assert end or answer.json()["cards"]


@pytest.mark.parametrize("file", sorted((FIXTURES / "requests").glob("*.json")), ids=lambda path: path.stem)
def test_requests_of_the_fixtures(at: At, file: Path) -> None:
    at.post(NOW, json.loads(file.read_bytes().decode("utf-8-sig")))


def test_cards_of_every_bundle(at: At) -> None:
    count = 0
    for file in sorted((FIXTURES / "bundles").glob("*.json")):
        resources = [entry["resource"] for entry in json.loads(file.read_text("utf-8"))["entry"]]
        (patient,) = (one for one in resources if one["resourceType"] == "Patient")
        drafts = [one for one in resources if one.get("status") == "draft"]
        request = call("order-sign")
        request["context"] |= {"patientId": patient["id"], "draftOrders": bundle(*drafts)}
        types = {"conditions": "Condition", "allergies": "AllergyIntolerance", "immunizations": "Immunization"}
        types |= {"vitals": "Observation", "labs": "Observation", "medicationStatements": "MedicationStatement"}
        types |= {"medicationAdministrations": "MedicationAdministration", "medicationRequests": "MedicationRequest"}
        request["prefetch"] = {"patient": patient} | {
            key: bundle(*(one for one in resources if one["resourceType"] == type_ and one not in drafts))
            for key, type_ in types.items()
        }
        count += len(at.post(NOW, request))
    assert count > 40


def test_cards_of_every_written_case(at: At) -> None:
    cards = [card for case in situations() for card in at.post(noon(case.as_of), case.request())]
    assert len(cards) > 1000
    assert len({card["extension"]["org.ivig-cds.finding"]["rule"] for card in cards}) > 35


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        (SIGN, b"{", JSON, 400),
        (SIGN, json.dumps(of("order-select", ten_fold())).encode(), JSON, 400),
        (SELECT, json.dumps(of("order-sign", ten_fold())).encode(), JSON, 400),
        (SIGN, b"{}", {"content-type": "text/plain"}, 415),
        (SIGN, b" " * 200_001, JSON, 413),
        (SIGN, b"[" + b"{}," * 50_000 + b"{}]", JSON, 400),
        (f"{SIGN}/feedback", b"{}", JSON, 400),
    ],
)
def test_refusals(service: httpx.Client, path: str, body: bytes, headers: dict[str, str], status: int) -> None:
    answer = service.post(path, content=body, headers=headers)
    conforms(answer)
    assert answer.status_code == status


def test_unknown_ids(service: httpx.Client) -> None:
    for end in ("", "/feedback"):
        answer = service.post(f"/cds-services/nobody{end}", json={})
        conforms(answer, f"/cds-services/{{id}}{end}")
        assert answer.status_code == 404
