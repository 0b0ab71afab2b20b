"""The service over a real socket: calls, faults of clients, faults of ours, probes."""

from __future__ import annotations

import logging
import re
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from cds import create_app
from cds.errors import EngineFault
from cds.settings import Settings
from tests.conftest import NOW, serving
from tests.hooks.calls import bundle, observation
from tests.hooks.service import SECRET, SELECT, SIGN, diagnostics, of, rules, ten_fold


@pytest.mark.parametrize(("path", "hook"), [(SIGN, "order-sign"), (SELECT, "order-select")])
def test_an_order_in_and_cards_out(service: httpx.Client, path: str, hook: str) -> None:
    answer = service.post(path, json=of(hook, ten_fold()))
    assert answer.headers["content-type"] == "application/json"
    assert rules(answer)["dose.implausible"] == "critical"


def test_only_the_selected_orders_are_advised_on(service: httpx.Client) -> None:
    content = of("order-select", ten_fold(id="o1"), ten_fold(id="o2"))
    content["context"]["selections"] = ["MedicationRequest/o2"]
    cards = service.post(SELECT, json=content).json()["cards"]
    assert {card["extension"]["org.ivig-cds.finding"]["about"] for card in cards} == {"MedicationRequest/o2"}


@pytest.mark.parametrize("state", ["absent", "failed", "paged", "partly failed"])
def test_r5_what_was_not_obtained_is_said(service: httpx.Client, state: str) -> None:
    content = of("order-sign", ten_fold())
    failed = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "timeout"}]}
    cold = {"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/p1"}, "code": {"text": "a cold"}}
    paged = bundle(cold, link=[{"relation": "next", "url": "https://ehr.example/next"}])
    states = {"absent": None, "failed": failed, "paged": paged, "partly failed": bundle(cold, failed)}
    content["prefetch"]["conditions"] = states[state]
    if state == "absent":
        del content["prefetch"]["conditions"]
    known = rules(service.post(SIGN, json=of("order-sign", ten_fold())))
    said = rules(service.post(SIGN, json=content))
    assert "data.not-checked" in said
    assert "data.not-checked" not in known


def test_an_order_that_does_not_validate_is_not_checked_and_no_fault(service: httpx.Client) -> None:
    bad = ten_fold(dosageInstruction=[{"doseAndRate": [{"doseQuantity": {"value": {"of": SECRET}}}]}])
    answer = service.post(SIGN, json=of("order-sign", bad))
    assert "data.not-checked" in rules(answer)
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    "bad",
    [
        observation("bad", subject={"reference": "Patient/another"}),
        observation("bad", valueQuantity={"value": [SECRET]}),
        observation("bad", effectiveDateTime={"x": 1}),
        observation("bad", effectiveDateTime="9999-12-31T23:59:59-12:00"),
        observation("bad", code=7, component="x"),
        {"resourceType": "Observation"},
        {"resourceType": "Condition", "id": 5},
        "x",
        None,
    ],
)
def test_a_bad_resource_in_the_history_does_not_stop_the_rest(service: httpx.Client, bad: Any) -> None:
    content = of("order-sign", ten_fold())
    content["prefetch"]["vitals"]["entry"].append({"resource": bad})
    assert "dose.implausible" in rules(service.post(SIGN, json=content))


def test_a_request_id_comes_back_unless_it_could_do_harm(service: httpx.Client) -> None:
    assert service.get("/health", headers={"x-request-id": "a-1.b_2"}).headers["x-request-id"] == "a-1.b_2"
    made = service.get("/nowhere", headers={"x-request-id": "a b<script>"}).headers["x-request-id"]
    assert re.fullmatch(r"[0-9a-f]{32}", made)
    assert service.get("/health").headers["x-request-id"] != made


def test_probes(service: httpx.Client) -> None:
    assert service.get("/health").json() == {"status": "alive"}
    ready = service.get("/ready").json()
    assert ready["status"] == "ready"
    assert re.fullmatch(r"[0-9a-f]{8,64}", ready["edition"])
    assert ready["rulesOff"] == ["renal.no-baseline"]


def test_a_rule_is_switched_off_without_a_release() -> None:
    off = Settings(rules_off=frozenset({"dose.implausible"}))
    with serving(create_app(off, clock=lambda: NOW)) as client:
        assert "dose.implausible" in client.get("/ready").json()["rulesOff"]
        assert "dose.implausible" not in rules(client.post(SIGN, json=of("order-sign", ten_fold())))


def test_it_mounts_under_any_path_of_another_application() -> None:
    outer = Starlette(routes=[Mount("/hospital/ivig", create_app(Settings(), clock=lambda: NOW))])
    with serving(outer) as client:
        assert client.get("/hospital/ivig/cds-services").json()["services"]
        assert rules(client.post(f"/hospital/ivig{SIGN}", json=of("order-sign", ten_fold())))
        diagnostics(client.get("/hospital/ivig/nothing"), 404)


@pytest.mark.parametrize("fault", [EngineFault(SECRET), ValueError(SECRET), RecursionError(SECRET)])
def test_a_fault_of_ours_is_a_mute_500_never_an_empty_answer(
    fault: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise fault

    app = create_app(Settings(), clock=lambda: NOW)
    monkeypatch.setattr("cds.calls.consider", fail)
    with serving(app) as client, caplog.at_level(logging.INFO):
        said = diagnostics(client.post(SIGN, json=of("order-sign", ten_fold()), headers={"x-request-id": "r1"}), 500)
        counted = client.get("/metrics").text
    assert said == "the call could not be evaluated (request r1)"
    assert f'ivig_cds_faults_total{{type="{type(fault).__name__}"}} 1.0' in counted
    assert 'ivig_cds_calls_total{hook="order-sign",outcome="fault"} 1.0' in counted
    assert f"request r1: {type(fault).__name__} at cds/calls.py:" in caplog.text
    assert SECRET not in caplog.text
