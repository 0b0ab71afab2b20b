"""Laboratory tests that are ordered in the call: which orders count as one, and which do not."""

from __future__ import annotations

from typing import Any

import pytest

from cds.chart.lab_orders import lab_orders
from cds.facts import LabOrder
from tests.chart.charting import SUBJECT, chart, coded, fact, facts, readings, state
from tests.chart.records import context

LOINC = "http://loinc.org"
HEMOGLOBIN = coded(LOINC, "718-7")


def service(code: Any = HEMOGLOBIN, **more: Any) -> dict[str, Any]:
    made = {"resourceType": "ServiceRequest", "id": "s1", "status": "draft", "intent": "order", "code": code}
    return {**made, "subject": SUBJECT, **more}


def read(*orders: dict[str, Any]) -> tuple[LabOrder, ...]:
    found, _ = lab_orders(orders, context())
    return found


@pytest.mark.parametrize(
    ("code", "measurement"),
    [
        (HEMOGLOBIN, "hemoglobin"),
        (coded(LOINC, "30350-3"), "hemoglobin"),
        ({"text": "Hgb"}, "hemoglobin"),
        (coded("http://hospital.example/lab", "HB1", display="Hemoglobin"), "hemoglobin"),
        (coded(LOINC, "2160-0"), "serum_creatinine"),
        (coded(LOINC, "44583-3"), "anti_iga_antibody"),
        (coded(LOINC, "2458-8", "anti-IgA"), "iga"),
    ],
)
def test_a_test_is_named_as_its_results_are(code: dict[str, Any], measurement: str) -> None:
    (found,) = read(service(code))
    assert (found.ref, found.concept) == ("ServiceRequest/s1", measurement)


@pytest.mark.parametrize(
    "code",
    [
        {"text": "Complete blood count with hemoglobin"},
        {"text": "Chest X-ray"},
        coded(LOINC, "4548-4", "Hemoglobin"),
        coded(LOINC, "883-9"),
        None,
        "718-7",
        [],
    ],
)
def test_a_panel_and_any_other_service_is_none(code: Any) -> None:
    assert lab_orders([service(code)], context()) == ((), ())


@pytest.mark.parametrize("written", ["draft", "active", "on-hold", " Draft "])
def test_an_order_that_stands_counts(written: str) -> None:
    assert read(service(status=written))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"status": "revoked"}, "status revoked"),
        ({"status": "entered-in-error"}, "status entered-in-error"),
        ({"status": "completed"}, "status completed"),
        ({"status": "unknown"}, "status unknown"),
        ({"status": None}, "status missing"),
        ({"doNotPerform": True}, "an order not to do it"),
        ({"doNotPerform": "true"}, "an order not to do it"),
    ],
)
def test_any_other_order_does_not_count_and_is_told(changed: dict[str, Any], why: str) -> None:
    found, (reading,) = lab_orders([service(**changed)], context())
    assert found == ()
    assert (reading.what, reading.verdict) == (f"test of hemoglobin: {why}", "ignored")


def test_several_orders_for_one_test_are_one_fact() -> None:
    found, told = lab_orders([service(), service({"text": "Hemoglobin"}, id="s2")], context())
    assert [one.ref for one in found] == ["ServiceRequest/s1"]
    assert [one.verdict for one in told] == ["read", "read"]


def test_it_is_read_from_the_call_and_makes_no_source_partial() -> None:
    found = chart(orders=[service(), service("junk", id="s2")])
    assert fact(found, "lab_order").says == "hemoglobin is ordered"
    assert [one.what for one in readings(found, "read") if one.source == "orders"] == ["hemoglobin is ordered"]
    assert state(found, "orders") == ("read", "")


def test_the_test_of_another_patient_is_none() -> None:
    assert not facts(chart(orders=[service(subject={"reference": "Patient/p2"})]), "lab_order")


def test_a_service_in_the_place_of_a_drug_order_is_none() -> None:
    assert read(service(resourceType="MedicationRequest")) == ()
