"""The habits of the official sandbox and of other real clients, from the first preflight to the feedback.

The sandbox runs in a browser, signs each call with ES256 for the URL that it calls, names its key set, leaves out the
type of the Bundle and the display of a reason, keeps one service per URL, and gives a FHIR server of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from cds import create_app
from cds.settings import Settings
from tests.conftest import NOW, serving
from tests.hooks.calls import PATIENT, bundle, call, observation
from tests.hooks.service import SIGN, rules, ten_fold
from tests.trust.key_server import KeyServer, key_server
from tests.trust.signing import BASE, claims, jwk, private, token
from tests.trust.trusted import written

SANDBOX = "https://sandbox.cds-hooks.org"
SERVER = "https://launch.smarthealthit.org/v/r4/fhir"


class Sandbox:
    """Calls as the sandbox makes them: from its page, with a token for the very URL and the address of its keys."""

    def __init__(self, http: httpx.Client, keys: KeyServer) -> None:
        self._http, self._keys = http, keys

    def preflight(self, path: str, method: str) -> httpx.Response:
        asked = {
            "access-control-request-method": method,
            "access-control-request-headers": "authorization,content-type",
        }
        return self._http.options(path, headers={"origin": SANDBOX, **asked})

    def ask(self, path: str, content: Any = None) -> httpx.Response:
        signed = token(
            claims(f"{BASE}{path}", iss=SANDBOX),
            key=private("P-256", "sandbox"),
            alg="ES256",
            kid="s1",
            jku=self._keys.jwks,
        )
        headers = {"origin": SANDBOX, "authorization": f"Bearer {signed}", "accept": "application/json"}
        if content is None:
            return self._http.get(path, headers=headers)
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return self._http.post(
            path, content=body, headers={**headers, "content-type": "application/json;charset=UTF-8"}
        )


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with key_server() as keys:
        keys.keys = [jwk(private("P-256", "sandbox"), "s1")]
        known = {"name": "Sandbox", "iss": SANDBOX, "jku": [keys.jwks], "algorithms": ["ES256"], "origins": [SANDBOX]}
        settings = Settings(clients=written(tmp_path_factory.mktemp("sandbox"), [known]), base_url=BASE)
        with serving(create_app(settings, clock=lambda: NOW)) as http:
            yield Sandbox(http, keys)


def drafted() -> dict[str, Any]:
    """A call of order-sign: the Bundle has no type, the orders no fullUrl, the FHIR server is nobody's we know."""
    content = call("order-sign", ten_fold())
    content["prefetch"] |= {"vitals": bundle(observation())}
    authorization = {"access_token": "none", "token_type": "Bearer", "expires_in": 300, "scope": "s", "subject": "c"}
    return {**content, "fhirServer": SERVER, "fhirAuthorization": authorization}


def test_from_the_preflight_to_the_feedback(sandbox: Sandbox) -> None:
    for path, method in (("/cds-services", "GET"), (SIGN, "POST"), (f"{SIGN}/feedback", "POST")):
        allowed = sandbox.preflight(path, method)
        assert allowed.headers["access-control-allow-origin"] == SANDBOX
        assert "authorization" in allowed.headers["access-control-allow-headers"].lower()
        assert method in allowed.headers["access-control-allow-methods"]
    assert [one["hook"] for one in sandbox.ask("/cds-services").json()["services"]]
    answer = sandbox.ask(SIGN, drafted())
    assert answer.headers["access-control-allow-origin"] == SANDBOX
    assert rules(answer)["dose.implausible"] == "critical"
    card = answer.json()["cards"][0]
    reason = {key: card["overrideReasons"][0][key] for key in ("code", "system")}
    item = {"card": card["uuid"], "outcome": "overridden", "overrideReason": {"reason": reason}}
    told = sandbox.ask(f"{SIGN}/feedback", {"feedback": [{**item, "outcomeTimestamp": "2026-11-20T12:00:00Z"}]})
    assert (told.status_code, told.content) == (200, b"")


def test_a_refusal_can_be_read_by_its_page(sandbox: Sandbox) -> None:
    wrong = sandbox.ask(SIGN, {**drafted(), "hook": "order-dispatch"})
    assert (wrong.status_code, wrong.headers["access-control-allow-origin"]) == (400, SANDBOX)


def test_each_service_has_an_address_of_its_own(sandbox: Sandbox) -> None:
    """The sandbox keeps the last hook of an id that two services share."""
    ids = [one["id"] for one in sandbox.ask("/cds-services").json()["services"]]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("server", [SERVER, "http://localhost:8081/fhir", "http://10.0.0.7/fhir", "http://fhir/"])
def test_any_fhir_server_may_be_named(sandbox: Sandbox, server: str) -> None:
    answer = sandbox.ask(SIGN, {**drafted(), "fhirServer": server})
    assert "dose.implausible" in rules(answer)
    assert server not in answer.text


def _patient_with_type(content: dict[str, Any]) -> None:
    content["context"]["patientId"] = "Patient/p1"


def _signed_again(content: dict[str, Any]) -> None:
    content["context"]["draftOrders"]["entry"][0]["resource"]["status"] = "active"


def _single_resource(content: dict[str, Any]) -> None:
    content["prefetch"]["vitals"] = observation()


def _wrapped(content: dict[str, Any]) -> None:
    content["prefetch"]["patient"] = {"response": {"status": "200 OK"}, "resource": PATIENT}


def _no_entry(content: dict[str, Any]) -> None:
    content["prefetch"]["conditions"] = {"resourceType": "Bundle", "type": "searchset"}


def _more_members(content: dict[str, Any]) -> None:
    content |= {"user": "Practitioner/d1", "extension": {"org.example.thing": 1}, "oauth": None}


@pytest.mark.parametrize(
    "habit", [_patient_with_type, _signed_again, _single_resource, _wrapped, _no_entry, _more_members]
)
def test_what_other_real_clients_send(sandbox: Sandbox, habit: Any) -> None:
    content = drafted()
    habit(content)
    assert rules(sandbox.ask(SIGN, content))["dose.implausible"] == "critical"


def test_a_file_with_a_byte_order_mark(sandbox: Sandbox) -> None:
    assert "dose.implausible" in rules(sandbox.ask(SIGN, b"\xef\xbb\xbf" + json.dumps(drafted()).encode()))
