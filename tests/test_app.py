"""The service over a real socket: calls, faults of clients, faults of ours, probes."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from cds import create_app
from cds.errors import EngineFault
from cds.settings import Settings
from tests.conftest import NOW, serving
from tests.hooks.calls import PATIENT, bundle, call, observation, order

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


def test_d1_discovery_is_at_its_path(service: httpx.Client) -> None:
    answer = service.get("/cds-services")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert [one["id"] for one in answer.json()["services"]] == [
        "ivig-order-select",
        "ivig-order-sign",
        "ivig-patient-view",
    ]


@pytest.mark.parametrize(("path", "hook"), [(SIGN, "order-sign"), (SELECT, "order-select")])
def test_an_order_in_and_cards_out(service: httpx.Client, path: str, hook: str) -> None:
    answer = service.post(path, json=of(hook, ten_fold()))
    assert answer.headers["content-type"] == "application/json"
    assert rules(answer)["dose.implausible"] == "critical"


def test_cards_are_what_the_standard_says(service: httpx.Client) -> None:
    """C1-C6, C10 on whatever this call says."""
    content = service.post(SIGN, json=of("order-sign", ten_fold(id="o1"), ten_fold(id="o2"))).json()
    cards = content["cards"]
    assert set(content) == {"cards"}
    assert cards
    assert len({card["uuid"] for card in cards}) == len(cards)
    for card in cards:
        assert 0 < len(card["summary"]) < 140
        assert card["indicator"] in ("info", "warning", "critical")
        assert card["source"]["label"]
        assert ("suggestions" in card) == ("selectionBehavior" in card)
        assert all({"code", "system", "display"} <= set(reason) for reason in card["overrideReasons"])
        assert not re.search(r"<[a-zA-Z/]", card["detail"])
    assert not list(empty_members(content))


def empty_members(value: Any) -> Any:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        if child is None or child in ("", [], {}):
            yield child
        yield from empty_members(child)


def test_c10_nothing_to_say(service: httpx.Client) -> None:
    other = order(medicationCodeableConcept={"text": "amoxicillin 500 MG Oral Capsule"})
    assert service.post(SIGN, json=of("order-sign", other)).content == b'{"cards":[]}'
    empty = of("order-sign")
    empty["context"]["draftOrders"] = bundle()
    assert service.post(SIGN, json=empty).content == b'{"cards":[]}'


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


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{", "not valid JSON"),
        (b"", "not valid JSON"),
        (b"[]", "must be a JSON object"),
        (b"{}", "hook is missing"),
        (json.dumps(call() | {"hookInstance": SECRET}).encode(), "hookInstance must be a UUID"),
        (json.dumps(call("order-select")).encode(), "hook this service answers order-sign"),
        (json.dumps(call() | {"prefetch": {"patient": PATIENT | {"id": SECRET}}}).encode(), "prefetch.patient holds"),
        (b'{"a":' * 400 + b"1" + b"}" * 400, "nested more than"),
    ],
)
def test_r1_bad_input_is_400_and_names_the_place(service: httpx.Client, body: bytes, says: str) -> None:
    assert says in diagnostics(service.post(SIGN, content=body, headers=JSON), 400)


def test_r2_another_hooks_body_is_400(service: httpx.Client) -> None:
    assert diagnostics(service.post(SELECT, json=call()), 400) == "hook this service answers order-select"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/", "/cds-services/", f"/cds-services/{SECRET}/more", "/cds-services/a/feedback"])
def test_r7_unknown_addresses_are_404(service: httpx.Client, method: str, path: str) -> None:
    diagnostics(service.request(method, path), 404)


def test_r7_an_unknown_service_is_404(service: httpx.Client) -> None:
    assert "no CDS service of this id" in diagnostics(service.post(f"/cds-services/{SECRET}", json=call()), 404)


def test_another_method_is_405(service: httpx.Client) -> None:
    answer = service.get(SIGN)
    diagnostics(answer, 405)
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_is_413(service: httpx.Client, chunked: bool) -> None:
    body = b" " * 200_001
    assert "IVIG_CDS_MAX_BODY" in diagnostics(
        service.post(SIGN, content=iter([body]) if chunked else body, headers=JSON), 413
    )


@pytest.mark.parametrize("type_", ["text/plain", "application/xml", "application/json; charset=utf-16", "x"])
def test_other_media_types_are_415(service: httpx.Client, type_: str) -> None:
    diagnostics(service.post(SIGN, content=b"{}", headers={"content-type": type_}), 415)


@pytest.mark.parametrize(
    "type_", ["application/json", 'Application/JSON; charset="UTF-8"', "application/fhir+json;charset=utf-8"]
)
def test_json_media_types_are_understood(service: httpx.Client, type_: str) -> None:
    body = json.dumps(of("order-sign", ten_fold())).encode()
    assert rules(service.post(SIGN, content=body, headers={"content-type": type_}))


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


def test_metrics_count_calls_cards_and_refusals(service: httpx.Client) -> None:
    def value(line: str) -> float:
        found = re.search(rf"^{re.escape(line)} (\S+)$", service.get("/metrics").text, re.MULTILINE)
        return float(found[1]) if found else 0.0

    lines = (
        'ivig_cds_calls_total{hook="order-sign",outcome="cards"}',
        'ivig_cds_calls_total{hook="order-sign",outcome="refused"}',
        'ivig_cds_calls_total{hook="unknown",outcome="refused"}',
        'ivig_cds_cards_total{rule="dose.implausible",tier="critical"}',
        'ivig_cds_call_seconds_count{hook="order-sign"}',
    )
    before = [value(line) for line in lines]
    service.post(SIGN, json=of("order-sign", ten_fold()))
    service.post(SIGN, content=b"{", headers=JSON)
    service.post("/cds-services/nobody", json={})
    assert [value(line) - was for line, was in zip(lines, before, strict=True)] == [1, 1, 1, 1, 2]


def own_codes(*values: str) -> dict[str, Any]:
    """A call about immune globulin with conditions, and a reason, of codes of the hospital's own."""
    own = [{"coding": [{"system": "http://hospital.example/x", "code": value, "display": SECRET}]} for value in values]
    content = of("order-sign", ten_fold(reasonCode=own))
    subject = {"subject": {"reference": "Patient/p1"}}
    found = [{"resourceType": "Condition", "id": f"c{n}", "code": code, **subject} for n, code in enumerate(own)]
    found.append({"resourceType": "Condition", "id": "s", "code": sct("123456789"), **subject})
    found.append({"resourceType": "Condition", "id": "t", "code": {"text": SECRET}, **subject})
    content["prefetch"]["conditions"] = bundle(*found)
    return content


def sct(code: str) -> dict[str, Any]:
    return {"coding": [{"system": "http://snomed.info/sct", "code": code}]}


def unrecognized(client: httpx.Client) -> dict[str, float]:
    """The counters of codes that were not recognized, by their labels."""
    text = client.get("/metrics").text
    assert SECRET not in text
    assert "hospital.example" not in text
    return {
        labels: float(count)
        for labels, count in re.findall(r"^ivig_cds_unrecognized_codes_total\{(.*)\} (\S+)$", text, re.MULTILINE)
    }


def test_codes_that_were_not_recognized_are_counted_by_source_and_system_alone() -> None:
    with serving(create_app(Settings(), clock=lambda: NOW)) as client:
        assert unrecognized(client) == {}
        assert rules(client.post(SIGN, json=own_codes("K1", "K2")))
        assert unrecognized(client) == {
            'source="conditions",system="other"': 2.0,
            'source="conditions",system="snomed"': 1.0,
            'source="reasons",system="other"': 2.0,
        }


def test_codes_that_the_site_file_has_are_not_counted() -> None:
    site = Path(__file__).parents[1] / "fhir_fixtures" / "site.yaml"
    content = own_codes()
    content["prefetch"]["conditions"]["entry"] = [
        {
            "resource": {
                "resourceType": "Condition",
                "id": "c",
                "subject": {"reference": "Patient/p1"},
                "code": {"coding": [{"system": "http://hospital.example/problems", "code": "BEDREST"}]},
            }
        }
    ]
    for given, count in ((Settings(), {'source="conditions",system="other"': 1.0}), (Settings(site=site), {})):
        with serving(create_app(given, clock=lambda: NOW)) as client:
            assert rules(client.post(SIGN, json=content))
            assert unrecognized(client) == count


def test_calls_about_other_drugs_cost_no_look_at_their_codes() -> None:
    content = own_codes("K1")
    content["context"]["draftOrders"] = bundle(order(medicationCodeableConcept={"text": "amoxicillin"}))
    with serving(create_app(Settings(), clock=lambda: NOW)) as client:
        assert client.post(SIGN, json=content).json() == {"cards": []}
        assert unrecognized(client) == {}


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
    monkeypatch.setattr("cds.app.evaluate", fail)
    with serving(app) as client, caplog.at_level(logging.INFO):
        said = diagnostics(client.post(SIGN, json=of("order-sign", ten_fold()), headers={"x-request-id": "r1"}), 500)
        counted = client.get("/metrics").text
    assert said == "the call could not be evaluated (request r1)"
    assert f'ivig_cds_faults_total{{type="{type(fault).__name__}"}} 1.0' in counted
    assert 'ivig_cds_calls_total{hook="order-sign",outcome="fault"} 1.0' in counted
    assert f"request r1: {type(fault).__name__} at cds/app.py:" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("coding", ["gzip", "br", "identity, gzip"])
def test_a_compressed_body_is_refused(service: httpx.Client, coding: str) -> None:
    answer = service.post(SIGN, json=call(), headers={"content-encoding": coding})
    assert "uncompressed" in diagnostics(answer, 415)
    assert service.post(SIGN, json=call(), headers={"content-encoding": "identity"}).status_code == 200
