"""What is counted, and how often codes are looked at."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from cds import create_app
from cds.chart import Met
from cds.knowledge.codes import OtherCode, Snomed
from cds.metrics import Metrics
from cds.settings import Settings
from tests.chart import ordering
from tests.conftest import NOW, serving
from tests.hooks.calls import bundle, order
from tests.hooks.service import JSON, SECRET, SIGN, of, rules, ten_fold


def met(recognized: bool = False) -> Iterator[Met]:
    yield Met("labs", "Observation/1", OtherCode("urn:x", "A"), "", recognized, own=False)
    yield Met("labs", "Observation/1", Snomed("123456789"), "", recognized, own=False)


def counted(made: Metrics) -> float:
    text = made.exposition()[0].decode()
    lines = [line for line in text.splitlines() if line.startswith("ivig_cds_unrecognized_codes_total{")]
    return sum(float(line.split()[-1]) for line in lines)


def test_codes_are_looked_at_once_a_second() -> None:
    seconds = iter((100.0, 100.99, 101.0))
    made = Metrics(lambda: next(seconds))
    made.codes(met())
    assert counted(made) == 2
    made.codes(met())
    assert counted(made) == 2
    made.codes(met())
    assert counted(made) == 4


def test_what_was_recognized_is_not_counted() -> None:
    made = Metrics()
    made.codes(met(recognized=True))
    assert counted(made) == 0


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


def test_a_fault_in_a_suggestion_costs_the_card_nothing_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr("cds.advice.suggestions.dose_in_range.ig_order", fail)
    with serving(create_app(Settings(), clock=lambda: NOW)) as client, caplog.at_level(logging.INFO):
        answer = client.post(SIGN, json=of("order-sign", ordering.order(ordering.dosage("60 g"))))
        counted = client.get("/metrics").text
    assert "dose.out-of-range" in rules(answer)
    assert not [card for card in answer.json()["cards"] if "suggestions" in card]
    assert 'ivig_cds_suggestion_faults_total{type="KeyError"} 1.0' in counted
    assert "a suggestion was not made: KeyError at cds/advice/suggestions/" in caplog.text
    assert SECRET not in caplog.text + answer.text


def test_a_fault_in_the_statistics_costs_no_advice(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr("cds.calls.codes_met", fail)
    with serving(create_app(Settings(), clock=lambda: NOW)) as client, caplog.at_level(logging.INFO):
        assert "dose.implausible" in rules(client.post(SIGN, json=of("order-sign", ten_fold())))
        assert 'ivig_cds_faults_total{type="KeyError"} 1.0' in client.get("/metrics").text
    assert "KeyError at cds/calls.py:" in caplog.text
    assert SECRET not in caplog.text
