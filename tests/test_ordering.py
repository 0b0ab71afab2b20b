"""What is advised on while ordering and at signing: the selected orders, and orders of any status, over a socket."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.hooks.calls import bundle, order
from tests.hooks.service import SELECT, SIGN, of, rules, ten_fold

FINDING = "org.ivig-cds.finding"
MMR = {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "03", "display": "MMR"}]}
NOT_FIRST = [
    {
        "resourceType": "MedicationAdministration",
        "id": "a1",
        "status": "completed",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"text": "Privigen 10 %"},
        "effectiveDateTime": "2026-10-25",
    }
]


def vaccine(id_: str = "v1", **changes: Any) -> dict[str, Any]:
    """An order for a live vaccine, as a ServiceRequest."""
    made = order(id_, resourceType="ServiceRequest", code=MMR, occurrenceDateTime="2026-11-20", **changes)
    del made["medicationCodeableConcept"]
    return made


def select(service: httpx.Client, *selections: str, orders: list[dict[str, Any]]) -> dict[str, set[str]]:
    """The rules that speak, by the order they speak of."""
    content = of("order-select", *orders)
    content["context"]["selections"] = list(selections)
    return said(service.post(SELECT, json=content))


def sign(service: httpx.Client, *orders: dict[str, Any], **prefetch: Any) -> dict[str, set[str]]:
    content = of("order-sign", *orders)
    content["prefetch"] |= prefetch
    return said(service.post(SIGN, json=content))


def said(answer: httpx.Response) -> dict[str, set[str]]:
    assert answer.status_code == 200, answer.text
    found: dict[str, set[str]] = {}
    for card in answer.json()["cards"]:
        finding = card["extension"][FINDING]
        found.setdefault(finding.get("about", ""), set()).add(finding["rule"])
    return found


def test_nothing_selected_is_nothing_said(service: httpx.Client) -> None:
    assert select(service, orders=[ten_fold(id="o1"), vaccine()]) == {}


def test_a_selected_vaccine_is_seen_beside_an_order_that_is_not_selected(service: httpx.Client) -> None:
    found = select(service, "ServiceRequest/v1", orders=[ten_fold(id="o1"), vaccine()])
    assert found == {"ServiceRequest/v1": {"live-vaccine.too-soon"}}


def test_several_selected_orders_of_several_types(service: httpx.Client) -> None:
    orders = [ten_fold(id="o1"), ten_fold(id="o2"), ten_fold(id="o3"), vaccine()]
    found = select(service, "MedicationRequest/o1", "MedicationRequest/o3", "ServiceRequest/v1", orders=orders)
    assert set(found) == {"MedicationRequest/o1", "MedicationRequest/o3", "ServiceRequest/v1"}
    assert "dose.implausible" in found["MedicationRequest/o1"] & found["MedicationRequest/o3"]


def test_a_selected_order_for_another_drug_is_nothing_to_say_beside_one_of_ours(service: httpx.Client) -> None:
    other = order("x", medicationCodeableConcept={"text": "amoxicillin"})
    assert select(service, "MedicationRequest/x", orders=[other, ten_fold(id="o1")]) == {}


def test_a_selected_order_of_another_type_that_is_not_among_the_drafts_is_400(service: httpx.Client) -> None:
    content = of("order-select", ten_fold(id="o1"), vaccine())
    content["context"]["selections"] = ["MedicationRequest/o1", "ServiceRequest/o1"]
    answer = service.post(SELECT, json=content)
    assert answer.status_code == 400
    assert answer.json()["issue"][0]["expression"] == ["context.selections[1]"]


def test_what_is_not_entered_yet_is_no_fault_while_ordering_and_one_at_signing(service: httpx.Client) -> None:
    bare = order("o1", medicationCodeableConcept={"text": "immune globulin intravenous"})
    content = {hook: of(hook, bare) for hook in ("order-select", "order-sign")}
    for one in content.values():
        one["prefetch"] |= {"vitals": None, "medicationAdministrations": bundle(*NOT_FIRST)}
    assert rules(service.post(SELECT, json=content["order-select"])) == {}
    assert {"dose.no-indication", "product.brand-unknown"} <= set(rules(service.post(SIGN, json=content["order-sign"])))


@pytest.mark.parametrize("status", ["draft", "active", "on-hold"])
def test_a_signed_order_of_these_statuses_is_advised_on(service: httpx.Client, status: str) -> None:
    assert "dose.implausible" in sign(service, ten_fold(id="o1", status=status))["MedicationRequest/o1"]


@pytest.mark.parametrize("status", ["completed", "stopped", "cancelled", "entered-in-error"])
def test_a_signed_order_that_is_over_is_left_in_peace(service: httpx.Client, status: str) -> None:
    assert sign(service, ten_fold(id="o1", status=status)) == {}


@pytest.mark.parametrize("status", ["unknown", "ended", None, 7])
def test_a_signed_order_of_another_status_is_not_checked_and_that_is_said(service: httpx.Client, status: Any) -> None:
    assert sign(service, ten_fold(id="o1", status=status)) == {"": {"data.not-checked"}}


def test_of_a_mixture_each_order_counts_by_its_own_status(service: httpx.Client) -> None:
    statuses = ("draft", "cancelled", "active", "completed", "on-hold", "entered-in-error", "stopped")
    found = sign(service, *(ten_fold(id=status, status=status) for status in statuses), vaccine(status="revoked"))
    assert set(found) == {f"MedicationRequest/{status}" for status in ("draft", "active", "on-hold")}
    assert all("dose.implausible" in spoken for spoken in found.values())


def course(id_: str, **changes: Any) -> dict[str, Any]:
    """30 g on one day, 500 mg/kg."""
    dose = {"doseQuantity": {"value": 30, "unit": "g", "system": "http://unitsofmeasure.org", "code": "g"}}
    timing = {"event": ["2026-11-21"]}
    route = {"coding": [{"system": "http://snomed.info/sct", "code": "47625008"}]}
    return order(id_, dosageInstruction=[{"timing": timing, "route": route, "doseAndRate": [dose]}], **changes)


@pytest.mark.parametrize("status", ["active", "on-hold"])
def test_an_order_signed_again_is_no_duplicate_of_itself_on_record(service: httpx.Client, status: str) -> None:
    recorded = bundle(course("o1", status=status), course("o1", status=status))
    alone = sign(service, course("o1", status=status))
    assert sign(service, course("o1", status=status), medicationRequests=recorded) == alone
    assert "dose.duplicate" not in alone.get("MedicationRequest/o1", set())


def test_an_order_changed_while_signed_again_counts_as_changed(service: httpx.Client) -> None:
    recorded = bundle(ten_fold(id="o1", status="active"))
    assert "dose.implausible" not in sign(service, course("o1", status="active"), medicationRequests=recorded).get(
        "MedicationRequest/o1", set()
    )
    cancelled = sign(service, course("o1", status="cancelled"), medicationRequests=recorded)
    assert cancelled == {}


def test_another_order_on_record_is_a_duplicate(service: httpx.Client) -> None:
    recorded = bundle(course("o1", status="active"), course("o2", status="active"))
    found = sign(service, course("o1", status="active"), medicationRequests=recorded)
    assert "dose.duplicate" in found["MedicationRequest/o1"]
    assert set(found) == {"MedicationRequest/o1"}


def test_a_replaced_order_on_record_is_no_duplicate(service: httpx.Client) -> None:
    replacing = course("o3", priorPrescription={"reference": "MedicationRequest/o2"})
    found = sign(service, replacing, medicationRequests=bundle(course("o2", status="active")))
    assert "dose.duplicate" not in found.get("MedicationRequest/o3", set())
