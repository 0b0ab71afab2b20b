"""The service beside a FHIR server, and calls that give access to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from cds import create_app
from cds.servers import Server
from cds.settings import Settings
from tests.conftest import NOW, serving
from tests.fhir_server import TOKEN, FhirServer
from tests.hooks.calls import PATIENT, call, observation, order

AUTHORIZATION = {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 300, "scope": "s", "subject": "c"}
LONG = 10_000
"""Milliseconds that are enough on a busy machine."""
SUBJECT = {"reference": "Patient/p1"}
OTHER_DRUG = {"medicationCodeableConcept": {"text": "amoxicillin 500 MG Oral Capsule"}}


def condition(id_: str = "c1", text: str = "Chronic kidney disease, stage 4", **changes: Any) -> dict[str, Any]:
    """A kidney disease."""
    return {"resourceType": "Condition", "id": id_, "subject": SUBJECT, "code": {"text": text}, **changes}


def record() -> list[dict[str, Any]]:
    """What the server holds of the patient: a weight of 60 kg, and a kidney disease."""
    return [dict(PATIENT), observation(), condition()]


def ordered(grams: int = 240, **changes: Any) -> dict[str, Any]:
    """An order of a product that contains sucrose: 4 g/kg, unless other `grams` are said."""
    dose = {"doseQuantity": {"value": grams, "unit": "g", "system": "http://unitsofmeasure.org", "code": "g"}}
    route = {"coding": [{"system": "http://snomed.info/sct", "code": "47625008", "display": "Intravenous route"}]}
    instruction = {"timing": {"repeat": {"count": 1}}, "route": route, "doseAndRate": [dose]}
    named = {"medicationCodeableConcept": {"text": "Carimune NF 12 g"}}
    return order(**{**named, "dosageInstruction": [instruction], **changes})


def pointing(to: str = "Medication/m1", display: str = "", **changes: Any) -> dict[str, Any]:
    """Such an order that names its drug by a Medication."""
    reference = {"reference": to, "display": display} if display else {"reference": to}
    made = ordered(medicationReference=reference, **changes)
    del made["medicationCodeableConcept"]
    return made


def medication(id_: str = "m1", text: str = "Carimune NF 12 g", **changes: Any) -> dict[str, Any]:
    return {"resourceType": "Medication", "id": id_, "code": {"text": text}, **changes}


@contextmanager
def service_of(*servers: FhirServer | str, fetch_ms: int = LONG) -> Iterator[httpx.Client]:
    """A client of the service, which may ask these FHIR servers."""
    listed = tuple(Server.read(one if isinstance(one, str) else one.url) for one in servers)
    with serving(create_app(Settings(fhir_servers=listed, fetch_ms=fetch_ms), clock=lambda: NOW)) as client:
        yield client


def asking(
    server: FhirServer | str, hook: str = "order-sign", *orders: dict[str, Any], **changes: Any
) -> dict[str, Any]:
    """A call with an empty prefetch that gives access to the server; members may be changed."""
    url = server if isinstance(server, str) else server.url
    return {**call(hook, *orders), "prefetch": {}, "fhirServer": url, "fhirAuthorization": AUTHORIZATION, **changes}


def sent(client: httpx.Client, content: Mapping[str, Any]) -> httpx.Response:
    return client.post(f"/cds-services/ivig-{content['hook']}", json=content)


def cards(client: httpx.Client, content: Mapping[str, Any]) -> list[dict[str, Any]]:
    answer = sent(client, content)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["cards"])


def rules(found: list[dict[str, Any]]) -> set[str]:
    return {one["extension"]["org.ivig-cds.finding"]["rule"] for one in found}


def not_checked(found: list[dict[str, Any]]) -> str:
    """What the card about what could not be checked says; "" without one."""
    return "".join(
        one["detail"] for one in found if one["extension"]["org.ivig-cds.finding"]["rule"] == "data.not-checked"
    )
