"""What tests send to the service over a socket, and how they read its answers."""

from __future__ import annotations

from typing import Any

import httpx

from tests.hooks.calls import bundle, call, observation, order

SIGN, SELECT = "/cds-services/ivig-order-sign", "/cds-services/ivig-order-select"
SECRET = "Jane-Doe-19610307"
JSON = {"content-type": "application/json"}


def ten_fold(**changes: Any) -> dict[str, Any]:
    """An order of 4 g/kg where 400 mg/kg were meant."""
    dose = {"doseQuantity": {"value": 240, "unit": "g", "system": "http://unitsofmeasure.org", "code": "g"}}
    route = {"coding": [{"system": "http://snomed.info/sct", "code": "47625008", "display": "Intravenous route"}]}
    instruction = {"timing": {"repeat": {"count": 1}}, "route": route, "doseAndRate": [dose]}
    return order(**{"dosageInstruction": [instruction], **changes})


def of(hook: str, *orders: dict[str, Any]) -> dict[str, Any]:
    content = call(hook, *orders)
    content["prefetch"]["vitals"] = bundle(observation())
    return content


def rules(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 200, answer.text
    return {card["extension"]["org.ivig-cds.finding"]["rule"]: card["indicator"] for card in answer.json()["cards"]}


def diagnostics(answer: httpx.Response, status: int) -> str:
    """What an OperationOutcome says, after a look at its form."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/fhir+json"
    content = answer.json()
    assert content["resourceType"] == "OperationOutcome"
    (issue,) = content["issue"]
    assert issue["severity"] == "error"
    assert SECRET not in answer.text
    return str(issue["diagnostics"])
