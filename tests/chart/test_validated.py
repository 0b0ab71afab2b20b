"""An order that is not valid FHIR: read as far as that is safe, and always said."""

from typing import Any

import pytest

from cds.chart.orders import concerns
from cds.chart.references import References
from tests.chart.charting import Chart, chart, facts, state
from tests.chart.ordering import dosage, knowledge, one, order, run

LINE = dosage("240 g")
NAMED = {"text": "Privigen"}


@pytest.mark.parametrize(
    ("blemish", "named"),
    [
        ({"bogus": 1}, "bogus"),
        ({"authoredOn": ""}, "authoredOn"),
        ({"note": [{"text": 5}]}, "note.0.text"),
        ({"intent": None}, "intent"),
        ({"intent": "xx"}, "intent"),
        ({"dispenseRequest": 5}, "dispenseRequest"),
        ({"dosageInstruction": [{**LINE, "bogus": 1}]}, "dosageInstruction.0.bogus"),
        ({"medicationCodeableConcept": [NAMED]}, "medicationCodeableConcept"),
    ],
)
def test_a_blemish_where_nothing_is_read_leaves_the_advice(blemish: dict[str, Any], named: str) -> None:
    result = run(order(**{"dosageInstruction": [LINE], **blemish}))
    assert one(result, "stated_amount").high > 3000
    gap = one(result, "unchecked")
    assert gap.speaks
    assert f"is not a valid MedicationRequest: see {named}" in gap.says
    assert not result.unread


@pytest.mark.parametrize(
    "dosages",
    [
        "x",
        [5],
        [{**LINE, "text": 5}],
        [{**LINE, "dose": 5}],
        [{"doseQuantity": {"value": 60}}],
        [{**LINE, "timing": {"event": ["soon"]}}],
    ],
)
def test_of_a_dosage_that_is_not_valid_nothing_is_used(dosages: Any) -> None:
    result = run(order(dosageInstruction=dosages))
    assert one(result, "ig_order").dose_state == "unreadable"
    assert "Its dose was not read." in one(result, "unchecked").says
    assert not [fact for fact in result.facts if fact.kind in ("stated_amount", "amount")]


@pytest.mark.parametrize(
    "fault",
    [
        {"reasonCode": [{"text": 5}]},
        {"status": "soon"},
        {"modifierExtension": [{"url": "x"}]},
        {"dosageInstruction": [{**LINE, "modifierExtension": [{"url": "x"}], "bogus": 1}]},
        {"medicationCodeableConcept": [NAMED, NAMED]},
        {"dosageInstruction": "x", "reasonCode": 5},
    ],
)
def test_what_is_not_valid_in_what_is_read_leaves_the_order_out(fault: dict[str, Any]) -> None:
    result = run(order(**{"dosageInstruction": [LINE], **fault}))
    assert one(result, "unchecked").says.startswith("Order not checked: ")
    assert result.unread
    assert not [fact for fact in result.facts if fact.kind == "ig_order"]


def test_a_dosage_under_another_name_is_no_dosage() -> None:
    misspelt = run(order(LINE, dosageInstructions=[LINE]))
    assert one(misspelt, "ig_order").dose_state == "unreadable"
    assert one(run(order(dosageInstructions=[LINE])), "ig_order").dose_state == "unreadable"


def test_an_order_without_fault_says_nothing() -> None:
    assert not [fact for fact in run(order(LINE)).facts if fact.kind == "unchecked"]


def test_an_order_of_a_status_that_is_not_known_is_said() -> None:
    assert "its status is unknown" in one(run(order(LINE, status="unknown")), "unchecked").says
    for over in ("completed", "stopped", "cancelled", "entered-in-error"):
        assert not run(order(LINE, status=over)).facts


UNTOLD: tuple[dict[str, Any], ...] = (
    {"medicationCodeableConcept": {}},
    {"medicationCodeableConcept": {"coding": [{"code": "12"}]}},
    {"medicationReference": {"reference": "Medication/9"}},
    {"medicationReference": {"reference": "#m"}, "contained": [{"resourceType": "Medication", "id": "m"}]},
    {
        "medicationReference": {"reference": "#m"},
        "contained": [{"id": "m", "ingredient": [{"itemReference": {"reference": "#m"}}]}],
    },
    {"medicationCodeableConcept": {}, "medication": {"concept": NAMED}},
)


def orders_of(found: Chart) -> list[str]:
    return [gap.order for gap in facts(found, "unchecked")]


@pytest.mark.parametrize("medicine", UNTOLD)
def test_an_order_that_names_no_drug_is_of_concern_and_said(medicine: dict[str, Any]) -> None:
    made = order(LINE, **medicine)
    assert concerns(made, References([]), knowledge())
    found = chart(orders=[made])
    assert orders_of(found) == ["MedicationRequest/o1"]
    assert state(found, "orders")[0] == "partial"
    for silent in ({"status": "completed"}, {"doNotPerform": True}):
        assert not concerns({**made, **silent}, References([]), knowledge())
        assert orders_of(chart(orders=[{**made, **silent}])) == []
    assert orders_of(chart(orders=[order(LINE, id="o2")], medicationRequests=[made])) == []
